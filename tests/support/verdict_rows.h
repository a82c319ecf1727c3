/* verdict_rows.h - responses, well-formed and not, and what a client makes of each. */
#ifndef TESTS_SUPPORT_VERDICT_ROWS_H
#define TESTS_SUPPORT_VERDICT_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "fetch/result.h"
#include "tests/support/scripted_server.h"

struct verdict_row {
    const char *name;
    const char *text;    /* '@' stands for NUL */
    const char *rest;    /* behind the filling */
    size_t filling;      /* bytes between the two */
    const char *flood;   /* sent behind them without end */
    enum server_end end; /* what follows */
    bool slow;           /* ends by the timeout: asked once */
    bool once;           /* asked once */

    const char *outcome;    /* libcurl's ... */
    const char *later;      /* ... or from 8.0 on perhaps this one; or NULL */
    enum fetch_cause cause; /* none: any */

    /* What the strategy without libcurl may come to instead, with that many connections
     * for three requests, and why it may. */
    struct {
        const char *outcome;
        unsigned connections;
    } raw;
    const char *why;
};

extern const struct verdict_row verdict_rows[];
extern const size_t verdict_row_count;

#endif
