/* response.h - what arrives for one fetch, and whether it is what was expected: status,
 * length, checksum, the origin's own stamp. Whoever reads from the network hands it here,
 * so that all are held to the same. */
#ifndef FETCH_RESPONSE_H
#define FETCH_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fetch/work.h"

/* A body longer than this is bad when its length is not known beforehand. */
#define RESPONSE_BODY_CAP_BYTES (64ull * 1024 * 1024)

struct response {
    const struct work_expectation *expect;
    uint64_t first_byte_ns;
    bool head_complete; /* the empty line behind the headers has come */
    bool over_cap;
    uint64_t body_bytes, body_cap_bytes;
    uint32_t body_crc32;
    uint32_t origin_delay_us;
    bool has_origin_delay;
};

/* Nothing has arrived yet. `expect` is borrowed. */
void response_begin(struct response *response, const struct work_expectation *expect);

/* A line of the head with its line end, the status line and the empty line included. */
void response_header(struct response *response, const char *line, size_t size);

/* A piece of the body. False: it is longer than it may be, and no more is wanted. */
bool response_body(struct response *response, const char *data, size_t size);

/* What a response came to that ended by itself, or by response_body() saying false. */
enum fetch_outcome response_judge(const struct response *response, long status);

/* Fills the fields of a result that are about what arrived. */
void response_record(const struct response *response, struct fetch_result *result);

#endif
