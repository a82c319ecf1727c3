/* plan.c - see plan.h. */
#include "harness/plan/plan.h"

#include <math.h>

#include "base/clock.h"
#include "base/parse.h"
#include "base/text.h"
#include "harness/plan/arrivals.h"
#include "harness/plan/budget.h"
#include "harness/plan/fault_outcome.h"
#include "harness/plan/ideal.h"

/* A page that drips one byte per second takes over an hour: a fetch must time out
 * before. */
#define STALL_TIMEOUT_MAX_NS (1800 * CLOCK_NS_PER_S)

enum { DEFAULT_ROUNDS = 3 };

/* Requests per second that no model reaches. */
enum { FASTEST_RPS = 200000 };

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

bool plan_has_rates(const struct plan *plan)
{
    return plan->rates.count > 0;
}

const struct levels *plan_points(const struct plan *plan)
{
    return plan_has_rates(plan) ? &plan->rates : &plan->levels;
}

bool plan_searches(const struct plan *plan)
{
    return plan->find_rate.text[0];
}

struct arrival_rule plan_arrivals(const struct plan *plan, unsigned rate, unsigned round)
{
    return (struct arrival_rule){
        .rate = rate,
        .poisson = plan->poisson_arrivals,
        .duration_ns = plan->duration_ns,
        .per_host_rate = plan->per_host_rate,
        .seed = plan->seed,
        .round = round,
    };
}

bool plan_has_moments(const struct plan *plan)
{
    return plan_has_rates(plan) || plan->per_host_rate;
}

bool plan_has_ideal(const struct plan *plan)
{
    return !plan->url && !plan_is_timed(plan) && !plan_has_moments(plan);
}

bool plan_is_timed(const struct plan *plan)
{
    return plan->duration_ns > 0;
}

unsigned plan_level_at(const struct plan *plan, unsigned point)
{
    return plan_has_rates(plan) ? plan->max_in_flight : point;
}

/* How many times something that takes at least `step_ns` begins within the duration. */
static uint64_t begins_in(const struct plan *plan, uint64_t step_ns)
{
    return batches(plan->duration_ns, step_ns) + 1;
}

/* At most ARRIVALS_MAX, which `count` times `each` may exceed by far. */
static uint64_t product(uint64_t count, uint64_t each)
{
    return each < ARRIVALS_MAX / count ? count * each : ARRIVALS_MAX;
}

/* A request that is reset or refused at once does not take its delay. */
static uint64_t shortest_request_ns(const struct plan *plan)
{
    const struct behaviour *origin = &plan->origin;

    return plan->url || origin->faults.percent[FAULT_RESET_AT_ONCE] ||
                   origin->overload == OVERLOAD_REFUSE
               ? 0
               : delay_least_ns(&origin->delay);
}

bool plan_bounds_requests(const struct plan *plan, unsigned level, uint64_t *bound)
{
    uint64_t servers = plan->site ? plan->site->server_count : 1;
    uint64_t shortest_ns = shortest_request_ns(plan);

    *bound = ARRIVALS_MAX;
    if (!plan_is_timed(plan) || plan_has_rates(plan)) {
        *bound = plan_requests(plan, level);
        return true;
    }
    if (shortest_ns)
        *bound = product(level, begins_in(plan, shortest_ns));
    if (plan->per_host_rate)
        *bound = least(*bound,
                       product(servers ? servers : 1,
                               begins_in(plan, CLOCK_NS_PER_S / plan->per_host_rate)));
    return shortest_ns || plan->per_host_rate;
}

/* The most requests that a model can make in the duration. Of a site with a limit per
 * host more are planned than can begin: targets take turns, so until a host with few of
 * them has its share, others get too many. */
static uint64_t room_for_requests(const struct plan *plan, unsigned level)
{
    unsigned highest = plan_has_rates(plan) ? plan->rates.values[plan->rates.count - 1]
                                            : FASTEST_RPS;
    double requests = clock_seconds(plan->duration_ns) * highest;
    uint64_t bound = ARRIVALS_MAX;

    if (!plan_has_rates(plan) && !plan->url)
        (void)plan_bounds_requests(plan, level, &bound);
    return requests < (double)bound ? (uint64_t)requests + 1 : bound;
}

