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

const char *fetch_cause_text(enum fetch_cause cause)
{
    static const char *const texts[FETCH_CAUSE_COUNT] = {
#define X(name, message) [FETCH_CAUSE_##name] = (message),
        FETCH_CAUSES(X)
#undef X
    };

    return (unsigned)cause < FETCH_CAUSE_COUNT ? texts[cause] : "";
}
