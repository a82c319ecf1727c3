/* stats.c - see stats.h. */
#include "origin/stats.h"

#include <jansson.h>

#include "base/clock.h"

void origin_stats_client(struct origin_stats *stats, uint64_t now_ns)
{
    if (!stats->connections) {
        stats->first_client_ns = now_ns;
        stats->cpu_first_ns = clock_cpu_ns();
    }
    stats->connections++;
}

void origin_stats_arrival(struct origin_stats *stats, uint64_t now_ns)
{
    if (stats->requests < stats->arrivals_room)
        stats->arrivals_ns[stats->requests] = now_ns;
    stats->requests++;
    stats->in_flight++;
    if (stats->in_flight > stats->in_flight_peak)
        stats->in_flight_peak = stats->in_flight;
}

void origin_stats_departure(struct origin_stats *stats, uint64_t now_ns)
{
    stats->in_flight--;
    if (!stats->in_flight)
        stats->idle_ns = now_ns;
}

void origin_stats_idle(struct origin_stats *stats)
{
    if (!stats->in_flight)
        stats->cpu_idle_ns = clock_cpu_ns();
}

static void set_count(json_t *object, const char *name, uint64_t value)
{
    /* Without memory the field is missing; without any, the whole text is NULL. */
    (void)json_object_set_new(object, name, json_integer((json_int_t)value));
}

/* Of each kind that there was. */
static json_t *list_faults(const struct origin_stats *stats)
{
    json_t *object = json_object();

    for (int kind = FAULT_NONE + 1; kind < FAULT_KIND_COUNT; kind++)
        if (stats->faults[kind])
            set_count(object, fault_word((enum fault_kind)kind), stats->faults[kind]);
    return object;
}

char *origin_stats_json(const struct origin_stats *stats)
{
    json_t *object = json_object();
    char *text;

    set_count(object, "connections", stats->connections);
    set_count(object, "requests", stats->requests);
    set_count(object, "responses", stats->responses);
    set_count(object, "body_bytes", stats->body_bytes);
    set_count(object, "encoded_bytes", stats->encoded_bytes);
    set_count(object, "aborted", stats->aborted);
    set_count(object, "refused", stats->refused);
    set_count(object, "rejected", stats->rejected);
    set_count(object, "dropped", stats->dropped);
    (void)json_object_set_new(object, "faults", list_faults(stats));
    set_count(object, "accept_pauses", stats->accept_pauses);
    set_count(object, "tls_handshakes", stats->tls_handshakes);
    set_count(object, "tls_resumed", stats->tls_resumed);
    set_count(object, "tls_failed", stats->tls_failed);
    set_count(object, "in_flight", stats->in_flight);
    set_count(object, "in_flight_peak", stats->in_flight_peak);
    set_count(object, "queued_peak", stats->queued_peak);
    set_count(object, "late_max_us", stats->late_max_ns / CLOCK_NS_PER_US);
    set_count(object, "cpu_us", clock_cpu_ns() / CLOCK_NS_PER_US);
    text = json_dumps(object, JSON_INDENT(2));
    json_decref(object);
    return text;
}
