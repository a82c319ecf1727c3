/* record.c - see record.h. */
#include "harness/sweep/record.h"

#include <string.h>

#include "base/clock.h"

static void set_known_text(struct row *row, enum column column, const char *text)
{
    if (text[0])
        row_set_text(row, column, text);
}

static void set_origin_conditions(struct row *row, const struct behaviour *origin)
{
    row_set_number(row, COLUMN_delay_s, clock_seconds(delay_median_ns(&origin->delay)));
    if (origin->delay.kind != DELAY_FIXED)
        row_set_text(row, COLUMN_delay_model, origin->delay.text);
    row_set_text(row, COLUMN_body, body_word(&origin->body));
    if (origin->body.bytes)
        row_set_count(row, COLUMN_page_bytes, origin->body.bytes);
    set_known_text(row, COLUMN_faults, origin->faults.text);
    if (!origin->capacity)
        return;
    row_set_count(row, COLUMN_capacity, origin->capacity);
    row_set_text(row, COLUMN_overload, overload_word(origin->overload));
}

static void set_conditions(struct row *row, const struct plan *plan)
{
    row_set_text(row, COLUMN_policy, plan->reuse_connections ? "reuse" : "fresh");
    row_set_text(row, COLUMN_target, plan->url);
    if (plan_has_rates(plan))
        row_set_text(row, COLUMN_arrivals,
                     plan->poisson_arrivals ? "poisson" : "constant");
    if (plan_searches(plan))
        row_set_text(row, COLUMN_find_rate, plan->find_rate.text);
    if (plan_is_timed(plan))
        row_set_number(row, COLUMN_duration_s, clock_seconds(plan->duration_ns));
    if (plan->per_host_rate)
        row_set_count(row, COLUMN_per_host_rate_rps, plan->per_host_rate);
    if (plan->tls || plan->tls_sessions)
        row_set_text(row, COLUMN_tls_sessions, plan->tls_sessions ? "on" : "off");
    if (plan->pin.pinned)
        row_set_text(row, COLUMN_pin, plan->pin.text);
    if (plan->url)
        return;
    set_origin_conditions(row, &plan->origin);
}

static void set_identity(struct row *row, const struct record_source *source,
                         const struct cell *cell, const struct verdict *verdict)
{
    const struct plan *plan = source->plan;

    row_set_text(row, COLUMN_run_id, source->run_id);
    row_set_text(row, COLUMN_variant, cell->variant->name);
    row_set_count(row, COLUMN_round, cell->round);
    if (cell->position)
        row_set_count(row, COLUMN_position, cell->position);
    row_set_text(row, COLUMN_strategy, cell->strategy->name);
    row_set_count(row, COLUMN_level, cell->level);
    if (cell->rate)
        row_set_count(row, COLUMN_rate_rps, cell->rate);
    row_set_count(row, COLUMN_requests, cell->requests);
    if (plan_workers(plan, cell->strategy, cell->level))
        row_set_count(row, COLUMN_workers,
                      plan_workers(plan, cell->strategy, cell->level));
    row_set_count(row, COLUMN_inflight_limit,
                  plan_inflight_limit(plan, cell->strategy, cell->level));
    if (source->conditions)
        row_set_text(row, COLUMN_conditions, source->conditions);
    set_conditions(row, plan);
    row_set_text(row, COLUMN_status, status_word(verdict->status));
    row_set_text(row, COLUMN_reason, verdict->reason);
    row_set_text(row, COLUMN_notes, verdict->notes);
}

