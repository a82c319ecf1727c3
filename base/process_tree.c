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

static bool is_spared(const struct process_tree *spared, pid_t pid)
{
    return spared && has(spared, pid);
}

size_t process_tree_end(const struct process_tree *spared, uint64_t limit_ns)
{
    uint64_t until_ns = clock_ns() + limit_ns;
    struct process_tree children;
    size_t killed = 0;
    size_t left;

    do {
        left = 0;
        if (process_tree_read_children(&children, getpid()))
            return killed;
        for (size_t i = 0; i < children.count; i++) {
            const struct process_entry *child = &children.entries[i];

            if (is_spared(spared, child->pid))
                continue;
            left++;
            killed += !child->is_zombie && !kill(child->pid, SIGKILL);
        }
        for (size_t i = 0; i < children.count; i++)
            if (!is_spared(spared, children.entries[i].pid))
                while (waitpid(children.entries[i].pid, NULL, 0) < 0 && errno == EINTR)
                    ;
        process_tree_free(&children);
    } while (left && clock_ns() < until_ns);
    return killed;
}
