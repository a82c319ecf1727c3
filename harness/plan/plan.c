/* plan.c - see plan.h. */
#include "harness/plan/plan.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/parse.h"
#include "base/random.h"
#include "base/text.h"
#include "harness/plan/budget.h"
#include "harness/plan/fault_outcome.h"
#include "harness/plan/ideal.h"

/* The cost of a cell beyond its ideal, for predictions only: a new process, an origin and
 * the first instructions; and the CPU time per request, on a slow machine. */
#define PREDICTED_CELL_NS    (25 * CLOCK_NS_PER_MS)
#define PREDICTED_REQUEST_NS (200 * CLOCK_NS_PER_US)

/* The cost of a cell beyond its ideal on the fastest machine. */
#define SHORTEST_CELL_NS (5 * CLOCK_NS_PER_MS)
/* A page that drips one byte per second takes over an hour: a fetch must time out
 * before. */
#define STALL_TIMEOUT_MAX_NS (1800 * CLOCK_NS_PER_S)

/* A full TLS handshake, both ends of it. */
#define PREDICTED_HANDSHAKE_NS CLOCK_NS_PER_MS

enum { DEFAULT_ROUNDS = 3 };

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

uint64_t plan_requests(const struct plan *plan, unsigned level)
{
    if (plan->requests)
        return plan->requests;
    return plan->reuse_connections || plan->tls_sessions ? 10ull * level : level;
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
    unsigned highest = count ? plan->levels.values[count - 1] : 1;
    uint64_t ten_waits;

    if (plan->timeout_ns)
        return plan->timeout_ns;
    ten_waits = 10 * plan_longest_wait_ns(plan, highest);
    return ten_waits > 30 * CLOCK_NS_PER_S ? ten_waits : 30 * CLOCK_NS_PER_S;
}

/* How long a cell waits, at least, for fetches that a fault lets time out; roughly, since
 * the seed decides which requests these are. */
static uint64_t stalled_ns_of(const struct plan *plan, const struct strategy *strategy,
                              unsigned level)
{
    unsigned percent = faults_time_out_percent(&plan->origin.faults);
    uint64_t stalled;

    if (!percent)
        return 0;
    stalled = batches(plan_requests(plan, level) * percent, 100);
    return batches(stalled, plan_origin_limit(plan, strategy, level)) *
           plan_timeout_ns(plan);
}

uint64_t plan_inflight_limit(const struct plan *plan, const struct strategy *strategy,
                             unsigned level)
{
    return least(plan_requests(plan, level), strategy_in_flight_limit(strategy, level));
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
    if (plan->url)
        return 0;
    return ideal_time(&plan->origin, plan_requests(plan, level),
                      plan_origin_limit(plan, strategy, level), ideal_ns, err);
}

/* Checks that the timeout is above every delay: a drawn delay above it would fail in
 * every cell. */
static int check_timeout(const struct plan *plan, struct err *err)
{
    uint64_t most = plan_requests(plan, plan->levels.values[plan->levels.count - 1]);
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

bool plan_has(const struct plan *plan, const struct strategy *strategy, unsigned level)
{
    for (size_t i = 0; i < plan->pick_count; i++)
        if (plan->picks[i].strategy == strategy && plan->picks[i].level == level)
            return true;
    return !plan->pick_count;
}

size_t plan_point_count(const struct plan *plan)
{
    return plan->pick_count ? plan->pick_count
                            : plan->strategy_count * plan->levels.count;
}

unsigned plan_analyses(const struct plan *plan)
{
    return plan->budget_ns && !plan->spend_budget && plan->variant_count == 2
               ? BUDGET_ANALYSES
               : 1;
}

int plan_check(const struct plan *plan, struct err *err)
{
    if (!plan->strategy_count)
        return err_set(err, "no strategy to measure; give --strategy");
    if (!plan->levels.count)
        return err_set(err, "no level to measure; give --levels");
    if (!plan->variant_count)
        return err_set(err, "no variant to measure; give --variant NAME");
    for (size_t i = 0; i < plan->variant_count; i++)
        if (variant_check(&plan->variants[i], err))
            return -1;
    return check_timeout(plan, err) || check_stalls(plan, err) ? -1 : 0;
}

/* -- cells --------------------------------------------------------------------- */

static uint64_t work_of_one_ns(const struct plan *plan)
{
    return PREDICTED_REQUEST_NS +
           (plan->tls && !plan->reuse_connections ? PREDICTED_HANDSHAKE_NS : 0);
}

static struct cell make_cell(const struct plan *plan, const struct strategy *strategy,
                             unsigned level, uint64_t ideal_ns,
                             const struct variant *variant, unsigned round)
{
    struct cell cell = {
        .strategy = strategy,
        .level = level,
        .variant = variant,
        .requests = plan_requests(plan, level),
        .round = round,
        .ideal_ns = ideal_ns,
    };
    uint64_t wait_ns = ideal_ns + stalled_ns_of(plan, strategy, level);
    uint64_t work_ns = cell.requests * work_of_one_ns(plan);

    /* The waiting time decides whether a cell is long, so that the answer is the same on
     * every machine; without a delay only the work is known. */
    uint64_t length_ns = wait_ns > work_ns ? wait_ns : work_ns;

    cell.once = plan->once_above_ns && length_ns > plan->once_above_ns;
    cell.skipped = plan->max_cell_ns && length_ns > plan->max_cell_ns;
    cell.length_ns = length_ns;
    cell.predicted_ns = cell.skipped ? 0 : PREDICTED_CELL_NS + wait_ns + work_ns;
    if ((round == 1 || plan->probe_each_round) && !cell.skipped && !plan->url)
        cell.predicted_ns += PREDICTED_CELL_NS + /* its memory probe */
                             plan_inflight_limit(plan, strategy, level) *
                                 work_of_one_ns(plan);
    return cell;
}

static void swap(struct cell *a, struct cell *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct cell other = a[i];

        a[i] = b[i];
        b[i] = other;
    }
}

