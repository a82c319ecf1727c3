/* fetch.c - see fetch.h. */
#include "fetch/fetch.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#include "base/clock.h"
#include "base/parse.h"
#include "fetch/options.h"

struct fetch {
    CURL *easy;
    struct curl_slist *resolve;
    struct fetch_policy policy;
    struct options_sinks sinks;
    void *owner;
    bool has_connected; /* a connection was made in an earlier fetch of this handle */

    /* of the current item */
    struct work_item item;
    uint64_t first_byte_ns;
    bool head_complete; /* the empty line behind the headers has come */
    uint64_t body_bytes, body_cap_bytes;
    uint32_t body_crc32;
    uint32_t origin_delay_us;
    bool has_origin_delay;
};

int fetch_global_init(struct err *err)
{
    CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);

    if (code)
        return err_set(err, "libcurl does not start: %s", curl_easy_strerror(code));
    return 0;
}

void fetch_global_cleanup(void)
{
    curl_global_cleanup();
}

/* -- what arrives -------------------------------------------------------------- */

/* The duration of the entry "delay" of a Server-Timing header, "delay;dur=50.123", which
 * is in milliseconds (W3C Server Timing). The line is not terminated: `size` bounds it.
 */
static bool parse_server_timing(const char *line, size_t size, uint32_t *delay_us)
{
    static const char key[] = "delay;dur=";
    char number[24];
    size_t length = 0;
    const char *found = memmem(line, size, key, sizeof(key) - 1);
    double milliseconds;

    if (!found)
        return false;
    found += sizeof(key) - 1;
    while (found + length < line + size && length < sizeof(number) - 1 &&
           strchr("0123456789.", found[length]) && found[length])
        length++;
    memcpy(number, found, length);
    number[length] = '\0';
    if (parse_number(number, &milliseconds, NULL) || milliseconds > 4e6)
        return false;
    *delay_us = (uint32_t)(milliseconds * 1000.0 + 0.5);
    return true;
}

static size_t on_header(char *line, size_t size, size_t count, void *user)
{
    static const char name[] = "server-timing:";
    struct fetch *fetch = user;
    size_t bytes = size * count;

    if (!fetch->first_byte_ns)
        fetch->first_byte_ns = clock_ns();
    if (bytes == 2 && !memcmp(line, "\r\n", 2))
        fetch->head_complete = true;
    else if (bytes > 5 && !memcmp(line, "HTTP/", 5))
        fetch->head_complete = false; /* again, behind an interim response */
    if (bytes > sizeof(name) && !strncasecmp(line, name, sizeof(name) - 1))
        fetch->has_origin_delay = parse_server_timing(line, bytes,
                                                      &fetch->origin_delay_us);
    return bytes;
}

static size_t on_body(char *data, size_t size, size_t count, void *user)
{
    struct fetch *fetch = user;
    size_t bytes = size * count;

    fetch->body_bytes += bytes;
    if (fetch->body_bytes > fetch->body_cap_bytes)
        return CURL_WRITEFUNC_ERROR; /* ends the transfer with CURLE_WRITE_ERROR */
    fetch->body_crc32 = (uint32_t)crc32(fetch->body_crc32, (const Bytef *)data,
                                        (uInt)bytes);
    return bytes;
}

/* -- the verdict --------------------------------------------------------------- */

static bool status_is_expected(const struct work_expectation *expect, long status)
{
    if (expect->http_status)
        return status == expect->http_status;
    return status >= 200 && status <= 299;
}

static enum fetch_outcome judge_response(const struct fetch *fetch, long status)
{
    const struct work_expectation *expect = fetch->item.expect;

    if (!status_is_expected(expect, status))
        return FETCH_BAD_STATUS;
    /* libcurl takes a connection that ends within the headers for the end of a response
     * without a body. */
    if (!fetch->head_complete)
        return FETCH_IO_FAILED;
    if (expect->body_known && (fetch->body_bytes != expect->body_bytes ||
                               fetch->body_crc32 != expect->body_crc32))
        return FETCH_BAD_BODY;
    return FETCH_OK;
}

