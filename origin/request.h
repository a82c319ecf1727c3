/* request.h - a strict, bounded parser for the head of an HTTP/1.x request.
 *
 * Nothing is copied or allocated: the results point into the caller's buffer. */
#ifndef ORIGIN_REQUEST_H
#define ORIGIN_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

enum { REQUEST_HEAD_MAX_BYTES = 8192 };

enum request_method {
    REQUEST_GET,
    REQUEST_HEAD,
    REQUEST_OTHER,  /* one that HTTP knows and this server does not offer: 405 */
    REQUEST_UNKNOWN /* 501 */
};

struct request {
    enum request_method method;
    const char *path; /* begins with '/', not terminated */
    size_t path_bytes;
    bool keep_alive;   /* by version and Connection header */
    bool takes_gzip;   /* by Accept-Encoding */
    bool takes_chunks; /* by version */
    bool has_body;     /* which this server does not read; never of GET or HEAD */
};

enum request_status {
    REQUEST_COMPLETE,
    REQUEST_PARTIAL,   /* read on; only while there are under REQUEST_HEAD_MAX_BYTES */
    REQUEST_TOO_LARGE, /* 431 */
    REQUEST_MALFORMED, /* 400 */
};

/* Looks at the `size` bytes received so far. When complete, fills `request` and says in
 * `*head_bytes` how many bytes it took. A GET or HEAD with a body is refused as
 * malformed: nothing that this server offers takes one. */
enum request_status request_parse(const char *data, size_t size, struct request *request,
                                  size_t *head_bytes);

#endif
