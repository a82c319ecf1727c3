/* fetch.c - see fetch.h. */
#include "fetch/fetch.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "fetch/options.h"
#include "fetch/response.h"

/* CURLE_TOO_LARGE, which libcurl has from 8.6 on. */
enum { CODE_TOO_LARGE = 100 };

_Static_assert(RESPONSE_LINE_CAP_BYTES == CURL_MAX_HTTP_HEADER,
               "the limit of a line must be libcurl's");

/* The server of a connection, as libcurl's text and as the bytes of a result. */
struct server {
    char text[INET6_ADDRSTRLEN];
    uint8_t address[FETCH_ADDRESS_BYTES];
};

struct fetch {
    CURL *easy;
    struct options_lists lists;
    const struct fetch_policy *policy; /* borrowed: it is larger than all the rest */
    struct options_sinks sinks;
    void *owner;
    struct fetch *next_landed; /* in fetch_reap() */
    CURLcode landed_code;
    struct server server; /* of the last request */

    /* of the current item */
    unsigned attempts; /* times that libcurl sent the request, or began to */
    struct work_item item;
    struct response response;
};

int fetch_global_init(struct err *err)
{
    CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);

    if (code)
        return err_set(err, "cannot initialise libcurl: %s", curl_easy_strerror(code));
    return 0;
}

void fetch_global_cleanup(void)
{
    curl_global_cleanup();
}

/* -- the response -------------------------------------------------------------- */

static size_t on_header(char *line, size_t size, size_t count, void *user)
{
    struct fetch *fetch = user;

    if (!response_header(&fetch->response, line, size * count))
        return CURL_WRITEFUNC_ERROR; /* ends the transfer with CURLE_WRITE_ERROR */
    return size * count;
}

static size_t on_body(char *data, size_t size, size_t count, void *user)
{
    struct fetch *fetch = user;

    if (!response_body(&fetch->response, data, size * count))
        return CURL_WRITEFUNC_ERROR;
    return size * count;
}

/* Records the server of the connection. It is the same for most fetches of a handle, so
 * the text is parsed only when it changes. */
static void note_server(struct fetch *fetch, const char *address, int port)
{
    struct server *server = &fetch->server;

    if (strcmp(server->text, address) != 0) {
        *server = (struct server){.text = ""};
        (void)snprintf(server->text, sizeof(server->text), "%s", address);
        (void)inet_pton(strchr(address, ':') ? AF_INET6 : AF_INET, address,
                        server->address);
    }
    fetch->item.result->remote_port = (uint16_t)port;
    memcpy(fetch->item.result->remote_address, server->address, sizeof(server->address));
}

/* When a kept connection turns out to be closed, libcurl sends the request again, up to
 * five times, over any connection that is idle then: on a multi handle perhaps over five
 * others that are closed as well, in a blocking strategy over a new one. A request that
 * is sent again must use a new connection, so that the outcome is the same in every
 * strategy.
 *
 * libcurl prescribes the parameter types. NOLINTBEGIN(readability-non-const-parameter) */
static int on_request(void *user, char *remote_address, char *local_address,
                      int remote_port, int local_port)
{
    struct fetch *fetch = user;

    (void)local_address;
    (void)local_port;
    note_server(fetch, remote_address, remote_port);
    fetch->attempts++;
    if (fetch->policy->reuse_connections && options_set_fresh(fetch->easy, true))
        return CURL_PREREQFUNC_ABORT;
    return CURL_PREREQFUNC_OK;
}
/* NOLINTEND(readability-non-const-parameter) */

/* -- the verdict --------------------------------------------------------------- */

static enum fetch_outcome judge(const struct fetch *fetch, CURLcode code, long status)
{
    enum fetch_outcome outcome = response_judge(&fetch->response, status);

    switch (code) {
    case CURLE_OK:
    case CURLE_WRITE_ERROR: /* only our caps refuse a head or a body */
        return outcome;
    case CURLE_BAD_CONTENT_ENCODING: /* also for data after the last decodable byte */
        return outcome == FETCH_OK ? FETCH_BAD_BODY : outcome;
    case CURLE_OPERATION_TIMEDOUT:
        return FETCH_TIMED_OUT;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
        return FETCH_CONNECT_FAILED;
    default:
        return FETCH_IO_FAILED;
    }
}

/* Reads OpenSSL's verdict on a certificate: X509_V_ERR_* of x509_vfy.h. Other TLS
 * libraries use other numbers. */
static enum fetch_cause cause_of_certificate(const struct fetch *fetch)
{
    enum { NOT_VERIFIED = 1, NOT_YET_VALID = 9, HAS_EXPIRED = 10 };
    const char *tls = curl_version_info(CURLVERSION_NOW)->ssl_version;
    long found = -1;

