/* suggest.h - the known word that is closest to a mistyped one, and the messages that
 * suggest it. The typed word may have any length and any bytes. */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

#include <stddef.h>

#include "base/err.h"

/* Longer words are neither suggested nor corrected. */
enum { SUGGEST_LENGTH_MAX = 64 };

/* The best candidate so far. Candidates are borrowed. */
struct suggestion {
    const char *typed; /* borrowed */
    size_t length;     /* of the word; `typed` may be longer */
    const char *best;  /* NULL if no candidate is close */
    unsigned cost, distance;
};

/* Finds the closest of several candidates: begin, offer each, read `best`. A candidate is
 * close if at most a third of the typed characters, but at least one, are mistyped
 * (Damerau-Levenshtein distance: one inserted, left out, replaced, or swapped with its
 * neighbour), or if it begins with the typed word. Case is ignored, and '_' equals '-'.
 * Of equally close candidates the first wins. */
struct suggestion suggest_begin(const char *typed, size_t length);
void suggest_offer(struct suggestion *suggestion, const char *candidate);

/* The closest of a NULL-terminated list; NULL if no candidate is close. */
const char *suggest(const char *typed, const char *const *candidates);

/* Each of these returns -1. "unknown KIND 'TYPED'; did you mean 'BEST'?"; without a
 * suggestion "unknown KIND 'TYPED'; HINT", or no hint if it is NULL. */
int suggest_unknown(struct err *err, const char *kind,
                    const struct suggestion *suggestion, const char *hint);

/* "'TYPED' is not one of A, B, C; did you mean 'B'?". At most nine words are listed. */
int suggest_one_of(struct err *err, const char *typed, const char *const *words);

/* Appends "; did you mean 'BEST'?" to a message if one of `words` is close. */
int suggest_append(struct err *err, const char *typed, const char *const *words);

/* The same for one word that is also allowed; if it is not close, appends ", JOIN
 * 'WORD'", such as ", or 'off'". */
int suggest_also(struct err *err, const char *typed, const char *join, const char *word);

#endif
