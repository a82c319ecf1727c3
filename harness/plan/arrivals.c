/* arrivals.c - see arrivals.h. */
#include "harness/plan/arrivals.h"

#include <math.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/random.h"

/* -- one moment after another -------------------------------------------------- */

struct sequence {
    bool poisson;
    unsigned rate;
    struct random random;
    uint64_t index; /* of the next one */
    double next_ns; /* at random moments: when it is due */
};

/* From 0, excluded, to 1. */
static double random_share(struct random *random)
{
    return ((double)(random_next(random) >> 11) + 1) / 9007199254740992.0; /* 2^53 */
}

/* The gaps of a Poisson process are exponential; they are drawn by inversion. */
static double random_gap_ns(struct sequence *sequence)
{
    return -log(random_share(&sequence->random)) / sequence->rate *
           (double)CLOCK_NS_PER_S;
}

/* A seed for each round and rate, none of whose sequences is a part of another's. */
static uint64_t seed_of(uint64_t seed, unsigned rate, unsigned round)
{
    struct random random = {seed};

    random.state = random_next(&random) ^ round;
    random.state = random_next(&random) ^ rate;
    return random_next(&random);
}

static struct sequence begin(const struct arrival_rule *rule)
{
    struct sequence sequence = {
        .poisson = rule->poisson,
        .rate = rule->rate,
        .random = {seed_of(rule->seed, rule->rate, rule->round)},
    };

    if (sequence.poisson)
        sequence.next_ns = random_gap_ns(&sequence);
    return sequence;
}

static uint64_t next_ns(struct sequence *sequence)
{
    uint64_t at_ns = sequence->index++ * CLOCK_NS_PER_S / sequence->rate;

    if (sequence->poisson) {
        at_ns = (uint64_t)sequence->next_ns;
        sequence->next_ns += random_gap_ns(sequence);
    }
    return at_ns;
}

uint64_t arrivals_count(const struct arrival_rule *rule)
{
    struct sequence sequence = begin(rule);
    uint64_t count = 0;

    if (!rule->poisson)
        /* The first one is due at once; divides by parts, since the product of both
         * numbers may be too large. */
        count = rule->duration_ns / CLOCK_NS_PER_S * rule->rate +
                (rule->duration_ns % CLOCK_NS_PER_S * rule->rate + CLOCK_NS_PER_S - 1) /
                    CLOCK_NS_PER_S;
    else
        while (count <= ARRIVALS_MAX && next_ns(&sequence) < rule->duration_ns)
            count++;
    return count <= ARRIVALS_MAX ? count : ARRIVALS_MAX + 1;
}

/* -- a limit per host ---------------------------------------------------------- */

/* A server, by the part of a URL that names it: "http://host:port". */
struct host {
    const char *url; /* of its first target */
    size_t length;
    uint32_t number; /* of that target */
};

static struct host host_of(const struct work_target *target, size_t number)
{
    const char *name = strstr(target->url, "://");

    name = name ? name + 3 : target->url;
    return (struct host){target->url, (size_t)(name - target->url) + strcspn(name, "/?#"),
                         (uint32_t)number};
}

static int compare_hosts(const void *left, const void *right)
{
    const struct host *a = left;
    const struct host *b = right;

    if (a->length != b->length)
        return a->length < b->length ? -1 : 1;
    return memcmp(a->url, b->url, a->length);
}

static void keep(void *host)
{
    (void)host; /* it is in an array */
}

/* The number of each target's host, which is that of its first target. NULL: no
 * memory. */
static uint32_t *number_hosts(const struct work_target *targets, size_t count)
{
    uint32_t *numbers = calloc(count + 1, sizeof(*numbers));
    struct host *hosts = calloc(count + 1, sizeof(*hosts));
    bool failed = !numbers || !hosts;
    void *tree = NULL;

    for (size_t i = 0; !failed && i < count; i++) {
        struct host *const *found;

        hosts[i] = host_of(&targets[i], i);
        found = tsearch(&hosts[i], &tree, compare_hosts);
        failed = !found;
        numbers[i] = found ? (*found)->number : 0;
    }
    tdestroy(tree, keep);
    free(hosts);
    if (!failed)
        return numbers;
    free(numbers);
    return NULL;
}

static int compare_moments(const void *left, const void *right)
{
    const struct work_moment *a = left;
    const struct work_moment *b = right;

    if (a->due_ns != b->due_ns)
        return a->due_ns < b->due_ns ? -1 : 1;
    return (a->target > b->target) - (a->target < b->target);
}

/* Moves each moment to where its host permits it. */
static int wait_for_hosts(struct arrivals *arrivals, const struct arrival_rule *rule,
                          const struct work_target *targets, size_t target_count,
                          struct err *err)
{
    uint64_t step_ns = CLOCK_NS_PER_S / rule->per_host_rate;
    uint64_t *free_ns = calloc(target_count + 1, sizeof(*free_ns));
    uint32_t *hosts = number_hosts(targets, target_count);

    for (size_t i = 0; free_ns && hosts && i < arrivals->count; i++) {
        struct work_moment *moment = &arrivals->moments[i];
        uint64_t *host_ns = &free_ns[hosts[moment->target]];

        if (moment->due_ns < *host_ns)
            moment->due_ns = *host_ns;
        *host_ns = moment->due_ns + step_ns;
    }
    if (free_ns && hosts)
        qsort(arrivals->moments, arrivals->count, sizeof(*arrivals->moments),
              compare_moments);
    free(hosts);
    if (!free_ns || !hosts) {
        free(free_ns);
        return err_errno(err, "no memory for the hosts of %zu URLs", target_count);
    }
    free(free_ns);
    return 0;
}

/* Drops those that are due when nothing may begin any more. */
static void drop_late(struct arrivals *arrivals, const struct arrival_rule *rule)
{
    while (arrivals->count &&
           arrivals->moments[arrivals->count - 1].due_ns >= rule->duration_ns)
        arrivals->count--;
}

int arrivals_make(struct arrivals *arrivals, const struct arrival_rule *rule,
                  size_t count, const struct work_target *targets, size_t target_count,
                  struct err *err)
{
    struct sequence sequence = begin(rule);

    *arrivals = (struct arrivals){.count = count};
    if (!rule->rate && !rule->per_host_rate)
        return 0;
    arrivals->moments = calloc(arrivals->count + 1, sizeof(*arrivals->moments));
    if (!arrivals->moments)
        return err_errno(err, "no memory for the moments of %zu requests",
                         arrivals->count);
    for (size_t i = 0; i < arrivals->count; i++)
        arrivals->moments[i] = (struct work_moment){
            .due_ns = rule->rate ? next_ns(&sequence) : 0,
            .target = (uint32_t)(i % target_count),
        };
    if (!rule->per_host_rate)
        return 0;
    if (wait_for_hosts(arrivals, rule, targets, target_count, err)) {
        arrivals_free(arrivals);
        return -1;
    }
    if (!rule->rate && rule->duration_ns)
        drop_late(arrivals, rule);
    return 0;
}

void arrivals_free(struct arrivals *arrivals)
{
    free(arrivals->moments);
    *arrivals = (struct arrivals){0};
}