static void set_times(struct row *row, const struct outcome *outcome)
{
    row_set_number(row, COLUMN_cost_s, outcome->cost_s);
    row_set_number(row, COLUMN_start_s, outcome->start_s);
    row_set_number(row, COLUMN_setup_s, outcome->setup_s);
    row_set_number(row, COLUMN_run_s, outcome->run_s);
    row_set_number(row, COLUMN_teardown_s, outcome->teardown_s);
    row_set_number(row, COLUMN_ramp_s, outcome->ramp_s);
    row_set_number(row, COLUMN_ideal_s, outcome->ideal_s);
    row_set_number(row, COLUMN_overhead_s, outcome->overhead_s);
    row_set_number(row, COLUMN_run_overhead_s, outcome->run_overhead_s);
    row_set_number(row, COLUMN_throughput_rps, outcome->throughput_rps);
    row_set_number(row, COLUMN_begun_rps, outcome->begun_rps);
}

static void set_phases(struct row *row, const struct outcome *outcome)
{
    row_set_number(row, COLUMN_latency_min_us, outcome->latency_us.min);
    row_set_number(row, COLUMN_latency_p50_us, outcome->latency_us.p50);
    row_set_number(row, COLUMN_latency_p90_us, outcome->latency_us.p90);
    row_set_number(row, COLUMN_latency_p99_us, outcome->latency_us.p99);
    row_set_number(row, COLUMN_latency_p999_us, outcome->latency_us.p999);
    row_set_number(row, COLUMN_latency_max_us, outcome->latency_us.max);
    row_set_number(row, COLUMN_late_p50_us, outcome->late_us.p50);
    row_set_number(row, COLUMN_late_p99_us, outcome->late_us.p99);
    row_set_number(row, COLUMN_queue_p50_us, outcome->queue_us.p50);
    row_set_number(row, COLUMN_queue_p99_us, outcome->queue_us.p99);
    row_set_number(row, COLUMN_connect_p50_us, outcome->connect_us.p50);
    row_set_number(row, COLUMN_connect_p99_us, outcome->connect_us.p99);
    row_set_number(row, COLUMN_tls_p50_us, outcome->tls_us.p50);
    row_set_number(row, COLUMN_tls_p99_us, outcome->tls_us.p99);
    row_set_number(row, COLUMN_ttfb_p50_us, outcome->ttfb_us.p50);
    row_set_number(row, COLUMN_ttfb_p99_us, outcome->ttfb_us.p99);
}

static void set_counts(struct row *row, const struct outcome *outcome)
{
    for (int kind = 0; kind < FETCH_OUTCOME_COUNT; kind++) {
        enum column column = column_find(fetch_outcome_word((enum fetch_outcome)kind));

        if (column != COLUMN_COUNT)
            row_set_count(row, column, outcome->counts[kind]);
    }
    if (!outcome->inflight_peak)
        return; /* no fetch began */
    row_set_count(row, COLUMN_inflight_peak, outcome->inflight_peak);
    if (outcome->connections_known || outcome->connections)
        row_set_count(row, COLUMN_connections, outcome->connections);
    if (outcome->no_length_count)
        return;
    row_set_count(row, COLUMN_body_bytes, outcome->body_bytes);
    if (!outcome->is_program)
        row_set_count(row, COLUMN_encoded_bytes, outcome->encoded_bytes);
}

static void set_tls(struct row *row, const struct origin_stats *origin)
{
    row_set_text(row, COLUMN_tls_agreed, origin->tls_agreed);
    row_set_count(row, COLUMN_tls_handshakes, origin->tls_handshakes);
    row_set_count(row, COLUMN_tls_resumed, origin->tls_resumed);
}

static void set_origin(struct row *row, const struct plan *plan,
                       const struct measurement *measurement,
                       const struct outcome *outcome)
{
    row_set_number(row, COLUMN_origin_delay_p50_s, outcome->origin_delay_s.p50);
    row_set_number(row, COLUMN_origin_delay_p99_s, outcome->origin_delay_s.p99);
    row_set_number(row, COLUMN_origin_delay_max_s, outcome->origin_delay_s.max);
    row_set_number(row, COLUMN_origin_cpu_s, outcome->origin_cpu_s);
    if (!measurement->has_origin)
        return;
    row_set_count(row, COLUMN_origin_inflight_peak, measurement->origin->in_flight_peak);
    row_set_count(row, COLUMN_origin_requests, measurement->origin->requests);
    row_set_count(row, COLUMN_origin_refused, measurement->origin->refused);
    if (plan->tls)
        set_tls(row, measurement->origin);
}

