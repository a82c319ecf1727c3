/* test_clients.c - the origin against clients that are slow, silent, never read or are
 * many, and against requests that it does not serve. */
#include "base/clock.h"
#include "tests/support/check.h"
#include "tests/support/http_client.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* Short, to keep the test short; the pages' delay is longer on purpose. */
#define CLIENT_TIMEOUT_NS (150 * CLOCK_NS_PER_MS)
#define DELAY_NS          (400 * CLOCK_NS_PER_MS)

static void start_with_short_timeouts(struct server *server)
{
    server_start_with(server, &(struct origin_options){
                                  .behaviour.delay = delay_fixed(DELAY_NS),
                                  .patience = {.idle_ns = CLIENT_TIMEOUT_NS,
                                               .head_ns = CLIENT_TIMEOUT_NS,
                                               .write_ns = CLIENT_TIMEOUT_NS},
                              });
}

static volatile const struct origin_stats *stats_of(const struct server *server)
{
    return origin_stats(&server->process);
}

/* Waits until the server has dropped `count` clients; the timeout of the test bounds it.
 */
static void await_dropped(const struct server *server, uint64_t count)
{
    while (stats_of(server)->dropped < count)
        clock_sleep_ns(CLOCK_NS_PER_MS);
    assert_int_equal(stats_of(server)->dropped, count);
}

/* A page whose delay is longer than all timeouts still arrives. */
static void assert_still_serves(const struct server *server)
{
    char *text;
    int fd = connect_to(server);

    send_text(fd, "GET /detail/7 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    text = receive_all(fd);
    assert_contains(text, "HTTP/1.1 200 OK");
    assert_contains(text, "film-7");
    free(text);
}

/* -- slow and half-open clients ------------------------------------------------ */

static void test_silent_clients_are_dropped(void **state)
{
    struct server server;
    char byte;
    int fds[3];

    (void)state;
    start_with_short_timeouts(&server);
    for (size_t i = 0; i < 3; i++)
        fds[i] = connect_to(&server);
    send_text(fds[1], "GET /deta"); /* and nothing more */
    send_text(fds[2],
              "GET /stats HTTP/1.1\r\nHost: x\r\n\r\nGET "); /* kept, then the same */
    assert_still_serves(&server);
    await_dropped(&server, 3);
    assert_int_equal(recv(fds[0], &byte, 1, 0), 0);
    for (size_t i = 0; i < 3; i++)
        (void)close(fds[i]);
    server_finish(&server);
}

/* Sends `text` far more often than the timeouts until the server closes. */
static void send_until_dropped(int fd, const char *text)
{
    while (send(fd, text, strlen(text), MSG_NOSIGNAL) > 0)
        clock_sleep_ns(5 * CLOCK_NS_PER_MS);
    assert_true(errno == EPIPE || errno == ECONNRESET);
    (void)close(fd);
}

static void test_slow_clients_are_dropped(void **state)
{
    struct server server;
    int fd;

    (void)state;
    start_with_short_timeouts(&server);
    fd = connect_to(&server);
    send_text(fd, "GET / HTTP/1.1\r\nX: ");
    send_until_dropped(fd, "x");
    assert_int_equal(stats_of(&server)->dropped, 1);
    fd = connect_to(&server);
    send_text(fd, "nonsense\r\n\r\n");
    send_until_dropped(fd, "and more of it\r\n\r\n");
    assert_int_equal(stats_of(&server)->dropped, 2);
    assert_int_equal(stats_of(&server)->rejected, 1);
    assert_still_serves(&server);
    server_finish(&server);
}

/* The client leaves during its page's delay, and then the page stalls: no later event of
 * the client would end that. */
static void test_client_leaves_before_a_stall(void **state)
{
    struct origin_options options = {.behaviour.delay = delay_fixed(DELAY_NS)};
    struct server server;
    size_t descriptors;
    int fd;

    (void)state;
    assert_int_equal(fault_parse(&options.behaviour.faults, "stall", NULL), 0);
    server_start_with(&server, &options);
    descriptors = server_descriptors(&server);
    fd = connect_to(&server);
    send_text(fd, "GET /detail/7 HTTP/1.1\r\nHost: x\r\n\r\n");
    while (!stats_of(&server)->in_flight)
        clock_sleep_ns(CLOCK_NS_PER_MS);
    (void)close(fd);
    for (int ms = 0; ms < 10000 && stats_of(&server)->in_flight; ms++)
        clock_sleep_ns(CLOCK_NS_PER_MS);
    assert_int_equal(stats_of(&server)->in_flight, 0);
    await_server_descriptors(&server, descriptors);
    server_finish(&server);
}

/* The client sends requests and never reads a response. */
static void test_clients_that_never_read_are_dropped(void **state)
{
    struct origin_options options = {.patience = {.write_ns = CLIENT_TIMEOUT_NS}};
    struct timeval second = {.tv_sec = 1};
    struct server server;
    int fd;

    (void)state;
    server_start_with(&server, &options);
    fd = connect_to(&server);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof(second)), 0);
    /* in_flight is decremented last, in another process */
    while (!stats_of(&server)->dropped || stats_of(&server)->in_flight)
        (void)send(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27, MSG_NOSIGNAL);
    assert_int_equal(stats_of(&server)->aborted, 1); /* the response to be sent next */
    (void)close(fd);
    assert_still_serves(&server);
    server_finish(&server);
}

