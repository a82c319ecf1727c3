/* command_timeline.c - `bench timeline`: every request of some cells over time, as a
 * picture or as a trace. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/svg.h"
#include "analysis/report/svg_png.h"
#include "analysis/report/timeline_read.h"
#include "analysis/report/timeline_svg.h"
#include "analysis/report/timeline_text.h"
#include "analysis/report/trace_events.h"
#include "base/clock.h"
#include "base/terminal.h"
#include "base/text.h"
#include "base/value_table.h"
#include "harness/cli/command.h"
#include "harness/cli/output_file.h"
#include "strategies/strategy.h"

struct request {
    int format, rows;
    char *strategies, *variant, *out;
    unsigned level, rate, round;
    uint64_t until_ns;
    bool animate;
};

/* -- formats ------------------------------------------------------------------- */

/* name, ending of the file, its first bytes, the name of such a file */
#define FORMATS(X)                                           \
    X(SVG, "svg", ".svg", SVG_HEAD, "a picture of bench")    \
    X(PNG, "png", ".png", "\x89PNG\r\n\x1a\n", "a PNG file") \
    X(PERFETTO, "perfetto", ".json", TRACE_EVENTS_HEAD, "a trace of bench")

enum format {
#define X(format, name, ending, head, what) FORMAT_##format,
    FORMATS(X)
#undef X
        FORMAT_COUNT
};

static const struct {
    const char *ending;
    struct output_kind kind;
} formats[] = {
#define X(format, name, ending, head, what) {ending, OUTPUT_KIND(head, what)},
    FORMATS(X)
#undef X
};

enum { FORMAT_AUTO };

#define VALUE_OWNER struct request

static const struct value_spec specs[] = {
    OPTION("strategy", "LIST", "",
           "strategies to show, separated by commas, in this order [all that\n"
           "have requests]",
           TEXT(strategies)),
    OPTION("level", "N", "highest", "level to show; highest: that has requests",
           UNSIGNED(level, 1, 1000000, "highest")),
    OPTION("rate", "N", "highest", "rate to show, where cells differ in rates",
           UNSIGNED(rate, 1, 10000000, "highest")),
    OPTION("round", "N", "auto", "round to show; auto: the first valid one per strategy",
           UNSIGNED(round, 1, 1000000, "auto")),
    OPTION("variant", "NAME", "", "variant to show [the first one]", TEXT(variant)),
    OPTION("rows", "auto|request|worker", "auto",
           "one row per request, or per request that a worker has in flight;\n"
           "auto: per request unless a cell has more requests than its level",
           WORD(rows, "auto", "request", "worker")),
    OPTION("until", "DURATION", "end",
           "end of the time axis, such as 100ms; what is later is cut off",
           DURATION(until_ns, 1, UINT64_MAX, "end")),
    OPTION("animate", NULL, "",
           "the SVG plays the run in a browser, by CSS without a script; it\n"
           "stands still in print",
           FLAG(animate)),
    OPTION("format", "auto|svg|png|perfetto", "auto",
           "svg; png, which needs rsvg-convert; perfetto, a trace for\n"
           "ui.perfetto.dev and chrome://tracing; auto: by the ending of --out,\n"
           "else svg",
           WORD(format, "auto", "svg", "png", "perfetto")),
    OPTION("out", "FILE|-", "",
           "output file [timeline.svg, .png or .json beside requests.csv]", TEXT(out)),
};

static const struct option_list options = OPTIONS_OF(specs);

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text);

    return length >= strlen(ending) && !strcmp(text + length - strlen(ending), ending);
}

static enum format format_of(const struct request *request)
{
    if (request->format != FORMAT_AUTO)
        return (enum format)(request->format - 1);
    for (int i = 0; request->out && i < FORMAT_COUNT; i++)
        if (ends_with(request->out, formats[i].ending))
            return (enum format)i;
    return FORMAT_SVG;
}

/* -- writing ------------------------------------------------------------------- */

static int write_format(const struct timeline *timeline, const struct request *request,
                        const char *const *order, enum format format, FILE *out,
                        struct err *err)
{
    struct timeline_look look = {
        .order = order,
        .rows = (enum timeline_rows)request->rows,
        .until_us = (double)request->until_ns / (double)CLOCK_NS_PER_US,
        .animate = request->animate,
    };