/* Shuffles `count` groups of `size` cells, by Fisher and Yates, from the end. */
static void shuffle(struct cell *cells, size_t count, size_t size, struct random *random)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = (size_t)random_below(random, i);

        if (j != i - 1)
            swap(&cells[j * size], &cells[(i - 1) * size], size);
    }
}

/* The ideals of all strategies at all levels, in the order of add_round(); 0 where the
 * plan has no cell. Owner: the caller. */
static uint64_t *find_ideals(const struct plan *plan, struct err *err)
{
    size_t count = plan->strategy_count * plan->levels.count;
    uint64_t *ideals_ns = calloc(count + 1, sizeof(*ideals_ns));

    if (!ideals_ns) {
        (void)err_errno(err, "no memory for %zu %s", count,
                        plural(count, "ideal", "ideals"));
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        const struct strategy *strategy = plan->strategies[i / plan->levels.count];
        unsigned level = plan->levels.values[i % plan->levels.count];

        if (plan_has(plan, strategy, level) &&
            plan_ideal_ns(plan, strategy, level, &ideals_ns[i], err)) {
            free(ideals_ns);
            return NULL;
        }
    }
    return ideals_ns;
}

/* Adds the cells of one round, in its order. */
static void add_round(const struct plan *plan, const uint64_t *ideals_ns,
                      struct cell_list *list, unsigned round, bool is_first,
                      struct random *random)
{
    struct cell *first = &list->cells[list->count];
    size_t count = 0;
    unsigned position = 0;

    for (size_t i = 0; i < plan->strategy_count * plan->levels.count; i++) {
        const struct strategy *strategy = plan->strategies[i / plan->levels.count];
        unsigned level = plan->levels.values[i % plan->levels.count];

        if (!plan_has(plan, strategy, level))
            continue;
        for (size_t j = 0; j < plan->variant_count; j++) {
            struct cell cell = make_cell(plan, strategy, level, ideals_ns[i],
                                         &plan->variants[j], round);

            if ((cell.once || cell.skipped) && !is_first)
                continue;
            first[count++] = cell;
        }
    }
    if (plan->shuffled && plan->variant_count) {
        shuffle(first, count / plan->variant_count, plan->variant_count, random);
        for (size_t i = 0; i < count; i += plan->variant_count)
            shuffle(&first[i], plan->variant_count, 1, random);
    }
    for (size_t i = 0; i < count; i++) {
        if (!first[i].skipped)
            first[i].position = ++position;
        list->predicted_s += clock_seconds(first[i].predicted_ns);
    }
    list->count += count;
}

/* The least time that a round after the first can take. */
static uint64_t shortest_round_ns(const struct plan *plan, const uint64_t *ideals_ns)
{
    uint64_t sum_ns = 0;

    for (size_t i = 0; i < plan->strategy_count * plan->levels.count; i++) {
        struct cell cell = make_cell(plan, plan->strategies[i / plan->levels.count],
                                     plan->levels.values[i % plan->levels.count],
                                     ideals_ns[i], NULL, 2);

        if (plan_has(plan, cell.strategy, cell.level) && !cell.once && !cell.skipped)
            sum_ns += SHORTEST_CELL_NS + cell.ideal_ns;
    }
    return sum_ns * plan->variant_count;
}

static unsigned most_rounds(const struct plan *plan, const uint64_t *ideals_ns)
{
    uint64_t round_ns = plan->budget_ns ? shortest_round_ns(plan, ideals_ns) : 0;
    uint64_t fitting = round_ns ? plan_budget_ns(plan) / round_ns : plan_rounds(plan);

    return (unsigned)least(plan_rounds(plan), fitting ? fitting : 1);
}

int plan_cells(const struct plan *plan, struct cell_list *list, struct err *err)
{
    struct random random = {plan->seed};
    uint64_t *ideals_ns = find_ideals(plan, err);
    unsigned rounds;
    size_t room;

    *list = (struct cell_list){0};
    if (!ideals_ns)
        return -1;
    rounds = most_rounds(plan, ideals_ns);
    room = plan_point_count(plan) * plan->variant_count *
           ((size_t)plan->warmup_rounds + rounds);
    list->cells = calloc(room + 1, sizeof(*list->cells));
    if (!list->cells) {
        free(ideals_ns);
        return err_errno(err, "no memory for %zu %s", room,
                         plural(room, "cell", "cells"));
    }
    for (unsigned i = 0; i < plan->warmup_rounds; i++)
        add_round(plan, ideals_ns, list, 0, false, &random);
    for (unsigned round = 1; round <= rounds; round++)
        add_round(plan, ideals_ns, list, round, round == 1, &random);
    free(ideals_ns);
    if (plan->budget_ns && list->predicted_s > clock_seconds(plan_budget_ns(plan)))
        list->predicted_s = clock_seconds(plan_budget_ns(plan));
    return 0;
}

void cell_list_free(struct cell_list *list)
{
    free(list->cells);
    *list = (struct cell_list){0};
}
