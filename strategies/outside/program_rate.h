/* program_rate.h - a program that fetches requests which become due at planned moments:
 * whether it kept to them, and the results of those that it could not end. */
#ifndef STRATEGIES_OUTSIDE_PROGRAM_RATE_H
#define STRATEGIES_OUTSIDE_PROGRAM_RATE_H

#include "base/err.h"
#include "fetch/result.h"
#include "strategies/outside/program_line.h"
#include "strategies/strategy.h"

/* -1: the request began too early, or was given up too early; the message is a predicate
 * without a subject. The moments are those of `go` and `done`. */
int program_rate_check(const struct strategy_env *env, uint64_t go_ns, uint64_t done_ns,
                       const struct program_result *told, struct err *err);

/* When the program's time is over, after `go`: where the supply does not end, when all
 * requests have timed out. 0: they have no moments. */
uint64_t program_rate_stop_ns(const struct strategy_env *env);

/* The result of a request that was unfinished when the time was over. One that would have
 * begun later has not begun. */
struct fetch_result program_rate_unfinished(const struct strategy_env *env,
                                            uint64_t go_ns,
                                            const struct program_result *told);

#endif
