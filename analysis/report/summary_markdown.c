/* summary_markdown.c - see summary_markdown.h. */
#include "analysis/report/summary_markdown.h"

#include <math.h>
#include <string.h>

#include "analysis/report/conclusion.h"
#include "analysis/report/markdown.h"
#include "analysis/report/summary_query.h"

/* The figures of a table, each in one unit. */
struct written {
    enum summary_figure figure;
    const char *title;
    int decimals;
    bool if_some; /* a column of zeros is left out */
};

enum { WRITTEN_MAX = 8 };

static const struct written of_levels[WRITTEN_MAX] = {
    {(enum summary_figure)METRIC_cost, "cost time, s", 4, false}, /* shown_time() */
    {(enum summary_figure)METRIC_overhead, "overhead, s", 4, false},
    {(enum summary_figure)METRIC_cpu, "CPU per request, us", 1, false},
    {(enum summary_figure)METRIC_memory, "memory per request in flight, bytes", 0, false},
};

static const struct written of_durations[WRITTEN_MAX] = {
    {SUMMARY_throughput_rps, "requests per second", 1, false},
    {SUMMARY_latency_p50_us, "latency p50, us", 0, false},
    {SUMMARY_latency_p99_us, "latency p99, us", 0, false},
    {(enum summary_figure)METRIC_cpu, "CPU per request, us", 1, false},
    {(enum summary_figure)METRIC_memory, "memory per request in flight, bytes", 0, false},
};

static const struct written of_rates[WRITTEN_MAX] = {
    {SUMMARY_begun_rps, "reached per second", 1, false},
    {SUMMARY_latency_p50_us, "latency p50, us", 0, false},
    {SUMMARY_latency_p99_us, "latency p99, us", 0, false},
    {SUMMARY_latency_p999_us, "latency p99.9, us", 0, false},
    {SUMMARY_late_p99_us, "lateness p99, us", 0, false},
    {(enum summary_figure)METRIC_cpu, "CPU per request, us", 1, false},
    {SUMMARY_unfinished, "unfinished", 0, true},
};

static const struct written *written_of(const struct summary *summary)
{
    if (summary->kind == POINT_RATE)
        return of_rates;
    return summary->timed ? of_durations : of_levels;
}

/* Whether a column is written: those of levels are always the same. */
static bool is_written(const struct summary *summary, const struct written *written)
{
    bool any = !summary->timed;

    for (size_t i = 0; i < summary->count; i++) {
        const struct spread *spread = &summary->cells[i].spreads[written->figure];

        any |= spread->known && !(written->if_some && !(spread->max > 0));
    }
    return written->title && any;
}

static void write_head(const struct summary *summary, FILE *out)
{
    const struct written *written = written_of(summary);

    (void)fprintf(out, "| %s | strategy |", point_word(summary->kind));
    for (size_t i = 0; i < WRITTEN_MAX; i++)
        if (is_written(summary, &written[i]) && (int)written[i].figure == METRIC_cost)
            (void)fprintf(out, " %s, s |", shown_time(summary));
        else if (is_written(summary, &written[i]))
            (void)fprintf(out, " %s |", written[i].title);
    (void)fputs(" status | notes |\n| ---: | --- |", out);
    for (size_t i = 0; i < WRITTEN_MAX; i++)
        if (is_written(summary, &written[i]))
            (void)fputs(" ---: |", out);
    (void)fputs(" --- | --- |\n", out);
}

static void write_spread(FILE *out, const struct summary_cell *cell,
                         const struct written *written)
{
    const struct spread *spread = &cell->spreads[written->figure];
    int decimals = written->decimals;

    if (!isfinite(spread->median)) {
        (void)fputs(isinf(spread->median) ? " " SHOWN_ENDLESS " |" : " |", out);
        return;
    }
    (void)fprintf(out, " %.*f", decimals, spread->median);
    if (cell->valid_rounds > 1 && isfinite(spread->max))
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

static void write_cell(FILE *out, const struct summary *summary,
                       const struct summary_cell *cell, bool fastest)
{
    const struct written *written = written_of(summary);
    char point[POINT_TEXT_SIZE];

    (void)fprintf(out, "| %s | %s", summary_point_text(cell, point), fastest ? "**" : "");
    markdown_write_text(out, cell->strategy);
    (void)fprintf(out, "%s |", fastest ? "**" : "");
    for (size_t i = 0; i < WRITTEN_MAX; i++)
        if (is_written(summary, &written[i]))
            write_spread(out, cell, &written[i]);
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

        if (!ranking.cells || ranking.point != cell->point) {
            ranking_free(&ranking);
            if (ranking_make(&ranking, summary, variant, cell->point,
                             shown_default(summary), err))
                return -1;
        }
        write_cell(out, summary, cell,
                   cell == ranking.best && ranking.ranked > 1 &&
                       !ranking_count(&ranking, STANDING_TIED));
    }
    ranking_free(&ranking);
    return 0;
}

static const char *bold_meaning(const struct summary *summary)
{
    switch (shown_default(summary)) {
    case SHOWN_p99:
        return "has the lowest p99 latency";
    case SHOWN_throughput:
        return "makes most requests per second";
    default:
        return "is fastest";
    }
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
    (void)fprintf(out,
                  "\nMedian of the valid rounds, +- half their range. Bold is the one "
                  "strategy that %s at its %s, where the rounds tell it apart.\n",
                  bold_meaning(summary), point_word(summary->kind));
    return ferror(out) ? err_errno(err, "cannot write the summary") : 0;
}
