/* page.h - the pages of the origin: an index and one hundred films.
 *
 * Made from a fixed seed, so that every process makes the same bytes: the origin serves
 * them, the harness knows their length and checksum beforehand. */
#ifndef ORIGIN_PAGE_H
#define ORIGIN_PAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "origin/wire.h"

enum { PAGE_DETAIL_COUNT = 100 };

struct page {
    char path[24]; /* "/" or "/detail/7" */
    char *body;
    size_t body_bytes;
    uint32_t crc32; /* of the body, as zlib computes it */

    /* How it is sent, see page_wire(): compressed [1] or not, in chunks [..][1] or not;
     * only those that the form of the set asks for are made. */
    struct wire wires[2][2];
};

struct page_set {
    struct body_form form;
    struct page pages[1 + PAGE_DETAIL_COUNT]; /* 0: the index; i: /detail/i */
};

/* Makes all pages; `form` says how long they are and how they are sent, NULL: plain,
 * at their natural length. Owner: the caller, page_set_destroy(). Fails if memory runs
 * out. */
int page_set_create(struct page_set **out, const struct body_form *form, struct err *err);
void page_set_destroy(struct page_set *set); /* NULL is fine */

/* The form in which a client with these capabilities gets a page. */
const struct wire *page_wire(const struct page_set *set, const struct page *page,
                             bool takes_gzip, bool takes_chunks);

/* The page at a path of `length` bytes (a query after '?' does not count), or NULL. */
const struct page *page_find(const struct page_set *set, const char *path, size_t length);

#endif
