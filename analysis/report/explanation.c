/* explanation.c - see explanation.h. */
#include "analysis/report/explanation.h"

#include <inttypes.h>
#include <math.h>

#include "base/terminal.h"

enum {
    EXPLAINED_MAX = 3, /* strategies; more fill a screen */
    COUNTERS_MAX = 3,  /* of each */
    NAME_SIZE = 128,
};

/* Counters, and how many times that of the best one has to be before it explains
 * anything. Below `floor` a figure is too small to matter. Of threads and processes also
 * fewer than the best has are an explanation: it uses fewer cores. */
static const struct counter {
    double factor, floor;
    const char *one; /* its label in the singular; NULL: as in shown.def */
    enum shown shown;
    bool either_way;
} counters[] = {
    {1.5, 2, "process", SHOWN_processes, true}, {1.5, 2, "thread", SHOWN_threads, true},
    {1.5, 1, NULL, SHOWN_faults, false},        {1.5, 1, NULL, SHOWN_switches, false},
    {1.2, 0, NULL, SHOWN_cpu, false},           {1.5, 0, NULL, SHOWN_memory, false},
};

enum { AT_PROCESSES, AT_THREADS }; /* their places */
enum { COUNTER_COUNT = sizeof(counters) / sizeof(counters[0]) };

static const struct spread *spread_of(const struct summary_cell *cell,
                                      const struct counter *counter)
{
    return &cell->spreads[shown_figures[counter->shown].figure];
}

/* How many times the figure of the best the other one is, or the other way round; 0: it
 * explains nothing, or their rounds overlap. */
static double factor_of(const struct summary_cell *best, const struct summary_cell *cell,
                        const struct counter *counter)
{
    const struct spread *less = spread_of(best, counter);
    const struct spread *more = spread_of(cell, counter);
    double factor;

    if (counter->shown == SHOWN_memory && (!best->spreads[SUMMARY_peak_pss_bytes].known ||
                                           !cell->spreads[SUMMARY_peak_pss_bytes].known))
        return 0; /* resident memory counts shared pages in each process */
    if (counter->either_way && less->median > more->median) {
        less = spread_of(cell, counter);
        more = spread_of(best, counter);
    }
    factor = less->median > 0 ? more->median / less->median : INFINITY;
    return more->min > less->max && more->median >= counter->floor &&
                   factor >= counter->factor
               ? factor
               : 0;
}

static void write_counter(const struct counter *counter, const struct summary_cell *best,
                          const struct summary_cell *cell, FILE *out)
{
    double median = shown_median(cell, counter->shown);
    char more[SHOWN_TEXT_SIZE];
    char less[SHOWN_TEXT_SIZE];

    (void)fprintf(out, "%s %s against %s", shown_text(counter->shown, median, more),
                  median == 1 && counter->one ? counter->one
                                              : shown_figures[counter->shown].label,
                  shown_text(counter->shown, shown_median(best, counter->shown), less));
}

/* ": 500 processes against 1, 64.3 page faults per request against 3.1". */
static void write_counters(const struct summary_cell *best,
                           const struct summary_cell *cell, FILE *out)
{
    double factors[COUNTER_COUNT];

    for (size_t i = 0; i < COUNTER_COUNT; i++)
        factors[i] = factor_of(best, cell, &counters[i]);
    if (factors[AT_PROCESSES] > 0)
        factors[AT_THREADS] = 0; /* one per process: the same again */
    for (int written = 0; written < COUNTERS_MAX; written++) {
        size_t most = 0;

        for (size_t i = 1; i < COUNTER_COUNT; i++)
            if (factors[i] > factors[most])
                most = i;
        if (factors[most] <= 0) {
            if (!written)
                (void)fputs(": no counter of its rows explains the difference", out);
            break;
        }
        (void)fputs(written ? ", " : ": ", out);
        write_counter(&counters[most], best, cell, out);
        factors[most] = 0;
    }
    (void)fputs(".\n", out);
}

/* One request in flight at every level: nothing else needs explaining. */
static bool is_serial(const struct summary_cell *cell)
{
    return cell->kind == POINT_LEVEL && cell->point > 1 &&
           cell->spreads[SUMMARY_inflight_peak].max == 1;
}

static void write_serial(const struct ranking *ranking, FILE *out)
{
    const struct summary_cell *last = NULL;
    char name[NAME_SIZE];
    char ideal[SHOWN_TEXT_SIZE];

    for (size_t i = 0; i < ranking->count; i++) {
        const struct ranked *ranked = &ranking->cells[i];

        if (ranked->standing != STANDING_BEHIND || !is_serial(ranked->cell))
            continue;
        (void)fprintf(out, "%s%s", last ? ", " : "",
                      terminal_text(ranked->cell->strategy, name, sizeof(name)));
        last = ranked->cell;
    }
    if (!last)
        return;
    (void)fputs(": one request at a time", out);
    if (isfinite(last->ideal_s) && ranking->by == SHOWN_cost)
        (void)fprintf(out, ", at least %s", shown_text(SHOWN_cost, last->ideal_s, ideal));
    (void)fputs(".\n", out);
}

void explanation_write(const struct ranking *ranking, FILE *out)
{
    char name[NAME_SIZE];
    int written = 0;

    if (!ranking->best)
        return;
    for (size_t i = ranking->count; i-- > 0 && written < EXPLAINED_MAX;) {
        const struct ranked *ranked = &ranking->cells[i];

        if (ranked->standing != STANDING_BEHIND || is_serial(ranked->cell))
            continue;
        (void)fputs(terminal_text(ranked->cell->strategy, name, sizeof(name)), out);
        write_counters(ranking->best, ranked->cell, out);
        written++;
    }
    write_serial(ranking, out);
}
