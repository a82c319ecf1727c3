/* summary_markdown.c - see summary_markdown.h. */
#include "analysis/report/summary_markdown.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "analysis/report/conclusion.h"
#include "analysis/report/markdown.h"
#include "analysis/report/summary_query.h"

static const enum metric written[] = {METRIC_cost, METRIC_overhead, METRIC_cpu,
                                      METRIC_memory};

enum { WRITTEN_COUNT = sizeof(written) / sizeof(written[0]) };

static void write_head(const struct summary *summary, FILE *out)
{
    (void)fputs("| level | strategy |", out);
    for (size_t i = 0; i < WRITTEN_COUNT; i++)
        (void)fprintf(out, " %s, %s |",
                      written[i] == METRIC_cost ? shown_time(summary)
                                                : metrics[written[i]].title,
                      metrics[written[i]].unit);
    (void)fputs(" status | notes |\n| ---: | --- |", out);
    for (size_t i = 0; i < WRITTEN_COUNT; i++)
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
    for (size_t i = 0; i < WRITTEN_COUNT; i++)
        write_spread(out, cell, written[i]);
    write_status(out, cell);
    for (int i = 0; i < NOTE_COUNT; i++)
        if (cell->notes[i])
            (void)fprintf(out, " %s", note_word((enum row_note)i));
    (void)fputs(" |\n", out);
}

static int write_conclusion(const struct summary *summary, const char *variant,
                            enum goal goal, FILE *out, struct err *err)
{
    struct conclusion conclusion;

    if (conclusion_make(&conclusion, summary, variant, goal, err))
        return -1;
    (void)fputs("\nConclusion:\n\n", out);
    for (char *rest = conclusion.sentences, *line; (line = strsep(&rest, "\n"));) {
        if (!*line)
            continue;
        (void)fputs("- ", out);
        markdown_write_text(out, line);
        (void)fputc('\n', out);
    }
    conclusion_free(&conclusion);
    return 0;
}

/* The cells of one variant. */
static int write_variant(const struct summary *summary, size_t first, size_t end,
                         FILE *out, struct err *err)
{
    const char *variant = summary->cells[first].variant;
    struct ranking ranking = {.cells = NULL};

    (void)fprintf(out, "%s### Variant ", first ? "\n" : "");
    markdown_write_text(out, variant);
    (void)fputs("\n\n", out);
    write_head(summary, out);
    for (size_t i = first; i < end; i++) {
        const struct summary_cell *cell = &summary->cells[i];

        if (!ranking.cells || ranking.level != cell->level) {
            ranking_free(&ranking);
            if (ranking_make(&ranking, summary, variant, cell->level, SHOWN_cost, err))
                return -1;
        }
        write_cell(out, cell,
                   cell == ranking.best && ranking.ranked > 1 &&
                       !ranking_count(&ranking, STANDING_TIED));
    }
    ranking_free(&ranking);
    return 0;
}

int summary_markdown_write(const struct summary *summary, const struct view *view,
                           FILE *out, struct err *err)
{
    for (size_t first = 0, end; first < summary->count; first = end) {
        end = summary_variant_end(summary, first);
        if (write_variant(summary, first, end, out, err) ||
            write_conclusion(summary, summary->cells[first].variant, view->goal, out,
                             err))
            return -1;
    }
    (void)fputs(
        "\nMedian of the valid rounds, +- half their range. Bold is the one "
        "strategy that is fastest at its level, where the rounds tell it apart.\n",
        out);
    return ferror(out) ? err_errno(err, "cannot write the summary") : 0;
}
