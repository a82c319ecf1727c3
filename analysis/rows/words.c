/* words.c - see words.h. */
#include "analysis/rows/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define X(name, word, meaning) {word, meaning},
static const struct word {
    const char *word, *meaning;
} statuses[] = {ROW_STATUSES(X)}, notes[] = {ROW_NOTES(X)};
#undef X

const char *status_word(enum row_status status)
{
    return statuses[status].word;
}

const char *status_meaning(enum row_status status)
{
    return statuses[status].meaning;
}

const char *note_word(enum row_note note)
{
    return notes[note].word;
}

const char *note_meaning(enum row_note note)
{
    return notes[note].meaning;
}

bool notes_have(const char *text, enum row_note note)
{
    size_t length = strlen(notes[note].word);

    for (const char *at = text; (at = strstr(at, notes[note].word)); at += length)
        if ((at == text || at[-1] == ' ') && (!at[length] || at[length] == ' '))
            return true;
    return false;
}

const char *failed_requests_text(uint64_t failed, uint64_t requests,
                                 char text[FAILED_REQUESTS_SIZE])
{
    (void)snprintf(text, FAILED_REQUESTS_SIZE, "%" PRIu64 " of %" PRIu64 " requests ",
                   failed, requests);
    return text;
}
