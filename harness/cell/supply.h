/* supply.h - the supply of a cell's requests, and their results once it has ended. */
#ifndef HARNESS_CELL_SUPPLY_H
#define HARNESS_CELL_SUPPLY_H

#include "fetch/work.h"
#include "harness/plan/plan.h"
#include "harness/target/target.h"

/* The armed supply of a cell: its requests with the moments at which they are due, and
 * the end of its time. `at_once`: all may begin at once instead, for as long as they
 * take. Owner: the caller, work_destroy(). */
int supply_make(struct work **work, const struct plan *plan, const struct cell *cell,
                const struct target_list *targets, bool at_once, struct err *err);

/* When the last item of an armed supply is due, after its start; 0 without moments. */
uint64_t supply_last_due_ns(const struct work *work);

/* Gives the results of a run that began at `started_ns` the moments at which they were
 * due. At a rate, those that had not ended when the time was over become unfinished:
 * never begun, or cut off. */
void supply_settle(const struct work *work, const struct cell *cell, uint64_t started_ns,
                   struct fetch_result *results, size_t count);

#endif
