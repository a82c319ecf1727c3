/* loop_worker.h - a worker that has many fetches in flight. */
#ifndef STRATEGIES_SUPPORT_LOOP_WORKER_H
#define STRATEGIES_SUPPORT_LOOP_WORKER_H

#include "strategies/support/worker.h"

/* Keeps any share of the level in flight on its own libevent loop, by
 * curl_multi_socket_action(). */
extern const struct worker_kind loop_worker;

#endif
