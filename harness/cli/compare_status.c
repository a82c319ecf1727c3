/* compare_status.c - see compare_status.h. */
#include "harness/cli/compare_status.h"

#include "harness/cli/command.h"

int compare_status(const struct comparison *comparison)
{
    static const int statuses[COMPARE_OUTCOME_COUNT] = {
        [COMPARE_CLEAR] = EXIT_ALL_GOOD,
        [COMPARE_REGRESSION] = EXIT_REGRESSION,
        [COMPARE_UNDECIDED] = EXIT_CANNOT_TELL,
        [COMPARE_ROWS_MISSING] = EXIT_INCOMPLETE,
        [COMPARE_INCOMPARABLE] = EXIT_NOT_COMPARABLE,
    };

    return statuses[compare_outcome(comparison)];
}
