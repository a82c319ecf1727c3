/* response.h - the response to one fetch, and whether it is as expected: status, length,
 * checksum, the origin's delay stamp. Every reader of the network passes its data to it,
 * so that all strategies are judged alike. */
#ifndef FETCH_RESPONSE_H
#define FETCH_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fetch/work.h"

#ifdef __cplusplus
extern "C" {
#endif

/* These limits bound the memory that a server can make a client hold, in every strategy.
 * libcurl keeps all header lines of a response, those of interim responses and the
 * trailers too; it limits them only from 8.3 on, and trailers never. */
#define RESPONSE_HEAD_CAP_BYTES (300ull * 1024)
enum { RESPONSE_HEAD_CAP_LINES = 5000 };

/* libcurl rejects a line of this length in a head or in trailers. */
enum { RESPONSE_LINE_CAP_BYTES = 100 * 1024, RESPONSE_TRAILER_CAP_BYTES = 4096 };

/* A longer body is bad if its length is not known beforehand. Counted after
 * decompression. */
#define RESPONSE_BODY_CAP_BYTES (64ull * 1024 * 1024)

struct response {
    const struct work_expectation *expect;
    uint64_t first_byte_ns;
    bool head_complete; /* the empty line after the headers has arrived */
    bool head_over_cap, body_over_cap;
    uint64_t head_bytes, head_lines; /* of all heads and trailers */
    uint64_t body_bytes, body_cap_bytes;
    uint32_t body_crc32;
    uint32_t origin_delay_us;
    bool has_origin_delay;
};

/* Starts a response of which nothing has arrived yet. `expect` is borrowed. */
void response_begin(struct response *response, const struct work_expectation *expect);

/* Takes a line of the head or a trailer with its line end, including the status line and
 * the empty line. False: a limit is exceeded; read no more. */
bool response_header(struct response *response, const char *line, size_t size);

/* Takes a piece of the body. False: it is too long; read no more. */
bool response_body(struct response *response, const char *data, size_t size);

/* Whether a connection that ended now would have ended within the head. */
bool response_is_cut_off(const struct response *response);

/* The outcome of a response that has ended, or that was stopped because response_header()
 * or response_body() returned false. */
enum fetch_outcome response_judge(const struct response *response, long status);

/* Fills the fields of a result that describe the response. Sets the cause only if a limit
 * above was exceeded. */
void response_record(const struct response *response, struct fetch_result *result);

#ifdef __cplusplus
}
#endif

#endif
