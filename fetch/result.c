/* result.c - see result.h. */
#include "fetch/result.h"

#include <errno.h>

const char *fetch_outcome_word(enum fetch_outcome outcome)
{
    static const char *const words[FETCH_OUTCOME_COUNT] = {
#define X(name, word, meaning) [FETCH_##name] = (word),
        FETCH_OUTCOMES(X)
#undef X
    };

    return (unsigned)outcome < FETCH_OUTCOME_COUNT ? words[outcome] : "unknown";
}

enum fetch_cause fetch_cause_of_connect(int os_errno)
{
    switch (os_errno) {
    case EADDRNOTAVAIL:
        return FETCH_CAUSE_NO_PORT;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
        return FETCH_CAUSE_NO_ROUTE;
    default:
        return FETCH_CAUSE_NONE;
    }
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
