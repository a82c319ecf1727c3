/* word_list.h - comma lists of known words, such as "cost, p99". */
#ifndef BASE_WORD_LIST_H
#define BASE_WORD_LIST_H

#include <stdbool.h>

#include "base/err.h"

/* Which words a list may have. */
struct word_list {
    const char *const *words; /* NULL-terminated */
    const char *kind;         /* of suggest_unknown(); NULL: suggest_one_of() */
    bool all;                 /* "all" stands for every word */
};

/* Reads a list: `wanted`, one flag per word, becomes true for each word that it has and
 * false for the others. -1: it has another word, or there is no memory. */
int word_list_parse(const struct word_list *list, const char *text, bool *wanted,
                    struct err *err);

#endif
