/* comparison.c - see comparison.h. */
#include "analysis/compare/comparison.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *compare_verdict_word(enum compare_verdict verdict)
{
    static const char *const words[COMPARE_VERDICT_COUNT] = {
        [COMPARE_SLOWER] = "slower",
        [COMPARE_FASTER] = "faster",
        [COMPARE_SAME] = "same",
        [COMPARE_NOT_SLOWER] = "not slower",
        [COMPARE_CANNOT_TELL] = "cannot tell",
    };

    return words[verdict];
}

bool compare_source_has(const struct compare_source *source, const struct row *row)
{
    return !source->variant || !strcmp(row_text(row, COLUMN_variant), source->variant);
}

/* -- problems ------------------------------------------------------------------ */

int comparison_add_problem(struct comparison *comparison, enum compare_problem_kind kind,
                           const char *strategy, uint64_t level, struct err *err,
                           const char *format, ...)
{
    struct compare_problem *problems = realloc(
        comparison->problems, (comparison->problem_count + 1) * sizeof(*problems));
    struct compare_problem *problem;
    va_list arguments;

    if (!problems)
        return err_errno(err, "no memory for the problems of a comparison");
    comparison->problems = problems;
    problem = &problems[comparison->problem_count++];
    *problem = (struct compare_problem){kind, strategy, comparison->point_kind, level,
                                        ""};
    va_start(arguments, format);
    (void)vsnprintf(problem->text, sizeof(problem->text), format, arguments);
    va_end(arguments);
    return 0;
}

size_t compare_count(const struct comparison *comparison, enum compare_verdict verdict)
{
    size_t count = 0;

    for (size_t i = 0; i < comparison->item_count; i++)
        count += comparison->items[i].gates && comparison->items[i].verdict == verdict;
    return count;
}

size_t compare_overall_count(const struct comparison *comparison,
                             enum compare_verdict verdict)
{
    size_t count = 0;

    for (size_t i = 0; i < comparison->overall_count; i++)
        count += comparison->overall[i].verdict == verdict;
    return count;
}

size_t compare_hiding_count(const struct comparison *comparison)
{
    size_t count = 0;

    for (size_t i = 0; i < comparison->item_count; i++)
        count += comparison->items[i].gates &&
                 comparison->items[i].verdict == COMPARE_CANNOT_TELL &&
                 !comparison->items[i].large_excluded;
    return count;
}

/* -- the outcome --------------------------------------------------------------- */

static bool is_regression(const struct comparison *comparison)
{
    return compare_overall_count(comparison, COMPARE_SLOWER) ||
           compare_count(comparison, COMPARE_SLOWER);
}

static bool is_undecided(const struct comparison *comparison)
{
    if (comparison->by_cells)
        return compare_count(comparison, COMPARE_CANNOT_TELL);
    return !comparison->overall_count ||
           compare_overall_count(comparison, COMPARE_CANNOT_TELL) ||
           compare_hiding_count(comparison);
}

enum compare_outcome compare_outcome(const struct comparison *comparison)
{
    if (compare_problem_count(comparison, COMPARE_NOT_COMPARABLE))
        return COMPARE_INCOMPARABLE;
    if (is_regression(comparison))
        return COMPARE_REGRESSION;
    if (compare_problem_count(comparison, COMPARE_INCOMPLETE))
        return COMPARE_ROWS_MISSING;
    return is_undecided(comparison) ? COMPARE_UNDECIDED : COMPARE_CLEAR;
}

bool compare_is_decided(const struct comparison *comparison)
{
    return is_regression(comparison) || (comparison->family && !is_undecided(comparison));
}

const char *compare_outcome_word(enum compare_outcome outcome)
{
    static const char *const words[COMPARE_OUTCOME_COUNT] = {
        [COMPARE_CLEAR] = "clear",
        [COMPARE_REGRESSION] = "regression",
        [COMPARE_UNDECIDED] = "cannot tell",
        [COMPARE_ROWS_MISSING] = "incomplete",
        [COMPARE_INCOMPARABLE] = "not comparable",
    };

    return words[outcome];
}

size_t compare_problem_count(const struct comparison *comparison,
                             enum compare_problem_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < comparison->problem_count; i++)
        count += comparison->problems[i].kind == kind;
    return count;
}

const char *compare_problem_word(enum compare_problem_kind kind)
{
    switch (kind) {
    case COMPARE_INCOMPLETE:
        return "incomplete";
    case COMPARE_NOT_COMPARABLE:
        return "not comparable";
    case COMPARE_NOTED:
        break;
    }
    return "noted";
}

bool compare_problem_is_shown(const struct comparison *comparison,
                              const struct compare_problem *problem)
{
    return problem->kind != COMPARE_NOTED ||
           !compare_problem_count(comparison, COMPARE_NOT_COMPARABLE);
}

void comparison_free(struct comparison *comparison)
{
    free(comparison->items);
    free(comparison->problems);
    *comparison = (struct comparison){0};
}
