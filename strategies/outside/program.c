/* program.c - see program.h. */
#include "strategies/outside/program.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/clock.h"
#include "base/process_tree.h"
#include "strategies/outside/program_job.h"
#include "strategies/outside/program_process.h"
#include "strategies/outside/program_rate.h"
#include "strategies/outside/program_usage.h"

/* How long processes that it has started may outlive its first one. */
#define GRACE_NS (CLOCK_NS_PER_S / 2)

/* How long to wait for the status of a program that closed its output. */
#define END_NS (CLOCK_NS_PER_S / 2)

struct program {
    struct program_process process;
    struct program_job job;
    const struct strategy_env *env;
    struct work_item *items; /* owned; once it is done */
    uint8_t *reported;       /* owned; which of them */
    size_t count, reported_count;
    uint64_t error_index; /* of the request that figures.error is from; `count`: none */
    uint64_t patience_ns, allowed_ns; /* allowed_ns: for the line that is awaited */
    struct program_reading at_go, at_done;
    struct program_figures figures;
};

/* -- failures ------------------------------------------------------------------ */

/* Adds the last line of standard error to the reason. Returns -1. */
static int add_last_line(const struct program *program, struct err *err)
{
    char line[PROGRAM_ERROR_SIZE];
    struct err reason;

    if (!err || !program_process_last_line(&program->process, line)[0])
        return -1;
    reason = *err;
    return err_set(err, "%.300s; it last wrote to standard error '%s'", reason.text,
                   line);
}

