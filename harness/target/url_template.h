/* url_template.h - what the braces in an address stand for.
 *
 * "{1..100}" is each number in turn, with leading zeros if the first has them; "{a,b,c}"
 * is each of the texts. With several braces the last one changes fastest, as in a shell.
 * "{id}" is the number of the request, from 1; there it must be the only one. */
#ifndef HARNESS_TARGET_URL_TEMPLATE_H
#define HARNESS_TARGET_URL_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { TEMPLATE_BRACES_MAX = 8 };

/* What one template, or one list of addresses, may come to. */
#define TEMPLATE_COUNT_MAX UINT64_C(100000)

struct url_template_brace {
    const char *before; /* what stands between the brace before and this one */
    size_t before_bytes;
    const char *inside;
    size_t inside_bytes;
    bool is_list;   /* else a range */
    uint64_t from;  /* of a range */
    int width;      /* digits that a number of it has at least */
    uint64_t count; /* what it stands for */
};

/* A text taken apart; it borrows the text. */
struct url_template {
    struct url_template_brace braces[TEMPLATE_BRACES_MAX];
    size_t brace_count;
    const char *after; /* the last brace */
    bool has_id;
    uint64_t count; /* addresses that it stands for; with {id} there is no end: 0 */
};

/* Fails, in words, for braces that are none of these, and for too many addresses. */
int url_template_parse(struct url_template *template, const char *text, struct err *err);

/* The address at `index`, which is below the count, if that is not 0. Owner: the caller,
 * free(). NULL for want of memory. */
char *url_template_write(const struct url_template *template, uint64_t index);

#endif
