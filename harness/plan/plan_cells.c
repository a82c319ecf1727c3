/* plan_cells.c - see plan_cells.h. */
#include "harness/plan/plan_cells.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/random.h"
#include "base/text.h"
#include "harness/plan/fault_outcome.h"
#include "harness/plan/ideal.h"

/* The cost of a cell beyond its ideal, for predictions only: a new process, an origin and
 * the first instructions; and the CPU time per request, on a slow machine. */
#define PREDICTED_CELL_NS    (25 * CLOCK_NS_PER_MS)
#define PREDICTED_REQUEST_NS (200 * CLOCK_NS_PER_US)

/* The cost of a cell beyond its ideal on the fastest machine. */
#define SHORTEST_CELL_NS (5 * CLOCK_NS_PER_MS)
/* A full TLS handshake, both ends of it. */
#define PREDICTED_HANDSHAKE_NS CLOCK_NS_PER_MS

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* A level or a rate, and the requests of its cells. */
struct point {
    unsigned value;
    uint64_t requests;
};

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

static uint64_t work_of_one_ns(const struct plan *plan)
{
    return PREDICTED_REQUEST_NS +
           (plan->tls && !plan->reuse_connections ? PREDICTED_HANDSHAKE_NS : 0);
}

/* How long the limit per host spreads the requests of a cell, if it does. */
static uint64_t spread_of_cell_ns(const struct plan *plan, const struct cell *cell)
{
    uint64_t servers = plan->site && plan->site->server_count ? plan->site->server_count
                                                              : 1;

    return plan->per_host_rate && cell->requests && cell->requests <= ARRIVALS_MAX
               ? (batches(cell->requests, servers) - 1) * CLOCK_NS_PER_S /
                     plan->per_host_rate
               : 0;
}

/* How long the requests wait, at least: for the origin, or for their moments. */
static uint64_t wait_of_cell_ns(const struct plan *plan, const struct cell *cell)
{
    uint64_t spread_ns = spread_of_cell_ns(plan, cell);

    if (cell->rate && spread_ns > plan->duration_ns)
        return spread_ns;
    if (plan_is_timed(plan))
        return plan->duration_ns;
    return cell->ideal_ns + stalled_ns_of(plan, cell->strategy, cell->level) + spread_ns;
}

/* The requests of a cell take up the CPU, more than the duration at most. */
static uint64_t work_of_cell_ns(const struct plan *plan, const struct cell *cell)
{
    return plan_is_timed(plan) ? 0 : cell->requests * work_of_one_ns(plan);
}

/* With a duration and a level the room depends on the requests in flight. */
static uint64_t requests_of(const struct plan *plan, const struct strategy *strategy,
                            const struct point *point)
{
    if (!plan_is_timed(plan) || plan_has_rates(plan))
        return point->requests;
    return plan_requests(plan, strategy_in_flight_limit(strategy, point->value));
}