static int fail(struct program *program, struct err *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The reason, with the last line of standard error. Returns -1. */
static int fail(struct program *program, struct err *err, const char *format, ...)
{
    char reason[256];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(reason, sizeof(reason), format, args);
    va_end(args);
    (void)err_set(err, "the program %s", reason);
    (void)program_process_wait(&program->process, clock_ns() + CLOCK_NS_PER_MS);
    return add_last_line(program, err);
}

/* It ended, or closed its output, before `awaited`. */
static int fail_early(struct program *program, const char *awaited, struct err *err)
{
    char text[CHILD_END_SIZE];
    int status = 0;

    if (!program_process_wait(&program->process, clock_ns() + END_NS))
        return fail(program, err, "closed its standard output before '%s'", awaited);
    while (waitpid(program->process.pid, &status, 0) < 0 && errno == EINTR)
        ;
    (void)err_set(err, "the program %s before '%s'", child_end_text(status, text),
                  awaited);
    return add_last_line(program, err);
}

/* Reads the next line, which must come before `until_ns`. */
static int read_line(struct program *program, uint64_t until_ns, const char *awaited,
                     struct program_line *line, struct err *err)
{
    char quoted[PROGRAM_QUOTE_SIZE];
    const char *text;
    struct err why;
    size_t length;

    switch (program_process_read(&program->process, until_ns, &text, &length)) {
    case PROGRAM_READ_LINE:
        break;
    case PROGRAM_READ_TOO_LONG:
        return fail(program, err,
                    "wrote more than %d bytes without a line end instead of "
                    "'%s'",
                    PROGRAM_LINE_MAX, awaited);
    case PROGRAM_READ_END:
        return fail_early(program, awaited, err);
    case PROGRAM_READ_ALONE:
        return err_set(err, "the harness is gone");
    case PROGRAM_READ_LATE:
        return fail(program, err, "did not write '%s' within %.1f s", awaited,
                    clock_seconds(program->allowed_ns));
    }
    if (!program_line_parse(line, text, length, &why))
        return 0;
    (void)err_set(err, "the program wrote '%s' instead of '%s'; %s",
                  program_line_quote(text, quoted), awaited, why.text);
    return add_last_line(program, err);
}

static const char *const words[] = {
    [PROGRAM_READY] = "ready",
    [PROGRAM_DONE] = "done",
    [PROGRAM_RESULT] = "a result",
    [PROGRAM_END] = "end",
};

static int await(struct program *program, uint64_t until_ns, enum program_line_kind kind,
                 const char *awaited, struct program_line *line, struct err *err)
{
    *line = (struct program_line){.kind = PROGRAM_END};
    if (read_line(program, until_ns, awaited, line, err))
        return -1;
    if (line->kind == kind)
        return 0;
    return fail(program, err, "wrote %s before '%s'",
                line->kind == PROGRAM_RESULT ? "results" : words[line->kind], awaited);
}

/* -- open() -------------------------------------------------------------------- */

static void close_program(void *self)
{
    struct program *program = self;

    program_process_close(&program->process);
    program_job_close(&program->job);
    free(program->items);
    free(program->reported);
    free(program);
}

static int get_ready(struct program *program, struct err *err)
{
    uint64_t start_ns = clock_ns();
    const struct strategy_env *env = program->env;
    bool has_rate = work_has_moments(env->work);
    struct program_line line;

    if (program_job_make(&program->job, env, err) ||
        program_process_start(&program->process, env->outside, program->job.path, err) ||
        await(program, start_ns + program->patience_ns, PROGRAM_READY,
              has_rate ? "ready 2" : "ready 1", &line, err))
        return -1;
    program->figures.start_ns = clock_ns() - start_ns;
    if (has_rate && line.protocol < PROGRAM_PROTOCOL_RATES)
        return fail(program, err,
                    "cannot hold a rate: it speaks protocol %d, and rates need %d; add "
                    "due_ns to it, or measure it with --levels",
                    PROGRAM_PROTOCOL, PROGRAM_PROTOCOL_RATES);
    return 0;
}

static int open_program(void **self, const struct strategy_env *env, struct err *err)
{
    struct program *program = calloc(1, sizeof(*program));

    if (!program)
        return err_errno(err, "no memory for a program");
    *program = (struct program){.env = env,
                                .job = {.fd = -1, .ca_fd = -1},
                                .process = {.in_fd = -1, .out_fd = -1, .error_fd = -1},
                                .patience_ns = env->outside->patience_ms *
                                               CLOCK_NS_PER_MS};
    program->allowed_ns = program->patience_ns;
    if (get_ready(program, err)) {
        close_program(program);
        return -1;
    }
    *self = program;
    return 0;
}

/* -- results ------------------------------------------------------------------- */

/* Takes all work at once: only the program knows when it began which request. The supply
 * must be open. */
static int take_items(struct program *program, struct err *err)
{
    struct work_item item;

    (void)work_results(program->env->work, &program->count);
    program->error_index = program->count;
    program->items = calloc(program->count + 1, sizeof(*program->items));
    program->reported = calloc(program->count + 1, 1);
    if (!program->items || !program->reported)
        return err_errno(err, "no memory for %zu results", program->count);
    while (work_take(program->env->work, 0, &item)) {
        item.result->begin_ns = 0;
        program->items[item.index] = item;
    }
    return 0;
}

/* The outcome of a failed request, by the first word of its text: "connection reset" is
 * no failure to connect. */
static enum fetch_outcome outcome_of(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t length = strspn(text, letters);

    if (length == 7 && !strncmp(text, "timeout", length))
        return FETCH_TIMED_OUT;
    return length == 7 && !strncmp(text, "connect", length) ? FETCH_CONNECT_FAILED
                                                            : FETCH_IO_FAILED;
}

static enum fetch_outcome judge(const struct program_result *told,
                                const struct work_expectation *expect)
{
    if (told->failed)
        return outcome_of(told->error);
    if (told->has_status &&
        (expect->http_status ? told->http_status != expect->http_status
                             : told->http_status / 100 != 2))
        return FETCH_BAD_STATUS;
    if (expect->body_known &&
        ((told->has_bytes && told->body_bytes != expect->body_bytes) ||
         (told->has_crc32 && told->body_crc32 != expect->body_crc32)))
        return FETCH_BAD_BODY;
    return FETCH_OK;
}

/* Fills the slot of a request, whose numbers were checked. */
static void fill(struct program *program, const struct program_result *told)
{
    const struct work_item *item = &program->items[told->index];
    struct fetch_result *result = item->result;
    enum fetch_outcome outcome = judge(told, item->expect);
    uint64_t start_ns = told->has_stamps ? told->start_ns : program->figures.go_ns;
    unsigned unknown = FETCH_UNKNOWN_PHASES |
                       (told->has_stamps ? 0 : FETCH_UNKNOWN_STAMPS);

    if (told->unfinished) {
        *result = program_rate_unfinished(program->env, program->figures.go_ns, told);
        return;
    }
    if (!told->failed)
        unknown |= (told->has_status ? 0 : FETCH_UNKNOWN_STATUS) |
                   (told->has_bytes ? 0 : FETCH_UNKNOWN_LENGTH) |
                   (told->has_crc32 ? 0 : FETCH_UNKNOWN_CRC32);
    *result = (struct fetch_result){
        .begin_ns = start_ns,
        .start_ns = start_ns,
        .end_ns = told->has_stamps ? told->end_ns : program->figures.done_ns,
        .body_bytes = told->body_bytes,
        .encoded_bytes = told->body_bytes,
        .http_status = told->http_status,
        .unknown = (uint16_t)unknown,
        .cause = told->failed ? FETCH_CAUSE_TOLD : FETCH_CAUSE_NONE,
        .outcome = (uint16_t)outcome,
    };
    if (told->failed && told->index < program->error_index) {
        program->error_index = told->index;
        (void)snprintf(program->figures.error, sizeof(program->figures.error), "%s",
                       told->error);
    }
}

/* Between `go` and `done`, by the clock that bench reads. */
static int check_stamps(struct program *program, const struct program_result *told,
                        struct err *err)
{
    const struct program_figures *figures = &program->figures;
    struct err early;

    if (told->has_stamps && told->end_ns < told->start_ns)
        return fail(program, err, "says that request %" PRIu64 " ended before it began",
                    told->index);
    if (told->has_start && told->start_ns < figures->go_ns)
        return fail(program, err,
                    "says that request %" PRIu64 " began at %" PRIu64
                    " ns, %.6f s before 'go': is it CLOCK_MONOTONIC?",
                    told->index, told->start_ns,
                    clock_seconds(figures->go_ns - told->start_ns));
    if (told->has_stamps && told->end_ns > figures->done_ns)
        return fail(program, err,
                    "says that request %" PRIu64 " ended at %" PRIu64
                    " ns, %.6f s after 'done': is it CLOCK_MONOTONIC?",
                    told->index, told->end_ns,
                    clock_seconds(told->end_ns - figures->done_ns));
    if (program_rate_check(program->env, figures->go_ns, figures->done_ns, told, &early))
        return fail(program, err, "%s", early.text);
    return 0;
}

static int take_result(struct program *program, const struct program_result *told,
                       struct err *err)
{
    if (told->index >= program->count)
        return fail(program, err, "reported request %" PRIu64 ", but they end at %zu",
                    told->index, program->count - 1);
    if (program->reported[told->index])
        return fail(program, err, "reported request %" PRIu64 " twice", told->index);
    if (check_stamps(program, told, err))
        return -1;
    program->reported[told->index] = 1;
    program->reported_count++;
    fill(program, told);
    return 0;
}

static int report_missing(struct program *program, struct err *err)
{
    size_t first = 0;

    while (first < program->count && program->reported[first])
        first++;
    return fail(program, err,
                "reported %zu of %zu requests before 'end'; the first that "
                "is missing is %zu",
                program->reported_count, program->count, first);
}

static int read_results(struct program *program, uint64_t until_ns, struct err *err)
{
    for (;;) {
        struct program_line line = {.kind = PROGRAM_END};

        if (read_line(program, until_ns, "end", &line, err))
            return -1;
        if (line.kind == PROGRAM_END)
            return program->reported_count == program->count
                       ? 0
                       : report_missing(program, err);
        if (line.kind != PROGRAM_RESULT)
            return fail(program, err, "wrote '%s' among its results", words[line.kind]);
        if (take_result(program, &line.result, err))
            return -1;
    }
}

/* -- run() --------------------------------------------------------------------- */

/* A supply with moments is taken while it is open, before the clock starts. */
static int begin(struct program *program, struct err *err)
{
    struct work *work = program->env->work;
    bool has_rate = work_has_moments(work);
    char line[32] = "go\n";

    (void)work_start(work);
    if (has_rate && take_items(program, err))
        return -1;
    program->at_go = program_usage_read(program->process.pid);
    if (program_process_has_written(&program->process))
        return fail(program, err, "wrote to its standard output before 'go'");
    program->figures.go_ns = work_start(work);
    if (has_rate)
        (void)snprintf(line, sizeof(line), "go %" PRIu64 "\n", program->figures.go_ns);
    program_process_write(&program->process, line);
    return 0;
}

/* The time of a rate ends at a known moment. Otherwise only the harness, which watches
 * the origin meanwhile, knows that there is no progress, and ends the cell. */
static int await_done(struct program *program, struct err *err)
{
    bool has_rate = work_has_moments(program->env->work);
    uint64_t until_ns = UINT64_MAX;
    struct program_line line;

    if (has_rate) {
        program->allowed_ns = program_rate_stop_ns(program->env) + program->patience_ns;
        until_ns = program->figures.go_ns + program->allowed_ns;
    }
    if (await(program, until_ns, PROGRAM_DONE, "done", &line, err))
        return -1;
    program->allowed_ns = program->patience_ns;
    program->figures.done_ns = program->process.read_ns;
    program->at_done = program_usage_read(program->process.pid);
    program->figures.peak_rss_bytes = program->at_done.peak_rss_bytes;
    return has_rate ? 0 : take_items(program, err);
}

/* Nothing that it has started may be left, and it must have ended well. */
static int check_end(struct program *program, uint64_t until_ns, struct err *err)
{
    uint64_t grace_ns = clock_ns() + GRACE_NS;
    struct process_tree tree;
    char text[CHILD_END_SIZE];
    const char *line;
    size_t length;
    size_t alive;
    int status = 0;

    switch (program_process_read(&program->process, until_ns, &line, &length)) {
    case PROGRAM_READ_LINE:
    case PROGRAM_READ_TOO_LONG:
        return fail(program, err, "wrote to its standard output after 'end'");
    case PROGRAM_READ_LATE:
    case PROGRAM_READ_ALONE:
        return fail(program, err, "did not exit within %.1f s after 'done'",
                    clock_seconds(program->patience_ns));
    case PROGRAM_READ_END:
        break;
    }
    if (!program_process_wait(&program->process, until_ns))
        return fail(program, err, "did not exit within %.1f s after 'done'",
                    clock_seconds(program->patience_ns));
    program->figures.usage = program_usage_between(&program->at_go, &program->at_done,
                                                   program->process.pid, &status);
    if (!child_succeeded(status))
        return fail(program, err, "%s after 'end'", child_end_text(status, text));
    do {
        if (process_tree_read(&tree, getpid()))
            return err_set(err, "cannot read /proc");
        alive = process_tree_alive(&tree);
        process_tree_free(&tree);
        if (alive)
            clock_sleep_ns(CLOCK_NS_PER_MS);
    } while (alive && clock_ns() < grace_ns);
    return alive ? fail(program, err, "left %zu process%s behind; bench killed %s", alive,
                        alive == 1 ? "" : "es", alive == 1 ? "it" : "them")
                 : 0;
}

static int run_program(void *self, struct err *err)
{
    struct program *program = self;
    uint64_t until_ns;

    if (begin(program, err) || await_done(program, err))
        return -1;
    until_ns = clock_ns() + program->patience_ns;
    return read_results(program, until_ns, err) || check_end(program, until_ns, err) ? -1
                                                                                     : 0;
}

struct program_figures program_figures(const void *self)
{
    return ((const struct program *)self)->figures;
}

const struct strategy program_strategy = {
    .name = "program",
    .summary = "a program from outside, --program",
    .waits = "the program",
    .shared = "the program decides",
    .sessions = "the program decides",
    .workers = STRATEGY_NO_WORKERS,
    .needs = {.descriptors = 1},
    .open = open_program,
    .run = run_program,
    .close = close_program,
};
