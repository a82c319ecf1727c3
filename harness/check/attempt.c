/* attempt.c - see attempt.h. */
#include "harness/check/attempt.h"

#include <dirent.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/process_tree.h"
#include "base/text.h"
#include "fetch/fetch.h"

/* Descriptors for a check of their lack. */
enum { POOR_DESCRIPTORS = 16 };

/* How long a thread or process may take to leave. */
#define LEAVING_NS (300 * CLOCK_NS_PER_MS)

/* How long after the end of a run a busy machine may cut off its requests. */
#define LATE_NS (3 * CLOCK_NS_PER_S)

enum attempt_stage { STAGE_LOADING, STAGE_OPEN, STAGE_RUN, STAGE_CLOSE, STAGE_CLOSED };

const char *attempt_stage_text(const struct attempt *attempt)
{
    static const char *const texts[] = {
        [STAGE_LOADING] = "loading it",
        [STAGE_OPEN] = "open()",
        [STAGE_RUN] = "run()",
        [STAGE_CLOSE] = "close()",
        [STAGE_CLOSED] = "the process after close()",
    };

    return attempt->stage <= STAGE_CLOSED ? texts[attempt->stage] : "it";
}

enum fetch_outcome requirement_outcome(const struct requirement *requirement)
{
    return requirement->outcome ? requirement->outcome : FETCH_OK;
}

/* -- leftovers ----------------------------------------------------------------- */

struct footprint {
    size_t descriptors, threads, children;
};

static size_t count_entries(const char *path)
{
    DIR *directory = file_open_directory(path);
    size_t count = 0;

    while (directory && readdir(directory))
        count++;
    if (directory)
        (void)closedir(directory);
    return count;
}

/* Also those that this process has inherited as their subreaper. */
static size_t count_children(void)
{
    struct process_tree tree = {.count = 0};
    size_t count = process_tree_read_children(&tree, getpid()) ? 0 : tree.count;

    process_tree_free(&tree);
    return count;
}

static struct footprint footprint_now(void)
{
    return (struct footprint){.descriptors = count_entries("/proc/self/fd"),
                              .threads = count_entries("/proc/self/task"),
                              .children = count_children()};
}

static int leaves(size_t count, const char *one, const char *many, struct err *err)
{
    return err_set(err, "close() leaves %zu %s", count, plural(count, one, many));
}

/* A thread that was joined may still be leaving the kernel, so this waits. */
static int check_footprint(const struct footprint *before, bool descriptors,
                           struct err *err)
{
    uint64_t until_ns = clock_ns() + LEAVING_NS;
    struct footprint now = footprint_now();

    for (;;) {
        if (now.threads <= before->threads && now.children <= before->children &&
            (!descriptors || now.descriptors <= before->descriptors))
            return 0;
        if (clock_ns() >= until_ns)
            break;
        clock_sleep_ns(CLOCK_NS_PER_MS);
        now = footprint_now();
    }
    if (now.children > before->children)
        return leaves(now.children - before->children, "process behind",
                      "processes behind", err);
    if (now.threads > before->threads)
        return leaves(now.threads - before->threads, "thread behind", "threads behind",
                      err);
    return leaves(now.descriptors - before->descriptors, "descriptor open",
                  "descriptors open", err);
}

/* -- the results of one run ---------------------------------------------------- */

/* One object of the strategy. */
struct use {
    const struct attempt_setting *setting;
    const struct strategy *strategy;
    bool is_poor; /* without descriptors: requests may fail, run() and open() too */
};

/* The begin and end of the run. */
struct span {
    uint64_t begin_ns, end_ns;
};

/* The stamps of a request, in order. NULL: they are. */
static const char *wrong_stamp(const struct fetch_result *result, const struct span *run)
{
    bool ok = result->outcome == FETCH_OK;
    uint64_t delay_ns = result->origin_delay_us * CLOCK_NS_PER_US;

    if (result->begin_ns < run->begin_ns)
        return "begin_ns is before run()";
    if (result->end_ns > run->end_ns)
        return "end_ns is after run()";
    if (result->end_ns < result->begin_ns)
        return "end_ns is before begin_ns";
    if (!ok)
        return NULL;
    if (result->start_ns < result->begin_ns)
        return "start_ns is before begin_ns";
    if (result->first_byte_ns <= result->start_ns)
        return "first_byte_ns is not after start_ns";
    if (result->end_ns < result->first_byte_ns)
        return "end_ns is before first_byte_ns";
    if (!result->has_origin_delay)
        return "origin_delay_us is missing: response_record() fills it";
    return result->end_ns - result->start_ns < delay_ns
               ? "it was faster than the server's delay"
               : NULL;
}

