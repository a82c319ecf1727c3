/* blocking_worker.h - a worker that fetches one page after another. */
#ifndef STRATEGIES_SUPPORT_BLOCKING_WORKER_H
#define STRATEGIES_SUPPORT_BLOCKING_WORKER_H

#include "strategies/support/worker.h"

/* One fetch at a time, in curl_easy_perform(). Its share is always one. */
extern const struct worker_kind blocking_worker;

#endif
