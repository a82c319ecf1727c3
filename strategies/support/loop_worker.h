/* loop_worker.h - a worker that has many fetches in flight. */
#ifndef STRATEGIES_SUPPORT_LOOP_WORKER_H
#define STRATEGIES_SUPPORT_LOOP_WORKER_H

#include "strategies/support/worker.h"

/* Any share on a libevent loop of its own, by curl_multi_socket_action(). */
extern const struct worker_kind loop_worker;

#endif
