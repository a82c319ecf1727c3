/* summary_markdown.c - see summary_markdown.h. */
#include "analysis/report/summary_markdown.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "analysis/report/markdown.h"

static const enum metric shown[] = {METRIC_cost, METRIC_overhead, METRIC_cpu,
                                    METRIC_memory};

enum { SHOWN_COUNT = sizeof(shown) / sizeof(shown[0]) };

static void write_head(FILE *out)
{
    (void)fputs("| level | strategy |", out);
    for (size_t i = 0; i < SHOWN_COUNT; i++)
        (void)fprintf(out, " %s, %s |", metrics[shown[i]].title, metrics[shown[i]].unit);
    (void)fputs(" status | notes |\n| ---: | --- |", out);
    for (size_t i = 0; i < SHOWN_COUNT; i++)
        (void)fputs(" ---: |", out);
    (void)fputs(" --- | --- |\n", out);
}

static void write_spread(FILE *out, const struct summary_cell *cell, enum metric metric)
{
    const struct spread *spread = &cell->spreads[metric];
    int decimals = metrics[metric].decimals;

    if (!isfinite(spread->median)) {
        (void)fputs(" |", out);
        return;
    }
    (void)fprintf(out, " %.*f", decimals, spread->median);
    if (cell->valid_rounds > 1)
        (void)fprintf(out, " +- %.*f", decimals, (spread->max - spread->min) / 2);
    (void)fputs(" |", out);
}

/* The first status that is not valid with its reason, and how many rounds are. */
static void write_status(FILE *out, const struct summary_cell *cell)
{
    (void)fprintf(out, " %zu of %zu valid", cell->valid_rounds, cell->rounds);
    if (cell->worst != STATUS_VALID) {
        (void)fprintf(out, "; %s: ", status_word(cell->worst));
        markdown_write_text(out, cell->reason);
    }
    (void)fputs(" |", out);
}

static void write_cell(FILE *out, const struct summary_cell *cell, bool fastest)
{
    (void)fprintf(out, "| %" PRIu64 " | %s", cell->level, fastest ? "**" : "");
    markdown_write_text(out, cell->strategy);
    (void)fprintf(out, "%s |", fastest ? "**" : "");
    for (size_t i = 0; i < SHOWN_COUNT; i++)
        write_spread(out, cell, shown[i]);
    write_status(out, cell);
    for (int i = 0; i < NOTE_COUNT; i++)
        if (cell->notes[i])
            (void)fprintf(out, " %s", note_word((enum row_note)i));
    (void)fputs(" |\n", out);
}

int summary_markdown_write(const struct summary *summary, FILE *out, struct err *err)
{
    const struct summary_cell *fastest = NULL;
    const struct summary_cell *before = NULL;
    bool tie;

    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_cell *cell = &summary->cells[i];
        bool new_variant = !before || strcmp(before->variant, cell->variant) != 0;

        if (new_variant || before->level != cell->level)
            fastest = summary_fastest(summary, cell->variant, cell->level, &tie);
        before = cell;
        if (new_variant) {
            const char *variant = cell->variant;

            (void)fprintf(out, "%s### Variant ", i ? "\n" : "");
            markdown_write_text(out, variant);
            (void)fputs("\n\n", out);
            write_head(out);
        }
        write_cell(out, cell, cell == fastest);
    }
    (void)fputs(
        "\nMedian of the valid rounds, +- half their range. Bold is the fastest of "
        "its level, where one is.\n",
        out);
    return ferror(out) ? err_errno(err, "cannot write the summary") : 0;
}
