/* view_options.c - see view_options.h. */
#include "harness/cli/view_options.h"

#include <stdlib.h>

#include "analysis/report/conclusion.h"
#include "base/terminal.h"
#include "base/value_table.h"

#define VALUE_OWNER struct view_request

VALUE_PARSER(parse_show, shown_parse_list)

static const char *show_word(size_t index)
{
    if (!index)
        return "all";
    return index <= SHOWN_COUNT ? shown_figures[index - 1].word : NULL;
}

static const struct value_ops show_ops = {
    .parse = parse_show, .word = show_word, .listed_in_help = true};

const struct value_spec view_specs[VIEW_SPEC_COUNT] = {
    OPTION("goal", "time|cpu|memory|p99|throughput", "time",
           "figure that the conclusion ranks by; with --rates time stands for\n"
           "p99, with --duration and levels for throughput",
           .type = {.kind = VALUE_WORD, .words = goal_names}, VALUE_AT(goal)),
    OPTION("show", "LIST", "",
           "a table with all levels or rates per figure: cost, overhead, cpu,\n"
           "memory, p50, p90, p99, p999, late_p99 (lateness), reached (the rate),\n"
           "unfinished, throughput, switches, faults, threads, processes,\n"
           "connections, or all [cost, with p50 and p99 at the highest level; of\n"
           "rates p99, with further figures at the highest rate]",
           OTHER(show, show_ops)),
    OPTION("chart", NULL, "",
           "also charts in characters, of the figures of the table at the\n"
           "highest level or rate",
           FLAG(chart)),
};

struct view view_on(const struct view_request *request, FILE *out)
{
    const char *no_colour = getenv("NO_COLOR");

    return (struct view){
        .goal = (enum goal)request->goal,
        .show = request->show,
        .chart = request->chart,
        .utf8 = terminal_takes_utf8(),
        .columns = terminal_columns(out),
        .colour = terminal_obeys(out) && !(no_colour && *no_colour),
    };
}
