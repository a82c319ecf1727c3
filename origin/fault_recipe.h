/* fault_recipe.h - how each faulty response of fault.def is made from the good one.
 * Private to the origin. */
#ifndef ORIGIN_FAULT_RECIPE_H
#define ORIGIN_FAULT_RECIPE_H

#include <stdbool.h>
#include <stddef.h>

#include "origin/fault.h"

enum fault_part { PART_WHOLE, PART_NOTHING, PART_HALF, PART_TWICE };

struct fault_recipe {
    enum fault_part head, body; /* what is sent */
    enum fault_part length;     /* that Content-Length claims; nothing: no such line */
    bool resets;                /* ends with a reset, else with an orderly close */
    bool at_once;               /* when the request arrives, not when its delay is over */
    bool stalls;                /* sends nothing, on an open connection */
    bool drips;                 /* sends one byte per second */
    bool floods;                /* has fault_recipe_flood() in place of the body */
    const char *status;         /* NULL: "200 OK" */
    const char *fields;         /* further header lines */
    const char *text;           /* in place of the page's body */
};

/* By kind. FAULT_NONE has one that injects nothing. */
extern const struct fault_recipe fault_recipes[FAULT_KIND_COUNT];

/* The size of that part of `whole_bytes`. */
size_t fault_part_bytes(enum fault_part part, size_t whole_bytes);

/* 400 KiB of header lines, where libcurl takes 300. */
enum { FAULT_FLOOD_BYTES = 400 * 1024 };

/* FAULT_FLOOD_BYTES of header lines. NULL: no memory; free() it. */
char *fault_recipe_flood(void);

#endif
