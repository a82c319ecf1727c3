/* measure.c - see measure.h. */
#include "harness/cell/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"
#include "harness/cell/report_check.h"
#include "harness/cell/supply.h"
#include "harness/plan/ideal.h"
#include "harness/plan/outside.h"
#include "harness/target/target.h"

/* How long a cell may go without progress, beyond the timeout of a fetch, before it
 * counts as hung: it needs time to create and to end its workers. */
#define PATIENCE_NS            (10 * CLOCK_NS_PER_S)
#define PATIENCE_OF_PROGRAM_NS (5 * CLOCK_NS_PER_S)
#define PATIENCE_OF_ONE_NS     (20 * CLOCK_NS_PER_MS)

/* -- addresses ----------------------------------------------------------------- */

/* Every cell has its origin at a loopback address that no earlier cell used, so that the
 * TIME_WAIT sockets of one do not slow down the next. Any address in 127/8 needs no
 * configuration; where to begin differs from run to run. */
static void take_address(struct measurer *measurer, char text[MEASUREMENT_ADDRESS_SIZE])
{
    uint32_t host = measurer->next_address++;

    /* 127.1.1.1 to 127.254.254.254: 254 is not reached by zero or 255 in any part. */
    (void)snprintf(text, MEASUREMENT_ADDRESS_SIZE, "127.%u.%u.%u",
                   1 + host / (254 * 254) % 254, 1 + host / 254 % 254, 1 + host % 254);
}

/* In milliseconds, rounded up, and within 31 bits, as libcurl takes it. */
static uint32_t timeout_ms(const struct plan *plan)
{
    uint64_t ms = (plan_timeout_ns(plan) + CLOCK_NS_PER_MS - 1) / CLOCK_NS_PER_MS;

    return ms < INT32_MAX ? (uint32_t)ms : INT32_MAX;
}

/* One CA for the whole sweep; it issues each origin's certificate. */
static int make_ca(struct measurer *measurer, struct err *err)
{
    struct fetch_policy *policy = &measurer->policy;
    const char *pem;

    if (ca_create(&measurer->ca, err))
        return -1;
    pem = ca_pem(measurer->ca);
    if (strlen(pem) >= sizeof(policy->ca))
        return err_set(err, "the certificate of the CA is too long");
    memcpy(policy->ca, pem, strlen(pem) + 1);
    return 0;
}

int measurer_open(struct measurer *measurer, const struct plan *plan, struct err *err)
{
    struct random random = {clock_ns() ^ ((uint64_t)getpid() << 32)};

    *measurer = (struct measurer){.plan = NULL};
    if (access("/proc/self/exe", F_OK))
        return err_set(err, "/proc is not mounted: bench starts its cells through "
                            "/proc/self/exe; run 'mount -t proc proc /proc'");
    *measurer = (struct measurer){
        .plan = plan,
        .next_address = (uint32_t)random_below(&random, 254ull * 254 * 254),
        .policy = {.timeout_ms = timeout_ms(plan),
                   .reuse_connections = plan->reuse_connections,
                   .max_host_connections = plan->max_host_connections,
                   .tls_sessions = plan->tls_sessions,
                   .site = plan->site ? &plan->site->fetch : NULL},
    };
    if (plan->site)
        return 0;
    if (plan->tls && make_ca(measurer, err))
        return -1;
    measurer->policy.accept_gzip = plan->origin.body.gzip;
    return page_set_create(&measurer->pages, &plan->origin.body, err);
}

void measurer_close(struct measurer *measurer)
{
    page_set_destroy(measurer->pages);
    ca_destroy(measurer->ca);
    measurer->pages = NULL;
    measurer->ca = NULL;
}

/* -- one cell ------------------------------------------------------------------ */

/* The hundred detail pages at an origin, with the expected content of each. */
static int list_pages(struct target_list *list, const struct page_set *pages,
                      const char *scheme, const char *address, uint16_t port,
                      struct err *err)
{
    if (target_list_make(list, PAGE_DETAIL_COUNT, err))
        return -1;
    for (size_t i = 1; i <= PAGE_DETAIL_COUNT; i++) {
        const struct page *page = &pages->pages[i];
        struct work_expectation expect = {
            .http_status = 200,
            .body_known = true,
            .delay_stamped = true,
            .body_bytes = page->body_bytes,
            .body_crc32 = page->crc32,
        };
        char *url = NULL;

        if (asprintf(&url, "%s://%s:%u%s", scheme, address, port, page->path) < 0)
            url = NULL;
        if (target_list_add(list, url, expect, err))
            return -1;
    }
    return 0;
}

