/* known_cost.h - strategies of known cost: a sequential one with ballast beside it. */
#ifndef TESTS_SUPPORT_KNOWN_COST_H
#define TESTS_SUPPORT_KNOWN_COST_H

#include "strategies/strategy.h"

/* What each piece of ballast uses: so much CPU time, so much memory of its own (in pages
 * of which each is a fault), so many waits. The strategies have `level` pieces: threads,
 * processes, or processes that have one such thread each (two pieces a process). */
enum { KNOWN_CPU_MS = 20, KNOWN_MEMORY_MIB = 2, KNOWN_WAITS = 50 };

extern const struct strategy strategy_known_threads, strategy_known_processes,
    strategy_known_both;

#endif