static struct cell make_cell(const struct plan *plan, const struct strategy *strategy,
                             const struct point *point, uint64_t ideal_ns,
                             const struct variant *variant, unsigned round)
{
    struct cell cell = {
        .strategy = strategy,
        .level = plan_level_at(plan, point->value),
        .rate = plan_has_rates(plan) ? point->value : 0,
        .variant = variant,
        .requests = requests_of(plan, strategy, point),
        .round = round,
        .ideal_ns = ideal_ns,
    };
    uint64_t wait_ns = wait_of_cell_ns(plan, &cell);
    uint64_t work_ns = work_of_cell_ns(plan, &cell);

    /* The waiting time decides whether a cell is long, so that the answer is the same on
     * every machine; without a delay only the work is known. */
    uint64_t length_ns = wait_ns > work_ns ? wait_ns : work_ns;

    cell.once = plan->once_above_ns && length_ns > plan->once_above_ns &&
                !plan_is_timed(plan);
    cell.skipped = plan->max_cell_ns && length_ns > plan->max_cell_ns;
    cell.length_ns = length_ns;
    cell.predicted_ns = cell.skipped ? 0 : PREDICTED_CELL_NS + wait_ns + work_ns;
    if ((round == 1 || plan->probe_each_round) && !cell.skipped &&
        plan_probes_memory(plan))
        cell.predicted_ns += PREDICTED_CELL_NS +
                             plan_inflight_limit(plan, strategy, cell.level) *
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

/* The ideals of all strategies at all points, in the order of add_round(); 0 where the
 * plan has no cell. Owner: the caller. */
static uint64_t *find_ideals(const struct plan *plan, struct err *err)
{
    const struct levels *points = plan_points(plan);
    size_t count = plan->strategy_count * points->count;
    uint64_t *ideals_ns = calloc(count + 1, sizeof(*ideals_ns));

    if (!ideals_ns) {
        (void)err_errno(err, "no memory for %zu %s", count,
                        plural(count, "ideal", "ideals"));
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        const struct strategy *strategy = plan->strategies[i / points->count];
        unsigned point = points->values[i % points->count];

        if (plan_has(plan, strategy, point) &&
            plan_ideal_ns(plan, strategy, plan_level_at(plan, point), &ideals_ns[i],
                          err)) {
            free(ideals_ns);
            return NULL;
        }
    }
    return ideals_ns;
}

/* The points in one round. */
static void find_points(const struct plan *plan, unsigned round, struct point *out)
{
    const struct levels *points = plan_points(plan);

    for (size_t i = 0; i < points->count; i++) {
        unsigned value = points->values[i];
        struct arrival_rule rule = plan_arrivals(plan, value, round);

        out[i] = (struct point){
            .value = value,
            .requests = plan_has_rates(plan) ? arrivals_count(&rule)
                                             : plan_requests(plan, value),
        };
    }
}

/* Adds the cells of one round, in its order. */
static void add_round(const struct plan *plan, const uint64_t *ideals_ns,
                      struct cell_list *list, unsigned round, bool is_first,
                      struct random *random)
{
    struct cell *first = &list->cells[list->count];
    size_t point_count = plan_points(plan)->count;
    struct point points[LEVELS_MAX] = {{0}};
    size_t count = 0;
    unsigned position = 0;

    find_points(plan, round, points);
    for (size_t i = 0; i < plan->strategy_count * point_count; i++) {
        const struct strategy *strategy = plan->strategies[i / point_count];
        const struct point *point = &points[i % point_count];

        if (!plan_has(plan, strategy, point->value))
            continue;
        for (size_t j = 0; j < plan->variant_count; j++) {
            struct cell cell = make_cell(plan, strategy, point, ideals_ns[i],
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
    size_t point_count = plan_points(plan)->count;
    struct point points[LEVELS_MAX] = {{0}};
    uint64_t sum_ns = 0;

    find_points(plan, 2, points);
    for (size_t i = 0; i < plan->strategy_count * point_count; i++) {
        const struct point *point = &points[i % point_count];
        struct cell cell = make_cell(plan, plan->strategies[i / point_count], point,
                                     ideals_ns[i], NULL, 2);

        if (plan_has(plan, cell.strategy, point->value) && !cell.once && !cell.skipped)
            sum_ns += SHORTEST_CELL_NS + cell.ideal_ns + plan->duration_ns;
    }
    return sum_ns * plan->variant_count;
}

static unsigned most_rounds(const struct plan *plan, const uint64_t *ideals_ns)
{
    uint64_t round_ns = plan->budget_ns ? shortest_round_ns(plan, ideals_ns) : 0;
    uint64_t fitting = round_ns ? plan_budget_ns(plan) / round_ns : plan_rounds(plan);

    return (unsigned)least(plan_rounds(plan), fitting ? fitting : 1);
}

/* Most rates of a search are decided by the smallest majority of the rounds. */
static void expect_search(const struct plan *plan, struct cell_list *list)
{
    const struct levels *rates = &plan->rates;
    unsigned steps = rate_search_steps(rates->values[0], rates->values[rates->count - 1]);
    size_t subjects = plan->strategy_count * plan->variant_count;

    list->expected = subjects * steps * (plan_rounds(plan) / 2 + 1);
    list->predicted_s = (double)list->expected *
                        clock_seconds(plan->duration_ns + PREDICTED_CELL_NS);
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
    /* Of a search the list has only the ends, which say what can be measured. */
    rounds = plan_searches(plan) ? 1 : most_rounds(plan, ideals_ns);
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
    if (plan_searches(plan))
        expect_search(plan, list);
    if (plan->budget_ns && list->predicted_s > clock_seconds(plan_budget_ns(plan)))
        list->predicted_s = clock_seconds(plan_budget_ns(plan));
    return 0;
}

struct cell plan_cell_at_rate(const struct plan *plan, const struct strategy *strategy,
                              const struct variant *variant, unsigned rate,
                              unsigned round)
{
    struct arrival_rule rule = plan_arrivals(plan, rate, round);
    struct point point = {rate, arrivals_count(&rule)};

    return make_cell(plan, strategy, &point, 0, variant, round);
}

void cell_list_free(struct cell_list *list)
{
    free(list->cells);
    *list = (struct cell_list){0};
}
