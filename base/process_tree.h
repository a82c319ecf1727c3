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

void process_tree_free(struct process_tree *tree);

/* How many of them are alive. */
size_t process_tree_alive(const struct process_tree *tree);

/* Kills and reaps the children of this process, and again those that it inherits thereby,
 * until there are none, but spares those in `spared` (NULL: none). For a subreaper. Gives
 * up after `limit_ns`. Returns how many it killed. */
size_t process_tree_end(const struct process_tree *spared, uint64_t limit_ns);

#endif
