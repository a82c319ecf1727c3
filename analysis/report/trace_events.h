/* trace_events.h - a timeline in the Trace Event Format, which Perfetto and
 * chrome://tracing open. */
#ifndef ANALYSIS_REPORT_TRACE_EVENTS_H
#define ANALYSIS_REPORT_TRACE_EVENTS_H

#include "analysis/report/timeline.h"

/* The first bytes of every such file. */
#define TRACE_EVENTS_HEAD \
    "{\"displayTimeUnit\":\"ms\",\"otherData\":{\"source\":\"bench\""

/* One process per cell, one thread per request that a worker has in flight; a complete
 * event per request, its phases nested within. Needs a timeline with texts. -1: no
 * memory; a failure to write shows in ferror(). */
int trace_events_write(const struct timeline *timeline, FILE *out, struct err *err);

#endif
