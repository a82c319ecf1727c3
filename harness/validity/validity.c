/* validity.c - see validity.h. */
#include "harness/validity/validity.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "harness/validity/bounds.h"
#include "harness/validity/disturbance.h"
#include "harness/validity/failure.h"
#include "harness/validity/faults_seen.h"
#include "harness/validity/level_check.h"
#include "harness/validity/notes.h"

/* No retransmission timeout of Linux is shorter than 200 ms, less the step of its timer.
 * A fetch that waited for one took longer than this beyond its delay. */
#define SHORTEST_RTO_S 0.15

/* How far CPU time may exceed wall time. */
#define CPU_SLACK   1.05
#define CPU_SLACK_S 0.02

/* The share of the cost time that a stop may take in a valid row. */
#define STOPPED_SHARE 0.05

/* -- failures: true when the row is failed ------------------------------------- */

static bool machinery_failed(const struct evidence *the, struct verdict *verdict)
{
    const struct measurement *measurement = the->measurement;

    if (measurement->end != CELL_ENDED)
        return verdict_fails(verdict, STATUS_FAILED, "%s", measurement->end_text.text);
    if (measurement->origin_failure.text[0])
        return verdict_fails(verdict, STATUS_FAILED, "%s",
                             measurement->origin_failure.text);
    if (measurement->overwritten.text[0])
        return verdict_fails(verdict, STATUS_FAILED, "%s", measurement->overwritten.text);
    if (measurement->report.failed)
        return verdict_fails(verdict, STATUS_FAILED, "%s",
                             measurement->report.failure.text);
    /* Without this, a strategy that ends the whole process would be a row without times.
     */
    if (measurement->report.stage != CELL_CLOSED)
        return verdict_fails(
            verdict, STATUS_FAILED,
            "the cell's process exited with success before its report was complete");
    if (measurement->result_count != the->cell->requests)
        return verdict_fails(verdict, STATUS_FAILED,
                             "results expected: %" PRIu64 ", found: %zu",
                             the->cell->requests, measurement->result_count);
    return false;
}

enum { KINDS_SIZE = 160 + FAULT_TEXT_SIZE };

/* "timed_out 3, io_failed 1", and whether that was asked for. */
static const char *failed_kinds(const struct evidence *the, char kinds[KINDS_SIZE])
{
    const uint64_t *counts = the->outcome->counts;

    kinds[0] = '\0';
    for (int kind = 0; kind < FETCH_OUTCOME_COUNT; kind++)
        if (kind != FETCH_OK && kind != FETCH_UNFINISHED && counts[kind])
            (void)text_append_item(kinds, KINDS_SIZE, "%s %" PRIu64,
                                   fetch_outcome_word((enum fetch_outcome)kind),
                                   counts[kind]);
    if (!kinds[0])
        (void)text_append(kinds, KINDS_SIZE, "none");
    if (the->plan->origin.faults.text[0])
        (void)text_append(kinds, KINDS_SIZE, "; --fault asks for %s",
                          the->plan->origin.faults.text);
    return kinds;
}

/* With --fault the failures must be exactly the injected ones. */
static bool faults_differ(const struct evidence *the, struct verdict *verdict)
{
    const struct origin_stats *origin = the->measurement->origin;
    char injected[FAULT_TEXT_SIZE];
    char kinds[KINDS_SIZE];

    if (!the->measurement->has_origin || !the->plan->origin.faults.text[0] ||
        faults_seen_agree(the->plan, origin, the->outcome->counts))
        return false;
    return verdict_fails(verdict, STATUS_INVALID,
                         "the origin injected %s and answered %" PRIu64
                         ", but the client had %" PRIu64
                         " good responses and failures %s",
                         faults_seen_text(origin, injected), origin->responses,
                         the->outcome->counts[FETCH_OK], failed_kinds(the, kinds));
}