/* A client that closed its sending side still gets the page it asked for. */
static void test_half_open_clients_are_served(void **state)
{
    struct server server;
    char *text;
    int fd;

    (void)state;
    start_with_short_timeouts(&server);
    fd = connect_to(&server);
    send_text(fd, "GET /detail/3 HTTP/1.1\r\nHost: x\r\n\r\n");
    (void)shutdown(fd, SHUT_WR);
    text = receive_all(fd);
    assert_contains(text, "film-3");
    free(text);
    assert_int_equal(server_stop(&server)->dropped, 0);
    server_finish(&server);
}

/* -- many ---------------------------------------------------------------------- */

static void set_descriptor_limit(const struct server *server, rlim_t limit)
{
    struct rlimit limits = {limit, limit};

    assert_int_equal(prlimit(server->process.pid, RLIMIT_NOFILE, &limits, NULL), 0);
}

/* Without a free descriptor, clients wait in the backlog and are accepted as others
 * leave. */
static void test_clients_wait_for_a_free_descriptor(void **state)
{
    enum { ROOM = 10, COUNT = 40 };
    struct server server;
    int fds[COUNT];

    (void)state;
    server_start(&server, 1, 0);
    set_descriptor_limit(&server, server_descriptors(&server) + ROOM);
    for (size_t i = 0; i < COUNT; i++) {
        fds[i] = connect_to(&server);
        send_text(fds[i], "GET /detail/1 HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    while (!stats_of(&server)->accept_pauses)
        clock_sleep_ns(CLOCK_NS_PER_MS);
    assert_true(stats_of(&server)->connections < COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        char *text;

        (void)shutdown(fds[i],
                       SHUT_WR); /* this client is done and frees its descriptor */
        text = receive_all(fds[i]);
        assert_contains(text, "film-1\"");
        free(text);
    }
    assert_int_equal(server_stop(&server)->connections, COUNT);
    assert_int_equal(origin_stats(&server.process)->responses, COUNT);
    server_finish(&server);
}

/* 10,000 clients, as server benchmarks use, all idle, and one that is not. */
static void test_ten_thousand_idle_clients(void **state)
{
    enum { COUNT = 10000, SLACK = 100 };
    static int fds[COUNT];
    struct rlimit limits;
    struct server server;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limits), 0);
    if (limits.rlim_max < COUNT + SLACK)
        skip(); /* the limit of this machine is lower */
    limits.rlim_cur = limits.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limits), 0);
    server_start(&server, 1, 0);
    for (size_t i = 0; i < COUNT; i++)
        fds[i] = connect_to(&server);
    for (size_t i = 0; i < 100; i++)
        assert_still_serves(&server);
    for (size_t i = 0; i < COUNT; i += COUNT / 100) { /* each is still served */
        char *text;

        send_text(fds[i], "GET /detail/1 HTTP/1.0\r\n\r\n");
        text = receive_all(fds[i]);
        assert_contains(text, "film-1\"");
        free(text);
        fds[i] = -1;
    }
    for (size_t i = 0; i < COUNT; i++)
        if (fds[i] >= 0)
            (void)close(fds[i]);
    assert_int_equal(server_stop(&server)->connections, COUNT + 100);
    assert_int_equal(origin_stats(&server.process)->responses, 200);
    assert_int_equal(origin_stats(&server.process)->accept_pauses, 0);
    assert_int_equal(origin_stats(&server.process)->dropped, 0);
    server_finish(&server);
}

