/* contract.c - see contract.h: the requirements, and the server and supply for each. */
#include "harness/check/contract.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/guarded.h"
#include "base/shared.h"
#include "harness/cell/interrupt.h"
#include "harness/check/attempt.h"
#include "harness/plan/fault_outcome.h"
#include "origin/process.h"

/* A check that takes longer is hung; the longest takes 2 s. */
#define CHECK_NS (12 * CLOCK_NS_PER_S)

/* The timeout of a fetch that should not have one. */
enum { LONG_MS = 8000, WORKERS = 3, QUEUE_LIMIT = 3 };

/* When the next request of a rate is due. */
#define SPACING_NS (5 * CLOCK_NS_PER_MS)

/* After this number of hung checks the rest is left out. */
enum { HUNG_MAX = 2 };

static const struct requirement requirements[] = {
    {.name = "open() does not connect", .level = 4, .flags = REQUIRE_OFFLINE},
    {.name = "level 1", .level = 1, .delay_ms = 20},
    {.name = "level 4", .level = 4, .delay_ms = 200},
    {.name = "level 32", .level = 32, .delay_ms = 300},
    {.name = "the server sees 32 requests at once",
     .level = 32,
     .delay_ms = 500,
     .flags = REQUIRE_AT_ONCE},
    {.name = "0 to 3 requests at level 32",
     .level = 32,
     .runs = 4,
     .delay_ms = 5,
     .flags = REQUIRE_GROWING},
    {.name = "203 requests at level 7", .level = 7, .requests = 203, .delay_ms = 5},
    {.name = "a request that ends is followed by the next",
     .level = 8,
     .requests = 80,
     .delay_ms = 10,
     .flags = REQUIRE_STEADY},
    {.name = "three runs keep their connections",
     .level = 8,
     .requests = 40,
     .runs = 3,
     .delay_ms = 5,
     .flags = REQUIRE_REUSE},
    {.name = "TLS", .level = 4, .requests = 40, .delay_ms = 20, .flags = REQUIRE_TLS},
    {.name = "TLS with sessions",
     .level = 4,
     .requests = 40,
     .delay_ms = 20,
     .flags = REQUIRE_TLS | REQUIRE_SESSIONS},
    {.name = "compressed bodies",
     .level = 4,
     .requests = 12,
     .delay_ms = 20,
     .flags = REQUIRE_GZIP},
    {.name = "bodies in chunks",
     .level = 4,
     .requests = 12,
     .delay_ms = 20,
     .flags = REQUIRE_CHUNKS},
    {.name = "--max-host-connections 3",
     .level = 12,
     .requests = 24,
     .delay_ms = 20,
     .flags = REQUIRE_QUEUE},
    {.name = "no server",
     .level = 4,
     .requests = 12,
     .flags = REQUIRE_CLOSED_PORT,
     .outcome = FETCH_CONNECT_FAILED},
    {.name = "a certificate that is not trusted",
     .level = 4,
     .requests = 12,
     .flags = REQUIRE_TLS | REQUIRE_WRONG_CA,
     .outcome = FETCH_CONNECT_FAILED},
    {.name = "an unexpected status",
     .level = 4,
     .requests = 12,
     .flags = REQUIRE_NO_PAGE,
     .outcome = FETCH_BAD_STATUS},
    {.name = "an unexpected body",
     .level = 4,
     .requests = 12,
     .flags = REQUIRE_OTHER_BODY,
     .outcome = FETCH_BAD_BODY},
    {.name = "timeout",
     .level = 4,
     .requests = 12,
     .delay_ms = 20000,
     .timeout_ms = 50,
     .outcome = FETCH_TIMED_OUT},
#define FAULT(kind, word, how, wire)                         \
    {.name = "a server's fault: " word,                      \
     .level = 4,                                             \
     .requests = 8,                                          \
     .timeout_ms = FETCH_##how == FETCH_TIMED_OUT ? 200 : 0, \
     .outcome = FETCH_##how,                                 \
     .fault = FAULT_##kind},
#include "origin/fault.def"
#undef FAULT
    {.name = "close() leaves nothing behind", .level = 16, .flags = REQUIRE_CLEAN},
    {.name = "close() after failures leaves nothing behind",
     .level = 16,
     .flags = REQUIRE_CLEAN,
     .outcome = FETCH_IO_FAILED,
     .fault = FAULT_RESET_IN_HEAD},
    {.name = "a lack of descriptors is an error or failed requests",
     .level = 32,
     .flags = REQUIRE_POOR},
    {.name = "keeps the schedule of a rate",
     .level = 8,
     .requests = 60,
     .delay_ms = 5,
     .flags = REQUIRE_RATE},
    {.name = "ends when its time is over",
     .level = 4,
     .requests = 12,
     .delay_ms = 20000,
     .stop_ms = 300,
     .flags = REQUIRE_RATE,
     .outcome = FETCH_TIMED_OUT},
};

enum { REQUIREMENT_COUNT = sizeof(requirements) / sizeof(requirements[0]) };

/* The input of an attempt, and its owner. */
struct fixture {
    const struct requirement *requirement;
    size_t requests, limit; /* of one run; in flight at once */
    struct page_set *pages;
    struct ca *ca;
    struct origin_process origin;
    struct fetch_policy policy;
    struct work *work;
    struct shared shares;
};

static bool has(const struct fixture *fixture, unsigned flag)
{
    return fixture->requirement->flags & flag;
}

/* -- server and supply --------------------------------------------------------- */

/* The CA of the server's certificate, and the one that the client trusts. */
static int make_ca(struct fixture *fixture, struct err *err)
{
    struct ca *other = NULL;
    int result = -1;

    if (!ca_create(&fixture->ca, err) && !ca_create(&other, err)) {
        const char *pem = ca_pem(has(fixture, REQUIRE_WRONG_CA) ? other : fixture->ca);

        (void)snprintf(fixture->policy.ca, sizeof(fixture->policy.ca), "%s", pem);
        result = 0;
    }
    ca_destroy(other);
    return result;
}

static int start_server(struct fixture *fixture, struct err *err)
{
    const struct requirement *requirement = fixture->requirement;
    struct body_form body = {.gzip = has(fixture, REQUIRE_GZIP),
                             .chunked = has(fixture, REQUIRE_CHUNKS)};
    struct origin_options options = {
        .address = "127.0.0.1",
        .behaviour = {.delay = delay_fixed(requirement->delay_ms * CLOCK_NS_PER_MS)},
        .tls_sessions = has(fixture, REQUIRE_SESSIONS),
    };

    if (has(fixture, REQUIRE_TLS) && make_ca(fixture, err))
        return -1;
    if (requirement->fault)
        options.behaviour.faults.percent[requirement->fault] = 100;
    options.ca = fixture->ca;
    if (page_set_create(&fixture->pages, &body, err) ||
        origin_start(&fixture->origin, &options, fixture->pages, fixture->requests, err))
        return -1;
    /* The port was open just now, so it is closed after the stop. */
    return has(fixture, REQUIRE_CLOSED_PORT) ? origin_stop(&fixture->origin, err) : 0;
}

/* Requests of a rate are due one after another, every third together with the next. */
static int create_supply(struct fixture *fixture, const struct work_target *targets,
                         size_t target_count, struct err *err)
{
    unsigned stop_ms = fixture->requirement->stop_ms;
    struct work_timing timing = {.close_ns = stop_ms * CLOCK_NS_PER_MS,
                                 .cuts = stop_ms > 0};
    struct work_moment *moments = calloc(fixture->requests, sizeof(*moments));
    int result;

    if (!moments)
        return err_errno(err, "no memory for %zu moments", fixture->requests);
    for (size_t i = 0; i < fixture->requests; i++)
        moments[i] = (struct work_moment){(i + (i % 3 == 0)) * SPACING_NS,
                                          (uint32_t)(i % target_count)};
    if (has(fixture, REQUIRE_RATE))
        timing.moments = moments;
    result = work_create_timed(&fixture->work, targets, target_count, fixture->requests,
                               &timing, err);
    free(moments);
    return result;
}

static int make_supply(struct fixture *fixture, struct err *err)
{
    struct work_target targets[PAGE_DETAIL_COUNT] = {{.url = NULL}};
    char urls[PAGE_DETAIL_COUNT][64];
    bool lost = has(fixture, REQUIRE_NO_PAGE);

    for (size_t i = 0; i < PAGE_DETAIL_COUNT; i++) {
        const struct page *page = &fixture->pages->pages[1 + i];

        (void)snprintf(urls[i], sizeof(urls[i]), "%s://127.0.0.1:%u%s%s",
                       fixture->ca ? "https" : "http", fixture->origin.port,
                       lost ? "/nothing" : "", page->path);
        targets[i] = (struct work_target){
            .url = urls[i],
            .expect = {.http_status = 200,
                       .body_known = !lost,
                       .delay_stamped = !lost,
                       .body_bytes = page->body_bytes,
                       .body_crc32 = page->crc32 ^ has(fixture, REQUIRE_OTHER_BODY)}};
    }
    return create_supply(fixture, targets, PAGE_DETAIL_COUNT, err);
}

static void fixture_close(struct fixture *fixture)
{
    origin_close(&fixture->origin);
    work_destroy(fixture->work);
    shared_close(&fixture->shares);
    page_set_destroy(fixture->pages);
    ca_destroy(fixture->ca);
}

static int fixture_open(struct fixture *fixture, const struct requirement *requirement,
                        const struct strategy *strategy, struct err *err)
{
    unsigned level = requirement->level;
    size_t limit = strategy_in_flight_limit(strategy, level);

    *fixture = (struct fixture){
        .requirement = requirement,
        .limit = limit,
        /* A strategy that is slow by nature fetches fewer pages. */
        .requests = requirement->requests ? requirement->requests
                    : limit < level       ? 8
                                          : level,
        .policy = {.timeout_ms = requirement->timeout_ms ? requirement->timeout_ms
                                                         : LONG_MS}};
    if (has(fixture, REQUIRE_AT_ONCE))
        fixture->requests = limit;
    fixture->policy.reuse_connections = has(fixture, REQUIRE_REUSE);
    fixture->policy.tls_sessions = has(fixture, REQUIRE_SESSIONS);
    fixture->policy.accept_gzip = has(fixture, REQUIRE_GZIP);
    fixture->policy.max_host_connections = has(fixture, REQUIRE_QUEUE) ? QUEUE_LIMIT : 0;
    return start_server(fixture, err) || make_supply(fixture, err)
               ? -1
               : shared_create(&fixture->shares, "bench-shares",
                               level * sizeof(struct usage), err);
}

/* -- the server's evidence ----------------------------------------------------- */

static int check_connections(const struct fixture *fixture,
                             const struct origin_stats *stats, uint64_t requests,
                             struct err *err)
{
    uint64_t handshakes = stats->tls_handshakes + stats->tls_resumed;

    if (has(fixture, REQUIRE_REUSE) && stats->connections > fixture->limit)
        return err_set(err, "%llu connections were made, and %zu suffice",
                       (unsigned long long)stats->connections, fixture->limit);
    if (!has(fixture, REQUIRE_REUSE) && stats->connections != requests)
        return err_set(err,
                       "%llu connections were made for %llu requests, each of which "
                       "needs a new one",
                       (unsigned long long)stats->connections,
                       (unsigned long long)requests);
    if (has(fixture, REQUIRE_TLS) && handshakes != stats->connections)
        return err_set(err, "%llu TLS handshakes were made for %llu connections",
                       (unsigned long long)handshakes,
                       (unsigned long long)stats->connections);
    if (stats->tls_resumed && !has(fixture, REQUIRE_SESSIONS))
        return err_set(err, "%llu TLS sessions were resumed, which is off",
                       (unsigned long long)stats->tls_resumed);
    return 0;
}

static int check_server(struct fixture *fixture, struct err *err)
{
    const struct requirement *requirement = fixture->requirement;
    const struct origin_stats *stats = origin_stats(&fixture->origin);
    uint64_t runs = requirement->runs ? requirement->runs : 1;
    uint64_t requests = has(fixture, REQUIRE_GROWING) ? runs * (runs - 1) / 2
                                                      : runs * fixture->requests;
    size_t peak = has(fixture, REQUIRE_QUEUE) && fixture->limit > QUEUE_LIMIT
                      ? QUEUE_LIMIT
                      : fixture->limit;

    if (origin_stop(&fixture->origin, err))
        return -1;
    if (requirement_outcome(requirement) != FETCH_OK ||
        has(fixture, REQUIRE_OFFLINE | REQUIRE_POOR))
        return 0;
    if (has(fixture, REQUIRE_CLEAN))
        requests *= 2;
    if (stats->requests != requests || stats->responses != requests)
        return err_set(
            err, "the server had %llu requests and sent %llu responses, not %llu",
            (unsigned long long)stats->requests, (unsigned long long)stats->responses,
            (unsigned long long)requests);
    if (stats->in_flight_peak > peak ||
        (has(fixture, REQUIRE_AT_ONCE) && stats->in_flight_peak < peak))
        return err_set(err, "the server had %llu requests at once, not %zu",
                       (unsigned long long)stats->in_flight_peak, peak);
    return check_connections(fixture, stats, requests, err);
}

/* -- one requirement ----------------------------------------------------------- */

/* Why the table says that it does not apply; NULL: it does. */
static const char *left_out(const struct requirement *requirement,
                            const struct strategy *strategy)
{
    unsigned flags = requirement->flags;

    if (strategy->plain_http_only && flags & (REQUIRE_TLS | REQUIRE_GZIP))
        return "its table says plain_http_only";
    if (strategy->fresh_only && flags & REQUIRE_REUSE)
        return "its table says fresh_only";
    if (!strategy->multi && flags & REQUIRE_QUEUE)
        return "its table does not say multi";
    return NULL;
}

/* Makes an attempt with the fixture and sets `failure`; "": the requirement is met. */
static int attempt(struct fixture *fixture, const struct plugin_table *table,
                   struct err *failure, struct err *err)
{
    struct strategy_env env = {.work = fixture->work,
                               .policy = &fixture->policy,
                               .level = fixture->requirement->level,
                               .workers = WORKERS,
                               .shares = fixture->shares.memory};
    struct attempt_setting setting = {.requirement = fixture->requirement,
                                      .file = &table->file,
                                      .env = &env,
                                      .origin = origin_stats(&fixture->origin),
                                      .requests = fixture->requests};
    struct guarded guarded = {.run = attempt_run,
                              .argument = &setting,
                              .memory_bytes = sizeof(struct attempt),
                              .limit_ns = CHECK_NS,
                              .mask = interrupt_wait_mask()};
    struct attempt attempt;
    struct err death;

    switch (guarded_run(&guarded, &attempt, &death)) {
    case GUARDED_RETURNED:
        attempt.failure.text[sizeof(attempt.failure.text) - 1] = '\0';
        *failure = attempt.failure;
        if (!failure->text[0])
            (void)check_server(fixture, failure);
        return 0;
    case GUARDED_DIED:
        (void)err_set(failure, "%s %.480s", attempt_stage_text(&attempt), death.text);
        return 0;
    case GUARDED_INTERRUPTED:
        return 1;
    default:
        *err = death;
        return -1;
    }
}

static int check(const struct requirement *requirement, const struct plugin_table *table,
                 struct err *failure, struct err *err)
{
    struct fixture fixture;
    int result = fixture_open(&fixture, requirement, &table->strategy, err);

    failure->text[0] = '\0';
    if (!result)
        result = attempt(&fixture, table, failure, err);
    fixture_close(&fixture);
    return result;
}

/* Why a requirement is not checked; NULL: it is. */
static const char *left_out_now(const struct requirement *requirement,
                                const struct strategy *strategy, unsigned hung)
{
    return hung >= HUNG_MAX ? "not tried after two that hung"
                            : left_out(requirement, strategy);
}

/* A plugin may do without rates: those of older headers do. */
static enum contract_verdict verdict_of(const struct requirement *requirement,
                                        struct err *failure)
{
    if (!failure->text[0])
        return CONTRACT_MET;
    if (!(requirement->flags & REQUIRE_RATE))
        return CONTRACT_FAILED;
    (void)err_prefix(failure, "cannot hold a rate");
    return CONTRACT_NOTE;
}

int contract_check(const struct plugin_table *table, const char *only,
                   const struct contract_listener *listener, unsigned *failed,
                   struct err *err)
{
    unsigned hung = 0;

    *failed = 0;
    if (interrupt_install(err))
        return -1;
    for (size_t i = 0; i < REQUIREMENT_COUNT; i++) {
        const struct requirement *requirement = &requirements[i];
        const char *reason = left_out_now(requirement, &table->strategy, hung);
        uint64_t start_ns = clock_ns();
        enum contract_verdict verdict;
        struct err failure;
        int result;

        if (only && !strstr(requirement->name, only))
            continue;
        if (reason) {
            listener->on_verdict(listener->user, requirement->name, CONTRACT_LEFT_OUT,
                                 reason);
            continue;
        }
        result = check(requirement, table, &failure, err);
        if (result)
            return result;
        hung += clock_ns() - start_ns >= CHECK_NS;
        verdict = verdict_of(requirement, &failure);
        *failed += verdict == CONTRACT_FAILED;
        listener->on_verdict(listener->user, requirement->name, verdict, failure.text);
    }
    return 0;
}
