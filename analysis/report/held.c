/* held.c - see held.h. */
#include "analysis/report/held.h"

#include <math.h>
#include <string.h>

#include "analysis/report/summary_query.h"
#include "base/terminal.h"
#include "base/text.h"

enum { NAME_SIZE = 128, GROUPED_SIZE = 32 };

/* The part of the due requests that must begin in time, as the note rate-not-held has it.
 */
#define HELD_PART 0.99

bool held_in_all_rounds(const struct summary_cell *cell)
{
    return cell->valid_rounds && cell->valid_rounds == cell->rounds &&
           !cell->notes[NOTE_RATE_NOT_HELD];
}

uint64_t held_highest(const struct summary *summary, const char *variant,
                      const char *strategy)
{
    size_t count;
    const struct summary_cell *const *cells = summary_points(summary, variant, strategy,
                                                             &count);
    uint64_t highest = 0;

    for (size_t i = 0; i < count; i++)
        if (held_in_all_rounds(cells[i]))
            highest = cells[i]->point; /* they ascend */
    return highest;
}

/* The first cell of a variant. */
static size_t variant_begin(const struct summary *summary, const char *variant)
{
    size_t first = 0;

    while (first < summary->count && strcmp(summary->cells[first].variant, variant) != 0)
        first = summary_variant_end(summary, first);
    return first;
}

uint64_t held_by_candidates(const struct summary *summary, const char *variant,
                            size_t candidates)
{
    uint64_t highest = 0;
    uint64_t at = 0;
    size_t count = 0; /* at the rate at hand */

    for (size_t i = variant_begin(summary, variant);
         i < summary->count && !strcmp(summary->cells[i].variant, variant); i++) {
        if (summary->cells[i].point != at)
            count = 0;
        at = summary->cells[i].point;
        count += summary->cells[i].valid_rounds && ranking_admits(&summary->cells[i]);
        if (count >= candidates)
            highest = at;
    }
    return highest;
}

static void write_name(const struct summary_cell *cell, FILE *out)
{
    char name[NAME_SIZE];

    (void)fputs(terminal_text(cell->strategy, name, sizeof(name)), out);
}

/* -- rounds that did not hold the rate --------------------------------------------- */

static bool is_failure(const struct summary_cell *cell, size_t round)
{
    return cell->figures[round][SUMMARY_not_held] > 0;
}

static size_t count_failures(const struct summary_cell *cell)
{
    size_t count = 0;

    for (size_t i = 0; i < cell->valid_rounds; i++)
        count += is_failure(cell, i);
    return count;
}

/* The lower median of a figure over these rounds; NAN where one of them lacks it. */
static double median_of(const struct summary_cell *cell, enum summary_figure figure)
{
    size_t middle = (count_failures(cell) + 1) / 2;

    for (size_t i = 0; i < cell->valid_rounds; i++) {
        double value = cell->figures[i][figure];
        size_t less = 0, equal = 0;

        for (size_t j = 0; j < cell->valid_rounds; j++) {
            if (is_failure(cell, j) && isnan(cell->figures[j][figure]))
                return NAN;
            less += is_failure(cell, j) && cell->figures[j][figure] < value;
            equal += is_failure(cell, j) && cell->figures[j][figure] == value;
        }
        if (is_failure(cell, i) && less < middle && middle <= less + equal)
            return value;
    }
    return NAN;
}

/* Whether every place in flight was taken in each of these rounds. */
static bool filled_places(const struct summary_cell *cell)
{
    for (size_t i = 0; i < cell->valid_rounds; i++)
        if (is_failure(cell, i) && !(cell->figures[i][SUMMARY_inflight_peak] >=
                                     cell->figures[i][SUMMARY_inflight_limit]))
            return false;
    return count_failures(cell) > 0;
}

/* Whether more requests were in flight than the origin serves at a time. */
static bool filled_origin(const struct summary_cell *cell)
{
    for (size_t i = 0; i < cell->valid_rounds; i++)
        if (is_failure(cell, i) &&
            !(cell->figures[i][SUMMARY_inflight_peak] > cell->capacity))
            return false;
    return count_failures(cell) > 0;
}

