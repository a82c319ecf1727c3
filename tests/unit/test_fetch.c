/* test_fetch.c - the result of a fetch for each kind of response, from a peer that
 * answers as the test scripts it. */
#include "base/clock.h"
#include "fetch/fetch.h"
#include "fetch/options.h"
#include "fetch/site.h"
#include "tests/support/check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

/* -- the peer ------------------------------------------------------------------ */

enum peer_end { PEER_CLOSES, PEER_RESETS, PEER_HANGS };

struct peer_script {
    const char *response; /* to the first request of every connection */
    enum peer_end end;    /* what follows it */
    bool reads_on;        /* closes only after a second request */
    const char *wants;    /* a request without this line gets no answer; NULL: any */
};

struct peer {
    pid_t pid;
    uint16_t port;
};

/* Reads one request. False: the client has gone. */
static bool receive_request(int fd, const char *wants)
{
    char text[4096];
    size_t size = 0;

    while (size < sizeof(text) - 1) {
        ssize_t got = recv(fd, text + size, sizeof(text) - 1 - size, 0);

        if (got <= 0)
            return false;
        size += (size_t)got;
        text[size] = '\0';
        if (strcasestr(text, "authorization:") || strcasestr(text, "cookie:"))
            return false; /* no test asks for these headers */
        if (strstr(text, "\r\n\r\n") || text[0] == 0x16 /* a TLS ClientHello */)
            return !wants || strstr(text, wants);
    }
    return false;
}

static void serve_script(int fd, const struct peer_script *script)
{
    struct linger abort_at_once = {.l_onoff = 1};

    if (!receive_request(fd, script->wants))
        return;
    (void)send(fd, script->response, strlen(script->response), MSG_NOSIGNAL);
    if (script->reads_on)
        (void)receive_request(fd, NULL);
    if (script->end == PEER_HANGS)
        (void)pause();
    if (script->end == PEER_RESETS)
        (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &abort_at_once,
                         sizeof(abort_at_once));
}

static struct peer start_peer(const struct peer_script *script)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct peer peer;

    assert_true(listener >= 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 16), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    peer.port = ntohs(address.sin_port);
    peer.pid = fork();
    assert_true(peer.pid >= 0);
    if (!peer.pid) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;) {
            int fd = accept(listener, NULL, NULL);

            if (fd < 0)
                _exit(1);
            serve_script(fd, script);
            (void)close(fd);
        }
    }
    (void)close(listener);
    return peer;
}

static void stop_peer(const struct peer *peer)
{
    (void)kill(peer->pid, SIGKILL);
    assert_int_equal(waitpid(peer->pid, NULL, 0), peer->pid);
}

/* -- one fetch ----------------------------------------------------------------- */

/* Fetches `count` times with one handle; returns the supply with the results. */
static struct work *fetch_from(const struct peer_script *script, const char *scheme,
                               const struct work_expectation *expect, bool reuse,
                               size_t count)
{
    /* short only where the test waits for it: a busy machine is slow */
    struct fetch_policy policy = {.timeout_ms = script->end == PEER_HANGS ? 300 : 30000,
                                  .reuse_connections = reuse};
    struct peer peer = start_peer(script);
    struct work_target target = {.expect = *expect};
    struct work_item item;
    struct fetch *fetch;
    struct work *work;
    char url[64];

    (void)snprintf(url, sizeof(url), "%s://127.0.0.1:%u/x", scheme, peer.port);
    target.url = url;
    assert_int_equal(work_create(&work, &target, 1, count, NULL), 0);
    assert_int_equal(fetch_create(&fetch, &policy, NULL), 0);
    work_arm(work, count);
    while (work_take(work, 0, &item))
        fetch_perform(fetch, &item);
    fetch_destroy(fetch);
    stop_peer(&peer);
    return work;
}

