/* summary_text.h - the text that a writer of summaries makes. */
#ifndef TESTS_SUPPORT_SUMMARY_TEXT_H
#define TESTS_SUPPORT_SUMMARY_TEXT_H

#include "analysis/report/view.h"

/* To be freed. Fails the test if the writer does. */
char *summary_written(const struct summary *summary, const struct view *view,
                      summary_write_fn *write);

#endif
