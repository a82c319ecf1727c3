/* junit.h - a comparison as a JUnit report. */
#ifndef ANALYSIS_REPORT_JUNIT_H
#define ANALYSIS_REPORT_JUNIT_H

#include <stdio.h>

#include "analysis/compare/comparison.h"
#include "base/err.h"

/* Writes it as a JUnit report, which CI systems show as tests: one test case for each
 * item that gates (slower is a failure, cannot tell is skipped) and one with an error for
 * each problem, as junit-10.xsd of Jenkins has them. With neither, one test case says
 * that nothing was compared, as an error: an empty report would be green. Fails if `out`
 * does, or without memory. */
int junit_write(const struct comparison *comparison, FILE *out, struct err *err);

#endif
