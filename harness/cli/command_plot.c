/* command_plot.c - bench plot: pictures of recorded runs. */
#include <stdio.h>
#include <stdlib.h>

#include "analysis/report/plot.h"
#include "base/text.h"
#include "base/value_table.h"
#include "harness/cli/command.h"
#include "harness/cli/output_file.h"
#include "harness/cli/read_summary.h"

struct request {
    struct plot_set show;
    char *prefix; /* NULL: beside the first run */
    double allowed_errors;
};

#define VALUE_OWNER struct request

VALUE_PARSER(parse_show, plot_parse_list)

static const struct value_ops show_ops = {.parse = parse_show, .listed_in_help = true};

static const struct value_spec specs[] = {
    OPTION("show", "LIST", "",
           "a picture per figure: cost (with the overhead), overhead, cpu,\n"
           "memory, p50, p90, p99, p999, late_p99 (lateness), reached (the rate),\n"
           "throughput, knee (throughput, with the level beyond which it grows\n"
           "little, or the highest rate held), speedup (over one request after\n"
           "another), or all [cost; of rates p99; of levels with --duration\n"
           "throughput]",
           OTHER(show, show_ops)),
    OPTION("out", "PREFIX", "",
           "write PREFIX.png and PREFIX.svg; of several figures PREFIX-cost.png\n"
           "and so on [cost.png and so on beside the first runs.csv]",
           TEXT(prefix)),
    OPTION("allow-errors", "PERCENT", "0%", ALLOW_ERRORS_HELP, PERCENT(allowed_errors)),
};

static const struct option_list options = OPTIONS_OF(specs);

/* Where a picture goes. The caller frees it; NULL: no memory. */
static char *path_of(const struct request *request, const char *runs, const char *word,
                     size_t figures, const char *extension, struct err *err)
{
    struct text text;

    if (text_open(&text, err))
        return NULL;
    if (request->prefix)
        (void)fputs(request->prefix, text.out);
    else
        output_directory_write(text.out, runs);
    if (!request->prefix || figures > 1)
        (void)fprintf(text.out, "%s%s", request->prefix ? "-" : "", word);
    (void)fprintf(text.out, ".%s", extension);
    return text_close(&text, NULL, err);
}

/* The files of a picture, one per format. */
struct targets {
    char *paths[PLOT_FORMAT_COUNT];
};

static void targets_free(struct targets *targets)
{
    for (int format = 0; format < PLOT_FORMAT_COUNT; format++)
        free(targets->paths[format]);
}

/* Finds the files, and that each may be written. Free them also on -1. */
static int targets_find(struct targets *targets, const struct request *request,
                        const char *runs, const char *word, size_t figures,
                        struct err *err)
{
    static const struct output_kind kinds[PLOT_FORMAT_COUNT] = {
        [PLOT_PNG] = OUTPUT_KIND("\x89PNG\r\n\x1a\n", "a PNG file"),
        [PLOT_SVG] = OUTPUT_KIND("<?xml ", "an SVG file"),
    };

    *targets = (struct targets){.paths = {NULL}};
    for (int format = 0; format < PLOT_FORMAT_COUNT; format++) {
        targets->paths[format] = path_of(request, runs, word, figures,
                                         plot_extensions[format], err);
        if (!targets->paths[format] ||
            output_check(targets->paths[format], &kinds[format], err))
            return -1;
    }
    return 0;
}

/* A picture in each format; NULL: nothing to draw. */
struct picture {
    char *bytes[PLOT_FORMAT_COUNT];
    size_t sizes[PLOT_FORMAT_COUNT];
};

static int picture_draw(struct picture *picture, const struct summary *summary,
                        enum plot_figure figure, struct err *err)
{
    const char *order[STRATEGY_ORDER_MAX];

    *picture = (struct picture){.bytes = {NULL}};
    (void)strategy_order(order);
    for (int format = 0; format < PLOT_FORMAT_COUNT; format++)
        if (plot_draw(&picture->bytes[format], &picture->sizes[format], summary, figure,
                      order, (enum plot_format)format, err))
            return -1;
    return 0;
}

static void picture_free(struct picture *picture)
{
    for (int format = 0; format < PLOT_FORMAT_COUNT; format++)
        free(picture->bytes[format]);
}

static int picture_write(const struct picture *picture, const struct targets *targets,
                         struct err *err)
{
    for (int format = 0; format < PLOT_FORMAT_COUNT; format++) {
        if (output_write(targets->paths[format], picture->bytes[format],
                         picture->sizes[format], err))
            return -1;
        output_print(targets->paths[format]);
    }
    return 0;
}

/* How many pictures there are to draw, were drawn, and which had nothing to show. */
struct progress {
    size_t wanted, drawn;
    char absent[160];
};

static int draw(const struct request *request, const struct summary *summary,
                const char *runs, enum plot_figure figure, struct progress *progress,
                struct err *err)
{
    const char *word = plot_figures[figure].word;
    struct picture picture;
    struct targets targets = {.paths = {NULL}};
    int result = picture_draw(&picture, summary, figure, err);

    if (!result && !picture.bytes[PLOT_PNG]) {
        (void)text_append_item(progress->absent, sizeof(progress->absent), "%s", word);
    } else if (!result) {
        result = targets_find(&targets, request, runs, word, progress->wanted, err);
        if (!result)
            result = picture_write(&picture, &targets, err);
        progress->drawn++;
    }
    targets_free(&targets);
    picture_free(&picture);
    return result;
}

static int draw_all(const struct request *request, const struct summary *summary,
                    const char *runs, struct err *err)
{
    struct progress progress = {.absent = ""};
    struct plot_set show = plot_set_of(&request->show, summary);

    for (int i = 0; i < PLOT_COUNT; i++)
        progress.wanted += show.wanted[i];
    for (int i = 0; i < PLOT_COUNT; i++)
        if (show.wanted[i] &&
            draw(request, summary, runs, (enum plot_figure)i, &progress, err))
            return EXIT_USAGE;
    if (progress.absent[0])
        (void)err_set(err, "not drawn, since no valid row has it: %s", progress.absent);
    return progress.drawn ? EXIT_ALL_GOOD : EXIT_INCOMPLETE;
}

static int run(void *object, const struct typed *typed, struct err *err)
{
    const struct request *request = object;
    struct summary summary = {0};
    bool mixed = false;
    int status;

    if (read_summary(&summary, typed, request->allowed_errors, &mixed, err))
        status = mixed ? EXIT_NOT_COMPARABLE : EXIT_USAGE;
    else
        status = draw_all(request, &summary, typed->operands[0], err);
    summary_free(&summary);
    return status;
}

const struct command plot_command = {
    .name = "plot",
    .usage = "bench plot [options] RUNS.csv|DIRECTORY ...",
    .summary = "Draws recorded runs as pictures; several runs are combined into one.",
    .notes = "Needs gnuplot. Exit status: 0 success; 2 usage, or gnuplot is missing or "
             "failed; 4 no valid\nrow to draw; 5 the runs were measured under different "
             "conditions.\n",
    .options = &options,
    .request_bytes = sizeof(struct request),
    .takes_operands = true,
    .run = run,
};
