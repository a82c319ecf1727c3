/* wire.h - a page as it is sent: compressed or not, in chunks or in one piece. */
#ifndef ORIGIN_WIRE_H
#define ORIGIN_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* How pages are sent. */
struct body_form {
    size_t bytes; /* of each page before it is compressed; 0: as it is made */
    bool gzip;    /* for clients that accept it */
    bool chunked;
};

/* The chunks of a body, or one per byte if it is shorter. */
enum { WIRE_CHUNKS = 4 };

struct wire {
    const char *bytes; /* sent after the head */
    size_t size;
    char *own; /* these bytes, unless they are the page's */
    size_t
        encoded_bytes;  /* of the body, compressed if it is; without the chunks' frames */
    const char *coding; /* the header lines about its compression; "": none */
    char fields[96];    /* these, and the one that says where the body ends */
};

/* Makes one of a page's `size` bytes, which it borrows. Owner: the caller, wire_free().
 * Fails if memory runs out. */
int wire_make(struct wire *wire, const char *body, size_t size, bool gzip, bool chunked,
              struct err *err);
void wire_free(struct wire *wire); /* fine for all zeros */

#endif
