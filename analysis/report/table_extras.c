/* table_extras.c - see table_extras.h. */
#include "analysis/report/table_extras.h"

#include <string.h>

#include "base/text.h"

static const struct table_extra of_levels[TABLE_EXTRAS_MAX + 1] = {
    {.head = "+-", .shown = SHOWN_cost, .spread = true},
    {.head = "p50", .shown = SHOWN_p50},
    {.head = "p99", .shown = SHOWN_p99},
};

static const struct table_extra of_durations[TABLE_EXTRAS_MAX + 1] = {
    {.head = "+-", .shown = SHOWN_throughput, .spread = true},
    {.head = "p50", .shown = SHOWN_p50},
    {.head = "p99", .shown = SHOWN_p99},
};

/* The p99 latency at the highest rate is the column before them. */
static const struct table_extra of_rates[TABLE_EXTRAS_MAX + 1] = {
    {.head = "reached", .shown = SHOWN_reached},
    {.head = "p50", .shown = SHOWN_p50},
    {.head = "p99.9", .shown = SHOWN_p999},
    {.head = "late p99", .shown = SHOWN_late_p99},
    {.head = "CPU", .shown = SHOWN_cpu},
    {.head = "unfinished", .shown = SHOWN_unfinished, .if_some = true},
};

const struct table_extra *table_extras_of(const struct summary *summary)
{
    if (summary->kind == POINT_RATE)
        return of_rates;
    return summary->timed ? of_durations : of_levels;
}

const char *table_extras_title(const struct summary *summary)
{
    return summary->kind == POINT_RATE ? "further columns" : "spread (+-) and latency";
}

/* "6%": half the range of the rounds; nothing of one round. */
static void spread_text(const struct summary_cell *cell, enum shown shown,
                        char text[CELL_TEXT_SIZE])
{
    const struct spread *spread = &cell->spreads[shown_figures[shown].figure];

    if (cell->valid_rounds >= 2 && spread->median > 0)
        (void)text_append(text, CELL_TEXT_SIZE, "%.0f%%",
                          50 * (spread->max - spread->min) / spread->median);
}

void table_extra_text(const struct table_extra *extra, const struct summary_cell *cell,
                      char text[CELL_TEXT_SIZE])
{
    text[0] = '\0';
    if (!cell || !cell->valid_rounds)
        return;
    if (extra->spread)
        spread_text(cell, extra->shown, text);
    else
        (void)shown_text(extra->shown, shown_median(cell, extra->shown), text);
}

bool table_extra_counts(const struct table_extra *extra, const char *text)
{
    return *text && !(extra->if_some && !strcmp(text, "0"));
}