static int open_origin(struct measurement *measurement, struct measurer *measurer,
                       const struct cell *cell, const struct behaviour *origin,
                       struct target_list *targets, struct err *err)
{
    const struct pin *pin = &measurer->plan->pin;

    take_address(measurer, measurement->address);
    measurement->pages = measurer->pages;
    measurement->origin_options = (struct origin_options){
        .address = measurement->address,
        .cpus = pin->pinned ? &pin->origin : NULL,
        .ca = measurer->ca,
        .tls_sessions = measurer->plan->tls_sessions,
        .behaviour = *origin,
    };
    if (origin_open(&measurement->origin_process, &measurement->origin_options,
                    cell->requests, err))
        return -1;
    measurement->has_origin = true;
    measurement->origin = origin_stats(&measurement->origin_process);
    return list_pages(targets, measurer->pages, measurer->ca ? "https" : "http",
                      measurement->address, measurement->origin_process.port, err);
}

int measurement_prepare(struct measurement *measurement, struct measurer *measurer,
                        const struct cell *cell, const struct behaviour *origin,
                        bool at_once, struct err *err)
{
    struct target_list targets = {0};
    int result;

    *measurement = (struct measurement){.lines = &measurer->lines};
    if (measurer->plan->site)
        result = target_list_of_site(&targets, measurer->plan->site, cell->requests, err);
    else
        result = open_origin(measurement, measurer, cell, origin, &targets, err);
    if (!result)
        result = supply_make(&measurement->work, measurer->plan, cell, &targets, at_once,
                             err);
    target_list_free(&targets);
    return result;
}

struct cell_request measurer_request(const struct measurer *measurer,
                                     const struct cell *cell)
{
    const struct target_site *site = measurer->plan->site;
    struct cell_request request = {
        .level = cell->level,
        .rate = cell->rate,
        .workers = plan_workers(measurer->plan, cell->strategy, cell->level),
        .policy = measurer->policy,
        .has_site = site != NULL,
        .pinned = measurer->plan->pin.pinned,
        .cpus = measurer->plan->pin.client,
    };

    (void)snprintf(request.strategy, sizeof(request.strategy), "%s",
                   cell->strategy->name);
    outside_request_make(measurer->plan, cell->strategy, &request.outside);
    request.outside.patience_ms = measurer->policy.timeout_ms +
                                  (uint32_t)(PATIENCE_NS / CLOCK_NS_PER_MS);
    if (site)
        request.site = site->fetch;
    return request;
}

static int start_origin(struct measurement *measurement, struct running_cell *running,
                        struct err *err)
{
    struct origin_process *process = &measurement->origin_process;

    return origin_run(process, &measurement->origin_options, measurement->pages, err) ||
                   cell_set_origin(running, process->pid, err)
               ? -1
               : 0;
}

int measurement_start(struct measurement *measurement, const struct cell *cell,
                      const struct cell_request *request, struct running_cell *running,
                      struct err *err)
{
    char **environment = variant_environment(cell->variant, err);
    int result;

    if (!environment)
        return -1;
    result = cell_start(running, request, variant_program(cell->variant), environment,
                        measurement->work, err);
    free(environment);
    if (result)
        return -1;
    running->lines = measurement->lines;
    if (measurement->has_origin && start_origin(measurement, running, err)) {
        cell_close(running);
        return -1;
    }
    if (measurement->has_origin && request->outside.kind == OUTSIDE_PROGRAM)
        running->witness = measurement->origin;
    return 0;
}

/* A fetch ends within its timeout; then the next one is taken, or the run is over. The
 * driver of a program waits as long for `ready`, and must give up before the harness
 * does. The requests of a program to a foreign server are not seen, so its only progress
 * is the end of all of them. */