/* "432 of 500 requests were refused (503)", with --overload refuse. */
static bool requests_refused(const struct evidence *the, struct verdict *verdict)
{
    const struct measurement *measurement = the->measurement;
    uint64_t failed = outcome_failed(the->outcome, the->cell);
    uint64_t refused = 0;
    char count[FAILED_REQUESTS_SIZE];

    for (size_t i = 0; i < measurement->result_count; i++)
        refused += measurement->results[i].outcome == FETCH_BAD_STATUS &&
                   measurement->results[i].http_status == 503;
    if (!failed || !measurement->has_origin || refused != failed ||
        refused != measurement->origin->refused)
        return false;
    return verdict_fails(verdict, STATUS_FAILED, "%swere refused (503)",
                         failed_requests_text(refused, the->cell->requests, count));
}

/* Why this fetch failed, the first that did. Of a program's texts only its own is kept.
 */
static const char *told_text(const struct evidence *the, size_t index,
                             char why[FAILURE_TEXT_SIZE])
{
    const struct fetch_result *result = &the->measurement->results[index];
    const char *told = the->measurement->report.told;

    if (result->cause != FETCH_CAUSE_TOLD || !told[0])
        return failure_text(result, why);
    (void)snprintf(why, FAILURE_TEXT_SIZE, "%s", told);
    return why;
}

/* "3 of 100 requests failed (timed_out 3); the first was http://...: Timeout was reached"
 */
static bool requests_failed(const struct evidence *the, struct verdict *verdict)
{
    const struct outcome *outcome = the->outcome;
    size_t first = outcome->first_failure;
    char count[FAILED_REQUESTS_SIZE];
    char why[FAILURE_TEXT_SIZE];
    char kinds[KINDS_SIZE];

    if (!outcome_failed(outcome, the->cell))
        return false;
    return verdict_fails(verdict, STATUS_FAILED, "%sfailed (%s); the first was %s: %s",
                         failed_requests_text(outcome_failed(outcome, the->cell),
                                              the->cell->requests, count),
                         failed_kinds(the, kinds),
                         work_url(the->measurement->work, first),
                         told_text(the, first, why));
}

/* -- contradictions: true when the row is invalid ------------------------------ */

static bool counts_differ(const struct evidence *the, struct verdict *verdict)
{
    const struct origin_stats *origin = the->measurement->origin;

    if (!the->measurement->has_origin ||
        (origin->requests == the->cell->requests &&
         origin->responses == the->cell->requests && !origin->rejected))
        return false;
    return verdict_fails(verdict, STATUS_INVALID,
                         "the client had %" PRIu64
                         " good responses, but the origin received %" PRIu64
                         " requests, answered %" PRIu64 " and rejected %" PRIu64,
                         the->outcome->counts[FETCH_OK], origin->requests,
                         origin->responses, origin->rejected);
}

static bool bodies_differ(const struct evidence *the, struct verdict *verdict)
{
    const struct outcome *outcome = the->outcome;
    const struct origin_stats *origin = the->measurement->origin;

    if (outcome->no_length_count)
        return false; /* a program that does not tell; the row has a note */
    if (the->measurement->has_origin && origin->body_bytes != outcome->body_bytes)
        return verdict_fails(verdict, STATUS_INVALID,
                             "the client received %" PRIu64
                             " bytes of bodies, the origin sent %" PRIu64,
                             outcome->body_bytes, origin->body_bytes);
    if (the->measurement->has_origin && !outcome->is_program &&
        origin->encoded_bytes != outcome->encoded_bytes)
        return verdict_fails(verdict, STATUS_INVALID,
                             "the client received %" PRIu64
                             " bytes of encoded bodies, the origin sent %" PRIu64,
                             outcome->encoded_bytes, origin->encoded_bytes);
    return false;
}

/* Every other check relies on the stamps, so they must agree with each other. A request
 * that the client gave up can reach the origin afterwards. */
