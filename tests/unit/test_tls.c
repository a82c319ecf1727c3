/* test_tls.c - the origin over TLS, driven by OpenSSL: handshakes that succeed and fail,
 * records of any size, sessions. */
#include "base/clock.h"
#include "origin/certificate.h"
#include "origin/process.h"
#include "origin/request.h"
#include "tests/support/check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

struct server {
    struct ca *ca;
    struct page_set *pages;
    struct origin_process process;
    SSL_CTX *client; /* trusts only its CA */
};

/* -- server and client --------------------------------------------------------- */

static void trust_ca(SSL_CTX *client, const struct ca *ca)
{
    BIO *pem = BIO_new_mem_buf(ca_pem(ca), -1);
    X509 *x509 = PEM_read_bio_X509(pem, NULL, NULL, NULL);

    assert_non_null(x509);
    assert_int_equal(X509_STORE_add_cert(SSL_CTX_get_cert_store(client), x509), 1);
    SSL_CTX_set_verify(client, SSL_VERIFY_PEER, NULL);
    X509_free(x509);
    (void)BIO_free(pem);
}

static void start(struct server *server, struct origin_options options)
{
    struct err err = {""};

    options.address = "127.0.0.1";
    if (ca_create(&server->ca, &err) || page_set_create(&server->pages, NULL, &err))
        fail_msg("%s", err.text);
    options.ca = server->ca;
    if (origin_start(&server->process, &options, server->pages, 10000, &err))
        fail_msg("%s", err.text);
    server->client = SSL_CTX_new(TLS_client_method());
    assert_non_null(server->client);
    trust_ca(server->client, server->ca);
}

/* Stops it; its statistics stay readable until finish(). */
static const struct origin_stats *stop(struct server *server)
{
    struct err err = {""};

    if (origin_stop(&server->process, &err))
        fail_msg("%s", err.text);
    return origin_stats(&server->process);
}

static void finish(struct server *server)
{
    (void)stop(server);
    origin_close(&server->process);
    page_set_destroy(server->pages);
    ca_destroy(server->ca);
    SSL_CTX_free(server->client);
}

