/* command_run.c - `bench run`: from a plan to rows on disk and a table. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/terminal.h"
#include "harness/cli/command.h"
#include "harness/cli/consent.h"
#include "harness/cli/gate.h"
#include "harness/cli/progress.h"
#include "harness/cli/run_request.h"
#include "harness/cli/run_screen.h"
#include "harness/cli/trust.h"
#include "harness/plan/outside.h"
#include "harness/plan/plan_complete.h"
#include "harness/sweep/session.h"

/* A sweep and what is shown of it. */
struct running {
    const struct run_request *request;
    struct session session;
    struct gate gate; /* decides whether the sweep may end before its budget */
    struct progress progress;
    struct run_screen screen;
    FILE *nowhere; /* for --quiet; NULL: not needed */
};

/* -- while it runs ------------------------------------------------------------- */

static void on_begin(void *user, const struct cell *cell)
{
    progress_show(&((struct running *)user)->progress, cell->strategy->name,
                  cell->rate ? cell->rate : cell->level);
}

static void on_measured(void *user, const struct cell *cell)
{
    progress_advance(&((struct running *)user)->progress,
                     clock_seconds(cell->predicted_ns));
}

static void on_row(void *user, const struct row *row)
{
    struct running *running = user;

    if (!running->screen.shows_rows)
        return;
    progress_clear(&running->progress);
    run_screen_row(&running->screen, row);
}

static int on_decide(void *user, const struct runs *runs, bool *decided, struct err *err)
{
    struct running *running = user;

    if (gate_decided(&running->gate, &running->request->plan, runs, decided, err))
        return -1;
    if (*decided)
        (void)fprintf(running->screen.out, "the verdict is decided\n");
    return 0;
}

static void on_cell_line(void *user, const char *line)
{
    progress_clear(&((struct running *)user)->progress);
    run_screen_cell_line(NULL, line);
}

/* -- before it runs ------------------------------------------------------------ */

static int open_screen(struct running *running, struct err *err)
{
    const struct run_request *request = running->request;
    struct run_screen *screen = &running->screen;

    screen->out = stdout;
    if (request->quiet) {
        running->nowhere = fopen("/dev/null", "we");
        if (!running->nowhere)
            return err_errno(err, "cannot open /dev/null");
        screen->out = running->nowhere;
    } else if (request->csv_path && !strcmp(request->csv_path, "-")) {
        screen->out = stderr;
    }
    screen->shows_rows = request->verbose || !isatty(fileno(screen->out));
    screen->session = &running->session;
    screen->view = view_on(&request->view, screen->out);
    screen->gate_text = running->gate.text;
    /* Each line is seen as it comes, also in a log. */
    (void)setvbuf(screen->out, NULL, _IOLBF, 0);
    return 0;
}

/* A plan from a file may make the cells execute code; variants, programs and plugins that
 * were typed are the user's own. */
static int check_trust(const struct running *running, const struct typed *typed,
                       struct err *err)
{
    const struct run_request *request = running->request;

    if (!request->from_file)
        return 0;
    return trust_plan(
        &request->plan, request->resume ? request->out_dir : request->plan_path,
        options_typed(typed, "variant"), request->private_file,
        request->trust || (request->dry_run && !outside_is_unloaded(&request->plan)),
        request->quiet ? stderr : running->screen.out, err);
}

/* Names the remote hosts that get load, and asks. */
static int obtain_consent(const struct running *running, struct err *err)
{
    const struct run_request *request = running->request;
    enum consent_mode mode = request->dry_run ? CONSENT_SHOW
                             : request->yes   ? CONSENT_GIVEN
                                              : CONSENT_ASK;

    return consent_require(&running->session, mode,
                           request->quiet ? stderr : running->screen.out, err);
}