/* Peak memory is the larger of the reading at the end of the run and that of the memory
 * probe. Processes that a strategy has already reaped are in the probe alone. */
static void set_memory(struct row *row, const struct cell_report *report,
                       const struct memory_probe *memory_probe)
{
    uint64_t rss_bytes = report->peak_rss_bytes;

    if (memory_probe->known && memory_probe->peak_rss_bytes > rss_bytes)
        rss_bytes = memory_probe->peak_rss_bytes;
    if (rss_bytes)
        row_set_count(row, COLUMN_peak_rss_bytes, rss_bytes);
    if (!memory_probe->known)
        return;
    row_set_count(row, COLUMN_peak_pss_bytes, memory_probe->pss_bytes);
    row_set_count(row, COLUMN_threads_peak, memory_probe->threads);
    row_set_count(row, COLUMN_processes_peak, memory_probe->processes);
}

static void set_processes(struct row *row, const struct measurement *measurement)
{
    const struct cell_report *report = &measurement->report;
    const struct usage *usage = &report->usage;

    if (report->stage >= CELL_STARTED) {
        set_known_text(row, COLUMN_libcurl_version, report->libcurl_version);
        set_known_text(row, COLUMN_tls_version, report->tls_version);
        set_known_text(row, COLUMN_libevent_version, report->libevent_version);
        set_known_text(row, COLUMN_program_build_id, report->program.build_id);
        set_known_text(row, COLUMN_build, report->build);
        set_known_text(row, COLUMN_libcurl_file, report->libcurl.file);
        set_known_text(row, COLUMN_libcurl_build_id, report->libcurl.build_id);
    }
    if (report->stage < CELL_RAN)
        return;
    row_set_number(row, COLUMN_user_s, (double)usage->user_us / 1e6);
    row_set_number(row, COLUMN_system_s, (double)usage->system_us / 1e6);
    row_set_count(row, COLUMN_voluntary_ctx_switches, usage->voluntary_switches);
    row_set_count(row, COLUMN_involuntary_ctx_switches, usage->involuntary_switches);
    row_set_count(row, COLUMN_minor_faults, usage->minor_faults);
    row_set_count(row, COLUMN_major_faults, usage->major_faults);
    set_memory(row, report, &measurement->memory_probe);
}

static void set_kernel(struct row *row, const struct measurement *measurement)
{
    if (measurement->time_wait_before >= 0)
        row_set_count(row, COLUMN_time_wait_before,
                      (uint64_t)measurement->time_wait_before);
    if (!measurement->kernel.known)
        return;
#define X(name, file, line, field) \
    row_set_count(row, COLUMN_##name, measurement->kernel.name);
    KERNEL_COUNTERS(X)
#undef X
}

struct row record_measured(const struct record_source *source, const struct cell *cell,
                           const struct measurement *measurement,
                           const struct outcome *outcome, const struct verdict *verdict)
{
    struct row row = {0};

    set_identity(&row, source, cell, verdict);
    set_times(&row, outcome);
    set_phases(&row, outcome);
    set_counts(&row, outcome);
    set_origin(&row, source->plan, measurement, outcome);
    set_processes(&row, measurement);
    set_known_text(&row, COLUMN_memory_probe_failure,
                   measurement->memory_probe.failure.text);
    set_kernel(&row, measurement);
    return row;
}

struct row record_unmeasured(const struct record_source *source, const struct cell *cell,
                             const struct verdict *verdict)
{
    struct row row = {0};

    set_identity(&row, source, cell, verdict);
    if (plan_has_ideal(source->plan))
        row_set_number(&row, COLUMN_ideal_s, clock_seconds(cell->ideal_ns));
    return row;
}
