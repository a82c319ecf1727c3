/* run_strategy.h - runs a strategy once, as a cell does. */
#ifndef TESTS_SUPPORT_RUN_STRATEGY_H
#define TESTS_SUPPORT_RUN_STRATEGY_H

#include "strategies/strategy.h"

/* Opens it, runs it over the armed items, closes it; fails the test if it fails. */
void run_strategy(const struct strategy *strategy, struct work *work,
                  const struct fetch_policy *policy, unsigned level, unsigned workers);

#endif
