/* response.c - see response.h. */
#include "fetch/response.h"

#include <libdeflate.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/parse.h"

void response_begin(struct response *response, const struct work_expectation *expect)
{
    *response = (struct response){
        .expect = expect,
        .body_cap_bytes = expect->body_known ? expect->body_bytes
                                             : RESPONSE_BODY_CAP_BYTES,
    };
}

static const char blanks[] = " \t\r\n";

/* Whether an entry of a Server-Timing header is "delay;dur=50.123", which is in
 * milliseconds (W3C Server Timing), and nothing else. */
static bool parse_delay(const char *entry, size_t size, uint32_t *delay_us)
{
    static const char key[] = "delay;dur=";
    char number[24];
    double milliseconds;

    if (size < sizeof(key) || memcmp(entry, key, sizeof(key) - 1) != 0)
        return false;
    entry += sizeof(key) - 1;
    size -= sizeof(key) - 1;
    while (size && strchr(blanks, entry[size - 1]))
        size--;
    if (!size || size >= sizeof(number) || strspn(entry, "0123456789.") < size)
        return false;
    memcpy(number, entry, size);
    number[size] = '\0';
    if (parse_number(number, &milliseconds, NULL) || milliseconds > 4e6)
        return false;
    *delay_us = (uint32_t)(milliseconds * 1000.0 + 0.5);
    return true;
}

/* The delay among the entries of a Server-Timing header. The text is not terminated:
 * `size` bounds it. */
static bool parse_server_timing(const char *value, size_t size, uint32_t *delay_us)
{
    while (size) {
        const char *comma = memchr(value, ',', size);
        size_t length = comma ? (size_t)(comma - value) : size;
        size_t next = length + (comma != NULL);
        size_t blank = 0;

        while (blank < length && strchr(blanks, value[blank]) && value[blank])
            blank++;
        if (parse_delay(value + blank, length - blank, delay_us))
            return true;
        value += next;
        size -= next;
    }
    return false;
}

bool response_header(struct response *response, const char *line, size_t size)
{
    static const char name[] = "server-timing:";

    if (!response->first_byte_ns)
        response->first_byte_ns = clock_ns();
    response->head_bytes += size;
    response->head_lines++;
    if (response->head_bytes > RESPONSE_HEAD_CAP_BYTES ||
        response->head_lines > RESPONSE_HEAD_CAP_LINES) {
        response->head_over_cap = true;
        return false;
    }
    /* As libcurl sees it: LF alone ends a line too. */
    if (size && (line[0] == '\r' || line[0] == '\n'))
        response->head_complete = true;
    else if (size > 5 && !memcmp(line, "HTTP/", 5))
        response->head_complete = false; /* again, after an interim response */
    /* The first letter rules out most lines and is cheaper than a call. */
    if (response->expect->delay_stamped && size > sizeof(name) &&
        (line[0] == 's' || line[0] == 'S') && !strncasecmp(line, name, sizeof(name) - 1))
        response->has_origin_delay = parse_server_timing(line + sizeof(name) - 1,
                                                         size - (sizeof(name) - 1),
                                                         &response->origin_delay_us);
    return true;
}

bool response_is_cut_off(const struct response *response)
{
    return response->first_byte_ns && !response->head_complete;
}

bool response_body(struct response *response, const char *data, size_t size)
{
    response->body_bytes += size;
    if (response->body_bytes > response->body_cap_bytes) {
        response->body_over_cap = true;
        return false;
    }
    response->body_crc32 = libdeflate_crc32(response->body_crc32, data, size);
    return true;
}

static bool status_is_expected(const struct work_expectation *expect, long status)
{
    if (expect->http_status)
        return status == expect->http_status;
    return status >= 200 && status <= 299;
}

enum fetch_outcome response_judge(const struct response *response, long status)
{
    const struct work_expectation *expect = response->expect;

    if (response->head_over_cap)
        return FETCH_IO_FAILED;
    /* The status comes first: an error page has the wrong body as well. */
    if (!status_is_expected(expect, status))
        return FETCH_BAD_STATUS;
    /* libcurl accepts a connection that ends within the headers as a complete response
     * without a body. */
    if (!response->head_complete)
        return FETCH_IO_FAILED;
    if (response->body_over_cap ||
        (expect->body_known && (response->body_bytes != expect->body_bytes ||
                                response->body_crc32 != expect->body_crc32)))
        return FETCH_BAD_BODY;
    return FETCH_OK;
}

void response_record(const struct response *response, struct fetch_result *result)
{
    result->first_byte_ns = response->first_byte_ns;
    if (response->head_over_cap)
        result->cause = FETCH_CAUSE_HEAD_TOO_LARGE;
    else if (response->body_over_cap && !response->expect->body_known)
        result->cause = FETCH_CAUSE_BODY_TOO_LARGE;
    result->body_bytes = response->body_bytes;
    result->has_origin_delay = response->has_origin_delay;
    result->origin_delay_us = response->origin_delay_us;
}
