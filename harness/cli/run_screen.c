/* run_screen.c - see run_screen.h. */
#include "harness/cli/run_screen.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/table.h"
#include "base/clock.h"
#include "base/parse.h"
#include "base/terminal.h"
#include "base/text.h"

/* Prints a text that may be foreign between two of our own. */
static void print_with(FILE *out, const char *before, const char *text, const char *after)
{
    (void)fputs(before, out);
    terminal_write(out, text);
    (void)fputs(after, out);
}

static void print_predicted(const struct run_screen *screen)
{
    unsigned long seconds = (unsigned long)screen->session->cells.predicted_s;

    if (!seconds)
        (void)fprintf(screen->out, "under 1 s\n");
    else if (seconds < 60)
        (void)fprintf(screen->out, "about %lu s\n", seconds);
    else
        (void)fprintf(screen->out, "about %lu:%02lu min\n", seconds / 60, seconds % 60);
}

static void print_size(const struct run_screen *screen)
{
    const struct plan *plan = screen->session->plan;
    char budget[DURATION_TEXT_SIZE];

    if (plan->pick_count)
        (void)fprintf(screen->out, "%zu %s", plan->pick_count,
                      plural(plan->pick_count, "cell", "cells"));
    else
        (void)fprintf(screen->out, "%zu %s x %zu %s", plan->strategy_count,
                      plural(plan->strategy_count, "strategy", "strategies"),
                      plan_points(plan)->count,
                      plan_has_rates(plan)
                          ? plural(plan_points(plan)->count, "rate", "rates")
                          : plural(plan_points(plan)->count, "level", "levels"));
    if (plan->variant_count > 1)
        (void)fprintf(screen->out, " x %zu variants", plan->variant_count);
    if (plan->budget_ns) {
        (void)fprintf(screen->out, ", for %s",
                      duration_text(plan_budget_ns(plan), budget));
        if (plan->rounds)
            (void)fprintf(screen->out, " or %u %s", plan->rounds,
                          plural(plan->rounds, "round", "rounds"));
        (void)fprintf(screen->out, "%s\n",
                      plan_analyses(plan) > 1 ? ", or until the verdict is decided" : "");
        if (plan->variant_count > 1 || !plan->rounds) /* else no gate: a first look */
            print_with(screen->out, "", screen->gate_text, "\n");
    } else if (plan_searches(plan)) {
        (void)fprintf(screen->out, ", %u %s of each rate: about %zu %s, ",
                      plan_rounds(plan), plural(plan_rounds(plan), "round", "rounds"),
                      screen->session->cells.expected,
                      plural(screen->session->cells.expected, "cell", "cells"));
        print_predicted(screen);
    } else {
        (void)fprintf(screen->out, ", %u %s: %zu %s, ", plan_rounds(plan),
                      plural(plan_rounds(plan), "round", "rounds"),
                      screen->session->cells.count,
                      plural(screen->session->cells.count, "cell", "cells"));
        print_predicted(screen);
    }
}

/* "rates 100,200 per second, poisson arrivals for 10s, at most 500 in flight". */
static void print_points(const struct run_screen *screen)
{
    const struct plan *plan = screen->session->plan;
    char duration[DURATION_TEXT_SIZE];

    if (plan_searches(plan))
        (void)fprintf(screen->out, "highest rate that keeps %s, of ",
                      plan->find_rate.text);
    else
        (void)fprintf(screen->out, plan_has_rates(plan) ? "rates " : "levels ");
    if (plan_searches(plan) && plan->rates.count > 1)
        (void)fprintf(screen->out, "%u to %u", plan->rates.values[0],
                      plan->rates.values[1]);
    else
        levels_write(plan_points(plan), screen->out);
    if (plan_has_rates(plan))
        (void)fprintf(screen->out, " per second, %s arrivals",
                      plan->poisson_arrivals ? "poisson" : "constant");
    if (plan_is_timed(plan))
        (void)fprintf(screen->out, " for %s", duration_text(plan->duration_ns, duration));
    if (plan_has_rates(plan))
        (void)fprintf(screen->out, ", at most %u in flight", plan->max_in_flight);
    if (plan->per_host_rate)
        (void)fprintf(screen->out, ", at most %" PRIu64 " per second and host",
                      plan->per_host_rate);
    (void)fprintf(screen->out, "\n");
    for (size_t i = 0; i < plan->left_out_count; i++)
        (void)fprintf(screen->out, "%s%s",
                      i ? ", " : "left out: ", plan->left_out[i]->name);
    if (plan->left_out_count)
        (void)fprintf(screen->out, " (one request at a time cannot hold a rate)\n");
}

void run_screen_plan(const struct run_screen *screen)
{
    const struct plan *plan = screen->session->plan;
    char behaviour[BEHAVIOUR_TEXT_SIZE];

    print_size(screen);
    print_points(screen);
    if (screen->session->rows_before)
        (void)fprintf(screen->out, "resuming after %zu recorded %s\n",
                      screen->session->rows_before,
                      plural(screen->session->rows_before, "row", "rows"));
    if (plan->url)
        print_with(screen->out, "target ", plan->url, "");
    else
        (void)fprintf(screen->out, "embedded origin with %s",
                      behaviour_text(&plan->origin, behaviour));
    if (plan->tls)
        (void)fprintf(screen->out, ", over TLS, sessions %s",
                      plan->tls_sessions ? "resumed" : "not resumed");
    (void)fprintf(screen->out, ", %s connections, %s, seed %" PRIu64 "\n",
                  plan->reuse_connections ? "kept" : "fresh", plan->pin.words,
                  plan->seed);
    if (plan->site && plan->site->fetch.insecure)
        (void)fprintf(screen->out,
                      "warning: TLS certificates are not verified (--insecure)\n");
    for (size_t i = 0; i < screen->session->warnings.count; i++)
        print_with(screen->out, "warning: ", screen->session->warnings.lines[i], "\n");
}