static bool stamps_disagree(const struct evidence *the, bool gave_up,
                            struct verdict *verdict)
{
    const struct outcome *outcome = the->outcome;
    const struct origin_stats *origin = the->measurement->origin;
    uint64_t span_ns = outcome->last_end_ns - outcome->first_begin_ns;

    if (outcome->disordered_count)
        return verdict_fails(verdict, STATUS_INVALID,
                             "%" PRIu64
                             " good fetches have stamps that are missing or not in "
                             "order",
                             outcome->disordered_count);
    if (span_ns > the->measurement->report.run_ns)
        return verdict_fails(
            verdict, STATUS_INVALID,
            "the fetches took %.6f s from the first begin to the last end, but "
            "run_s is %.6f",
            clock_seconds(span_ns), outcome->run_s);
    /* A request arrives after its begin and before its end, by the same clock. */
    if (the->measurement->has_origin && origin->requests <= origin->arrivals_room &&
        (origin->arrivals_ns[0] < outcome->first_begin_ns ||
         (!gave_up && origin->arrivals_ns[origin->requests - 1] > outcome->last_end_ns)))
        return verdict_fails(
            verdict, STATUS_INVALID,
            "the origin received a request before the client's first begin or after "
            "its last end");
    return false;
}

/* How long the origin had requests: it may still answer some that the client gave up. */
static double origin_time_s(const struct evidence *the)
{
    const struct origin_stats *origin = the->measurement->origin;
    double run_s = the->outcome->run_s;

    if (!the->measurement->has_origin || origin->idle_ns < origin->first_client_ns)
        return run_s;
    return fmax(run_s, clock_seconds(origin->idle_ns - origin->first_client_ns));
}

/* No thread has more CPU time than wall time. The two are not read at the same instant,
 * so there is some slack. */
static bool works_too_long(const struct evidence *the, bool gave_up,
                           struct verdict *verdict)
{
    const struct outcome *outcome = the->outcome;
    double origin_s = gave_up ? origin_time_s(the) : outcome->run_s;
    double cpus = (double)sysconf(_SC_NPROCESSORS_ONLN);

    if (outcome->origin_cpu_s > origin_s * CPU_SLACK + CPU_SLACK_S)
        return verdict_fails(
            verdict, STATUS_INVALID,
            "the origin's only thread used %.6f s of CPU time, but run_s is %.6f",
            outcome->origin_cpu_s, outcome->run_s);
    if (cpus >= 1 && outcome->cpu_s > outcome->cost_s * cpus * CPU_SLACK + CPU_SLACK_S)
        return verdict_fails(
            verdict, STATUS_INVALID,
            "the cell used %.6f s of CPU time, more than %.0f CPUs have in %.6f "
            "s",
            outcome->cpu_s, cpus, outcome->cost_s);
    return false;
}

static bool delay_differs(const struct evidence *the, struct verdict *verdict)
{
    const struct outcome *outcome = the->outcome;

    if (!the->measurement->has_origin)
        return false;
    if (outcome->unstamped_count)
        return verdict_fails(
            verdict, STATUS_INVALID,
            "%" PRIu64 " good responses carry no delay, but the origin stamps every one",
            outcome->unstamped_count);
    if (outcome->short_count)
        return verdict_fails(
            verdict, STATUS_INVALID,
            "the origin stamped %zu delays that are shorter than the delays asked for; "
            "the shortest is %.6f s instead of %.6f s",
            outcome->short_count, outcome->origin_delay_s.min,
            outcome->asked_delay_s.min);
    return false;
}

static bool too_early(const struct evidence *the, struct verdict *verdict)
{
    if (!the->outcome->early_count)
        return false;
    if (the->outcome->is_program)
        return verdict_fails(verdict, STATUS_INVALID,
                             "%" PRIu64
                             " requests took less time than the delays asked for",
                             the->outcome->early_count);
    return verdict_fails(verdict, STATUS_INVALID,
                         "%" PRIu64
                         " responses came before the delay that the origin stamped",
                         the->outcome->early_count);
}

