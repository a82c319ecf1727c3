/* phase.h - how long the parts of one fetch took, in microseconds; NAN: this one has no
 * such part.
 *
 * The harness's own stamps give queue, first byte and latency. Connect and TLS are by
 * libcurl's clock, which begins when libcurl starts the transfer: the time that a
 * transfer waits inside a loop before that belongs to neither. */
#ifndef HARNESS_VALIDITY_PHASE_H
#define HARNESS_VALIDITY_PHASE_H

#include "base/strict_math.h"
#include "fetch/result.h"

typedef double phase_fn(const struct fetch_result *result);

phase_fn phase_queue_us;   /* begin to start: it waited for its worker */
phase_fn phase_connect_us; /* to TCP connected; only where a connection was opened */
phase_fn phase_tls_us;     /* from there to TLS agreed: the handshake alone */
phase_fn phase_ttfb_us;    /* begin to the first byte of the response */
phase_fn phase_latency_us; /* begin to end */
phase_fn phase_late_us;    /* due to start, where that was planned */
phase_fn phase_due_us;     /* due to end: the latency at a rate */

#endif
