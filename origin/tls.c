/* tls.c - see tls.h. */
#include "origin/tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tls_server {
    SSL_CTX *context;
    struct origin_stats *stats;
};

struct tls_connection {
    SSL *ssl;
    struct origin_stats *stats;
    bool agreed; /* the handshake is done */
    bool broken; /* OpenSSL must not send anything any more */
};

/* -- the shared context -------------------------------------------------------- */

/* Session tickets: the client stores them, so the origin keeps no session state. */
static bool set_sessions(SSL_CTX *context, bool sessions)
{
    (void)SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    if (sessions)
        return true;
    (void)SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    return SSL_CTX_set_num_tickets(context, 0);
}

static bool set_up(SSL_CTX *context, const struct certificate *certificate, bool sessions)
{
    /* A client may close its socket without close_notify: HTTP requests state their own
     * length. */
    (void)SSL_CTX_set_options(context,
                              SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_RENEGOTIATION);
    /* A write that is repeated after a wait comes from another buffer. Five hundred
     * clients that wait for their delay need no buffers. */
    (void)SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                        SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                        SSL_MODE_RELEASE_BUFFERS);
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) &&
           set_sessions(context, sessions) &&
           SSL_CTX_use_certificate(context, certificate->x509) == 1 &&
           SSL_CTX_use_PrivateKey(context, certificate->key) == 1;
}

/* -- a trial handshake --------------------------------------------------------- */

/* Alternates between the two over memory; each waits for the other a few times. */
static bool shake_hands_in_memory(SSL *server, SSL *client)
{
    enum { TURNS = 16 };

    for (int turn = 0; turn < TURNS; turn++) {
        int at_client = SSL_do_handshake(client);
        int at_server = SSL_do_handshake(server);

        if (at_client == 1 && at_server == 1)
            return true;
        if ((at_client != 1 && SSL_get_error(client, at_client) != SSL_ERROR_WANT_READ) ||
            (at_server != 1 && SSL_get_error(server, at_server) != SSL_ERROR_WANT_READ))
            return false;
    }
    return false;
}

/* OpenSSL initialises parts of itself in the first handshake; if that fails, all later
 * handshakes fail. So the first one is here, before the origin says that it serves. */
static bool speaks(SSL_CTX *context)
{
    SSL_CTX *client_context = SSL_CTX_new(TLS_client_method());
    SSL *client = client_context ? SSL_new(client_context) : NULL;
    SSL *server = SSL_new(context);
    BIO *server_end = NULL;
    BIO *client_end = NULL;
    bool agreed = false;

    if (server && client && BIO_new_bio_pair(&server_end, 0, &client_end, 0)) {
        SSL_set_bio(server, server_end, server_end); /* owns them from here on */
        SSL_set_bio(client, client_end, client_end);
        SSL_set_accept_state(server);
        SSL_set_connect_state(client);
        agreed = shake_hands_in_memory(server, client);
    }
    SSL_free(client);
    SSL_free(server);
    SSL_CTX_free(client_context);
    return agreed;
}

int tls_server_create(struct tls_server **out, const struct ca *ca, const char *address,
                      bool sessions, struct origin_stats *stats, struct err *err)
{
    struct tls_server *server = calloc(1, sizeof(*server));
    struct certificate certificate;
    bool is_set_up;

    if (!server)
        return err_errno(err, "no memory for TLS");
    if (certificate_issue(&certificate, ca, address, err)) {
        free(server);
        return -1;
    }
    server->stats = stats;
    server->context = SSL_CTX_new(TLS_server_method());
    is_set_up = server->context && set_up(server->context, &certificate, sessions) &&
                speaks(server->context);
    certificate_free(&certificate); /* the context has its own references */
    if (!is_set_up) {
        tls_server_destroy(server);
        return openssl_failed(err, "cannot set up TLS");
    }
    *out = server;
    return 0;
}

void tls_server_destroy(struct tls_server *server)
{
    if (!server)
        return;
    SSL_CTX_free(server->context);
    free(server);
}

