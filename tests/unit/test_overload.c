/* test_overload.c - the origin's process when it refuses requests, slows down, or draws
 * its delays. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "tests/support/check.h"
#include "tests/support/http_client.h"

static const char request[] =
    "GET /detail/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

static void start(struct server *server, const struct behaviour *behaviour)
{
    server_start_with(server, &(struct origin_options){.behaviour = *behaviour});
}

static int ask(const struct server *server)
{
    int fd = connect_to(server);

    send_text(fd, request);
    return fd;
}

/* Waits until the origin has seen `requests`, since it may read two connections in any
 * order. */
static void wait_for(const struct server *server, uint64_t requests)
{
    const volatile struct origin_stats *stats = origin_stats(&server->process);

    while (stats->requests < requests)
        clock_sleep_ns(CLOCK_NS_PER_MS);
}

static double timing_ms(const char *text)
{
    const char *delay = strstr(text, "delay;dur=");

    assert_non_null(delay);
    return strtod(delay + 10, NULL);
}

/* Starts an origin with one place that refuses further requests; the connection that this
 * returns takes the place. */
static int start_full(struct server *server)
{
    struct behaviour behaviour = {.delay = delay_fixed(300 * CLOCK_NS_PER_MS),
                                  .capacity = 1,
                                  .overload = OVERLOAD_REFUSE};
    int fd;

    start(server, &behaviour);
    fd = ask(server);
    wait_for(server, 1);
    return fd;
}

static void test_refusal(void **state)
{
    struct server server;
    char *first;
    char *second;
    int fd;

    (void)state;
    fd = start_full(&server);
    second = receive_all(ask(&server));
    first = receive_all(fd);
    assert_non_null(strstr(first, "HTTP/1.1 200 OK\r\n"));
    assert_non_null(strstr(second, "HTTP/1.1 503 Service Unavailable\r\n"));
    assert_non_null(strstr(second, "\r\nRetry-After: 1\r\n"));
    assert_null(strstr(first, "queue;dur=")); /* it has no queue */
    assert_null(strstr(second, "Server-Timing"));
    free(first);
    free(second);
    first = receive_all(ask(&server)); /* the place is free again */
    assert_non_null(strstr(first, "HTTP/1.1 200 OK\r\n"));
    free(first);
    assert_int_equal(origin_stop(&server.process, NULL), 0);
    assert_int_equal(origin_stats(&server.process)->requests, 3);
    assert_int_equal(origin_stats(&server.process)->responses, 2);
    assert_int_equal(origin_stats(&server.process)->refused, 1);
    assert_int_equal(origin_stats(&server.process)->in_flight, 0);
    server_finish(&server);
}

/* On a kept connection a refusal is a normal response, and the next request is read. */
static void test_refusal_keeps_the_connection(void **state)
{
    struct server server;
    char *first;
    char *others;
    int kept;
    int fd;

    (void)state;
    fd = start_full(&server);
    kept = connect_to(&server);
    send_text(kept,
              "GET / HTTP/1.1\r\nHost: x\r\n\r\nHEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    send_text(kept, "GET /stats HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    others = receive_all(kept);
    first = receive_all(fd);
    assert_non_null(strstr(others, "503 Service Unavailable"));
    assert_non_null(strstr(others, "\"refused\": 2"));
    free(first);
    free(others);
    server_finish(&server);
}

/* Four requests share the capacity of one: together they take as long as one after the
 * other, each takes longer than alone, and the stamp says so. */
static void test_slowdown(void **state)
{
    struct behaviour behaviour = {.delay = delay_fixed(300 * CLOCK_NS_PER_MS),
                                  .capacity = 1,
                                  .overload = OVERLOAD_SLOW};
    uint64_t begin_ns = clock_ns();
    double longest_ms = 0;
    struct server server;
    int fds[4];

    (void)state;
    start(&server, &behaviour);
    for (size_t i = 0; i < 4; i++)
        fds[i] = ask(&server);
    for (size_t i = 0; i < 4; i++) {
        char *text = receive_all(fds[i]);

        assert_true(timing_ms(text) >= 300);
        if (timing_ms(text) > longest_ms)
            longest_ms = timing_ms(text);
        free(text);
    }
    assert_true(clock_ns() - begin_ns >= 1200 * CLOCK_NS_PER_MS);
    assert_true(longest_ms >= 600); /* 1200 if all had arrived at once */
    server_finish(&server);
}

/* A page with a short delay is sent before an earlier one with a long delay, although the
 * origin was already waiting for that one. */
static void test_short_overtakes_long(void **state)
{
    struct behaviour behaviour = {.seed = 0};
    struct server server;
    char nothing;
    char *text;
    int first;

    (void)state;
    assert_int_equal(delay_parse(&behaviour.delay, "uniform:0..3s", NULL), 0);
    while (delay_of(&behaviour.delay, behaviour.seed, 0) < 2 * CLOCK_NS_PER_S ||
           delay_of(&behaviour.delay, behaviour.seed, 1) > 100 * CLOCK_NS_PER_MS)
        behaviour.seed++;
    start(&server, &behaviour);
    first = ask(&server);
    wait_for(&server, 1);
    text = receive_all(ask(&server));
    assert_int_equal(recv(first, &nothing, 1, MSG_DONTWAIT), -1);
    assert_int_equal(errno, EAGAIN);
    free(text);
    text = receive_all(first);
    assert_true(timing_ms(text) >= 2000);
    free(text);
    server_finish(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refusal),
        cmocka_unit_test(test_refusal_keeps_the_connection),
        cmocka_unit_test(test_slowdown),
        cmocka_unit_test(test_short_overtakes_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