    return format == FORMAT_PERFETTO ? trace_events_write(timeline, out, err)
                                     : timeline_svg_write(timeline, &look, out, err);
}

/* The content of the file. Owner: the caller, free(). */
static int make_bytes(const struct timeline *timeline, const struct request *request,
                      const char *const *order, enum format format, char **bytes,
                      size_t *size, struct err *err)
{
    struct text text;
    char *svg;
    int result;

    if (text_open(&text, err))
        return -1;
    if (write_format(timeline, request, order, format, text.out, err)) {
        text_drop(&text);
        return -1;
    }
    *bytes = text_close(&text, size, err);
    if (!*bytes || format != FORMAT_PNG)
        return *bytes ? 0 : -1;
    svg = *bytes;
    *bytes = NULL;
    result = svg_png(svg, *size, bytes, size, err);
    free(svg);
    return result;
}

/* The text alternative, for the terminal. */
static int print_description(const struct timeline *timeline, struct err *err)
{
    struct text text;
    char *lines;

    if (text_open(&text, err))
        return -1;
    timeline_describe(timeline, text.out);
    lines = text_close(&text, NULL, err);
    if (!lines)
        return -1;
    terminal_write_lines(stdout, lines);
    free(lines);
    return 0;
}

static int deliver(const struct timeline *timeline, const char *path, const char *bytes,
                   size_t size, struct err *err)
{
    if (output_write(path, bytes, size, err))
        return -1;
    if (strcmp(path, "-") != 0 && print_description(timeline, err))
        return -1;
    output_print(path);
    return 0;
}

/* -- the command --------------------------------------------------------------- */

static int draw(const struct request *request, const char *path, const char *output,
                struct err *err)
{
    const char *order[64];
    enum format format = format_of(request);
    struct timeline_choice choice = {
        .order = order,
        .strategies = request->strategies,
        .variant = request->variant,
        .kind = request->rate ? POINT_RATE : POINT_LEVEL,
        .point = request->rate ? request->rate : request->level,
        .round = request->round,
        .with_texts = format == FORMAT_PERFETTO,
    };
    struct timeline timeline;
    char *bytes = NULL;
    size_t size = 0;
    int result;

    strategy_names(order, sizeof(order) / sizeof(order[0]));
    result = timeline_read(&timeline, path, &choice, err);
    if (!result)
        result = make_bytes(&timeline, request, order, format, &bytes, &size, err);
    if (!result)
        result = deliver(&timeline, output, bytes, size, err);
    free(bytes);
    timeline_free(&timeline);
    return result;
}

static int check_usage(const struct request *request, const struct typed *typed,
                       struct err *err)
{
    if (typed->operand_count != 1)
        return err_set(err, "give one directory of a run that was measured with --raw, "
                            "or its requests.csv");
    if (request->animate && format_of(request) != FORMAT_SVG)
        return err_set(err, "--animate needs --format svg");
    return 0;
}

static int run(void *object, const struct typed *typed, struct err *err)
{
    const struct request *request = object;
    enum format format = format_of(request);
    char *input, *output = NULL;
    char name[32];
    int result = -1;

    if (check_usage(request, typed, err))
        return EXIT_USAGE;
    input = timeline_requests_path(typed->operands[0], err);
    (void)snprintf(name, sizeof(name), "timeline%s", formats[format].ending);
    if (input)
        output = output_path(request->out, input, name, err);
    if (output && !output_check(output, &formats[format].kind, err))
        result = draw(request, input, output, err);
    free(input);
    free(output);
    return result ? EXIT_USAGE : EXIT_ALL_GOOD;
}

const struct command timeline_command = {
    .name = "timeline",
    .usage = "bench timeline [options] DIRECTORY|requests.csv",
    .summary = "Draws every request over time, of one cell per strategy.",
    .notes = "bench run --raw writes the requests.csv that this command reads.\n"
             "Exit status: 0 success; 2 usage, or nothing to draw.\n",
    .options = &options,
    .request_bytes = sizeof(struct request),
    .takes_operands = true,
    .run = run,
};