static bool ideal_is_beaten(const struct evidence *the, struct verdict *verdict)
{
    /* For a foreign server the ideal is NAN, and nothing is below it. */
    if (!(the->outcome->run_s < the->outcome->ideal_s))
        return false;
    return verdict_fails(verdict, STATUS_INVALID,
                         "run_s %.6f is below the ideal of %.6f, the lower bound",
                         the->outcome->run_s, the->outcome->ideal_s);
}

static bool connections_differ(const struct evidence *the, struct verdict *verdict)
{
    uint64_t opened = the->outcome->connections;

    if (!the->outcome->connections_known && !the->measurement->has_origin)
        return false;
    if (the->measurement->has_origin && the->measurement->origin->connections != opened)
        return verdict_fails(verdict, STATUS_INVALID,
                             "the client opened %" PRIu64
                             " connections, the origin accepted %" PRIu64,
                             opened, the->measurement->origin->connections);
    if (!the->plan->reuse_connections &&
        opened - the->outcome->spare_connections != the->cell->requests)
        return verdict_fails(verdict, STATUS_INVALID,
                             "%" PRIu64 " connections for %" PRIu64
                             " requests: fresh connections need one per request",
                             opened, the->cell->requests);
    /* A foreign server may close kept connections at any time. */
    if (the->plan->reuse_connections && the->measurement->has_origin &&
        opened > the->outcome->origin_limit)
        return verdict_fails(verdict, STATUS_INVALID,
                             "%" PRIu64 " connections for %" PRIu64
                             " in flight: kept connections were not reused",
                             opened, the->outcome->origin_limit);
    return false;
}

/* Every connection had a handshake at both ends, of the kind that was asked for. */
static bool handshakes_differ(const struct evidence *the, struct verdict *verdict)
{
    const struct origin_stats *origin = the->measurement->origin;
    const struct outcome *outcome = the->outcome;

    if (!the->plan->tls)
        return false;
    if (outcome->tls_connections != outcome->connections ||
        origin->tls_handshakes + origin->tls_resumed != outcome->connections)
        return verdict_fails(verdict, STATUS_INVALID,
                             "the client completed TLS handshakes on %" PRIu64
                             " of its %" PRIu64
                             " connections, the origin completed %" PRIu64
                             " full and %" PRIu64 " resumed ones",
                             outcome->tls_connections, outcome->connections,
                             origin->tls_handshakes, origin->tls_resumed);
    if (!the->plan->tls_sessions && origin->tls_resumed)
        return verdict_fails(verdict, STATUS_INVALID,
                             "%" PRIu64
                             " TLS sessions were resumed, but --tls-sessions is off",
                             origin->tls_resumed);
    return false;
}

static bool origin_ran_dry(const struct evidence *the, struct verdict *verdict)
{
    if (!the->measurement->has_origin || !the->measurement->origin->accept_pauses)
        return false;
    return verdict_fails(verdict, STATUS_INVALID,
                         "the origin ran out of file descriptors %" PRIu64
                         " times and let connections wait",
                         the->measurement->origin->accept_pauses);
}

/* The kernel counts for the whole network namespace, so other programs may have caused a
 * timeout, and often have on a machine with a real network. No fetch of ours caused it if
 * none was slow enough. */
static bool timeouts_may_be_ours(const struct evidence *the)
{
    return the->measurement->kernel.tcp_timeouts &&
           fmin(the->outcome->slowest_s, the->outcome->run_s) > SHORTEST_RTO_S;
}

static bool kernel_complains(const struct evidence *the, struct verdict *verdict)
{
    const struct kernel_counters *kernel = &the->measurement->kernel;

    if (!kernel->known || (!kernel->listen_overflows && !kernel->listen_drops &&
                           !timeouts_may_be_ours(the)))
        return false;
    return verdict_fails(verdict, STATUS_INVALID,
                         "the kernel counted %" PRIu64 " listen overflows, %" PRIu64
                         " listen drops and %" PRIu64 " TCP timeouts meanwhile",
                         kernel->listen_overflows, kernel->listen_drops,
                         kernel->tcp_timeouts);
}

