/* response.h - what arrives for one fetch, and whether it is what was expected: status,
 * length, checksum, the origin's own stamp. Whoever reads from the network hands it here,
 * so that all are held to the same. */
#ifndef FETCH_RESPONSE_H
#define FETCH_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fetch/work.h"

/* What a server can make a client hold is bounded here, for every strategy. libcurl keeps
 * all header lines of a response, those of interim responses and the trailers too; it
 * bounds them only from 8.3 on, and trailers never. */
#define RESPONSE_HEAD_CAP_BYTES (300ull * 1024)
enum { RESPONSE_HEAD_CAP_LINES = 5000 };

/* A line as long as this, in a head or in trailers, is an error of libcurl's. */
enum { RESPONSE_LINE_CAP_BYTES = 100 * 1024, RESPONSE_TRAILER_CAP_BYTES = 4096 };

/* A body longer than this is bad when its length is not known beforehand. It counts after
 * it was decompressed. */
#define RESPONSE_BODY_CAP_BYTES (64ull * 1024 * 1024)

struct response {
    const struct work_expectation *expect;
    uint64_t first_byte_ns;
    bool head_complete; /* the empty line behind the headers has come */
    bool head_over_cap, body_over_cap;
    uint64_t head_bytes, head_lines; /* of all heads and trailers */
    uint64_t body_bytes, body_cap_bytes;
    uint32_t body_crc32;
    uint32_t origin_delay_us;
    bool has_origin_delay;
};

/* Nothing has arrived yet. `expect` is borrowed. */
void response_begin(struct response *response, const struct work_expectation *expect);

/* A line of the head or a trailer with its line end, the status line and the empty line
 * included. False: there are more than there may be, and no more is wanted. */
bool response_header(struct response *response, const char *line, size_t size);

/* A piece of the body. False: it is longer than it may be, and no more is wanted. */
bool response_body(struct response *response, const char *data, size_t size);

/* Whether a connection that ended now ended within the head. */
bool response_is_cut_off(const struct response *response);

/* What a response came to that ended by itself, or by response_header() or
 * response_body() saying false. */
enum fetch_outcome response_judge(const struct response *response, long status);

/* Fills the fields of a result that are about what arrived. The cause is
 * filled only if it is a limit from above. */
void response_record(const struct response *response, struct fetch_result *result);

#endif