static int prepare(struct running *running, struct run_request *request,
                   const struct typed *typed, struct err *err)
{
    struct session_sinks sinks = {
        .dir = request->out_dir,
        .csv_path = request->csv_path,
        .resume = request->resume,
        .listener = {running, on_begin, on_measured, on_row, on_decide, on_cell_line},
    };

    return open_screen(running, err) || run_request_check(request, typed, err) ||
                   check_trust(running, typed, err) ||
                   gate_prepare(&running->gate, &request->plan, err) ||
                   plan_complete(&request->plan, err) ||
                   gate_fit_plan(&running->gate, &request->plan, err) ||
                   session_open(&running->session, &request->plan, &sinks, err) ||
                   obtain_consent(running, err)
               ? -1
               : 0;
}

/* -- all of it ----------------------------------------------------------------- */

/* A pager shares the terminal with the line: `bench | less`. */
static bool is_piped(FILE *out)
{
    struct stat info;

    return !fstat(fileno(out), &info) && S_ISFIFO(info.st_mode);
}

static FILE *progress_stream(enum progress_mode mode)
{
    bool wanted = mode == PROGRESS_ALWAYS ||
                  (mode == PROGRESS_AUTO && terminal_obeys(stderr) && !is_piped(stdout));

    return wanted ? stderr : NULL;
}

static void say_interrupted(const struct session *session, struct err *err)
{
    if (session->output.dir)
        (void)err_set(err,
                      "interrupted; the rows so far are recorded; continue with bench "
                      "--resume --out %s",
                      session->output.dir);
    else
        (void)err_set(err, "interrupted; the rows so far are recorded");
}

static int status_of(const struct session *session, int result)
{
    if (session->tally.interrupted)
        return EXIT_INTERRUPTED;
    return result || session_count(session, STATUS_FAILED) ||
                   session_count(session, STATUS_INVALID)
               ? EXIT_INCOMPLETE
               : EXIT_ALL_GOOD;
}

/* The sweep itself, once it is known that it can be done. Returns the exit status. */
static int measure(struct running *running, struct err *err)
{
    struct session *session = &running->session;
    int result;

    if (session_start(session, err))
        return EXIT_USAGE;
    run_screen_plan(&running->screen);
    progress_start(&running->progress, progress_stream(running->request->progress),
                   session->cells.expected ? session->cells.expected
                                           : session->cells.count,
                   session->cells.predicted_s);
    result = session_run(session, err);
    progress_clear(&running->progress);
    if (run_screen_result(&running->screen, result ? NULL : err))
        result = -1;
    if (running->request->first_look)
        run_screen_next(&running->screen);
    if (session->tally.interrupted && !result)
        say_interrupted(session, err);
    if (session_finish(session, result ? NULL : err))
        result = -1;
    return status_of(session, result);
}

static int run(void *object, const struct typed *typed, struct err *err)
{
    struct run_request *request = object;
    struct running running = {.request = request};
    int status = EXIT_USAGE;

    if (!prepare(&running, request, typed, err)) {
        if (request->dry_run) {
            run_screen_plan(&running.screen);
            run_screen_cells(&running.screen);
            status = EXIT_ALL_GOOD;
        } else {
            status = measure(&running, err);
        }
    }
    session_close(&running.session);
    gate_close(&running.gate);
    if (running.nowhere)
        (void)fclose(running.nowhere);
    return status;
}

const struct command first_look_command = {
    .name = "run",
    .options = &run_options,
    .request_bytes = sizeof(struct run_request),
    .begin = first_look_begin,
    .prepare = run_request_prepare,
    .run = run,
    .end = run_request_end,
};

const struct command run_command = {
    .name = "run",
    .usage = "bench [run] [options]",
    .summary = "Measures how long fetching pages takes with each strategy at each level "
               "or rate.",
    .notes =
        "Exit status: 0 every cell valid, skipped or infeasible; 2 usage, or nothing\n"
        "feasible; 4 some cell failed, was invalid or is missing; 130 interrupted.\n",
    .options = &run_options,
    .request_bytes = sizeof(struct run_request),
    .begin = run_request_begin,
    .prepare = run_request_prepare,
    .run = run,
    .end = run_request_end,
};