/* -- one connection ------------------------------------------------------------ */

struct tls_connection *tls_accept(struct tls_server *server, int fd)
{
    struct tls_connection *connection = calloc(1, sizeof(*connection));

    if (!connection)
        return NULL;
    connection->stats = server->stats;
    connection->ssl = SSL_new(server->context);
    if (!connection->ssl || !SSL_set_fd(connection->ssl, fd)) {
        tls_free(connection);
        return NULL;
    }
    SSL_set_accept_state(connection->ssl);
    return connection;
}

void tls_free(struct tls_connection *connection)
{
    SSL_free(connection->ssl);
    free(connection);
}

/* The reason for OpenSSL's `code`, which is not success. */
static enum transport_result why_not(struct tls_connection *connection, int code)
{
    switch (SSL_get_error(connection->ssl, code)) {
    case SSL_ERROR_WANT_READ:
        return TRANSPORT_WAITS_TO_READ;
    case SSL_ERROR_WANT_WRITE:
        return TRANSPORT_WAITS_TO_WRITE;
    case SSL_ERROR_ZERO_RETURN:
        return TRANSPORT_ENDED;
    default:
        connection->broken = true;
        return TRANSPORT_BROKEN;
    }
}

static void count_handshake(const struct tls_connection *connection)
{
    struct origin_stats *stats = connection->stats;

    if (!stats->tls_handshakes && !stats->tls_resumed)
        (void)snprintf(stats->tls_agreed, sizeof(stats->tls_agreed), "%s %s",
                       SSL_get_version(connection->ssl),
                       SSL_get_cipher_name(connection->ssl));
    if (SSL_session_reused(connection->ssl))
        stats->tls_resumed++;
    else
        stats->tls_handshakes++;
}

static enum transport_result shake_hands(struct tls_connection *connection)
{
    int code = SSL_do_handshake(connection->ssl);
    enum transport_result result;

    if (code == 1) {
        connection->agreed = true;
        count_handshake(connection);
        return TRANSPORT_DONE;
    }
    result = why_not(connection, code);
    if (result != TRANSPORT_ENDED && result != TRANSPORT_BROKEN)
        return result;
    connection->broken = true;
    connection->stats->tls_failed++;
    return TRANSPORT_BROKEN;
}

enum transport_result tls_read(struct tls_connection *connection, void *data, size_t room,
                               size_t *bytes)
{
    int code;

    ERR_clear_error();
    if (!connection->agreed) {
        enum transport_result result = shake_hands(connection);

        if (result != TRANSPORT_DONE)
            return result;
    }
    code = SSL_read_ex(connection->ssl, data, room, bytes);
    return code ? TRANSPORT_DONE : why_not(connection, code);
}

bool tls_has_more(const struct tls_connection *connection)
{
    return SSL_pending(connection->ssl) > 0;
}

/* Head and body go into one record: each record is a separate segment. */
enum transport_result tls_write(struct tls_connection *connection,
                                const struct iovec *parts, size_t count, size_t *bytes)
{
    char record[SSL3_RT_MAX_PLAIN_LENGTH];
    size_t used = 0;
    int code;

    for (size_t i = 0; i < count; i++) {
        size_t room = sizeof(record) - used;
        size_t size = parts[i].iov_len < room ? parts[i].iov_len : room;

        if (size) /* an empty part may have a null pointer */
            memcpy(record + used, parts[i].iov_base, size);
        used += size;
    }
    ERR_clear_error();
    code = SSL_write_ex(connection->ssl, record, used, bytes);
    return code ? TRANSPORT_DONE : why_not(connection, code);
}

void tls_say_goodbye(struct tls_connection *connection)
{
    /* A client that sent close_notify first has stopped reading and would answer with a
     * reset. */
    if (!connection->agreed || connection->broken ||
        SSL_get_shutdown(connection->ssl) != 0)
        return;
    ERR_clear_error();
    (void)SSL_shutdown(connection->ssl); /* not repeated if it cannot be sent now */
}