uint64_t measure_patience_ns(const struct plan *plan, const struct cell *cell)
{
    uint64_t one_ns = plan_timeout_ns(plan);

    if (!outside_is_program(plan, cell->strategy))
        return one_ns + PATIENCE_NS + cell->level * PATIENCE_OF_ONE_NS;
    if (plan->url)
        one_ns *= batches(cell->requests,
                          plan_inflight_limit(plan, cell->strategy, cell->level));
    return one_ns + PATIENCE_NS + PATIENCE_OF_PROGRAM_NS +
           cell->level * PATIENCE_OF_ONE_NS;
}

/* With a duration and no rate, the requests of a cell are those that began in time. */
static void count_what_began(struct measurement *measurement, const struct plan *plan,
                             const struct cell *cell)
{
    size_t room;

    if (cell->rate || !plan_is_timed(plan))
        return;
    (void)work_results(measurement->work, &room);
    work_settle(measurement->work);
    (void)work_results(measurement->work, &measurement->result_count);
    measurement->slots_full = measurement->result_count == room &&
                              !work_has_moments(measurement->work);
}

/* Copies and checks the cell's report and results. The cell has ended, and its processes
 * are gone. */
static int take_evidence(struct measurement *measurement, const struct plan *plan,
                         const struct cell *cell, const struct running_cell *running,
                         struct err *err)
{
    struct cell_bounds bounds = {
        .begin_ns = running->started_ns,
        .end_ns = clock_ns(),
        .processes = cell->level + 1,
    };
    struct err *overwritten = &measurement->overwritten;
    const struct cell_report *report = &measurement->report;

    for (int part = 0; part < CELL_PART_COUNT; part++)
        measurement->stops[part] = (struct cell_stops){
            .count = running->stops[part].count,
            .stopped_ns = child_stopped_ns(&running->stops[part], bounds.end_ns)};
    measurement->report = cell_report_copy(running);
    if (report->started_ns <= bounds.end_ns)
        bounds.last_due_ns = report->started_ns + supply_last_due_ns(measurement->work);
    count_what_began(measurement, plan, cell);
    measurement->owned_results = work_results_copy(measurement->work,
                                                   &measurement->result_count, err);
    if (!measurement->owned_results)
        return -1;
    measurement->results = measurement->owned_results;
    (void)results_check(measurement->owned_results, measurement->result_count, &bounds,
                        overwritten);
    if (report->stage == CELL_CLOSED && !report->failed)
        supply_settle(measurement->work, cell, report->started_ns,
                      measurement->owned_results, measurement->result_count);
    /* Last, since an overwritten report explains more than an overwritten result. */
    (void)report_check(&measurement->report, &bounds, overwritten);
    return 0;
}

static int run_cell(struct measurer *measurer, const struct cell *cell,
                    struct measurement *measurement, struct err *err)
{
    struct cell_request request = measurer_request(measurer, cell);
    const struct cpus *client = request.pinned ? &request.cpus : NULL;
    struct kernel_counters before;
    struct kernel_counters after;
    struct running_cell running;
    int result;

    if (measurement_start(measurement, cell, &request, &running, err))
        return -1;
    measurement->time_wait_before = kernel_time_wait();
    before = kernel_counters_now(client);
    cell_release(&running);
    /* Workers may have claimed all that is due until the end. */
    measurement->end = cell_wait(&running,
                                 measure_patience_ns(measurer->plan, cell) +
                                     supply_last_due_ns(measurement->work),
                                 &measurement->end_text);
    origin_ask_to_stop(&measurement->origin_process);
    result = take_evidence(measurement, measurer->plan, cell, &running, err);
    cell_close(&running);
    after = kernel_counters_now(client);
    measurement->kernel = kernel_counters_since(&before, &after);
    return result;
}

int measure_cell(struct measurer *measurer, const struct cell *cell,
                 struct measurement *measurement, struct err *err)
{
    if (measurement_prepare(measurement, measurer, cell, &measurer->plan->origin, false,
                            err) ||
        run_cell(measurer, cell, measurement, err)) {
        measurement_free(measurement);
        return -1;
    }
    if (measurement->has_origin)
        (void)origin_stop(&measurement->origin_process, &measurement->origin_failure);
    return 0;
}

void measurement_free(struct measurement *measurement)
{
    origin_close(&measurement->origin_process);
    work_destroy(measurement->work);
    free(measurement->owned_results);
    *measurement = (struct measurement){0};
}
