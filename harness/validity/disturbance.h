/* disturbance.h - disturbances that are not the strategy's fault: the cell was stopped,
 * or a CPU quota throttled it. */
#ifndef HARNESS_VALIDITY_DISTURBANCE_H
#define HARNESS_VALIDITY_DISTURBANCE_H

#include "harness/cell/measure.h"

enum { DISTURBANCE_TEXT_SIZE = 200 };

/* "the cell was stopped for 3.002 s; the CPU quota held the control group back for 0.950
 * s of CPU time"; "" without a disturbance. Returns `text`. */
const char *disturbance_text(const struct measurement *measurement,
                             char text[DISTURBANCE_TEXT_SIZE]);

/* True when the cell, a process of it or the origin was stopped; `*stopped_s` is
 * the longest of the three times. */
bool disturbance_stopped(const struct measurement *measurement, double *stopped_s);

bool disturbance_throttled(const struct measurement *measurement);

#endif
