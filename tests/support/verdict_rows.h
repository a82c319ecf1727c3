/* verdict_rows.h - responses, well-formed and not, and the verdict of a client on each.
 */
#ifndef TESTS_SUPPORT_VERDICT_ROWS_H
#define TESTS_SUPPORT_VERDICT_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "fetch/result.h"
#include "tests/support/scripted_server.h"

struct verdict_row {
    const char *name;
    const char *text;    /* '@' stands for NUL */
    const char *rest;    /* after the filling */
    size_t filling;      /* bytes of filling between the two */
    const char *flood;   /* then sent repeatedly without end */
    enum server_end end; /* ends the connection */
    bool slow;           /* ends by the timeout, so requested once */
    bool once;           /* requested once */

    const char *outcome;    /* libcurl's verdict, ... */
    const char *later;      /* ... or possibly this one from 8.0 on; NULL: none */
    enum fetch_cause cause; /* 0: any */

    /* A verdict that the strategy without libcurl may come to instead, with that many
     * connections for three requests, and the reason. */
    struct {
        const char *outcome;
        unsigned connections;
    } raw;
    const char *why;
};

extern const struct verdict_row verdict_rows[];
extern const size_t verdict_row_count;

#endif
