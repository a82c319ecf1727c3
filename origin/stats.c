/* stats.c - see stats.h. */
#include "origin/stats.h"

#include "base/clock.h"
#include "base/json.h"

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

void origin_stats_departure(struct origin_stats *stats)
{
    stats->in_flight--;
    if (!stats->in_flight)
        stats->idle_ns = clock_ns();
}

void origin_stats_idle(struct origin_stats *stats)
{
    if (!stats->in_flight)
        stats->cpu_idle_ns = clock_cpu_ns();
}

/* The count of each kind that occurred. */
static json_t *list_faults(const struct origin_stats *stats)
{
    json_t *object = json_object();

    for (int kind = FAULT_NONE + 1; kind < FAULT_KIND_COUNT; kind++)
        if (stats->faults[kind])
            json_put_count(&object, fault_word((enum fault_kind)kind),
                           stats->faults[kind]);
    return object;
}

char *origin_stats_json(const struct origin_stats *stats)
{
    json_t *object = json_object();
    char *text;

    json_put_count(&object, "connections", stats->connections);
    json_put_count(&object, "requests", stats->requests);
    json_put_count(&object, "responses", stats->responses);
    json_put_count(&object, "body_bytes", stats->body_bytes);
    json_put_count(&object, "encoded_bytes", stats->encoded_bytes);
    json_put_count(&object, "aborted", stats->aborted);
    json_put_count(&object, "refused", stats->refused);
    json_put_count(&object, "rejected", stats->rejected);
    json_put_count(&object, "dropped", stats->dropped);
    json_put(&object, "faults", list_faults(stats));
    json_put_count(&object, "accept_pauses", stats->accept_pauses);
    json_put_count(&object, "tls_handshakes", stats->tls_handshakes);
    json_put_count(&object, "tls_resumed", stats->tls_resumed);
    json_put_count(&object, "tls_failed", stats->tls_failed);
    json_put_count(&object, "in_flight", stats->in_flight);
    json_put_count(&object, "in_flight_peak", stats->in_flight_peak);
    json_put_count(&object, "queued_peak", stats->queued_peak);
    json_put_count(&object, "late_max_us", stats->late_max_ns / CLOCK_NS_PER_US);
    json_put_count(&object, "cpu_us", clock_cpu_ns() / CLOCK_NS_PER_US);
    text = object ? json_dumps(object, JSON_INDENT(2)) : NULL;
    json_decref(object);
    return text;
}