uint64_t plan_requests(const struct plan *plan, unsigned level)
{
    if (plan_is_timed(plan))
        return room_for_requests(plan, level);
    if (plan->requests)
        return plan->requests;
    return plan->reuse_connections || plan->tls_sessions ? 10ull * level : level;
}

bool plan_probes_memory(const struct plan *plan)
{
    return !plan->url && !plan_has_rates(plan);
}

uint64_t plan_longest_wait_ns(const struct plan *plan, unsigned level)
{
    const struct behaviour *origin = &plan->origin;
    uint64_t waiting = 1;

    if (plan->url)
        return 0;
    /* The same whether the requests queue or slow each other down. */
    if (origin->capacity && origin->overload != OVERLOAD_REFUSE)
        waiting = batches(level, origin->capacity);
    /* libcurl counts the time in its own queue too. */
    if (plan->max_host_connections &&
        batches(level, plan->max_host_connections) > waiting)
        waiting = batches(level, plan->max_host_connections);
    return waiting *
           delay_longest_ns(&origin->delay, origin->seed, plan_requests(plan, level));
}

uint64_t plan_timeout_ns(const struct plan *plan)
{
    size_t count = plan->levels.count;
    unsigned highest = plan_level_at(plan, count ? plan->levels.values[count - 1] : 1);
    uint64_t ten_waits;

    if (plan->timeout_ns)
        return plan->timeout_ns;
    ten_waits = 10 * plan_longest_wait_ns(plan, highest);
    return ten_waits > 30 * CLOCK_NS_PER_S ? ten_waits : 30 * CLOCK_NS_PER_S;
}

uint64_t plan_inflight_limit(const struct plan *plan, const struct strategy *strategy,
                             unsigned level)
{
    uint64_t limit = strategy_in_flight_limit(strategy, level);

    /* How many requests there are at a rate differs from round to round. */
    return plan_has_rates(plan) ? limit : least(plan_requests(plan, level), limit);
}

unsigned plan_workers(const struct plan *plan, const struct strategy *strategy,
                      unsigned level)
{
    unsigned workers = plan->workers;

    if (strategy->workers != STRATEGY_WORKERS_SHARE)
        return 0;
    if (plan->max_host_connections && plan->max_host_connections < workers)
        workers = plan->max_host_connections;
    return strategy_workers(strategy, level, workers);
}

uint64_t plan_origin_limit(const struct plan *plan, const struct strategy *strategy,
                           unsigned level)
{
    uint64_t limit = plan_inflight_limit(plan, strategy, level);

    if (strategy->multi && plan->max_host_connections)
        limit = least(limit, plan->max_host_connections);
    return limit;
}

int plan_ideal_ns(const struct plan *plan, const struct strategy *strategy,
                  unsigned level, uint64_t *ideal_ns, struct err *err)
{
    *ideal_ns = 0;
    if (!plan_has_ideal(plan))
        return 0;
    return ideal_time(&plan->origin, plan_requests(plan, level),
                      plan_origin_limit(plan, strategy, level), ideal_ns, err);
}

/* Checks that the timeout is above every delay: a drawn delay above it would fail in
 * every cell. */
static int check_timeout(const struct plan *plan, struct err *err)
{
    const struct levels *points = plan_points(plan);
    uint64_t most = plan_requests(plan,
                                  plan_level_at(plan, points->values[points->count - 1]));
    uint64_t longest_ns = delay_longest_ns(&plan->origin.delay, plan->origin.seed, most);
    char longest[DURATION_TEXT_SIZE];
    char timeout[DURATION_TEXT_SIZE];

    if (plan->url || !plan->timeout_ns || plan->timeout_ns > longest_ns)
        return 0;
    (void)duration_text(plan->timeout_ns, timeout);
    if (plan->origin.delay.kind == DELAY_FIXED)
        return err_set(
            err,
            "--timeout %s is not above --delay %s: every fetch would time out; "
            "use a longer timeout",
            timeout, plan->origin.delay.text);
    return err_set(err,
                   "--timeout %s is not above %s, which --delay %s draws with this seed; "
                   "use a longer timeout",
                   timeout, duration_text(longest_ns, longest), plan->origin.delay.text);
}

