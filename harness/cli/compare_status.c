/* compare_status.c - see compare_status.h. */
#include "harness/cli/compare_status.h"

#include "harness/cli/command.h"

int compare_status(const struct comparison *comparison)
{
    if (compare_problem_count(comparison, COMPARE_NOT_COMPARABLE))
        return EXIT_NOT_COMPARABLE;
    if (compare_count(comparison, COMPARE_SLOWER))
        return EXIT_REGRESSION;
    if (compare_problem_count(comparison, COMPARE_INCOMPLETE))
        return EXIT_INCOMPLETE;
    return compare_count(comparison, COMPARE_CANNOT_TELL) ? EXIT_CANNOT_TELL
                                                          : EXIT_ALL_GOOD;
}
