/* url_template.h - the braces in a URL, and the URLs that they stand for.
 *
 * "{1..100}" is each number in turn, with leading zeros if the first has them; "{a,b,c}"
 * is each of the texts. With several braces the last one changes fastest, as in a shell.
 * "{id}" is the number of the request, from 1; it must be the only one. */
#ifndef HARNESS_TARGET_URL_TEMPLATE_H
#define HARNESS_TARGET_URL_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { TEMPLATE_BRACES_MAX = 8 };

/* The most URLs that one template, or all together, may stand for. */
#define TEMPLATE_COUNT_MAX UINT64_C(100000)

struct url_template_brace {
    const char *before; /* the text between the previous brace and this one */
    size_t before_bytes;
    const char *inside;
    size_t inside_bytes;
    bool is_list;   /* else a range */
    uint64_t from;  /* of a range */
    int width;      /* minimum digits of its numbers */
    uint64_t count; /* of the texts that it stands for */
};

/* A text taken apart; it borrows the text. */
struct url_template {
    struct url_template_brace braces[TEMPLATE_BRACES_MAX];
    size_t brace_count;
    const char *after; /* the last brace */
    bool has_id;
    uint64_t count; /* URLs that it stands for; 0 with {id}: no limit */
};

/* Fails for braces of any other form, and for too many URLs. */
int url_template_parse(struct url_template *template, const char *text, struct err *err);

/* The URL at `index`, which is below the count, if that is not 0. Owner: the caller,
 * free(). NULL: no memory. */
char *url_template_write(const struct url_template *template, uint64_t index);

#endif