static enum fetch_outcome judge(const struct fetch *fetch, CURLcode code, long status)
{
    switch (code) {
    case CURLE_OK:
        return judge_response(fetch, status);
    case CURLE_WRITE_ERROR: /* only our cap refuses a body; a page in place of the
                               expected one is first of all a wrong status */
        return status_is_expected(fetch->item.expect, status) ? FETCH_BAD_BODY
                                                              : FETCH_BAD_STATUS;
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

static void fill_connection(struct fetch *fetch, struct fetch_result *result)
{
    long connections = 0;
    long local_port = 0;
    curl_off_t connect_us = 0;
    curl_off_t tls_us = 0;

    /* A figure that libcurl cannot give stays 0, which reads as absent. */
    (void)curl_easy_getinfo(fetch->easy, CURLINFO_NUM_CONNECTS, &connections);
    (void)curl_easy_getinfo(fetch->easy, CURLINFO_LOCAL_PORT, &local_port);
    (void)curl_easy_getinfo(fetch->easy, CURLINFO_CONNECT_TIME_T, &connect_us);
    (void)curl_easy_getinfo(fetch->easy, CURLINFO_APPCONNECT_TIME_T, &tls_us);
    result->connections = (uint16_t)connections;
    result->local_port = (uint16_t)local_port;
    result->connect_us = (uint32_t)connect_us;
    result->tls_us = (uint32_t)tls_us;
}

/* -- one fetch ----------------------------------------------------------------- */

CURLcode fetch_begin(struct fetch *fetch, const struct work_item *item)
{
    fetch->item = *item;
    fetch->first_byte_ns = 0;
    fetch->head_complete = false;
    fetch->body_bytes = 0;
    fetch->body_cap_bytes = item->expect->body_known ? item->expect->body_bytes
                                                     : FETCH_BODY_CAP_BYTES;
    fetch->body_crc32 = 0;
    fetch->has_origin_delay = false;
    fetch->origin_delay_us = 0;
    item->result->start_ns = clock_ns();
    return options_set_url(fetch->easy, item->url);
}

/* Until 8.17.0 libcurl counts its silent retries over the whole life of a handle and
 * fails a healthy one after five. Only a kept connection that died causes a retry, so a
 * handle that had to connect again is given a fresh count. */
static void forget_retries(struct fetch *fetch)
{
    curl_easy_reset(fetch->easy);
    /* The same options were accepted before; if one is refused now, the next fetch fails
     * and says so. */
    (void)options_apply(fetch->easy, &fetch->policy, fetch->resolve, &fetch->sinks, NULL);
}

void fetch_end(struct fetch *fetch, CURLcode code)
{
    struct fetch_result *result = fetch->item.result;
    long status = 0;

    result->end_ns = clock_ns();
    (void)curl_easy_getinfo(fetch->easy, CURLINFO_RESPONSE_CODE, &status);
    fill_connection(fetch, result);
    result->first_byte_ns = fetch->first_byte_ns;
    result->body_bytes = fetch->body_bytes;
    result->has_origin_delay = fetch->has_origin_delay;
    result->origin_delay_us = fetch->origin_delay_us;
    result->http_status = (uint16_t)status;
    result->curl_code = (uint16_t)code;
    result->outcome = (uint16_t)judge(fetch, code, status);
    if (fetch->policy.reuse_connections && result->connections) {
        if (fetch->has_connected)
            forget_retries(fetch);
        fetch->has_connected = true;
    }
}

void fetch_perform(struct fetch *fetch, const struct work_item *item)
{
    CURLcode code = fetch_begin(fetch, item);

    fetch_end(fetch, code ? code : curl_easy_perform(fetch->easy));
}

/* -- its life ------------------------------------------------------------------ */

int fetch_create(struct fetch **out, const struct fetch_policy *policy, struct err *err)
{
    struct fetch *fetch = calloc(1, sizeof(*fetch));

    if (!fetch)
        return err_errno(err, "no memory for a fetch");
    fetch->policy = *policy;
    fetch->sinks = (struct options_sinks){on_header, on_body, fetch};
    fetch->easy = curl_easy_init();
    if (!fetch->easy) {
        (void)err_set(err, "libcurl gives no easy handle: out of memory");
        goto failed;
    }
    if (options_resolve_list(&fetch->resolve, policy, err) ||
        options_apply(fetch->easy, policy, fetch->resolve, &fetch->sinks, err))
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
    curl_slist_free_all(fetch->resolve);
    free(fetch);
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
