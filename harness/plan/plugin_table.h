/* plugin_table.h - the table of a plugin, as its file says. */
#ifndef HARNESS_PLAN_PLUGIN_TABLE_H
#define HARNESS_PLAN_PLUGIN_TABLE_H

#include "base/err.h"
#include "strategies/outside/plugin_file.h"
#include "strategies/strategy.h"

struct plugin_table {
    struct plugin_file file;  /* that was read */
    struct strategy strategy; /* its functions are NULL, since only the cell has them */
    char *text;               /* the texts of the strategy; owned */
};

/* Finds the shared object `path` and reads its table in a child process, so that a crash
 * there is a message, which names `path`. Owner: the caller, who frees `text`; it is NULL
 * after -1. */
int plugin_table_read(struct plugin_table *table, const char *path, struct err *err);

#endif