static int connect_to(const struct server *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(server->process.port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct timeval timeout = {.tv_sec = 10};
    int small = 16384;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_true(fd >= 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)),
                     0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

/* A client on a new connection, before the handshake. */
static SSL *connect_client(const struct server *server)
{
    SSL *ssl = SSL_new(server->client);

    assert_non_null(ssl);
    assert_int_equal(SSL_set_fd(ssl, connect_to(server)), 1);
    return ssl;
}

static SSL *connect_tls(const struct server *server)
{
    SSL *ssl = connect_client(server);

    assert_int_equal(SSL_connect(ssl), 1);
    return ssl;
}

static void shut_down(SSL *ssl)
{
    int fd = SSL_get_fd(ssl);

    SSL_free(ssl);
    (void)close(fd);
}

static void send_text(SSL *ssl, const char *text)
{
    assert_int_equal(SSL_write(ssl, text, (int)strlen(text)), strlen(text));
}

/* Reads until `size` bytes have arrived, or the end; returns their number. */
static size_t receive(SSL *ssl, char *text, size_t size)
{
    size_t received = 0;
    size_t got;

    while (received < size && SSL_read_ex(ssl, text + received, size - received, &got))
        received += got;
    return received;
}

/* Fetches a whole page; the connection stays open. */
static void fetch(const struct server *server, SSL *ssl)
{
    static const char request[] = "GET /detail/7 HTTP/1.1\r\nHost: x\r\n\r\n";
    size_t body_bytes = server->pages->pages[7].body_bytes;
    char *text = calloc(1, body_bytes + 4096);
    char *body = NULL;
    size_t received = 0;

    assert_non_null(text);
    send_text(ssl, request);
    while (!body) {
        assert_int_equal(receive(ssl, text + received, 1), 1);
        received++;
        body = strstr(text, "\r\n\r\n");
    }
    assert_memory_equal(text, "HTTP/1.1 200 OK\r\n", 17);
    assert_int_equal(receive(ssl, body + 4, body_bytes), body_bytes);
    assert_string_equal(body + 4, server->pages->pages[7].body);
    free(text);
}

/* Waits until the origin's counter is `count`. */
static void await_count(const uint64_t *counter, uint64_t count)
{
    const volatile uint64_t *now = counter;

    for (int i = 0; i < 10000 && *now < count; i++)
        clock_sleep_ns(CLOCK_NS_PER_MS);
    assert_int_equal(*now, count);
}

/* -- successful connections ---------------------------------------------------- */

static void test_kept_connection(void **state)
{
    struct origin_options options = {
        .behaviour.delay = delay_fixed(10 * CLOCK_NS_PER_MS)};
    struct server server;
    uint64_t start_ns;
    SSL *ssl;

    (void)state;
    start(&server, options);
    ssl = connect_tls(&server);
    for (int i = 0; i < 3; i++) {
        start_ns = clock_ns();
        fetch(&server, ssl);
        assert_true(clock_ns() - start_ns >= options.behaviour.delay.ns);
    }
    shut_down(ssl);
    assert_int_equal(stop(&server)->connections, 1);
    assert_int_equal(origin_stats(&server.process)->responses, 3);
    assert_int_equal(origin_stats(&server.process)->tls_handshakes, 1);
    assert_int_equal(origin_stats(&server.process)->tls_failed, 0);
    assert_memory_equal(origin_stats(&server.process)->tls_agreed, "TLSv1.3 ", 8);
    finish(&server);
}

static void test_tls_1_2(void **state)
{
    struct server server;
    SSL *ssl;

    (void)state;
    start(&server, (struct origin_options){.behaviour.delay = delay_fixed(0)});
    assert_int_equal(SSL_CTX_set_max_proto_version(server.client, TLS1_2_VERSION), 1);
    ssl = connect_tls(&server);
    fetch(&server, ssl);
    shut_down(ssl);
    assert_memory_equal(stop(&server)->tls_agreed, "TLSv1.2 ", 8);
    finish(&server);
}

/* After its last response the origin sends close_notify. */
static void test_close_notify(void **state)
{
    struct server server;
    char *text = malloc(65536);
    size_t received;
    SSL *ssl;

    (void)state;
    assert_non_null(text);
    start(&server, (struct origin_options){.behaviour.delay = delay_fixed(0)});
    ssl = connect_tls(&server);
    send_text(ssl, "GET /detail/7 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    received = receive(ssl, text, 65535);
    text[received] = '\0';
    assert_string_equal(strstr(text, "\r\n\r\n") + 4, server.pages->pages[7].body);
    assert_int_equal(SSL_get_shutdown(ssl), SSL_RECEIVED_SHUTDOWN);
    shut_down(ssl);
    free(text);
    finish(&server);
}

/* Records larger than the origin's buffer, the last one among them, and responses larger
 * than the socket's: nothing is lost and nothing hangs. */
static void test_client_reads_late(void **state)
{
    static const char request[] = "GET /detail/3 HTTP/1.1\r\nHost: x\r\n\r\n";
    static const char last[] = "GET /detail/3 HTTP/1.0\r\n\r\n";
    enum { COUNT = 2200, REQUEST_BYTES = sizeof(request) - 1 };
    struct server server;
    char *text = malloc(COUNT * sizeof(request));
    size_t received = 0;
    size_t got;
    SSL *ssl;

    (void)state;
    assert_non_null(text);
    start(&server, (struct origin_options){.behaviour.delay = delay_fixed(0)});
    ssl = connect_tls(&server);
    for (size_t i = 0; i < COUNT - 1; i++)
        memcpy(text + i * REQUEST_BYTES, request, REQUEST_BYTES);
    memcpy(text + (size_t)(COUNT - 1) * REQUEST_BYTES, last, sizeof(last));
    assert_in_range(strlen(text) % SSL3_RT_MAX_PLAIN_LENGTH, REQUEST_HEAD_MAX_BYTES + 1,
                    SSL3_RT_MAX_PLAIN_LENGTH);
    send_text(ssl, text);
    clock_sleep_ns(200 * CLOCK_NS_PER_MS);
    while ((got = receive(ssl, text, COUNT)))
        received += got;
    assert_int_equal(SSL_get_shutdown(ssl), SSL_RECEIVED_SHUTDOWN);
    assert_true(received > COUNT * server.pages->pages[3].body_bytes);
    shut_down(ssl);
    free(text);
    assert_int_equal(stop(&server)->responses, COUNT);
    finish(&server);
}

/* -- failing connections ------------------------------------------------------- */

/* Clients that do not speak TLS are disconnected; the others are still served. */
static void test_clients_without_tls(void **state)
{
    static const char *const texts[] = {
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "\x16\x03\x01\xff\xff nonsense",
        "\x80\x80\x80\x80\x80\x80\x80\x80\x80", "\x15\x03\x03\x00\x02\x02\x28"};
    enum { COUNT = sizeof(texts) / sizeof(texts[0]) };
    struct server server;
    char block[512];
    ssize_t got;
    SSL *ssl;
    int fd;

    (void)state;
    start(&server, (struct origin_options){.behaviour.delay = delay_fixed(0)});
    for (size_t i = 0; i < COUNT; i++) {
        fd = connect_to(&server);
        assert_true(send(fd, texts[i], strlen(texts[i]), MSG_NOSIGNAL) > 0);
        (void)shutdown(fd, SHUT_WR);
        do
            got = recv(fd, block, sizeof(block), 0);
        while (got > 0);
        if (got < 0)
            assert_int_not_equal(errno, EAGAIN); /* a reset also ends it */
        (void)close(fd);
    }
    ssl = connect_tls(&server);
    fetch(&server, ssl);
    shut_down(ssl);
    assert_int_equal(stop(&server)->tls_failed, COUNT);
    assert_int_equal(origin_stats(&server.process)->tls_handshakes, 1);
    assert_int_equal(origin_stats(&server.process)->requests, 1);
    finish(&server);
}

/* Sends the first half of a ClientHello. */
static int begin_handshake(const struct server *server)
{
    int fd = connect_to(server);
    SSL *ssl = SSL_new(server->client);
    BIO *out = BIO_new(BIO_s_mem());
    char *data;
    long size;

    assert_true(ssl && out);
    SSL_set_bio(ssl, BIO_new(BIO_s_mem()), out);
    assert_int_equal(SSL_connect(ssl), -1);
    size = BIO_get_mem_data(out, &data);
    assert_true(size > 100);
    assert_int_equal(send(fd, data, (size_t)size / 2, MSG_NOSIGNAL), size / 2);
    SSL_free(ssl);
    return fd;
}

/* Half a handshake blocks no other client, and ends when its client leaves. */
static void test_half_handshake(void **state)
{
    struct server server;
    SSL *ssl;
    int fd;

    (void)state;
    start(&server, (struct origin_options){.behaviour.delay = delay_fixed(0)});
    fd = begin_handshake(&server);
    ssl = connect_tls(&server);
    fetch(&server, ssl);
    shut_down(ssl);
    assert_int_equal(origin_stats(&server.process)->tls_failed, 0);
    (void)close(fd);
    await_count(&origin_stats(&server.process)->tls_failed, 1);
    finish(&server);
}

/* A client that falls silent within a handshake is closed like any other silent client.
 */
static void test_stalled_handshake(void **state)
{
    struct server server;
    char byte;
    int fd;

    (void)state;
    start(&server, (struct origin_options){.patience.idle_ns = 50 * CLOCK_NS_PER_MS});
    fd = begin_handshake(&server);
    assert_int_equal(recv(fd, &byte, 1, 0), 0);
    (void)close(fd);
    finish(&server);
}

/* A client that trusts another CA aborts the handshake and sends no request. */
static void test_wrong_ca(void **state)
{
    struct ca *another;
    struct server server;
    SSL_CTX *right;
    struct err err = {""};
    SSL *ssl;

    (void)state;
    start(&server, (struct origin_options){.behaviour.delay = delay_fixed(0)});
    right = server.client;
    server.client = SSL_CTX_new(TLS_client_method());
    assert_non_null(server.client);
    assert_int_equal(ca_create(&another, &err), 0);
    trust_ca(server.client, another);
    ssl = connect_client(&server);
    assert_int_equal(SSL_connect(ssl), -1);
    assert_int_not_equal(SSL_get_verify_result(ssl), X509_V_OK);
    shut_down(ssl);
    await_count(&origin_stats(&server.process)->tls_failed, 1);
    assert_int_equal(origin_stats(&server.process)->tls_handshakes, 0);
    ca_destroy(another);
    SSL_CTX_free(right);
    finish(&server);
}

/* A client that resets its connection while it waits is counted, and its socket closed
 * without a response. */
static void test_client_goes_away(void **state)
{
    struct linger abort_at_once = {.l_onoff = 1};
    struct server server;
    SSL *ssl;

    (void)state;
    start(&server,
          (struct origin_options){.behaviour.delay = delay_fixed(60 * CLOCK_NS_PER_S)});
    ssl = connect_tls(&server);
    send_text(ssl, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await_count(&origin_stats(&server.process)->requests, 1);
    (void)setsockopt(SSL_get_fd(ssl), SOL_SOCKET, SO_LINGER, &abort_at_once,
                     sizeof(abort_at_once));
    shut_down(ssl);
    await_count(&origin_stats(&server.process)->aborted, 1);
    finish(&server);
}

/* The origin still writes to a client that has closed both directions: the first response
 * is answered with a reset, and the second must not kill the origin. */
static void test_client_closes_both_directions(void **state)
{
    struct server server;
    SSL *ssl;

    (void)state;
    start(&server,
          (struct origin_options){.behaviour.delay = delay_fixed(20 * CLOCK_NS_PER_MS)});
    ssl = connect_tls(&server);
    send_text(ssl, "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n");
    shut_down(ssl);
    await_count(&origin_stats(&server.process)->aborted, 1);
    assert_int_equal(origin_stats(&server.process)->responses, 1);
    ssl = connect_tls(&server);
    fetch(&server, ssl);
    shut_down(ssl);
    finish(&server);
}

/* -- sessions ------------------------------------------------------------------ */

/* Connects, fetches and leaves; resumes `*session`, which is then the new session. */
static void fetch_with_session(const struct server *server, SSL_SESSION **session)
{
    SSL *ssl = connect_client(server);

    if (*session)
        assert_int_equal(SSL_set_session(ssl, *session), 1);
    SSL_SESSION_free(*session);
    assert_int_equal(SSL_connect(ssl), 1);
    fetch(server, ssl); /* TLS 1.3 sends tickets after the handshake */
    *session = SSL_get1_session(ssl);
    (void)SSL_shutdown(ssl);
    shut_down(ssl);
}

static void assert_sessions(bool sessions, int version, uint64_t full, uint64_t resumed)
{
    struct server server;
    SSL_SESSION *session = NULL;

    start(&server, (struct origin_options){.tls_sessions = sessions});
    assert_int_equal(SSL_CTX_set_max_proto_version(server.client, version), 1);
    for (int i = 0; i < 4; i++)
        fetch_with_session(&server, &session);
    SSL_SESSION_free(session);
    assert_int_equal(stop(&server)->tls_handshakes, full);
    assert_int_equal(origin_stats(&server.process)->tls_resumed, resumed);
    finish(&server);
}

static void test_sessions(void **state)
{
    (void)state;
    assert_sessions(true, TLS1_3_VERSION, 1, 3);
    assert_sessions(true, TLS1_2_VERSION, 1, 3);
    assert_sessions(false, TLS1_3_VERSION, 4, 0);
    assert_sessions(false, TLS1_2_VERSION, 4, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kept_connection),
        cmocka_unit_test(test_tls_1_2),
        cmocka_unit_test(test_close_notify),
        cmocka_unit_test(test_client_reads_late),
        cmocka_unit_test(test_clients_without_tls),
        cmocka_unit_test(test_half_handshake),
        cmocka_unit_test(test_stalled_handshake),
        cmocka_unit_test(test_wrong_ca),
        cmocka_unit_test(test_client_goes_away),
        cmocka_unit_test(test_client_closes_both_directions),
        cmocka_unit_test(test_sessions),
    };

    return cmocka_run_group_tests_name("tls", tests, NULL, NULL);
}
