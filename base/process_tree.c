/* process_tree.c - see process_tree.h. */
#include "base/process_tree.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/parse.h"

enum { STAT_SIZE = 512 };

/* -- reading ------------------------------------------------------------------- */

/* One process of /proc. False: it is gone. */
static bool read_entry(pid_t pid, struct process_entry *entry)
{
    FILE *file = file_open("/proc/%ld/stat", (long)pid);
    char line[STAT_SIZE] = "";
    const char *behind;
    bool has_line;
    char state;
    int parent;

    if (!file)
        return false;
    has_line = fgets(line, sizeof(line), file) != NULL;
    (void)fclose(file);
    behind = has_line ? strrchr(line, ')') : NULL; /* the name may contain any byte */
    if (!behind || sscanf(behind, ") %c %d", &state, &parent) != 2)
        return false;
    *entry = (struct process_entry){pid, parent, state == 'Z' || state == 'X'};
    return true;
}

static int add(struct process_tree *tree, size_t *room, const struct process_entry *entry)
{
    if (tree->count == *room) {
        size_t more = *room ? 2 * *room : 256;
        struct process_entry *entries = realloc(tree->entries, more * sizeof(*entries));

        if (!entries)
            return -1;
        tree->entries = entries;
        *room = more;
    }
    tree->entries[tree->count++] = *entry;
    return 0;
}

static int read_all(struct process_tree *tree)
{
    DIR *processes = file_open_directory("/proc");
    const struct dirent *found;
    size_t room = 0;
    int result = 0;

    *tree = (struct process_tree){0};
    if (!processes)
        return -1;
    while (!result && (found = readdir(processes))) {
        struct process_entry entry;
        uint64_t pid;

        if (!parse_count(found->d_name, 1, INT32_MAX, &pid, NULL) &&
            read_entry((pid_t)pid, &entry))
            result = add(tree, &room, &entry);
    }
    (void)closedir(processes);
    if (result)
        process_tree_free(tree);
    return result;
}

static bool has(const struct process_tree *tree, pid_t pid)
{
    for (size_t i = 0; i < tree->count; i++)
        if (tree->entries[i].pid == pid)
            return true;
    return false;
}

/* Moves the entries whose parent is `root` or among the first `*chosen` behind these.
 * Returns whether there were any. */
static bool choose_children(struct process_tree *all, pid_t root, size_t *chosen)
{
    struct process_tree before = {all->entries, *chosen};

    for (size_t i = *chosen; i < all->count; i++) {
        struct process_entry entry = all->entries[i];

        if (entry.parent != root && !has(&before, entry.parent))
            continue;
        all->entries[i] = all->entries[*chosen];
        all->entries[(*chosen)++] = entry;
    }
    return *chosen > before.count;
}

int process_tree_read(struct process_tree *tree, pid_t root)
{
    size_t chosen = 0;

    if (read_all(tree))
        return -1;
    while (choose_children(tree, root, &chosen))
        ;
    tree->count = chosen;
    return 0;
}

int process_tree_read_children(struct process_tree *tree, pid_t root)
{
    size_t chosen = 0;

    if (read_all(tree))
        return -1;
    (void)choose_children(tree, root, &chosen);
    tree->count = chosen;
    return 0;
}

int process_tree_add(struct process_tree *tree, pid_t child, struct err *err)
{
    struct process_entry entry = {.pid = child, .parent = getpid()};
    size_t room = tree->count;

    if (add(tree, &room, &entry))
        return err_errno(err, "no memory for %zu processes", tree->count + 1);
    return 0;
}

void process_tree_free(struct process_tree *tree)
{
    free(tree->entries);
    *tree = (struct process_tree){0};
}

size_t process_tree_alive(const struct process_tree *tree)
{
    size_t alive = 0;

    for (size_t i = 0; i < tree->count; i++)
        alive += !tree->entries[i].is_zombie;
    return alive;
}

/* -- ending -------------------------------------------------------------------- */

/* The processes to end, and those that were met so far. */
struct ending {
    pid_t group;
    const struct process_tree *spared;
    struct process_tree met; /* the children, when they were last read */
    struct process_tree_end result;
};

static bool is_in_group(const struct ending *ending, pid_t pid)
{
    return ending->group && getpgid(pid) == ending->group;
}

static bool is_spared(const struct ending *ending, pid_t pid)
{
    return ending->spared ? has(ending->spared, pid) : !is_in_group(ending, pid);
}

/* Kills the group and reaps those that have ended. Returns whether a child is left in it.
 */
static bool end_group(pid_t group)
{
    pid_t got;

    (void)kill(-group, SIGKILL);
    do
        got = waitpid(-group, NULL, WNOHANG);
    while (got > 0 || (got < 0 && errno == EINTR));
    return !got;
}

/* Never waits: a child that has become another user refuses SIGKILL. */
static bool reap(pid_t pid)
{
    pid_t got;

    do
        got = waitpid(pid, NULL, WNOHANG);
    while (got < 0 && errno == EINTR);
    return got != 0;
}

/* Kills the children and reaps those that have ended. Returns how many there were. */
static size_t end_children(struct ending *ending)
{
    struct process_tree children;
    size_t found = 0;

    if (process_tree_read_children(&children, getpid()))
        return 0;
    for (size_t i = 0; i < children.count; i++) {
        const struct process_entry *child = &children.entries[i];

        if (is_spared(ending, child->pid))
            continue;
        found++;
        if (!child->is_zombie && !kill(child->pid, SIGKILL) &&
            !is_in_group(ending, child->pid) && !has(&ending->met, child->pid))
            ending->result.killed++;
    }
    for (size_t i = 0; i < children.count; i++)
        if (!is_spared(ending, children.entries[i].pid) && !reap(children.entries[i].pid))
            ending->result.left++;
    process_tree_free(&ending->met);
    ending->met = children;
    return found;
}

struct process_tree_end
process_tree_end_group(pid_t group, const struct process_tree *spared, uint64_t limit_ns)
{
    struct ending ending = {.group = group, .spared = spared};
    uint64_t until_ns = clock_ns() + limit_ns;

    for (;;) {
        bool is_left = group && end_group(group);

        ending.result.left = 0;
        /* Nothing is left in the group of most cells, which need not read /proc then. */
        if ((!spared && !is_left) || !end_children(&ending) || clock_ns() >= until_ns)
            break;
        if (ending.result.left)
            clock_sleep_ns(CLOCK_NS_PER_MS);
    }
    process_tree_free(&ending.met);
    return ending.result;
}
