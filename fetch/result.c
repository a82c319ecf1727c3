/* result.c - see result.h. */
#include "fetch/result.h"

const char *fetch_outcome_word(enum fetch_outcome outcome)
{
    static const char *const words[FETCH_OUTCOME_COUNT] = {
#define X(name, word, meaning) [FETCH_##name] = (word),
        FETCH_OUTCOMES(X)
#undef X
    };

    return (unsigned)outcome < FETCH_OUTCOME_COUNT ? words[outcome] : "unknown";
}
