/* shipped.h - the programs that ship with bench, from shipped.def. */
#ifndef STRATEGIES_OUTSIDE_SHIPPED_H
#define STRATEGIES_OUTSIDE_SHIPPED_H

#include <stdbool.h>

#include "base/err.h"

struct shipped {
    const char *name, *group;
    const char *words; /* the file in the folder of programs, and its arguments */
    unsigned level_limit;
    bool fresh_only;
    const char *summary;
};

/* All of them; the last has no name. */
extern const struct shipped shipped_programs[];

/* The command that runs it, as for --program: in share/bench/programs beside the bin/ of
 * this program, or else in the source that it was built from. The caller frees it. -1:
 * the file is in neither. */
int shipped_command(const struct shipped *shipped, char **command, struct err *err);

#endif
