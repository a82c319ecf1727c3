/* procfs.c - see procfs.h. */
#include "harness/machine/procfs.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/file.h"
#include "base/parse.h"
#include "base/process_tree.h"

enum { LINE_SIZE = 256 };

/* Generations of processes below a cell that are searched. */
enum { GENERATIONS = 4 };

static FILE *open_file(pid_t pid, const char *name)
{
    return pid ? file_open("/proc/%ld/%s", (long)pid, name)
               : file_open("/proc/self/%s", name);
}

int procfs_read(pid_t pid, struct procfs_reading *reading)
{
    uint64_t peak_kib = 0;
    uint64_t shared_kib = 0;
    char line[LINE_SIZE];
    FILE *file = open_file(pid, "status");
    int found = 0;

    if (!file)
        return -1;
    *reading = (struct procfs_reading){0};
    while (found < 3 && fgets(line, sizeof(line), file)) {
        found += sscanf(line, "VmHWM: %" SCNu64 " kB", &peak_kib) == 1;
        found += sscanf(line, "RssShmem: %" SCNu64 " kB", &shared_kib) == 1;
        found += sscanf(line, "Threads: %" SCNu64, &reading->threads) == 1;
    }
    (void)fclose(file);
    reading->peak_rss_bytes = (peak_kib - shared_kib) * 1024;
    return found == 3 && peak_kib >= shared_kib ? 0 : -1;
}

/* The proportional share of memory, without that of shared memory. */
static int read_pss(pid_t pid, uint64_t *pss_bytes)
{
    uint64_t all_kib = 0;
    uint64_t shared_kib = 0;
    char line[LINE_SIZE];
    FILE *file = open_file(pid, "smaps_rollup");
    int found = 0;

    if (!file)
        return -1;
    while (found < 2 && fgets(line, sizeof(line), file)) {
        found += sscanf(line, "Pss: %" SCNu64 " kB", &all_kib) == 1;
        found += sscanf(line, "Pss_Shmem: %" SCNu64 " kB", &shared_kib) == 1;
    }
    (void)fclose(file);
    *pss_bytes = (all_kib - shared_kib) * 1024;
    return found == 2 && all_kib >= shared_kib ? 0 : -1;
}

/* The state of a process, such as 'Z', and its process group; 'X' when it is gone. */
static char read_state(pid_t pid, pid_t *group)
{
    char line[512] = "";
    FILE *file = open_file(pid, "stat");
    const char *behind = NULL;
    char state = 'X';

    if (!file)
        return state;
    if (fgets(line, sizeof(line), file))
        for (const char *at = line; *at; at++)
            if (*at == ')')
                behind = at; /* the name before it may contain any byte */
    (void)fclose(file);
    if (!behind || sscanf(behind, ") %c %*d %d", &state, group) != 2)
        return 'X';
    return state;
}

/* True when process `pid` is in `group` and alive. */
static bool belongs(pid_t pid, pid_t group)
{
    pid_t found = -1;
    char state = read_state(pid, &found);

    return found == group && state != 'Z' && state != 'X';
}

static int add_process(pid_t pid, struct procfs_group *group)
{
    struct procfs_reading one;
    uint64_t pss_bytes;

    if (procfs_read(pid, &one) || read_pss(pid, &pss_bytes))
        return -1;
    group->processes++;
    group->threads += one.threads;
    group->peak_rss_bytes += one.peak_rss_bytes;
    group->pss_bytes += pss_bytes;
    return 0;
}

int procfs_read_group(pid_t group, struct procfs_group *reading)
{
    DIR *processes = file_open_directory("/proc");
    const struct dirent *entry;
    int result = 0;

    *reading = (struct procfs_group){0};
    if (!processes)
        return -1;
    while (!result && (entry = readdir(processes))) {
        uint64_t pid;

        if (!parse_count(entry->d_name, 1, INT32_MAX, &pid, NULL) &&
            belongs((pid_t)pid, group))
            result = add_process((pid_t)pid, reading);
    }
    (void)closedir(processes);
    return result || !reading->processes ? -1 : 0;
}

int procfs_read_descendants(pid_t pid, struct procfs_group *reading)
{
    struct process_tree tree;
    int result = 0;

    *reading = (struct procfs_group){0};
    if (process_tree_read(&tree, pid))
        return -1;
    for (size_t i = 0; i < tree.count && !result; i++)
        if (!tree.entries[i].is_zombie)
            result = add_process(tree.entries[i].pid, reading);
    process_tree_free(&tree);
    return result || !reading->processes ? -1 : 0;
}

static bool has_stopped_child(pid_t pid, unsigned generations)
{
    FILE *file = file_open("/proc/%ld/task/%ld/children", (long)pid, (long)pid);
    long child;
    bool found = false;

    if (!file)
        return false; /* gone, or a kernel that does not say */
    while (!found && fscanf(file, "%ld", &child) == 1) {
        pid_t group;

        found = read_state((pid_t)child, &group) == 'T' ||
                (generations && has_stopped_child((pid_t)child, generations - 1));
    }
    (void)fclose(file);
    return found;
}

bool procfs_has_stopped_child(pid_t pid)
{
    return has_stopped_child(pid, GENERATIONS);
}