/* With a rate or a limit per host, a model must wait for the moment of each request. */
static bool began_too_early(const struct evidence *the, struct verdict *verdict)
{
    uint64_t count = the->outcome->premature_count;

    return count &&
           verdict_fails(verdict, STATUS_INVALID,
                         "%" PRIu64
                         " %s: the strategy does not wait for due_ns of its items",
                         count,
                         plural(count, "request began before it was due",
                                "requests began before they were due"));
}

/* Times that contain a stop say nothing about the strategy. */
static bool was_stopped(const struct evidence *the, struct verdict *verdict)
{
    double stopped_s;

    if (!disturbance_stopped(the->measurement, &stopped_s) ||
        !(stopped_s > STOPPED_SHARE * the->outcome->cost_s))
        return false;
    return verdict_fails(verdict, STATUS_INVALID,
                         "the times include a stop and do not measure the strategy");
}

/* Appends the disturbances to the reason, so that the strategy is not blamed alone. */
static void add_disturbance(const struct evidence *the, struct verdict *verdict)
{
    char text[DISTURBANCE_TEXT_SIZE];

    if (disturbance_text(the->measurement, text)[0])
        (void)text_append(verdict->reason, sizeof(verdict->reason), "; meanwhile %s",
                          text);
}

/* Whether requests failed, and no more than --allow-errors permits. A request that failed
 * may have reached the origin or not, and may have ended early: the two sides' counts and
 * the level need not be equal then, see bounds.h, and there is no theoretical minimum. */
static bool errors_are_allowed(const struct evidence *the)
{
    uint64_t failed = outcome_failed(the->outcome, the->cell);

    return failed && !the->outcome->counts[FETCH_LOST] &&
           (double)failed <= the->plan->allowed_errors * (double)the->cell->requests;
}

void validity_judge(struct verdict *verdict, const struct plan *plan,
                    const struct cell *cell, const struct measurement *measurement,
                    const struct outcome *outcome)
{
    struct evidence the = {plan, cell, measurement, outcome};
    bool allowed = errors_are_allowed(&the);
    /* A fetch that was cut off may have reached the origin or not. */
    bool exact = !allowed && !outcome->counts[FETCH_UNFINISHED];

    *verdict = (struct verdict){.status = STATUS_VALID};
    notes_of_plan(verdict, plan);
    notes_of_disturbance(verdict, measurement);
    if (level_check_before_go(&the, verdict) || machinery_failed(&the, verdict) ||
        (!outcome->counts[FETCH_UNFINISHED] && faults_differ(&the, verdict)) ||
        (!allowed && requests_refused(&the, verdict)) ||
        (!allowed && requests_failed(&the, verdict)) || began_too_early(&the, verdict) ||
        was_stopped(&the, verdict) || (!exact && bounds_are_exceeded(&the, verdict)) ||
        (exact && counts_differ(&the, verdict)) ||
        (exact && bodies_differ(&the, verdict)) ||
        stamps_disagree(&the, !exact, verdict) ||
        /* Too many in flight beat the ideal too; this explains more. */
        (exact && level_check_differs(&the, verdict)) ||
        (exact && ideal_is_beaten(&the, verdict)) ||
        works_too_long(&the, !exact, verdict) || delay_differs(&the, verdict) ||
        too_early(&the, verdict) || (exact && connections_differ(&the, verdict)) ||
        (exact && handshakes_differ(&the, verdict)) || origin_ran_dry(&the, verdict) ||
        kernel_complains(&the, verdict) || level_check_held_back(&the, verdict)) {
        add_disturbance(&the, verdict);
        return;
    }
    notes_of_cell(verdict, plan, cell, measurement, outcome);
}