/* "3,120", or "4.9": of few the part counts. */
static const char *grouped(double value, char text[GROUPED_SIZE])
{
    char digits[GROUPED_SIZE];
    int length = snprintf(digits, sizeof(digits), "%.0f", value);

    if (value < 100) {
        (void)snprintf(text, GROUPED_SIZE, "%.3g", value);
        return text;
    }
    text[0] = '\0';
    for (int i = 0; i < length && i < (int)sizeof(digits) - 1; i++)
        (void)text_append(text, GROUPED_SIZE, "%s%c",
                          i && (length - i) % 3 == 0 ? "," : "", digits[i]);
    return text;
}

/* "threads reached 3,120 of 5,000 per second in 1 of 3 rounds". */
static void write_reached(const struct summary_cell *cell, FILE *out)
{
    double reached = median_of(cell, SUMMARY_begun_rps);
    double due = median_of(cell, SUMMARY_due_rps);
    double late_us = median_of(cell, SUMMARY_late_p99_us);
    size_t rounds = count_failures(cell);
    char point[POINT_TEXT_SIZE], begun[GROUPED_SIZE], asked[GROUPED_SIZE];
    char late[SHOWN_TEXT_SIZE];

    write_name(cell, out);
    if (!isfinite(reached) || !isfinite(due))
        (void)fprintf(out, " did not hold %s", summary_point_text(cell, point));
    else
        (void)fprintf(out, " %s %s of %s per second",
                      reached < HELD_PART * due ? "reached" : "began",
                      grouped(reached, begun), grouped(due, asked));
    if (isfinite(reached) && reached >= HELD_PART * due && isfinite(late_us))
        (void)fprintf(out, ", 1 %% of them at least %s late",
                      shown_text(SHOWN_late_p99, late_us, late));
    else if (isfinite(reached) && reached >= HELD_PART * due) /* too few for a quantile */
        (void)fputs(", 1 % of them over 5ms late", out);
    if (rounds < cell->valid_rounds)
        (void)fprintf(out, " in %s%zu of %zu rounds", rounds > 1 ? "the median of " : "",
                      rounds, cell->valid_rounds);
}

static void write_reasons(const struct summary_cell *cell, FILE *out)
{
    static const enum row_note disturbances[] = {NOTE_CPU_THROTTLED, NOTE_CPU_STOLEN,
                                                 NOTE_STOPPED, NOTE_ORIGIN_LATE};
    double cores = median_of(cell, SUMMARY_cores);
    double unconnected = median_of(cell, SUMMARY_connect_failed);
    double per_host = median_of(cell, SUMMARY_per_host_rate_rps);
    const char *separator = ": ";
    char text[GROUPED_SIZE];

    if (isfinite(per_host)) {
        (void)fprintf(out, "%sat most %s per second and host were asked for", separator,
                      grouped(per_host, text));
        separator = "; ";
    }
    if (filled_origin(cell)) {
        (void)fprintf(out, "%sthe server's capacity of %s at a time", separator,
                      grouped(cell->capacity, text));
        separator = "; ";
    }
    if (cores >= HELD_BUSY_CORES) {
        (void)fprintf(out, "%sCPU: %.2f %s", separator, cores,
                      cores < 1 ? "of a core" : "cores");
        separator = "; ";
    }
    if (filled_places(cell)) {
        (void)fprintf(out, "%sall %s places in flight", separator,
                      grouped(median_of(cell, SUMMARY_inflight_limit), text));
        separator = "; ";
    }
    if (unconnected >= 1) {
        (void)fprintf(out, "%s%s %s without a connection", separator,
                      grouped(unconnected, text),
                      plural((size_t)unconnected, "request", "requests"));
        separator = "; ";
    }
    for (size_t i = 0; i < sizeof(disturbances) / sizeof(disturbances[0]); i++)
        if (cell->notes[disturbances[i]]) {
            (void)fprintf(out, "%snote %s", separator, note_word(disturbances[i]));
            separator = "; ";
        }
    if (separator[0] == ':')
        (void)fputs(": its rows show no resource that ran out", out);
}

