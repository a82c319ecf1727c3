/* program_rate.c - see program_rate.h. */
#include "strategies/outside/program_rate.h"

#include <inttypes.h>

#include "base/clock.h"

uint64_t program_rate_stop_ns(const struct strategy_env *env)
{
    const struct work *work = env->work;
    size_t count;

    (void)work_results(work, &count);
    if (!work_has_moments(work) || !count)
        return 0;
    if (work_close_ns(work))
        return work_close_ns(work);
    return work_due_ns(work, count - 1) +
           (count / env->level + 1) * (env->policy->timeout_ms * CLOCK_NS_PER_MS);
}

/* How early a request may be given up: timers of milliseconds are early, too. */
#define EARLY_NS (10 * CLOCK_NS_PER_MS)

/* The request's index is one of the supply. */
static int check_due(const struct strategy_env *env, uint64_t go_ns,
                     const struct program_result *told, struct err *err)
{
    uint64_t due_ns = go_ns + work_due_ns(env->work, told->index);

    if (!told->has_start || told->start_ns >= due_ns)
        return 0;
    return err_set(err, "says that request %" PRIu64 " began %.6f s before it was due",
                   told->index, clock_seconds(due_ns - told->start_ns));
}

static int check_unfinished(const struct strategy_env *env, uint64_t go_ns,
                            uint64_t done_ns, const struct program_result *told,
                            struct err *err)
{
    uint64_t stop_ns = go_ns + program_rate_stop_ns(env);

    if (told->has_start && told->start_ns > done_ns)
        return err_set(err,
                       "says that request %" PRIu64 " began after 'done': is it "
                       "CLOCK_MONOTONIC?",
                       told->index);
    if (done_ns + EARLY_NS >= stop_ns)
        return 0;
    return err_set(err, "gave up request %" PRIu64 " %.6f s before 'stop_ns'",
                   told->index, clock_seconds(stop_ns - done_ns));
}

int program_rate_check(const struct strategy_env *env, uint64_t go_ns, uint64_t done_ns,
                       const struct program_result *told, struct err *err)
{
    if (!work_has_moments(env->work))
        return told->unfinished ? err_set(err,
                                          "says that request %" PRIu64 " is unfinished, "
                                          "which only a job with 'stop_ns' allows",
                                          told->index)
                                : 0;
    if (check_due(env, go_ns, told, err))
        return -1;
    return told->unfinished ? check_unfinished(env, go_ns, done_ns, told, err) : 0;
}

/* One that began was in flight until then; later none begins. */
struct fetch_result program_rate_unfinished(const struct strategy_env *env,
                                            uint64_t go_ns,
                                            const struct program_result *told)
{
    uint64_t stop_ns = go_ns + program_rate_stop_ns(env);
    struct fetch_result result = {
        .unknown = FETCH_UNKNOWN_PHASES,
        .outcome = FETCH_UNFINISHED,
    };

    if (!told->has_start || told->start_ns >= stop_ns)
        return result;
    result.begin_ns = result.start_ns = told->start_ns;
    result.end_ns = stop_ns;
    return result;
}
