/* request.h - which model from outside a cell runs. Plain data: it is copied to the
 * cell's process as it is. */
#ifndef STRATEGIES_OUTSIDE_REQUEST_H
#define STRATEGIES_OUTSIDE_REQUEST_H

#include <stdint.h>

#include "strategies/outside/plugin_file.h"

enum outside_kind {
    OUTSIDE_NOT,     /* a strategy of bench itself */
    OUTSIDE_PROGRAM, /* --program: a command that speaks the protocol of program.h */
    OUTSIDE_PLUGIN,  /* --plugin: a shared object with a table of strategy.h */
};

enum { OUTSIDE_WORDS_SIZE = 4096 };

struct outside_request {
    uint32_t kind;        /* enum outside_kind */
    uint32_t count;       /* of a program: words ... */
    uint32_t patience_ms; /* ... and how long it may take to get ready, or to end */
    int32_t harness;      /* pid of the parent of its driver: nothing may outlive it */
    union {
        char words[OUTSIDE_WORDS_SIZE]; /* of a program, each ended by a zero byte */
        struct plugin_file plugin;      /* the file whose table was read */
    };
};

#endif
