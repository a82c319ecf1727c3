/* plugin_file.h - the shared object of a plugin: finding it, and loading it in the
 * process that runs its code. */
#ifndef STRATEGIES_OUTSIDE_PLUGIN_FILE_H
#define STRATEGIES_OUTSIDE_PLUGIN_FILE_H

#include <stdint.h>

#include "base/err.h"
#include "strategies/strategy.h"

enum { PLUGIN_PATH_SIZE = 4096 };

/* A file as it was when the plan was made. Plain data: it is copied to the cell's process
 * as it is. */
struct plugin_file {
    char path[PLUGIN_PATH_SIZE]; /* absolute, without symbolic links */
    uint64_t device, inode, size_bytes;
    int64_t changed_ns; /* when its content was last written */
};

/* Finds the file and reads its first bytes; loads nothing. The message of a failure names
 * `path`. */
int plugin_file_find(struct plugin_file *file, const char *path, struct err *err);

/* Loads the file, which runs its constructors, and finds its table. Fails if the file is
 * not the one that was found, or has no table for this bench; the message leaves its path
 * to the caller. It stays loaded. */
int plugin_file_load(const struct plugin_file *file, const struct strategy **strategy,
                     struct err *err);

#endif
