/* suggest.c - see suggest.h. */
#include "base/suggest.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

/* -- distance of two words ------------------------------------------------------- */

/* Removes the differences that do not count. ASCII only: the result must not depend on a
 * locale. */
static unsigned char plain(char character)
{
    if (character >= 'A' && character <= 'Z')
        return (unsigned char)(character - 'A' + 'a');
    return character == '_' ? '-' : (unsigned char)character;
}

static bool same(char a, char b)
{
    return plain(a) == plain(b);
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* The Damerau-Levenshtein distance, with no part edited twice (optimal string alignment).
 * Each row needs the two above it. Both words have at most SUGGEST_LENGTH_MAX bytes. */
static unsigned distance_of(const char *a, size_t a_length, const char *b,
                            size_t b_length)
{
    unsigned rows[3][SUGGEST_LENGTH_MAX + 1];

    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = (unsigned)j;
    for (size_t i = 1; i <= a_length; i++) {
        unsigned *row = rows[i % 3];
        const unsigned *above = rows[(i + 2) % 3];
        const unsigned *two_above = rows[(i + 1) % 3];

        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b_length; j++) {
            row[j] = least(least(above[j], row[j - 1]) + 1,
                           above[j - 1] + !same(a[i - 1], b[j - 1]));
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
                row[j] = least(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

static bool begins_with(const char *candidate, const char *typed, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!same(candidate[i], typed[i]))
            return false;
    return true;
}

/* -- the closest ------------------------------------------------------------------ */

struct suggestion suggest_begin(const char *typed, size_t length)
{
    return (struct suggestion){.typed = typed, .length = length};
}

void suggest_offer(struct suggestion *suggestion, const char *candidate)
{
    size_t length = suggestion->length;
    size_t candidate_length = strnlen(candidate, SUGGEST_LENGTH_MAX + 1);
    unsigned most = length > 5 ? (unsigned)length / 3 : 1;
    unsigned distance, cost;

    if (!length || length > SUGGEST_LENGTH_MAX || candidate_length > SUGGEST_LENGTH_MAX)
        return;
    distance = distance_of(suggestion->typed, length, candidate, candidate_length);
    cost = distance;
    /* A beginning counts as one mistake. A single letter is too little to go by. */
    if (length > 1 && length <= candidate_length &&
        begins_with(candidate, suggestion->typed, length))
        cost = least(cost, 1);
    /* In one or two letters the first must be right: "no" does not mean "on". */
    else if (distance >= length ||
             (length < 3 && !same(candidate[0], *suggestion->typed)))
        return;
    if (cost > most || (suggestion->best &&
                        (cost > suggestion->cost ||
                         (cost == suggestion->cost && distance >= suggestion->distance))))
        return;
    suggestion->best = candidate;
    suggestion->cost = cost;
    suggestion->distance = distance;
}

const char *suggest(const char *typed, const char *const *candidates)
{
    struct suggestion suggestion = suggest_begin(typed, strlen(typed));

    for (; *candidates; candidates++)
        suggest_offer(&suggestion, *candidates);
    return suggestion.best;
}

/* -- messages ---------------------------------------------------------------------- */

/* A long word and a long list must leave room for the rest of the message. */
enum { SHOWN_MAX = 80, LISTED_MAX = 9 };

static int shown(size_t length)
{
    return length > SHOWN_MAX ? SHOWN_MAX : (int)length;
}

static const char *dots(size_t length)
{
    return length > SHOWN_MAX ? "..." : "";
}

int suggest_unknown(struct err *err, const char *kind,
                    const struct suggestion *suggestion, const char *hint)
{
    size_t length = suggestion->length;

    if (suggestion->best)
        return err_set(err, "unknown %s '%.*s'; did you mean '%s'?", kind, shown(length),
                       suggestion->typed, suggestion->best);
    return err_set(err, "unknown %s '%.*s%s'%s%s", kind, shown(length), suggestion->typed,
                   dots(length), hint ? "; " : "", hint ? hint : "");
}

int suggest_one_of(struct err *err, const char *typed, const char *const *words)
{
    size_t length = strlen(typed);
    char list[LISTED_MAX * 34] = "";

    for (size_t i = 0; words[i] && i <= LISTED_MAX; i++)
        (void)text_append_item(list, sizeof(list), "%s",
                               i < LISTED_MAX ? words[i] : "...");
    (void)err_set(err, "'%.*s%s' is not one of %s", shown(length), typed, dots(length),
                  list);
    return suggest_append(err, typed, words);
}

int suggest_append(struct err *err, const char *typed, const char *const *words)
{
    const char *best = suggest(typed, words);

    if (err && best)
        (void)text_append(err->text, sizeof(err->text), "; did you mean '%s'?", best);
    return -1;
}

int suggest_also(struct err *err, const char *typed, const char *join, const char *word)
{
    const char *const words[] = {word, NULL};

    if (suggest(typed, words))
        return suggest_append(err, typed, words);
    if (err)
        (void)text_append(err->text, sizeof(err->text), ", %s '%s'", join, word);
    return -1;
}