void held_write_failures(const struct summary *summary, const char *variant,
                         uint64_t rate, FILE *out)
{
    size_t count;
    const struct summary_cell *cells = summary_at_point(summary, variant, rate, &count);

    for (size_t i = 0; i < count; i++) {
        if (!cells[i].notes[NOTE_RATE_NOT_HELD] || cells[i].notes[NOTE_REFERENCE])
            continue;
        write_reached(&cells[i], out);
        if (cells[i].notes[NOTE_ORIGIN_BOUND])
            (void)fputs(": the server was the bottleneck, not the client", out);
        else
            write_reasons(&cells[i], out);
        (void)fputs(".\n", out);
    }
}

void held_write_origin_bound(const struct summary *summary, const char *variant,
                             uint64_t rate, FILE *out)
{
    size_t count;
    const struct summary_cell *cells = summary_at_point(summary, variant, rate, &count);
    const char *separator = "Not ranked, since the server was the bottleneck: ";

    for (size_t i = 0; i < count; i++) {
        if (!cells[i].notes[NOTE_ORIGIN_BOUND] || cells[i].notes[NOTE_RATE_NOT_HELD] ||
            cells[i].notes[NOTE_REFERENCE])
            continue;
        (void)fputs(separator, out);
        write_name(&cells[i], out);
        separator = ", ";
    }
    if (separator[0] == ',')
        (void)fputs(".\n", out);
}

/* -- the highest rates held ---------------------------------------------------------- */

/* Whether a strategy has a valid round at some rate and is no reference. */
static bool was_measured(const struct summary *summary, const struct summary_cell *cell)
{
    size_t count;
    const struct summary_cell *const *cells = summary_points(summary, cell->variant,
                                                             cell->strategy, &count);
    bool valid = false;

    for (size_t i = 0; i < count; i++) {
        if (cells[i]->notes[NOTE_REFERENCE])
            return false;
        valid |= cells[i]->valid_rounds > 0;
    }
    return valid;
}

/* Those whose highest rate this is. */
static const char *write_at(const struct summary *summary, const char *variant,
                            uint64_t rate, const char *separator, FILE *out)
{
    size_t count;
    const struct summary_cell *cells = summary_at_point(summary, variant, rate, &count);
    char point[POINT_TEXT_SIZE];

    for (size_t i = 0; i < count; i++) {
        if (!was_measured(summary, &cells[i]) ||
            held_highest(summary, variant, cells[i].strategy) != rate)
            continue;
        (void)fputs(separator, out);
        write_name(&cells[i], out);
        (void)fprintf(out, " %s", summary_point_text(&cells[i], point));
        separator = ", ";
    }
    return separator;
}

void held_write_highest(const struct summary *summary, const char *variant, FILE *out)
{
    size_t first = variant_begin(summary, variant);
    size_t end = first < summary->count ? summary_variant_end(summary, first) : first;
    const char *separator = "Highest rate held in all rounds: ";
    uint64_t last = 0;

    for (size_t i = end; i-- > first;) { /* the highest first */
        if (summary->cells[i].point != last)
            separator = write_at(summary, variant, summary->cells[i].point, separator,
                                 out);
        last = summary->cells[i].point;
    }
    separator = separator[0] == ',' ? "; none: " : "No rate was held in all rounds by ";
    for (size_t i = first; i < end; i++) {
        const struct summary_cell *cell = &summary->cells[i];

        if (!summary_is_first(summary, cell) || !was_measured(summary, cell) ||
            held_highest(summary, variant, cell->strategy))
            continue;
        (void)fputs(separator, out);
        write_name(cell, out);
        separator = ", ";
    }
    if (separator[0] != 'N')
        (void)fputs(".\n", out);
}