/* Of a rate: a request is handed over when it is due, which begin_ns is if it was taken
 * earlier. What is in flight when a run is over is cut off then; the next timeout is far
 * away. */
static int check_rate(const struct use *use, size_t i, const struct fetch_result *result,
                      struct err *err)
{
    const struct work *work = use->setting->env->work;
    uint64_t stop_ns = work_started_ns(work) + work_close_ns(work);

    if (result->start_ns && result->start_ns < result->begin_ns)
        return err_set(err,
                       "request %zu began %.6f s before it was due; call work_await()",
                       i + 1, clock_seconds(result->begin_ns - result->start_ns));
    if (!use->setting->requirement->stop_ms)
        return 0;
    if (result->end_ns < stop_ns)
        return err_set(err, "request %zu was cut off %.3f s before the run was over",
                       i + 1, clock_seconds(stop_ns - result->end_ns));
    return result->end_ns > stop_ns + LATE_NS
               ? err_set(err,
                         "request %zu went on after the run was over; end it at "
                         "item.result->stop_ns",
                         i + 1)
               : 0;
}

static int check_result(const struct use *use, size_t i,
                        const struct fetch_result *result, const struct span *run,
                        struct err *err)
{
    enum fetch_outcome expected = requirement_outcome(use->setting->requirement);
    const char *wrong;

    if (result->outcome == FETCH_LOST)
        return err_set(err, "run() returned before request %zu had its result", i + 1);
    if (result->outcome >= FETCH_OUTCOME_COUNT)
        return err_set(err, "request %zu has the invalid outcome %u", i + 1,
                       result->outcome);
    if (use->is_poor)
        return 0;
    if (result->outcome != expected)
        return err_set(err, "request %zu ended as %s, not %s", i + 1,
                       fetch_outcome_word(result->outcome), fetch_outcome_word(expected));
    if (result->worker >= use->setting->env->level)
        return err_set(err, "request %zu is from worker %u of %u", i + 1, result->worker,
                       use->setting->env->level);
    if (use->setting->requirement->flags & REQUIRE_RATE &&
        check_rate(use, i, result, err))
        return -1;
    wrong = wrong_stamp(result, run);
    return wrong ? err_set(err, "request %zu: %s", i + 1, wrong) : 0;
}

/* When a request begins, all that began before and end later are in flight. */
static size_t peak_of(const struct fetch_result *results, size_t count)
{
    size_t peak = 0;

    for (size_t i = 0; i < count; i++) {
        size_t in_flight = 0;

        for (size_t j = 0; j < count; j++)
            in_flight += results[j].begin_ns <= results[i].begin_ns &&
                         results[j].end_ns > results[i].begin_ns;
        if (in_flight > peak)
            peak = in_flight;
    }
    return peak;
}

/* The level is reached and kept. */
static int check_level(const struct use *use, const struct span *run, struct err *err)
{
    size_t count;
    const struct fetch_result *results = work_results(use->setting->env->work, &count);
    size_t limit = strategy_in_flight_limit(use->strategy, use->setting->env->level);
    size_t peak = peak_of(results, count);
    double sum_ns = 0;
    double average;

    bool is_rate = use->setting->requirement->flags & REQUIRE_RATE;

    if (peak > limit || (!is_rate && count >= limit && peak < limit))
        return err_set(err, "%zu %s in flight at once, not %zu", peak,
                       plural(peak, "request was", "requests were"), limit);
    for (size_t i = 0; i < count; i++)
        sum_ns += (double)(results[i].end_ns - results[i].begin_ns);
    average = sum_ns / (double)(run->end_ns - run->begin_ns);
    return use->setting->requirement->flags & REQUIRE_STEADY &&
                   average * 2 < (double)limit
               ? err_set(err,
                         "%.1f requests were in flight on average; begin the next one as "
                         "soon as one ends",
                         average)
               : 0;
}

