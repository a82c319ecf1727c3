/* table_notes.c - see table_notes.h. */
#include "analysis/report/table_notes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/summary_query.h"
#include "base/terminal.h"
#include "base/text.h"

/* Rounds that spread by more than this around their median are marked. */
#define WIDE_SPREAD 0.10

enum { REASONS_MAX = 10 }; /* the others are in runs.csv */

static bool has_note(const struct summary_cell *cell, enum shown shown, int note)
{
    (void)shown;
    return cell->notes[note];
}

static bool is_wide(const struct summary_cell *cell, enum shown shown, int unused)
{
    const struct spread *spread = &cell->spreads[shown_figures[shown].figure];

    (void)unused;
    return spread->max - spread->min > 2 * WIDE_SPREAD * spread->median;
}

static bool is_partly_valid(const struct summary_cell *cell, enum shown shown, int unused)
{
    (void)shown;
    (void)unused;
    return cell->valid_rounds && cell->worst != STATUS_VALID;
}

/* Marks behind a figure. */
static const struct mark {
    bool (*applies)(const struct summary_cell *cell, enum shown shown, int note);
    int note;
    const char *sign, *meaning;
} marks[] = {
    {has_note, NOTE_LEVEL_NOT_HELD, "*", "level not held"},
    {has_note, NOTE_RATE_NOT_HELD, "<",
     "rate not held (fewer than 99 % begun in time, or 1 % over 5 ms late)"},
    {has_note, NOTE_ORIGIN_BOUND, "^", "the origin was the bottleneck"},
    {has_note, NOTE_LIBCURL_QUEUE, "~", "libcurl queued requests"},
    {has_note, NOTE_ORIGIN_LATE, "'", "upper bound, the origin lacked CPU"},
    {has_note, NOTE_REFERENCE, "#", "reference"},
    {has_note, NOTE_MEASURED_ONCE, ":", "one round"},
    {is_wide, 0, "?", "spread over 10 %"},
    {is_partly_valid, 0, "!", "some rounds not valid"},
};

/* Behind them, what is said of figures without a sign. */
enum {
    MARK_COUNT = sizeof(marks) / sizeof(marks[0]),
    MARK_FAILED = MARK_COUNT,
    MARK_ENDLESS,
    MARK_FEW
};

void table_notes_empty(const struct summary_cell *cell, enum shown shown, unsigned *used)
{
    if (shown == SHOWN_p99 && cell->kind == POINT_RATE && !cell->notes[NOTE_NO_STAMPS])
        *used |= 1U << MARK_FEW;
}

void table_notes_mark(const struct summary_cell *cell, enum shown shown,
                      char text[CELL_TEXT_SIZE], unsigned *used)
{
    double failed = summary_failed_percent(cell);

    for (size_t i = 0; i < MARK_COUNT; i++) {
        if (!marks[i].applies(cell, shown, marks[i].note))
            continue;
        (void)text_append(text, CELL_TEXT_SIZE, "%s", marks[i].sign);
        *used |= 1U << i;
    }
    if (failed > 0) {
        (void)text_append(text, CELL_TEXT_SIZE, "(%.2g%%)", failed);
        *used |= 1U << MARK_FAILED;
    }
    if (isinf(shown_median(cell, shown)))
        *used |= 1U << MARK_ENDLESS;
}

/* In one sentence: "# reference, not ranked; : measured once". */
static int print_legend(unsigned used, const struct view *view, FILE *out,
                        struct err *err)
{
    const char *separator = "";
    struct text text;
    char *legend;

    if (!used)
        return 0;
    if (text_open(&text, err))
        return -1;
    for (size_t i = 0; i < MARK_COUNT; i++) {
        if (!(used & (1U << i)))
            continue;
        (void)fprintf(text.out, "%s%s %s", separator, marks[i].sign, marks[i].meaning);
        separator = "; ";
    }
    if (used & (1U << MARK_FAILED)) {
        (void)fprintf(text.out, "%s(%%) of the requests failed (--allow-errors)",
                      separator);
        separator = "; ";
    }
    if (used & (1U << MARK_ENDLESS)) {
        (void)fprintf(text.out,
                      "%s" SHOWN_ENDLESS " falls among requests that never ended",
                      separator);
        separator = "; ";
    }
    if (used & (1U << MARK_FEW))
        (void)fprintf(text.out, "%sp99 is empty below 100 good requests per cell",
                      separator);
    legend = text_close(&text, NULL, err);
    if (!legend)
        return -1;
    terminal_wrap(out, legend, view->columns, 0);
    free(legend);
    return 0;
}

static void print_ideal(const struct summary *summary, FILE *out)
{
    const struct summary_cell *cell = summary->cells;

    if (summary->kind == POINT_RATE || summary->timed)
        return; /* there is none */
    if (summary->count && cell->delay_model[0]) {
        (void)fputs("theoretical minimum: of the delays drawn from ", out);
        terminal_write(out, cell->delay_model);
        (void)fputs(", the same in every cell\n", out);
    }
    if (summary->count && !strcmp(cell->overload, "slow"))
        (void)fprintf(out,
                      "theoretical minimum: a lower bound; above its capacity of %.0f "
                      "the origin slows down\n",
                      cell->capacity);
}

static void print_reason(const struct summary_cell *cell, bool with_variant, FILE *out)
{
    char point[POINT_TEXT_SIZE];

    if (with_variant) {
        terminal_write(out, cell->variant);
        (void)fputc('/', out);
    }
    terminal_write(out, cell->strategy);
    (void)fprintf(out, " %s: %s", summary_point_text(cell, point),
                  status_word(cell->worst));
    if (cell->valid_rounds)
        (void)fprintf(out, " in %zu of %zu rounds", cell->rounds - cell->valid_rounds,
                      cell->rounds);
    (void)fputs(": ", out);
    terminal_write(out, cell->reason);
    (void)fputc('\n', out);
}

static void print_reasons(const struct summary *summary, FILE *out)
{
    bool variants = summary_has_variants(summary);
    size_t count = 0;

    for (size_t i = 0; i < summary->count; i++) {
        if (summary->cells[i].worst == STATUS_VALID)
            continue;
        if (count++ < REASONS_MAX)
            print_reason(&summary->cells[i], variants, out);
    }
    if (count > REASONS_MAX)
        (void)fprintf(out, "and %zu more: column reason of runs.csv\n",
                      count - REASONS_MAX);
}

int table_notes_print(const struct summary *summary, const struct view *view,
                      unsigned used, FILE *out, struct err *err)
{
    if (print_legend(used, view, out, err))
        return -1;
    print_ideal(summary, out);
    print_reasons(summary, out);
    return 0;
}
