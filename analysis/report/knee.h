/* knee.h - the level beyond which a strategy gains little from more concurrency. */
#ifndef ANALYSIS_REPORT_KNEE_H
#define ANALYSIS_REPORT_KNEE_H

#include "analysis/report/summary.h"

/* The first level of a strategy from which to the next its throughput grows less than
 * half as fast as the level does, whichever of its rounds are compared: from 100 to 200
 * less than 1.5 times. 0: there is none, or too few rounds show one. */
uint64_t knee_of(const struct summary *summary, const char *variant,
                 const char *strategy);

#endif
