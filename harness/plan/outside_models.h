/* outside_models.h - models from outside: the strategies that --program and --plugin
 * name. Each is a struct strategy made at run time and owned by the plan, so that
 * selection, rows, tables and checks treat it like the strategies of bench itself. */
#ifndef HARNESS_PLAN_OUTSIDE_MODELS_H
#define HARNESS_PLAN_OUTSIDE_MODELS_H

#include <stdbool.h>
#include <stddef.h>

#include "strategies/outside/request.h"
#include "strategies/strategy.h"

enum { OUTSIDE_MODELS_MAX = 32, OUTSIDE_NAME_MAX = 32 };

struct outside_model {
    struct strategy strategy; /* handed out by its address: a model never moves */
    enum outside_kind kind;
    char *name;              /* of the strategy; owned */
    char *source;            /* COMMAND or FILE.so as typed; owned */
    struct plugin_file file; /* of a plugin, if is_loaded: the file that was read */
    char *text;     /* texts of a plugin's table, to which `strategy` points; owned */
    bool from_file; /* a plan's file named it, and nothing typed has replaced it */
    bool is_loaded; /* of a plugin: `strategy` has the content of its table */
};

/* Owned by the plan; a model that was typed again keeps its place. */
struct outside_models {
    struct outside_model *items[OUTSIDE_MODELS_MAX];
    size_t count;
};

#endif