void run_screen_cells(const struct run_screen *screen)
{
    (void)fprintf(screen->out, "%5s %8s  %-20s %7s %9s  %s\n", "round", "position",
                  "strategy", plan_has_rates(screen->session->plan) ? "rate" : "level",
                  "requests", "predicted");
    for (size_t i = 0; i < screen->session->cells.count; i++) {
        const struct cell *cell = &screen->session->cells.cells[i];
        struct verdict verdict;

        (void)fprintf(screen->out, "%5u %8u  %-20s %7u %9" PRIu64 "  ", cell->round,
                      cell->position, cell->strategy->name,
                      cell->rate ? cell->rate : cell->level, cell->requests);
        if (screen->session->plan->variant_count > 1)
            (void)fprintf(screen->out, "%-12s ", cell->variant->name);
        if (cell->skipped)
            (void)fprintf(screen->out, "skipped: over --max-cell\n");
        else if (preflight_forbids(screen->session->plan, cell, &screen->session->limits,
                                   &verdict))
            (void)fprintf(screen->out, "infeasible: %s\n", verdict.reason);
        else
            (void)fprintf(screen->out, "%.3f s\n", clock_seconds(cell->predicted_ns));
    }
}

/* "Reached: 1998.2/s  p99: 54.1 ms" at a rate, "Throughput: ..." at a level for a given
 * time, each figure where there is one; else "Cost time: 0.118". */
static void print_figures(FILE *out, const struct row *row)
{
    bool at_rate = row->fields[COLUMN_rate_rps].present;
    double rps = row_number(row, at_rate ? COLUMN_begun_rps : COLUMN_throughput_rps);
    double p99_us = row_number(row, COLUMN_latency_p99_us);

    if (!row->fields[COLUMN_duration_s].present) {
        (void)fprintf(out, "Cost time: %.3f", row_number(row, COLUMN_cost_s));
        return;
    }
    if (isfinite(rps))
        (void)fprintf(out, "%s: %.1f/s", at_rate ? "Reached" : "Throughput", rps);
    if (isfinite(p99_us))
        (void)fprintf(out, "  p99: %.1f ms", p99_us / 1e3);
}

void run_screen_row(const struct run_screen *screen, const struct row *row)
{
    const char *status = row_text(row, COLUMN_status);
    bool at_rate = row->fields[COLUMN_rate_rps].present;

    (void)fprintf(screen->out, "%-20s %s: %-6" PRIu64 " ", row_text(row, COLUMN_strategy),
                  at_rate ? "Rate" : "Number",
                  row_count(row, at_rate ? COLUMN_rate_rps : COLUMN_level));
    if (screen->session->plan->variant_count > 1)
        (void)fprintf(screen->out, "%-12s ", row_text(row, COLUMN_variant));
    if (!strcmp(status, status_word(STATUS_VALID))) {
        const char *failure = row_text(row, COLUMN_memory_probe_failure);

        print_figures(screen->out, row);
        (void)fprintf(screen->out, "  %s", row_text(row, COLUMN_notes));
        print_with(screen->out, failure[0] ? ": " : "", failure, "\n");
    } else {
        (void)fprintf(screen->out, "%s", status);
        print_with(screen->out, ": ", row_text(row, COLUMN_reason), "\n");
    }
}

void run_screen_cell_line(void *unused, const char *line)
{
    (void)unused;
    print_with(stderr, "bench: a cell wrote: ", line, "\n");
}

int run_screen_result(const struct run_screen *screen, struct err *err)
{
    const struct session *session = screen->session;
    const char *dir = session->output.dir;
    const char *order[PLAN_STRATEGIES_MAX + 1] = {NULL};
    struct summary_options how = {.order = order};
    struct summary summary;
    int result;

    for (size_t i = 0; i < screen->session->plan->strategy_count; i++)
        order[i] = screen->session->plan->strategies[i]->name;
    if (summary_make(&summary, &session->runs, &how, err))
        return -1;
    result = table_print(&summary, &screen->view, screen->out, err);
    summary_free(&summary);
    (void)fprintf(screen->out, "\n%zu %s:", session->runs.count,
                  plural(session->runs.count, "row", "rows"));
    for (int i = 0; i < STATUS_COUNT; i++)
        if (session_count(session, (enum row_status)i))
            (void)fprintf(screen->out, " %zu %s",
                          session_count(session, (enum row_status)i),
                          status_word((enum row_status)i));
    (void)fprintf(screen->out, "\n");
    if (dir)
        print_with(screen->out, "", dir,
                   session->plan->raw ? ": runs.csv plan.json env.json requests.csv\n"
                                      : ": runs.csv plan.json env.json\n");
    return result;
}

void run_screen_next(const struct run_screen *screen)
{
    (void)fputs("\nNext, the whole sweep, about three minutes:\n"
                "  bench --strategy all --levels 1,3,5,...,500\n",
                screen->out);
}
