/* process_tree.h - the descendants of a process, and how to end them all.
 *
 * A process that starts a session or a group escapes kill(-group); its line of ancestors
 * does not change unless one of them ends, and then a subreaper (prctl(2)) inherits it.
 */
#ifndef BASE_PROCESS_TREE_H
#define BASE_PROCESS_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/clock.h"
#include "base/err.h"

struct process_entry {
    pid_t pid, parent;
    bool is_zombie;
};

/* All zeros: empty. */
struct process_tree {
    struct process_entry *entries; /* owned */
    size_t count;
};

/* The descendants of `root`, without itself, at one moment. -1: /proc cannot be read or
 * there is no memory; nothing to free. */
int process_tree_read(struct process_tree *tree, pid_t root);

/* Of them the children of `root` alone. */
int process_tree_read_children(struct process_tree *tree, pid_t root);

/* Adds a child of this process that was started since. */
int process_tree_add(struct process_tree *tree, pid_t child, struct err *err);

void process_tree_free(struct process_tree *tree);

/* How many of them are alive. */
size_t process_tree_alive(const struct process_tree *tree);

/* How long killed processes may take to end. */
#define PROCESS_TREE_LIMIT_NS (10 * CLOCK_NS_PER_S)

/* The children that process_tree_end_group() met. */
struct process_tree_end {
    size_t killed; /* outside the group */
    size_t left;   /* not ended at the limit: a process of another user refuses SIGKILL */
};

/* Kills the processes of `group` (0: none) and reaps those that are children of this
 * process. Then likewise every other child, and those that this process, a subreaper,
 * inherits thereby, except the ones in `spared`; NULL: the group alone. Gives up after
 * `limit_ns`. */
struct process_tree_end
process_tree_end_group(pid_t group, const struct process_tree *spared, uint64_t limit_ns);

#endif