    if (!tls || strncmp(tls, "OpenSSL", strlen("OpenSSL")) != 0 ||
        curl_easy_getinfo(fetch->easy, CURLINFO_SSL_VERIFYRESULT, &found))
        return FETCH_CAUSE_NONE;
    switch (found) {
    case NOT_VERIFIED: /* libcurl checks the name first, and stops there */
        return FETCH_CAUSE_CERT_OF_ANOTHER;
    case NOT_YET_VALID:
        return FETCH_CAUSE_CERT_NOT_YET;
    case HAS_EXPIRED:
        return FETCH_CAUSE_CERT_EXPIRED;
    default:
        return FETCH_CAUSE_NONE;
    }
}

static enum fetch_cause cause_of_connect(const struct fetch *fetch)
{
    long os_errno = 0;

    (void)curl_easy_getinfo(fetch->easy, CURLINFO_OS_ERRNO, &os_errno);
    return fetch_cause_of_connect((int)os_errno);
}

/* The cause that libcurl's code does not report, or reports misleadingly. */
static enum fetch_cause cause_of(const struct fetch *fetch, CURLcode code)
{
    if ((code == CURLE_OUT_OF_MEMORY || (int)code == CODE_TOO_LARGE) && fetch->attempts &&
        !fetch->response.head_complete)
        return FETCH_CAUSE_LINE_TOO_LONG;
    if ((code == CURLE_OK || code == CURLE_PARTIAL_FILE || code == CURLE_RECV_ERROR) &&
        response_is_cut_off(&fetch->response))
        return FETCH_CAUSE_HEAD_CUT_OFF;
    if (code == CURLE_PEER_FAILED_VERIFICATION)
        return cause_of_certificate(fetch);
    return code == CURLE_COULDNT_CONNECT ? cause_of_connect(fetch) : FETCH_CAUSE_NONE;
}

static void fill_figures(struct fetch *fetch, struct fetch_result *result)
{
    long connections = 0;
    long local_port = 0;
    curl_off_t connect_us = 0;
    curl_off_t tls_us = 0;
    curl_off_t encoded_bytes = 0;

    /* A figure that libcurl cannot give stays 0, which reads as absent. */
    (void)curl_easy_getinfo(fetch->easy, CURLINFO_NUM_CONNECTS, &connections);
    (void)curl_easy_getinfo(fetch->easy, CURLINFO_LOCAL_PORT, &local_port);
    (void)curl_easy_getinfo(fetch->easy, CURLINFO_CONNECT_TIME_T, &connect_us);
    (void)curl_easy_getinfo(fetch->easy, CURLINFO_APPCONNECT_TIME_T, &tls_us);
    (void)curl_easy_getinfo(fetch->easy, CURLINFO_SIZE_DOWNLOAD_T, &encoded_bytes);
    result->encoded_bytes = (uint64_t)encoded_bytes;
    result->connections = (uint16_t)connections;
    result->local_port = (uint16_t)local_port;
    result->connect_us = (uint32_t)connect_us;
    result->tls_us = (uint32_t)tls_us;
}

/* -- one fetch ----------------------------------------------------------------- */

/* A transfer that is to stop before its timeout, but not before that moment: libcurl
 * counts in milliseconds and may be one early. */
static CURLcode set_stop(const struct fetch *fetch, const struct fetch_result *result)
{
    uint64_t left_ms = 2;

    if (result->stop_ns > result->start_ns)
        left_ms += (result->stop_ns - result->start_ns) / CLOCK_NS_PER_MS;
    return options_set_timeout(fetch->easy, left_ms < fetch->policy->timeout_ms
                                                ? (uint32_t)left_ms
                                                : fetch->policy->timeout_ms);
}

CURLcode fetch_begin(struct fetch *fetch, const struct work_item *item)
{
    CURLcode code;

    fetch->item = *item;
    fetch->attempts = 0;
    response_begin(&fetch->response, item->expect);
    item->result->start_ns = clock_ns();
    if (fetch->policy->reuse_connections &&
        (code = options_set_fresh(fetch->easy, false)))
        return code;
    if (item->result->stop_ns && (code = set_stop(fetch, item->result)))
        return code;
    return options_set_url(fetch->easy, item->url);
}

/* Until 8.17.0 libcurl counts its retries over the whole life of a handle and fails a
 * healthy one after five, so a handle that has retried is reset. */
static void forget_retries(struct fetch *fetch)
{
    curl_easy_reset(fetch->easy);
    /* The same options were accepted before; if one is refused now, the next fetch fails
     * and says so. */
    (void)options_apply(fetch->easy, fetch->policy, &fetch->lists, &fetch->sinks, NULL);
}

