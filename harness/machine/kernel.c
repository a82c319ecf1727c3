/* kernel.c - see kernel.h. */
#include "harness/machine/kernel.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "harness/machine/cgroup.h"

/* Two lines of such a file belong together: names, then values, both begun by `key`. The
 * kernel makes the file anew whenever it is opened, so the last pair is kept. */
struct pair {
    const char *path, *key; /* NULL: nothing was read */
    bool found;
    char names[4096], values[4096];
};

static bool read_pair(const char *root, const char *path, const char *key,
                      struct pair *pair)
{
    FILE *file = file_open("%s%s", root, path);
    bool found = false;

    if (!file)
        return false;
    while (!found && fgets(pair->names, sizeof(pair->names), file) &&
           fgets(pair->values, sizeof(pair->values), file))
        found = !strncmp(pair->names, key, strlen(key));
    (void)fclose(file);
    return found;
}

static bool pair_value(const struct pair *pair, const char *field, uint64_t *value)
{
    const char *separators = " \n";
    const char *name = pair->names;
    const char *number = pair->values;

    while (*name && *number) {
        size_t name_length = strcspn(name, separators);

        if (name_length == strlen(field) && !strncmp(name, field, name_length))
            return sscanf(number, "%" SCNu64, value) == 1;
        name += name_length;
        name += strspn(name, separators);
        number += strcspn(number, separators);
        number += strspn(number, separators);
    }
    return false;
}

static bool read_counter(const char *root, const char *path, const char *key,
                         const char *field, struct pair *pair, uint64_t *value)
{
    if (!pair->path || strcmp(pair->path, path) != 0 || strcmp(pair->key, key) != 0) {
        pair->path = path;
        pair->key = key;
        pair->found = read_pair(root, path, key, pair);
    }
    return pair->found && pair_value(pair, field, value);
}

/* Adds up the CPUs that the client may use; the others do not matter. */
static bool read_cpus(struct kernel_counters *counters, const char *root,
                      const struct cpus *client)
{
    FILE *file = file_open("%s/proc/stat", root);
    long ticks_per_s = sysconf(_SC_CLK_TCK);
    uint64_t idle_sum = 0;
    uint64_t waiting_sum = 0;
    uint64_t stolen_sum = 0;
    unsigned found = 0;
    char line[512];
    struct cpus mine;

    if (!file)
        return false;
    if (client)
        mine = *client;
    else if (cpus_allowed(&mine, NULL))
        ticks_per_s = 0;
    while (ticks_per_s > 0 && fgets(line, sizeof(line), file)) {
        uint64_t idle, waiting, stolen;
        unsigned cpu;

        if (sscanf(line, "cpu%u %*u %*u %*u %" SCNu64 " %" SCNu64 " %*u %*u %" SCNu64,
                   &cpu, &idle, &waiting, &stolen) != 4 ||
            cpu >= CPUS_MAX || !cpus_has(&mine, cpu))
            continue;
        idle_sum += idle;
        waiting_sum += waiting;
        stolen_sum += stolen;
        found++;
    }
    (void)fclose(file);
    if (!found)
        return false;
    counters->cpu_idle_ms = idle_sum * 1000 / (uint64_t)ticks_per_s;
    counters->cpu_waiting_ms = waiting_sum * 1000 / (uint64_t)ticks_per_s;
    counters->cpu_stolen_ms = stolen_sum * 1000 / (uint64_t)ticks_per_s;
    return true;
}

struct kernel_counters kernel_counters_read(const char *root, const struct cpus *client)
{
    struct kernel_counters counters = {.known = true};
    struct pair pair = {.path = NULL};

#define X(name, file, line, field) \
    counters.known &= read_counter(root, file, line, field, &pair, &counters.name);
    KERNEL_COUNTERS(X)
#undef X
    counters.cpu_known = read_cpus(&counters, root, client);
    counters.throttle_known = cgroup_throttled(root, &counters.throttle_count,
                                               &counters.throttled_us);
    return counters;
}

struct kernel_counters kernel_counters_now(const struct cpus *client)
{
    return kernel_counters_read("", client);
}

/* A counter falls only when the kernel corrects it. */
static uint64_t added(uint64_t before, uint64_t after)
{
    return after > before ? after - before : 0;
}

struct kernel_counters kernel_counters_since(const struct kernel_counters *before,
                                             const struct kernel_counters *after)
{
    return (struct kernel_counters){
        .known = before->known && after->known,
#define X(name, file, line, field) .name = added(before->name, after->name),
        KERNEL_COUNTERS(X)
#undef X
            .cpu_known = before->cpu_known && after->cpu_known,
        .cpu_idle_ms = added(before->cpu_idle_ms, after->cpu_idle_ms),
        .cpu_waiting_ms = added(before->cpu_waiting_ms, after->cpu_waiting_ms),
        .cpu_stolen_ms = added(before->cpu_stolen_ms, after->cpu_stolen_ms),
        .throttle_known = before->throttle_known && after->throttle_known,
        .throttle_count = added(before->throttle_count, after->throttle_count),
        .throttled_us = added(before->throttled_us, after->throttled_us),
    };
}

int64_t kernel_time_wait(void)
{
    long in_use, orphans, time_wait;
    char line[256];

    return file_line("/proc/net/sockstat", "TCP:", line, sizeof(line)) &&
                   sscanf(line, "TCP: inuse %ld orphan %ld tw %ld", &in_use, &orphans,
                          &time_wait) == 3
               ? time_wait
               : -1;
}
