/* known_cost.h - strategies of known cost: a sequential one beside idle threads or
 * processes that have used a known amount of resources. */
#ifndef TESTS_SUPPORT_KNOWN_COST_H
#define TESTS_SUPPORT_KNOWN_COST_H

#include "strategies/strategy.h"

/* CPU time, memory (one page fault per page) and waits of each piece of ballast. The
 * strategies have `level` pieces: threads, processes, or processes with one such thread
 * each (two pieces per process). */
enum { KNOWN_CPU_MS = 20, KNOWN_MEMORY_MIB = 2, KNOWN_WAITS = 50 };

extern const struct strategy strategy_known_threads, strategy_known_processes,
    strategy_known_both;

#endif
