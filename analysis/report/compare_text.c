/* compare_text.c - see compare_text.h. */
#include "analysis/report/compare_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

/* -- order --------------------------------------------------------------------- */

static int urgency(const struct compare_item *item)
{
    static const int urgencies[COMPARE_VERDICT_COUNT] = {
        [COMPARE_SLOWER] = 0,     [COMPARE_CANNOT_TELL] = 1, [COMPARE_FASTER] = 2,
        [COMPARE_NOT_SLOWER] = 3, [COMPARE_SAME] = 4,
    };

    if (!item->strategy[0])
        return -1; /* an overall line */
    return urgencies[item->verdict] + (item->gates ? 0 : COMPARE_VERDICT_COUNT);
}

static double ratio_of(const struct compare_item *item)
{
    return isnan(item->ratio.estimate) ? 0 : item->ratio.estimate;
}

static int compare_lines(const void *left, const void *right)
{
    const struct compare_line *a = left;
    const struct compare_line *b = right;

    if (urgency(a->item) != urgency(b->item))
        return urgency(a->item) - urgency(b->item);
    if (urgency(a->item) >= 0 && ratio_of(a->item) != ratio_of(b->item))
        return ratio_of(a->item) > ratio_of(b->item) ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

struct compare_line *compare_reading_order(const struct comparison *comparison,
                                           struct err *err)
{
    size_t overall = comparison->overall_count;
    size_t count = overall + comparison->item_count;
    struct compare_line *lines = calloc(count + 1, sizeof(*lines));

    if (!lines) {
        (void)err_errno(err, "no memory for %zu comparisons", count);
        return NULL;
    }
    for (size_t i = 0; i < overall; i++)
        lines[i] = (struct compare_line){&comparison->overall[i], i};
    for (size_t i = overall; i < count; i++)
        lines[i] = (struct compare_line){&comparison->items[i - overall], i};
    qsort(lines, count, sizeof(*lines), compare_lines);
    return lines;
}

/* -- the whole ----------------------------------------------------------------- */

size_t compare_gating_count(const struct comparison *comparison)
{
    size_t count = 0;

    for (int verdict = 0; verdict < COMPARE_VERDICT_COUNT; verdict++)
        count += compare_count(comparison, (enum compare_verdict)verdict);
    return count;
}

/* The metrics of the lines with a verdict, behind `before`; or of all, with their
 * changes. */
static void append_overall(const struct comparison *comparison, const char *before,
                           enum compare_verdict verdict, bool changes,
                           char text[COMPARE_HEADLINE_SIZE])
{
    for (size_t i = 0; i < comparison->overall_count; i++) {
        const struct compare_item *line = &comparison->overall[i];

        if (!changes && line->verdict != verdict)
            continue;
        (void)text_append(text, COMPARE_HEADLINE_SIZE, "%s%s", before,
                          metrics[line->metric].name);
        if (changes && isfinite(line->ratio.estimate))
            (void)text_append(text, COMPARE_HEADLINE_SIZE, " %+.1f %%",
                              100 * (line->ratio.estimate - 1));
        before = ", ";
    }
}

/* " in 2 of 16 comparisons". */
static void append_count(const struct comparison *comparison, size_t count,
                         char text[COMPARE_HEADLINE_SIZE])
{
    size_t total = compare_gating_count(comparison);

    (void)text_append(text, COMPARE_HEADLINE_SIZE, " in %zu of %zu %s", count, total,
                      plural(total, "comparison", "comparisons"));
}

/* Where a verdict was found: in all cells together, in single ones, or both. */
static void append_where(const struct comparison *comparison,
                         enum compare_verdict verdict, char text[COMPARE_HEADLINE_SIZE])
{
    size_t count = compare_count(comparison, verdict);
    bool overall = compare_overall_count(comparison, verdict);

    (void)text_append(text, COMPARE_HEADLINE_SIZE, "%s", compare_verdict_word(verdict));
    if (overall)
        append_overall(comparison, " overall in ", verdict, false, text);
    if (overall && count)
        (void)text_append(text, COMPARE_HEADLINE_SIZE, ", and");
    if (count)
        append_count(comparison, count, text);
}

static void append_undecided(const struct comparison *comparison,
                             char text[COMPARE_HEADLINE_SIZE])
{
    size_t hiding = compare_hiding_count(comparison);

    if (comparison->by_cells) {
        append_where(comparison, COMPARE_CANNOT_TELL, text);
        return;
    }
    (void)text_append(text, COMPARE_HEADLINE_SIZE, "%s",
                      compare_verdict_word(COMPARE_CANNOT_TELL));
    append_overall(comparison, " overall in ", COMPARE_CANNOT_TELL, false, text);
    if (!hiding)
        return;
    (void)text_append(text, COMPARE_HEADLINE_SIZE,
                      "%s a slowdown above %g %% is not excluded",
                      compare_overall_count(comparison, COMPARE_CANNOT_TELL) ? ";" : ":",
                      100 * COMPARE_LARGE);
    append_count(comparison, hiding, text);
}

static void append_clear(const struct comparison *comparison,
                         char text[COMPARE_HEADLINE_SIZE])
{
    size_t faster = compare_count(comparison, COMPARE_FASTER);
    size_t open = compare_count(comparison, COMPARE_CANNOT_TELL);

    if (comparison->by_cells && faster) {
        append_where(comparison, COMPARE_FASTER, text);
        return;
    }
    (void)text_append(text, COMPARE_HEADLINE_SIZE, "nothing slower");
    if (comparison->by_cells)
        return;
    append_overall(comparison, ": overall ", COMPARE_SAME, true, text);
    if (faster) {
        (void)text_append(text, COMPARE_HEADLINE_SIZE, "; faster");
        append_count(comparison, faster, text);
    }
    if (open) {
        (void)text_append(text, COMPARE_HEADLINE_SIZE, "; cannot tell");
        append_count(comparison, open, text);
    }
}

void compare_headline(const struct comparison *comparison,
                      char text[COMPARE_HEADLINE_SIZE])
{
    static const enum compare_problem_kind kinds[] = {COMPARE_NOT_COMPARABLE,
                                                      COMPARE_INCOMPLETE};

    text[0] = '\0';
    if (!compare_gating_count(comparison))
        (void)text_append(text, COMPARE_HEADLINE_SIZE, "nothing was compared");
    else if (compare_count(comparison, COMPARE_SLOWER) ||
             compare_overall_count(comparison, COMPARE_SLOWER))
        append_where(comparison, COMPARE_SLOWER, text);
    else if (compare_is_decided(comparison))
        append_clear(comparison, text);
    else
        append_undecided(comparison, text);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (compare_problem_count(comparison, kinds[i]))
            (void)text_append(text, COMPARE_HEADLINE_SIZE, "; %s",
                              compare_problem_word(kinds[i]));
}

void compare_tally_text(const struct comparison *comparison, char text[COMPARE_TEXT_SIZE])
{
    (void)snprintf(text, COMPARE_TEXT_SIZE,
                   "%zu slower, %zu cannot tell, %zu faster, %zu not slower, %zu same",
                   compare_count(comparison, COMPARE_SLOWER),
                   compare_count(comparison, COMPARE_CANNOT_TELL),
                   compare_count(comparison, COMPARE_FASTER),
                   compare_count(comparison, COMPARE_NOT_SLOWER),
                   compare_count(comparison, COMPARE_SAME));
}

/* -- one item ------------------------------------------------------------------ */

double compare_head_figure(const struct compare_item *item)
{
    if (isfinite(item->ratio.estimate))
        return item->base_median * item->ratio.estimate;
    if (isfinite(item->shift.estimate))
        return item->base_median + item->shift.estimate;
    return item->head_median;
}

void compare_figure_text(const struct compare_item *item, double figure,
                         char text[COMPARE_TEXT_SIZE])
{
    text[0] = '\0';
    if (isfinite(figure))
        (void)snprintf(text, COMPARE_TEXT_SIZE, "%.*f", metrics[item->metric].decimals,
                       figure);
}

enum { BOUND_SIZE = 32 };

/* A bound that could not be given is open. */
static const char *bound_text(double bound, int decimals, char text[BOUND_SIZE])
{
    if (!isfinite(bound))
        return "?";
    (void)snprintf(text, BOUND_SIZE, "%+.*f", decimals, bound);
    return text;
}

static void write_change(const struct interval *change, int decimals, const char *unit,
                         char text[COMPARE_TEXT_SIZE])
{
    char low[BOUND_SIZE];
    char high[BOUND_SIZE];

    (void)snprintf(text, COMPARE_TEXT_SIZE, "%+.*f%s%s [%s, %s]", decimals,
                   change->estimate, *unit ? " " : "", unit,
                   bound_text(change->low, decimals, low),
                   bound_text(change->high, decimals, high));
}

void compare_change_text(const struct compare_item *item, char text[COMPARE_TEXT_SIZE])
{
    const struct metric_info *metric = &metrics[item->metric];
    struct interval percent = {(item->ratio.estimate - 1) * 100,
                               (item->ratio.low - 1) * 100, (item->ratio.high - 1) * 100};

    text[0] = '\0';
    if (isfinite(item->ratio.estimate))
        write_change(&percent, 1, "%", text);
    else if (isfinite(item->shift.estimate))
        write_change(&item->shift, metric->decimals, metric->unit, text);
}

void compare_p_text(const struct compare_item *item, char text[COMPARE_TEXT_SIZE])
{
    text[0] = '\0';
    if (item->p_adjusted < 0.0001)
        (void)snprintf(text, COMPARE_TEXT_SIZE, "<1e-4");
    else if (isfinite(item->p_adjusted))
        (void)snprintf(text, COMPARE_TEXT_SIZE, "%.4f", item->p_adjusted);
}

/* "3.1", "none", or "". */
static void detectable_text(const struct compare_item *item, char text[COMPARE_TEXT_SIZE])
{
    text[0] = '\0';
    if (isfinite(item->detectable))
        (void)snprintf(text, COMPARE_TEXT_SIZE, "%.1f", (item->detectable - 1) * 100);
    else if (isinf(item->detectable))
        (void)snprintf(text, COMPARE_TEXT_SIZE, "none");
}

/* -- the columns --------------------------------------------------------------- */

static void verdict_text(const struct compare_item *item, char text[COMPARE_TEXT_SIZE])
{
    (void)snprintf(text, COMPARE_TEXT_SIZE, "%s", compare_verdict_word(item->verdict));
}

static void strategy_text(const struct compare_item *item, char text[COMPARE_TEXT_SIZE])
{
    if (item->strategy[0])
        (void)snprintf(text, COMPARE_TEXT_SIZE, "%s", item->strategy);
    else
        (void)snprintf(text, COMPARE_TEXT_SIZE, "OVERALL, %zu %s", item->cells,
                       plural(item->cells, "cell", "cells"));
}

static void point_of_text(const struct compare_item *item, char text[COMPARE_TEXT_SIZE])
{
    text[0] = '\0';
    if (item->strategy[0])
        (void)point_text(item->point_kind, item->level, text);
}

static void metric_text(const struct compare_item *item, char text[COMPARE_TEXT_SIZE])
{
    (void)snprintf(text, COMPARE_TEXT_SIZE, "%s", metrics[item->metric].name);
}

static void base_text(const struct compare_item *item, char text[COMPARE_TEXT_SIZE])
{
    compare_figure_text(item, item->base_median, text);
}

static void head_text(const struct compare_item *item, char text[COMPARE_TEXT_SIZE])
{
    compare_figure_text(item, compare_head_figure(item), text);
}

const struct compare_column compare_columns[COMPARE_COLUMN_COUNT] = {
    {"verdict", true, verdict_text},
    {"strategy", true, strategy_text},
    {NULL, false, point_of_text},
    {"metric", true, metric_text},
    {"base", false, base_text},
    {"head", false, head_text},
    {"change", true, compare_change_text},
    {"p", false, compare_p_text},
    {"mde%", false, detectable_text},
};

const char *compare_heading(size_t column, enum point_kind kind)
{
    const char *heading = compare_columns[column].heading;

    return heading ? heading : point_word(kind);
}

const char *compare_cell_text(enum point_kind kind, uint64_t point,
                              char text[POINT_TEXT_SIZE])
{
    (void)snprintf(text, POINT_TEXT_SIZE, "%c%" PRIu64, kind == POINT_RATE ? '@' : ' ',
                   point);
    return text;
}