static int check_run(const struct use *use, const struct span *run, struct err *err)
{
    size_t count;
    const struct fetch_result *results = work_results(use->setting->env->work, &count);

    if (use->setting->requirement->stop_ms)
        count = work_taken(use->setting->env->work); /* the others have no results */
    for (size_t i = 0; i < count; i++)
        if (check_result(use, i, &results[i], run, err))
            return -1;
    return requirement_outcome(use->setting->requirement) == FETCH_OK && !use->is_poor
               ? check_level(use, run, err)
               : 0;
}

/* -- one object ---------------------------------------------------------------- */

/* A function returned -1, which it may where descriptors lack, but not in silence. */
static int judge_failure(const struct use *use, const char *function,
                         const struct err *message, struct err *err)
{
    if (!message->text[0])
        return err_set(err, "%s returned -1 without a message in `err`", function);
    return use->is_poor ? 0 : err_set(err, "%s failed: %.400s", function, message->text);
}

/* Arms and runs as often as required. */
static int run_all(const struct use *use, void *self, struct err *err)
{
    const struct requirement *requirement = use->setting->requirement;
    unsigned runs = requirement->runs ? requirement->runs : 1;

    for (unsigned i = 0; i < runs; i++) {
        struct err message = {""};
        struct span run;
        int result;

        work_arm(use->setting->env->work,
                 requirement->flags & REQUIRE_GROWING ? i : use->setting->requests);
        run.begin_ns = work_start(use->setting->env->work);
        result = use->strategy->run(self, &message);
        run.end_ns = clock_ns();
        if (result)
            return judge_failure(use, "run()", &message, err);
        if (check_run(use, &run, err))
            return -1;
    }
    return 0;
}

/* Leaves time for a connection that open() may have started. */
static int check_is_offline(const struct use *use, struct err *err)
{
    clock_sleep_ns(50 * CLOCK_NS_PER_MS);
    return use->setting->origin->connections
               ? err_set(err, "open() connects to the server, which is for run()")
               : 0;
}

static int use_once(const struct use *use, struct attempt *attempt, struct err *err)
{
    struct err message = {""};
    void *self = NULL;
    int result;

    attempt->stage = STAGE_OPEN;
    if (use->strategy->open(&self, use->setting->env, &message))
        return judge_failure(use, "open()", &message, err);
    attempt->stage = STAGE_RUN;
    result = use->setting->requirement->flags & REQUIRE_OFFLINE
                 ? check_is_offline(use, err)
                 : run_all(use, self, err);
    attempt->stage = STAGE_CLOSE;
    use->strategy->close(self);
    attempt->stage = STAGE_CLOSED;
    return result;
}

/* The same with a few descriptors left: enough for a loop, since libraries such as
 * libevent exit when they cannot make one, and too few for the level. */
static int use_poorly(struct use *use, struct attempt *attempt, struct err *err)
{
    struct rlimit before;
    struct rlimit few;
    int next = dup(STDIN_FILENO);
    int result;

    (void)close(next);
    if (next < 0 || getrlimit(RLIMIT_NOFILE, &before))
        return err_errno(err, "cannot limit the descriptors");
    few = before;
    few.rlim_cur = (rlim_t)next + POOR_DESCRIPTORS;
    if (setrlimit(RLIMIT_NOFILE, &few))
        return err_errno(err, "cannot limit the descriptors");
    use->is_poor = true;
    result = use_once(use, attempt, err);
    (void)setrlimit(RLIMIT_NOFILE, &before);
    return result;
}

static int attempt_all(const struct attempt_setting *setting, struct attempt *attempt,
                       struct err *err)
{
    unsigned flags = setting->requirement->flags;
    struct use use = {.setting = setting};
    struct footprint before;

    if (prctl(PR_SET_CHILD_SUBREAPER, 1) ||
        sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL))
        return err_errno(err, "cannot prepare the process");
    if (plugin_file_load(setting->file, &use.strategy, err) || fetch_global_init(err))
        return -1;
    before = footprint_now();
    if (use_once(&use, attempt, err) || check_footprint(&before, false, err))
        return -1;
    if (!(flags & (REQUIRE_CLEAN | REQUIRE_POOR)))
        return 0;
    before = footprint_now(); /* libraries keep resources from their first use */
    return (flags & REQUIRE_POOR ? use_poorly(&use, attempt, err)
                                 : use_once(&use, attempt, err)) ||
                   check_footprint(&before, true, err)
               ? -1
               : 0;
}

void attempt_run(void *memory, const void *setting)
{
    struct attempt *attempt = memory;

    (void)attempt_all(setting, attempt, &attempt->failure);
}