/* Checks that a fetch times out before a stalled page ends. */
static int check_stalls(const struct plan *plan, struct err *err)
{
    char timeout[DURATION_TEXT_SIZE];
    char most[DURATION_TEXT_SIZE];

    if (!faults_time_out_percent(&plan->origin.faults) ||
        plan_timeout_ns(plan) <= STALL_TIMEOUT_MAX_NS)
        return 0;
    return err_set(err,
                   "--timeout %s is above %s, the longest allowed with a --fault such as "
                   "stall or drip; use a shorter timeout",
                   duration_text(plan_timeout_ns(plan), timeout),
                   duration_text(STALL_TIMEOUT_MAX_NS, most));
}

unsigned plan_rounds(const struct plan *plan)
{
    if (plan->rounds)
        return plan->rounds;
    return plan->budget_ns ? PLAN_ROUNDS_MAX : DEFAULT_ROUNDS;
}

uint64_t plan_budget_ns(const struct plan *plan)
{
    return plan->budget_ns * (plan->budget_per_variant ? plan->variant_count : 1);
}

bool plan_has(const struct plan *plan, const struct strategy *strategy, unsigned point)
{
    for (size_t i = 0; i < plan->pick_count; i++)
        if (plan->picks[i].strategy == strategy && plan->picks[i].point == point)
            return true;
    return !plan->pick_count;
}

size_t plan_point_count(const struct plan *plan)
{
    return plan->pick_count ? plan->pick_count
                            : plan->strategy_count * plan_points(plan)->count;
}

unsigned plan_analyses(const struct plan *plan)
{
    return plan->budget_ns && !plan->spend_budget && plan->variant_count == 2
               ? BUDGET_ANALYSES
               : 1;
}

static int check_search(const struct plan *plan, struct err *err)
{
    double requests = plan->rates.values[0] * clock_seconds(plan->duration_ns);
    double fewest = plan->find_rate.requests;

    if (plan->pick_count)
        return err_set(err,
                       "--find-rate and --cells exclude each other; give --strategy");
    if (plan->budget_ns)
        return err_set(err,
                       "--find-rate and --budget exclude each other: a search ends by "
                       "itself; limit it by --rates, --rounds and --duration");
    /* The number of random arrivals has the standard deviation of its root. */
    if (requests >= fewest &&
        (!plan->poisson_arrivals || requests >= fewest + 4 * sqrt(requests)))
        return 0;
    return err_set(
        err,
        "--find-rate %s needs at least %.0f requests per cell, but the lowest "
        "rate of %u per second has %s%.0f within --duration; raise one of them",
        plan->find_rate.text, fewest, plan->rates.values[0],
        plan->poisson_arrivals ? "at random about " : "", requests);
}

/* Checks what rates and a duration exclude. */
static int plan_check_times(const struct plan *plan, struct err *err)
{
    if (plan_searches(plan) && plan->levels.count)
        return err_set(err,
                       "--find-rate and --levels exclude each other; --rates gives the "
                       "lowest and the highest rate of the search");
    if (plan_has_rates(plan) && plan->levels.count)
        return err_set(err, "--rates and --levels exclude each other: --max-in-flight "
                            "limits the requests in flight at a rate");
    if (!plan_has_rates(plan) && plan->levels.values[plan->levels.count - 1] > LEVEL_MAX)
        return err_set(err, "--cells: level %u is above the highest, %d",
                       plan->levels.values[plan->levels.count - 1], LEVEL_MAX);
    if (plan_searches(plan) && check_search(plan, err))
        return -1;
    if (plan->poisson_arrivals && !plan_has_rates(plan))
        return err_set(err, "--arrivals poisson needs --rates");
    if (plan_is_timed(plan) && plan->requests)
        return err_set(err, "%s and --requests exclude each other%s%s",
                       plan_has_rates(plan) ? "--rates" : "--duration",
                       plan_has_rates(plan)
                           ? ": a cell fetches what becomes due within --duration"
                           : "; give one of them",
                       plan->profile ? ", or --requests auto if --profile sets it" : "");
    return 0;
}

int plan_check(const struct plan *plan, struct err *err)
{
    if (!plan->strategy_count)
        return err_set(err, "no strategy to measure; give --strategy");
    if (!plan_points(plan)->count)
        return err_set(err, "no level to measure; give --levels");
    if (plan_check_times(plan, err))
        return -1;
    if (!plan->variant_count)
        return err_set(err, "no variant to measure; give --variant NAME");
    for (size_t i = 0; i < plan->variant_count; i++)
        if (variant_check(&plan->variants[i], err))
            return -1;
    return check_timeout(plan, err) || check_stalls(plan, err) ? -1 : 0;
}