static const struct {
    const char *name;
    struct peer_script script;
    const char *body;     /* expected; NULL: any */
    uint16_t http_status; /* expected; 0: any 2xx */
    const char *scheme;   /* NULL: http */
    const char *outcome;
} cases[] = {
    {"as expected",
     {.response = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfilm"},
     "film",
     200,
     NULL,
     "ok"},
    {"in chunks",
     {.response =
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nfi\r\n2\r\nlm\r\n"
          "0\r\n\r\n"},
     "film",
     200,
     NULL,
     "ok"},
    {"any body",
     {.response = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"},
     NULL,
     0,
     NULL,
     "ok"},
    {"any 2xx", {.response = "HTTP/1.1 204 No Content\r\n\r\n"}, NULL, 0, NULL, "ok"},
    {"other body of that length",
     {.response = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfilX"},
     "film",
     200,
     NULL,
     "bad_body"},
    {"shorter body",
     {.response = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nfil"},
     "film",
     200,
     NULL,
     "bad_body"},
    {"longer body",
     {.response = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfilms"},
     "film",
     200,
     NULL,
     "bad_body"},
    {"empty body",
     {.response = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
     "film",
     200,
     NULL,
     "bad_body"},
    {"another status",
     {.response = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nfilm"},
     "film",
     200,
     NULL,
     "bad_status"},
    {"another status with a long body",
     {.response = "HTTP/1.1 500 Oops\r\nContent-Length: 9\r\n\r\nsomething"},
     "film",
     200,
     NULL,
     "bad_status"},
    {"a redirection is not followed",
     {.response = "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n"
                  "Content-Length: 0\r\n\r\n"},
     NULL,
     0,
     NULL,
     "bad_status"},
    {"nothing at all", {.response = ""}, "film", 200, NULL, "io_failed"},
    {"cut off in the head",
     {.response = "HTTP/1.1 200 OK\r\nContent-Le"},
     "film",
     200,
     NULL,
     "io_failed"},
    {"cut off in the body",
     {.response = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfi"},
     "film",
     200,
     NULL,
     "io_failed"},
    {"reset in the body",
     {.response = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfi", .end = PEER_RESETS},
     "film",
     200,
     NULL,
     "io_failed"},
    {"a bad chunk",
     {.response = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nfilm\r\n"},
     "film",
     200,
     NULL,
     "io_failed"},
    {"no HTTP",
     {.response = "220 mail.example ESMTP\r\n"},
     "film",
     200,
     NULL,
     "io_failed"},
    {"hangs before", {.response = "", .end = PEER_HANGS}, "film", 200, NULL, "timed_out"},
    {"hangs in the body",
     {.response = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfi", .end = PEER_HANGS},
     "film",
     200,
     NULL,
     "timed_out"},
    {"no TLS",
     {.response = "HTTP/1.1 400 Bad\r\n\r\n"},
     "film",
     200,
     "https",
     "connect_failed"},
};

static void test_outcomes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *body = cases[i].body;
        struct work_expectation expect = {.http_status = cases[i].http_status};
        const struct fetch_result *result;
        struct work *work;
        size_t count;

        if (body) {
            expect.body_known = true;
            expect.body_bytes = strlen(body);
            expect.body_crc32 = (uint32_t)crc32(0, (const Bytef *)body,
                                                (uInt)strlen(body));
        }
        work = fetch_from(&cases[i].script, cases[i].scheme ? cases[i].scheme : "http",
                          &expect, false, 1);
        result = work_results(work, &count);
        if (strcmp(fetch_outcome_word(result->outcome), cases[i].outcome) != 0)
            fail_msg("%s: %s (%s), not %s", cases[i].name,
                     fetch_outcome_word(result->outcome),
                     fetch_code_text(result->curl_code), cases[i].outcome);
        assert_true(result->end_ns >= result->start_ns);
        assert_int_equal(result->first_byte_ns != 0, result->http_status != 0);
        work_destroy(work);
    }
}

/* -- the delay stamp of the origin --------------------------------------------- */

static void test_server_timing(void **state)
{
    static const struct {
        const char *header;
        bool known;
        uint32_t us;
    } headers[] = {
        {"Server-Timing: delay;dur=50.123\r\n", true, 50123},
        {"server-timing:delay;dur=5\r\n", true, 5000},
        {"Server-Timing: cache;dur=2.3, delay;dur=0.042, queue;dur=7\r\n", true, 42},
        {"Server-Timing: delay;dur=0.000\r\n", true, 0},
        {"Server-Timing: queue;dur=7\r\n", false, 0},
        {"Server-Timing: mydelay;dur=5\r\n", false, 0},
        {"Server-Timing: db-delay;dur=5, x\r\n", false, 0},
        {"Server-Timing: db;desc=delay;dur=5\r\n", false, 0},
        {"Server-Timing: db;desc=\"a, delay;dur=5\"\r\n", false, 0},
        {"Server-Timing: mydelay;dur=5,delay;dur=6\r\n", true, 6000},
        {"Server-Timing: delay;dur=5;desc=x\r\n", false, 0},
        {"Server-Timing: delay;dur=5 x\r\n", false, 0},
        {"Server-Timing: delay\r\n", false, 0},
        {"Server-Timing: ,,\r\n", false, 0},
        {"Server-Timing:\r\n", false, 0},
        {"Server-Timing: delay;dur=\r\n", false, 0},
        {"Server-Timing: delay;dur=x\r\n", false, 0},
        {"Server-Timing: delay;dur=1.2.3\r\n", false, 0},
        {"Server-Timing: delay;dur=99999999999999999999999999999999\r\n", false, 0},
        {"X-Server-Timing: delay;dur=5\r\n", false, 0},
        {"", false, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        struct work_expectation any = {.delay_stamped = true};
        const struct fetch_result *result;
        struct work *work;
        char response[256];
        size_t count;

        (void)snprintf(response, sizeof(response),
                       "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n%s\r\n",
                       headers[i].header);
        work = fetch_from(&(struct peer_script){.response = response}, "http", &any,
                          false, 1);
        result = work_results(work, &count);
        assert_int_equal(result->outcome, FETCH_OK);
        if (result->has_origin_delay != headers[i].known ||
            result->origin_delay_us != headers[i].us)
            fail_msg("'%s' was read as %u", headers[i].header, result->origin_delay_us);
        work_destroy(work);
    }
}

/* Other servers may send anything in Server-Timing: it is not read. */
static void test_server_timing_of_others(void **state)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"
                               "Server-Timing: delay;dur=50.123\r\n\r\n";
    struct work_expectation any = {0};
    struct work *work = fetch_from(&(struct peer_script){.response = text}, "http", &any,
                                   false, 1);
    size_t count;

    (void)state;
    assert_int_equal(work_results(work, &count)->outcome, FETCH_OK);
    assert_false(work_results(work, &count)->has_origin_delay);
    work_destroy(work);
}

/* -- connections --------------------------------------------------------------- */

/* If a kept connection dies before the response, libcurl silently opens another;
 * until 8.17.0 it gives up after five such retries in the life of a handle. */
static void test_retries_are_forgotten(void **state)
{
    struct peer_script script = {
        .response = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", .reads_on = true};
    struct work_expectation any = {0};
    struct work *work = fetch_from(&script, "http", &any, true, 20);
    const struct fetch_result *results;
    size_t count;

    (void)state;
    results = work_results(work, &count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(results[i].outcome, FETCH_OK);
        assert_int_equal(results[i].connections, 1);
    }
    work_destroy(work);
}

/* Proxy variables and ~/.netrc are ignored. */
static void test_environment_is_ignored(void **state)
{
    struct peer_script script = {
        .response = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"};
    struct work_expectation any = {0};
    char home[] = "/tmp/bench-test-XXXXXX";
    char netrc[64];
    struct work *work;
    size_t count;
    FILE *file;

    (void)state;
    assert_non_null(mkdtemp(home));
    (void)snprintf(netrc, sizeof(netrc), "%s/.netrc", home);
    file = fopen(netrc, "w");
    assert_non_null(file);
    (void)fputs("default login a password b\n", file);
    (void)fclose(file);
    assert_int_equal(setenv("HOME", home, 1), 0);
    assert_int_equal(setenv("http_proxy", "http://127.0.0.1:1/", 1), 0);
    assert_int_equal(setenv("ALL_PROXY", "http://127.0.0.1:1/", 1), 0);
    work = fetch_from(&script, "http", &any, false, 1);
    assert_int_equal(work_results(work, &count)->outcome, FETCH_OK);
    work_destroy(work);
    (void)unlink(netrc);
    (void)rmdir(home);
}

/* A name with a given address needs no resolver, and every header of the site is sent. */
static void fetch_from_site(const char *wants, enum fetch_outcome outcome)
{
    struct peer_script script = {
        .response = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", .wants = wants};
    struct peer peer = start_peer(&script);
    static struct fetch_site site = {.servers = 2};
    struct fetch_policy policy = {.timeout_ms = 30000, .site = &site};
    struct work_target target = {.url = NULL};
    struct work_item item;
    struct fetch *fetch;
    struct work *work;
    char url[64];
    size_t count;

    (void)snprintf(url, sizeof(url), "http://no.such.host.invalid:%u/", peer.port);
    (void)snprintf(site.headers, sizeof(site.headers), "X-One: 1\nAccept: text/html\n");
    (void)snprintf(site.pins, sizeof(site.pins),
                   "another.invalid:%u:127.0.0.2\nno.such.host.invalid:%u:127.0.0.1\n",
                   peer.port, peer.port);
    target.url = url;
    assert_int_equal(work_create(&work, &target, 1, 1, NULL), 0);
    assert_int_equal(fetch_create(&fetch, &policy, NULL), 0);
    work_arm(work, 1);
    assert_true(work_take(work, 0, &item));
    fetch_perform(fetch, &item);
    assert_int_equal(work_results(work, &count)->outcome, outcome);
    fetch_destroy(fetch);
    work_destroy(work);
    stop_peer(&peer);
}

static void test_site(void **state)
{
    (void)state;
    fetch_from_site("\r\nX-One: 1\r\n", FETCH_OK);
    fetch_from_site("\r\nAccept: text/html\r\n", FETCH_OK);
    fetch_from_site("\r\nX-Two: 2\r\n", FETCH_IO_FAILED);
}

static void count_option(void *user, const char *name, const char *value)
{
    size_t *count = user;

    assert_true(name && name[0]);
    if (!strcmp(name, "PROXY"))
        assert_string_equal(value, "");
    ++*count;
}

static void test_options_are_described(void **state)
{
    size_t count = 0;

    (void)state;
    options_describe(count_option, &count);
    assert_in_range(count, 15, 50);
}

static int start_libcurl(void **state)
{
    (void)state;
    return fetch_global_init(NULL);
}

static int stop_libcurl(void **state)
{
    (void)state;
    fetch_global_cleanup();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_outcomes),
        cmocka_unit_test(test_server_timing),
        cmocka_unit_test(test_server_timing_of_others),
        cmocka_unit_test(test_retries_are_forgotten),
        cmocka_unit_test(test_environment_is_ignored),
        cmocka_unit_test(test_site),
        cmocka_unit_test(test_options_are_described),
    };

    return cmocka_run_group_tests_name("fetch", tests, start_libcurl, stop_libcurl);
}
