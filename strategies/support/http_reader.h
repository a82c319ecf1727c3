/* http_reader.h - reads a response of HTTP/1.1 as it comes, in whichever pieces: by its
 * length, in chunks, or to the end of the connection. For the one strategy that does not
 * have libcurl do it.
 *
 * It takes what libcurl takes and refuses what libcurl refuses; where versions of libcurl
 * differ it refuses what one of them does. tests/unit/test_verdicts.c holds it to that.
 */
#ifndef STRATEGIES_SUPPORT_HTTP_READER_H
#define STRATEGIES_SUPPORT_HTTP_READER_H

#include "fetch/response.h"

enum http_state {
    HTTP_STATUS_LINE,
    HTTP_HEADERS,
    HTTP_BODY,        /* `left` bytes of it */
    HTTP_BODY_TO_END, /* of the connection */
    HTTP_CHUNK_SIZE,
    HTTP_CHUNK_EXTENSION, /* and whatever else stands in the line of a size */
    HTTP_CHUNK,           /* `left` bytes of it */
    HTTP_CHUNK_END,
    HTTP_TRAILER,
    HTTP_DONE,
    HTTP_OVER_CAP,      /* response_header() or response_body() has had enough */
    HTTP_LINE_TOO_LONG, /* longer than libcurl holds */
    HTTP_FOREIGN,       /* it begins with no status line of HTTP/1.0 or 1.1 */
    HTTP_BROKEN,        /* this is no response */
    HTTP_NOT_READ       /* libcurl would read it, this does not */
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

/* Takes what it can of the data and hands it on to `response`. Returns how many bytes
 * were used; the others begin an unfinished line and are to come again with more behind
 * them; these are never more than RESPONSE_LINE_CAP_BYTES. The state says whether more is
 * wanted: HTTP_DONE and what stands behind it do not.
 */
size_t http_reader_take(struct http_reader *reader, struct response *response,
                        const char *data, size_t size);

/* The connection has ended. True: so has the response, as it should. */
bool http_reader_end(struct http_reader *reader);

#endif
