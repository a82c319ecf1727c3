/* test_server.c - the origin's process, driven by handwritten HTTP over sockets. */
#include "base/clock.h"
#include "origin/request.h"
#include "tests/support/check.h"
#include "tests/support/http_client.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_page_and_head(void **state)
{
    struct server server;
    uint64_t start_ns;
    char *text;
    int fd;

    (void)state;
    server_start(&server, 30, 0);
    fd = connect_to(&server);
    start_ns = clock_ns();
    send_text(fd, "GET /detail/7 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    text = receive_all(fd);
    assert_true(clock_ns() - start_ns >= 30 * CLOCK_NS_PER_MS);
    assert_memory_equal(text, "HTTP/1.1 200 OK\r\n", 17);
    assert_contains(text, "Content-Type: text/html; charset=utf-8\r\n");
    assert_contains(text, "Server-Timing: delay;dur=");
    assert_true(strtod(strstr(text, "dur=") + 4, NULL) >= 30);
    assert_contains(text, "Connection: close\r\n");
    assert_contains(text, " GMT\r\n");
    assert_string_equal(strstr(text, "\r\n\r\n") + 4, server.pages->pages[7].body);
    free(text);
    fd = connect_to(&server);
    send_text(fd, "HEAD /detail/7 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    text = receive_all(fd);
    assert_string_equal(strstr(text, "\r\n\r\n"), "\r\n\r\n");
    assert_contains(text, "Content-Length: ");
    free(text);
    server_finish(&server);
}

static void test_errors_are_answered(void **state)
{
    static const struct {
        const char *request, *status;
    } bad[] = {
        {"GET /no HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "404 Not Found"},
        {"DELETE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
         "405 Method Not Allowed"},
        {"nonsense\r\n\r\n", "400 Bad Request"},
        {"GET / HTTP/1.1\r\n\r\n", "400 Bad Request"},
    };
    static char flood[3 * REQUEST_HEAD_MAX_BYTES];
    struct server server;
    char *text;
    int fd;

    (void)state;
    server_start(&server, 0, 0);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        fd = connect_to(&server);
        send_text(fd, bad[i].request);
        (void)shutdown(fd, SHUT_WR);
        text = receive_all(fd);
        assert_contains(text, bad[i].status);
        assert_int_equal(count_of(text, "HTTP/1.1"), 1);
        free(text);
    }
    memset(flood, 'x', sizeof(flood) - 1);
    memcpy(flood, "GET / HTTP/1.1\r\nX: ", 19);
    fd = connect_to(&server);
    send_text(fd, flood);
    (void)shutdown(fd, SHUT_WR);
    text = receive_all(fd);
    assert_contains(text, "431 Request Header Fields Too Large");
    free(text);
    assert_int_equal(server_stop(&server)->rejected, 5);
    assert_int_equal(origin_stats(&server.process)->requests, 0);
    server_finish(&server);
}

/* Pipelined requests are answered one by one, in order, on one connection. */
static void test_pipelining(void **state)
{
    struct server server;
    const char *first;
    const char *second;
    char *text;
    int fd;

    (void)state;
    server_start(&server, 10, 0);
    fd = connect_to(&server);
    send_text(
        fd,
        "GET /detail/1 HTTP/1.1\r\nHost: x\r\n\r\nGET /stats HTTP/1.1\r\nHost: x\r\n\r\n"
        "GET /detail/2 HTTP/1.1\r\nHost: x\r\n\r\nGET /no HTTP/1.1\r\nHost: x\r\n\r\n");
    (void)shutdown(fd, SHUT_WR); /* no further request; all are still answered */
    text = receive_all(fd);
    assert_int_equal(count_of(text, "HTTP/1.1 200 OK"), 3);
    assert_int_equal(count_of(text, "HTTP/1.1 404"), 1);
    first = strstr(text, "film-1\"");
    second = strstr(text, "film-2\"");
    assert_true(first && second && first < second);
    assert_contains(text, "\"requests\": 1"); /* /stats, between the two */
    free(text);
    assert_int_equal(server_stop(&server)->connections, 1);
    assert_int_equal(origin_stats(&server.process)->responses, 2);
    server_finish(&server);
}

/* Sends `count` requests without waiting for responses, from a separate process; the
 * server closes after the last. */
static pid_t pipeline(int fd, size_t count)
{
    pid_t writer = fork();

    assert_true(writer >= 0);
    if (writer)
        return writer;
    for (size_t i = 1; i < count; i++)
        send_text(fd, "GET /detail/3 HTTP/1.1\r\nHost: x\r\n\r\n");
    send_text(fd, "GET /detail/3 HTTP/1.0\r\n\r\n");
    _exit(0);
}

/* The number of bytes received until the end. */
static size_t count_bytes(int fd)
{
    static char block[65536];
    size_t heard = 0;
    ssize_t got;

    while ((got = recv(fd, block, sizeof(block), 0)) > 0)
        heard += (size_t)got;
    assert_int_equal(got, 0);
    return heard;
}

/* More than fits the server's buffer at once: it pauses reading and resumes. */
static void test_deep_pipelining(void **state)
{
    enum { COUNT = 1000 };
    struct server server;
    pid_t writer;
    int fd;

    (void)state;
    server_start(&server, 0, 0);
    fd = connect_to(&server);
    writer = pipeline(fd, COUNT);
    /* The bodies and their heads. */
    assert_true(count_bytes(fd) > COUNT * server.pages->pages[3].body_bytes);
    assert_int_equal(waitpid(writer, NULL, 0), writer);
    (void)close(fd);
    assert_int_equal(server_stop(&server)->requests, COUNT);
    assert_int_equal(origin_stats(&server.process)->rejected, 0);
    server_finish(&server);
}

/* Responses that do not fit the socket's buffer wait for the client. The requests after
 * them are still answered, even one that is read only when the buffer is empty again. */
static void test_client_reads_late(void **state)
{
    enum { COUNT = 2000 };
    struct server server;
    pid_t writer;
    int fd;

    (void)state;
    server_start(&server, 1, 0);
    fd = connect_to(&server);
    writer = pipeline(fd, COUNT);
    clock_sleep_ns(2 * CLOCK_NS_PER_S);
    assert_true(count_bytes(fd) > COUNT * server.pages->pages[3].body_bytes);
    assert_int_equal(waitpid(writer, NULL, 0), writer);
    (void)close(fd);
    assert_int_equal(server_stop(&server)->responses, COUNT);
    server_finish(&server);
}

/* A rejected client that leaves does not leak a descriptor. */
static void test_refused_clients_are_forgotten(void **state)
{
    static char flood[3 * REQUEST_HEAD_MAX_BYTES];
    struct server server;
    size_t before;

    (void)state;
    memset(flood, 'x', sizeof(flood) - 1);
    memcpy(flood, "GET / HTTP/1.1\r\nX: ", 19);
    server_start(&server, 0, 0);
    before = server_descriptors(&server);
    for (size_t i = 0; i < 20; i++) {
        int fd = connect_to(&server);

        send_text(fd, i % 2 ? flood : "nonsense\r\n\r\n");
        (void)shutdown(fd, SHUT_WR);
        free(receive_all(fd));
    }
    await_server_descriptors(&server, before);
    server_finish(&server);
}

static void test_one_byte_at_a_time(void **state)
{
    static const char request[] =
        "GET /detail/5 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    struct server server;
    char *text;
    int fd;

    (void)state;
    server_start(&server, 0, 0);
    fd = connect_to(&server);
    for (size_t i = 0; i < sizeof(request) - 1; i++) {
        assert_int_equal(send(fd, request + i, 1, MSG_NOSIGNAL), 1);
        clock_sleep_ns(200 * CLOCK_NS_PER_US);
    }
    text = receive_all(fd);
    assert_contains(text, "film-5");
    free(text);
    server_finish(&server);
}

/* With a capacity of two, eight pages of 20 ms take four batches, and the header tells
 * which of them queued. */
static void test_capacity(void **state)
{
    struct server server;
    uint64_t start_ns;
    int fds[8];

    (void)state;
    server_start(&server, 20, 2);
    for (size_t i = 0; i < 8; i++)
        fds[i] = connect_to(&server);
    start_ns = clock_ns();
    for (size_t i = 0; i < 8; i++)
        send_text(fds[i], "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    for (size_t i = 0; i < 8; i++) {
        char *text = receive_all(fds[i]);
        const char *queue = strstr(text, "queue;dur=");

        assert_non_null(queue);
        if (i < 2)
            assert_memory_equal(queue, "queue;dur=0.000", 15);
        else /* a batch, less its later arrival */
            assert_true(strtod(queue + 10, NULL) >= 10.0);
        assert_true(clock_ns() - start_ns >= (20 * (1 + i / 2)) * CLOCK_NS_PER_MS);
        free(text);
    }
    assert_int_equal(server_stop(&server)->in_flight_peak, 8);
    assert_int_equal(origin_stats(&server.process)->queued_peak, 6);
    server_finish(&server);
}

/* A client that leaves while it waits is counted, and its place is freed. */
static void test_client_goes_away(void **state)
{
    struct linger abort_at_once = {.l_onoff = 1};
    struct server server;
    char *text;
    int fd;

    (void)state;
    server_start(&server, 60000, 1);
    fd = connect_to(&server);
    send_text(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    while (
        !((volatile const struct origin_stats *)origin_stats(&server.process))->requests)
        clock_sleep_ns(CLOCK_NS_PER_MS);
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &abort_at_once, sizeof(abort_at_once));
    (void)close(fd);
    do {
        fd = connect_to(&server);
        send_text(fd, "GET /stats HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        text = receive_all(fd);
        if (strstr(text, "\"aborted\": 1"))
            break;
        free(text);
        text = NULL;
    } while (!text);
    assert_contains(text, "\"in_flight\": 0");
    free(text);
    server_finish(&server);
}

/* A page that still waits when the origin stops is given up then, and the CPU time until
 * that moment is known. */
static void test_stop_while_pages_wait(void **state)
{
    const volatile struct origin_stats *now;
    const struct origin_stats *stats;
    struct server server;
    int fd;

    (void)state;
    server_start(&server, 60000, 1);
    fd = connect_to(&server);
    send_text(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    now = origin_stats(&server.process);
    while (!now->requests)
        clock_sleep_ns(CLOCK_NS_PER_MS);
    stats = server_stop(&server);
    assert_int_equal(stats->in_flight, 0);
    assert_true(stats->idle_ns > stats->first_client_ns);
    assert_true(stats->cpu_idle_ns > stats->cpu_first_ns);
    (void)close(fd);
    server_finish(&server);
}

static void test_port_in_use(void **state)
{
    struct server server;
    struct origin_options options = {.address = "127.0.0.1"};
    struct origin_process second;
    struct err err = {""};

    (void)state;
    server_start(&server, 0, 0);
    options.port = server.process.port;
    assert_int_equal(origin_start(&second, &options, server.pages, 0, &err), -1);
    assert_contains(err.text, "Address already in use");
    options.address = "localhost";
    assert_int_equal(origin_start(&second, &options, server.pages, 0, &err), -1);
    assert_contains(err.text, "not an IPv4 address");
    server_finish(&server);
}

static void test_killed_origin_is_named(void **state)
{
    struct server server;
    struct err err = {""};

    (void)state;
    server_start(&server, 0, 0);
    assert_int_equal(kill(server.process.pid, SIGKILL), 0);
    assert_int_equal(origin_stop(&server.process, &err), -1);
    assert_contains(err.text, "the origin was killed by signal 9");
    server_finish(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page_and_head),
        cmocka_unit_test(test_errors_are_answered),
        cmocka_unit_test(test_pipelining),
        cmocka_unit_test(test_deep_pipelining),
        cmocka_unit_test(test_client_reads_late),
        cmocka_unit_test(test_refused_clients_are_forgotten),
        cmocka_unit_test(test_one_byte_at_a_time),
        cmocka_unit_test(test_capacity),
        cmocka_unit_test(test_client_goes_away),
        cmocka_unit_test(test_stop_while_pages_wait),
        cmocka_unit_test(test_port_in_use),
        cmocka_unit_test(test_killed_origin_is_named),
    };

    return cmocka_run_group_tests_name("server", tests, NULL, NULL);
}