/* -- requests and responses ---------------------------------------------------- */

/* A request for a page follows each: the second response shows whether the connection was
 * kept, and that no part of the first was parsed as a request. */
static void test_requests_and_answers(void **state)
{
    static const char next[] =
        "GET /detail/9 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    static const struct {
        const char *request, *says;
        bool kept;
    } cases[] = {
        {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 OK", true},
        {"GET / HTTP/1.0\r\n\r\n", "Connection: close", false},
        {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "Connection: keep-alive",
         true},
        {"HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "HTTP/1.1 200 OK", true},
        {"GET http://x/detail/1 HTTP/1.1\r\nHost: x\r\n\r\n", "film-1\"", true},
        {"GET /detail/1?a=b HTTP/1.1\r\nHost: x\r\n\r\n", "film-1\"", true},
        {"GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n", "HTTP/1.1 200 OK",
         true},
        {"DELETE / HTTP/1.1\r\nHost: x\r\n\r\n", "Allow: GET, HEAD\r\n", true},
        {"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 405 ", true},
        {"OPTIONS http://x HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 405 ", true},
        {"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 405 ", true},
        {"BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 501 ", true},
        {"get / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 501 ", true},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 37\r\n\r\n", "HTTP/1.1 405 ",
         false},
        {"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
         "Transfer-Encoding: chunked\r\n\r\n",
         "HTTP/1.1 405 ", false},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3x\r\n\r\n", "HTTP/1.1 400 ",
         false},
        {"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n", "HTTP/1.1 400 ",
         false},
        {"GET / HTTP/3.0\r\nHost: x\r\n\r\n", "HTTP/1.1 400 ", false},
        {"GET * HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 400 ", false},
    };
    struct server server;

    (void)state;
    server_start(&server, 0, 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int fd = connect_to(&server);
        char *text;

        send_text(fd, cases[i].request);
        send_text(fd, next);
        (void)shutdown(fd, SHUT_WR);
        text = receive_all(fd);
        assert_contains(text, cases[i].says);
        if (count_of(text, "HTTP/1.1 ") != (cases[i].kept ? 2 : 1) ||
            count_of(text, "film-9\"") != (cases[i].kept ? 1 : 0))
            fail_msg("%s: %s", cases[i].request, text);
        free(text);
    }
    server_finish(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_silent_clients_are_dropped),
        cmocka_unit_test(test_slow_clients_are_dropped),
        cmocka_unit_test(test_client_leaves_before_a_stall),
        cmocka_unit_test(test_clients_that_never_read_are_dropped),
        cmocka_unit_test(test_half_open_clients_are_served),
        cmocka_unit_test(test_clients_wait_for_a_free_descriptor),
        cmocka_unit_test(test_ten_thousand_idle_clients),
        cmocka_unit_test(test_requests_and_answers),
    };

    return cmocka_run_group_tests_name("clients", tests, NULL, NULL);
}
