/* plugin.h - a concurrency model in a shared object, for `bench run --plugin FILE.so`.
 *
 * The installed form of this file is <bench/plugin.h>; it includes all that a model
 * needs:
 *
 *     strategy.h   the table to fill, and when its functions are called
 *     work.h       work_take(): the next request; due.h for one that must not block
 *     fetch.h      one transfer through libcurl; flight.h keeps a level of them in flight
 *     response.h   judges a response that was read without libcurl; url.h has the request
 *     err.h        the message that says why open() or run() failed
 *
 * A shared object calls what these headers declare: bench exports it, and the object
 * leaves it undefined. docs/your-model.md walks through one. */
#ifndef STRATEGIES_PLUGIN_H
#define STRATEGIES_PLUGIN_H

#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/usage.h"
#include "fetch/due.h"
#include "fetch/fetch.h"
#include "fetch/flight.h"
#include "fetch/policy.h"
#include "fetch/response.h"
#include "fetch/result.h"
#include "fetch/site.h"
#include "fetch/url.h"
#include "fetch/work.h"
#include "strategies/strategy.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The number of this interface. It grows with every change that an object compiled before
 * would not survive: the size or the meaning of a struct in these headers. */
#define BENCH_PLUGIN_ABI 1

/* The export of the shared object. The first field never moves. */
struct bench_plugin {
    uint32_t abi; /* BENCH_PLUGIN_ABI */
    const struct strategy *strategy;
};

extern const struct bench_plugin bench_plugin __attribute__((visibility("default")));

#ifdef __cplusplus
}
#endif

#endif
