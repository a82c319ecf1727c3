/* mock.h - strategies with synthetic results and a way to measure them without network,
 * clock or process, so that every figure of a row is known in advance. */
#ifndef TESTS_SUPPORT_MOCK_H
#define TESTS_SUPPORT_MOCK_H

#include "harness/cell/measure.h"
#include "harness/plan/plan.h"

enum { MOCK_REQUESTS_MAX = 1000 };

/* Fetch the whole level at a time; fetch one at a time. */
extern const struct strategy mock_parallel, mock_serial;

struct mock {
    const struct plan *plan;
    struct origin_stats *origin; /* room for MOCK_REQUESTS_MAX arrivals; owned */

    /* Alters a measurement before it is handed on. Optional. */
    void (*alter)(struct mock *mock, struct measurement *measurement);
    size_t alter_after; /* cells that pass before it is called */
    size_t measured;    /* cells so far */
};

void mock_open(struct mock *mock, const struct plan *plan);
void mock_close(struct mock *mock);

/* For sweep_hooks.measure; `user` is a struct mock. */
int mock_measure(void *user, const struct cell *cell, struct measurement *measurement,
                 struct err *err);

/* The results of a measurement, for changes. */
struct fetch_result *mock_results(const struct measurement *measurement);

/* Ends the run after `run_ns`, and with it the fetches that would end later. */
void mock_shorten(struct measurement *measurement, uint64_t run_ns);

#endif