void fetch_end(struct fetch *fetch, CURLcode code)
{
    struct fetch_result *result = fetch->item.result;
    long status = 0;

    result->end_ns = clock_ns();
    (void)curl_easy_getinfo(fetch->easy, CURLINFO_RESPONSE_CODE, &status);
    fill_figures(fetch, result);
    result->cause = (uint16_t)cause_of(fetch, code);
    response_record(&fetch->response, result);
    result->http_status = (uint16_t)status;
    result->curl_code = (uint16_t)code;
    result->outcome = (uint16_t)judge(fetch, code, status);
    if (fetch->attempts > 1)
        forget_retries(fetch);
}

void fetch_perform(struct fetch *fetch, const struct work_item *item)
{
    CURLcode code = fetch_begin(fetch, item);

    fetch_end(fetch, code ? code : curl_easy_perform(fetch->easy));
}

/* -- life cycle ---------------------------------------------------------------- */

int fetch_create(struct fetch **out, const struct fetch_policy *policy, struct err *err)
{
    struct fetch *fetch = calloc(1, sizeof(*fetch));

    if (!fetch)
        return err_errno(err, "no memory for a fetch");
    fetch->policy = policy;
    fetch->sinks = (struct options_sinks){.on_header = on_header,
                                          .on_body = on_body,
                                          .on_request = on_request,
                                          .user = fetch};
    fetch->easy = curl_easy_init();
    if (!fetch->easy) {
        (void)err_set(err, "cannot create a libcurl easy handle: out of memory");
        goto failed;
    }
    if (options_make_lists(&fetch->lists, policy, err) ||
        options_apply(fetch->easy, policy, &fetch->lists, &fetch->sinks, err))
        goto failed;
    *out = fetch;
    return 0;

failed:
    fetch_destroy(fetch);
    return -1;
}

void fetch_destroy(struct fetch *fetch)
{
    if (!fetch)
        return;
    curl_easy_cleanup(fetch->easy);
    options_free_lists(&fetch->lists);
    free(fetch);
}

int fetch_on_close(struct fetch *fetch, curl_closesocket_callback on_close, void *user,
                   struct err *err)
{
    fetch->sinks.on_close = on_close;
    fetch->sinks.close_user = user;
    return options_set_close(fetch->easy, &fetch->sinks, err);
}

CURL *fetch_easy(struct fetch *fetch)
{
    return fetch->easy;
}

struct fetch *fetch_of_easy(CURL *easy)
{
    char *fetch = NULL;

    (void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, &fetch);
    return (struct fetch *)(void *)fetch;
}

/* In the order in which they ended. */
static struct fetch *read_messages(CURLM *multi)
{
    struct fetch *first = NULL;
    struct fetch **last = &first;
    int queued;
    CURLMsg *message;

    while ((message = curl_multi_info_read(multi, &queued))) {
        struct fetch *fetch = fetch_of_easy(message->easy_handle);

        fetch->landed_code = message->data.result;
        fetch->next_landed = NULL;
        *last = fetch;
        last = &fetch->next_landed;
    }
    return first;
}

void fetch_reap(CURLM *multi,
                void (*landed)(void *user, struct fetch *fetch, CURLcode code),
                void *user)
{
    struct fetch *fetch;

    while ((fetch = read_messages(multi)))
        while (fetch) {
            struct fetch *next = fetch->next_landed;

            /* Remove first, then end: curl_easy_perform() also removes its handle before
             * it returns. */
            (void)curl_multi_remove_handle(multi, fetch->easy);
            landed(user, fetch, fetch->landed_code);
            fetch = next;
        }
}

int fetch_multi_create(CURLM **out, const struct fetch_policy *policy, unsigned level,
                       struct err *err)
{
    CURLM *multi = curl_multi_init();

    if (!multi)
        return err_set(err, "no memory for %u fetches in flight", level);
    if (options_apply_multi(multi, policy, level, err)) {
        (void)curl_multi_cleanup(multi);
        return -1;
    }
    *out = multi;
    return 0;
}

int fetch_multi_watch(CURLM *multi, curl_socket_callback on_socket,
                      curl_multi_timer_callback on_timer, void *user, struct err *err)
{
    return options_watch_multi(multi, on_socket, on_timer, user, err);
}

void fetch_set_owner(struct fetch *fetch, void *owner)
{
    fetch->owner = owner;
}

void *fetch_owner(const struct fetch *fetch)
{
    return fetch->owner;
}

const char *fetch_code_text(unsigned curl_code)
{
    return curl_easy_strerror((CURLcode)curl_code);
}
