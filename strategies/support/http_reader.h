/* http_reader.h - reads an HTTP/1.1 response as it arrives, in pieces of any size: by its
 * length, in chunks, or to the end of the connection. For raw-epoll, which does without
 * libcurl.
 *
 * It accepts what libcurl accepts and rejects what libcurl rejects; where versions of
 * libcurl differ it rejects what any of them rejects. tests/unit/test_verdicts.c checks
 * that. */
#ifndef STRATEGIES_SUPPORT_HTTP_READER_H
#define STRATEGIES_SUPPORT_HTTP_READER_H

#include "fetch/response.h"

enum http_state {
    HTTP_STATUS_LINE,
    HTTP_HEADERS,
    HTTP_BODY,        /* `left` bytes of it */
    HTTP_BODY_TO_END, /* of the connection */
    HTTP_CHUNK_SIZE,
    HTTP_CHUNK_EXTENSION, /* and the rest of the line with the size */
    HTTP_CHUNK,           /* `left` bytes of it */
    HTTP_CHUNK_END,
    HTTP_TRAILER,
    HTTP_DONE,
    HTTP_OVER_CAP,      /* response_header() or response_body() returned false */
    HTTP_LINE_TOO_LONG, /* longer than libcurl accepts */
    HTTP_FOREIGN,       /* it does not begin with a status line of HTTP/1.0 or 1.1 */
    HTTP_BROKEN,        /* not a valid response */
    HTTP_NOT_READ       /* libcurl would read it, this reader does not */
};

struct http_reader {
    enum http_state state;
    long status; /* 0 before the status line */
    uint64_t left;
    unsigned lines;  /* of this head */
    unsigned digits; /* of the size of this chunk */
    bool http_10, has_length, chunked;
    bool keep_alive; /* the server will serve another request on this connection */
};

void http_reader_begin(struct http_reader *reader);

/* Consumes data and passes it on to `response`. Returns how many bytes were used. The
 * rest begins an unfinished line, at most RESPONSE_LINE_CAP_BYTES of it; pass it again
 * with more data after it. From the state HTTP_DONE on no more data is wanted. */
size_t http_reader_take(struct http_reader *reader, struct response *response,
                        const char *data, size_t size);

/* The connection has ended. True: the response is complete. */
bool http_reader_end(struct http_reader *reader);

#endif
