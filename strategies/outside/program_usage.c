/* program_usage.c - see program_usage.h. */
#include "strategies/outside/program_usage.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/process_tree.h"

enum { STAT_SIZE = 1024, LINE_SIZE = 256 };

/* Below this the ticks say too little about the share of system time. */
#define TICKS_MIN_NS (50 * CLOCK_NS_PER_MS)

/* -- one process --------------------------------------------------------------- */

/* The fields of /proc/PID/stat that count; see proc(5). */
struct stat_fields {
    uint64_t minor, reaped_minor, major, reaped_major;
    uint64_t user, system, reaped_user, reaped_system; /* ticks */
};

static int read_stat(pid_t pid, struct stat_fields *fields)
{
    FILE *file = file_open("/proc/%ld/stat", (long)pid);
    char line[STAT_SIZE] = "";
    const char *behind;
    int found = 0;

    *fields = (struct stat_fields){0};
    if (!file)
        return -1;
    if (fgets(line, sizeof(line), file) && (behind = strrchr(line, ')')))
        found = sscanf(behind,
                       ") %*c %*d %*d %*d %*d %*d %*u %" SCNu64 " %" SCNu64 " %" SCNu64
                       " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64,
                       &fields->minor, &fields->reaped_minor, &fields->major,
                       &fields->reaped_major, &fields->user, &fields->system,
                       &fields->reaped_user, &fields->reaped_system);
    (void)fclose(file);
    return found == 8 ? 0 : -1;
}

static uint64_t ticks_ns(uint64_t ticks)
{
    long per_second = sysconf(_SC_CLK_TCK);

    return per_second > 0 ? ticks * (CLOCK_NS_PER_S / (uint64_t)per_second) : 0;
}

/* The context switches of one thread. */
static void add_thread(struct program_reading *reading, pid_t pid, const char *thread)
{
    FILE *file = file_open("/proc/%ld/task/%s/status", (long)pid, thread);
    char line[LINE_SIZE];
    uint64_t count;

    while (file && fgets(line, sizeof(line), file))
        if (sscanf(line, "voluntary_ctxt_switches: %" SCNu64, &count) == 1)
            reading->voluntary_switches += count;
        else if (sscanf(line, "nonvoluntary_ctxt_switches: %" SCNu64, &count) == 1)
            reading->involuntary_switches += count;
    if (file)
        (void)fclose(file);
}

static void add_threads(struct program_reading *reading, pid_t pid)
{
    char path[64];
    const struct dirent *thread;
    DIR *threads;

    (void)snprintf(path, sizeof(path), "/proc/%ld/task", (long)pid);
    threads = file_open_directory(path);
    while (threads && (thread = readdir(threads)))
        if (thread->d_name[0] != '.')
            add_thread(reading, pid, thread->d_name);
    if (threads)
        (void)closedir(threads);
}

static void add_memory(struct program_reading *reading, pid_t pid)
{
    char path[64];
    char line[LINE_SIZE];
    uint64_t kib;

    (void)snprintf(path, sizeof(path), "/proc/%ld/status", (long)pid);
    if (file_line(path, "VmHWM:", line, sizeof(line)) &&
        sscanf(line, "VmHWM: %" SCNu64, &kib) == 1)
        reading->peak_rss_bytes += kib * 1024;
}

static void add_process(struct program_reading *reading, pid_t pid, bool is_main)
{
    struct stat_fields fields;
    uint64_t reaped_ns;
    uint64_t cpu_ns;

    if (read_stat(pid, &fields))
        return;
    reaped_ns = ticks_ns(fields.reaped_user + fields.reaped_system);
    if (is_main)
        reading->main_reaped_ns = reaped_ns;
    else if (clock_process_cpu_ns(pid, &cpu_ns))
        reading->cpu_ns += ticks_ns(fields.user + fields.system);
    else
        reading->cpu_ns += cpu_ns;
    reading->reaped_ns += reaped_ns;
    reading->user_ns += ticks_ns(fields.user + fields.reaped_user);
    reading->system_ns += ticks_ns(fields.system + fields.reaped_system);
    reading->minor_faults += fields.minor + fields.reaped_minor;
    reading->major_faults += fields.major + fields.reaped_major;
    add_threads(reading, pid);
    add_memory(reading, pid);
}

struct program_reading program_usage_read(pid_t main_pid)
{
    struct program_reading reading = {0};
    struct process_tree tree;

    (void)clock_process_cpu_ns(main_pid, &reading.main_ns);
    reading.cpu_ns = reading.main_ns;
    if (process_tree_read(&tree, getpid()))
        return reading;
    for (size_t i = 0; i < tree.count; i++)
        add_process(&reading, tree.entries[i].pid, tree.entries[i].pid == main_pid);
    process_tree_free(&tree);
    return reading;
}

/* -- the difference ------------------------------------------------------------ */

static uint64_t difference(uint64_t after, uint64_t before)
{
    return after > before ? after - before : 0;
}

static uint64_t time_ns(const struct timeval *time)
{
    return (uint64_t)time->tv_sec * CLOCK_NS_PER_S +
           (uint64_t)time->tv_usec * CLOCK_NS_PER_US;
}

/* The first process at its end: its own clock, that of reaped children in ticks, and both
 * together as wait4(2) tells them, to the microsecond. */
struct last_reading {
    uint64_t own_ns, reaped_ticks_ns;
    struct rusage rusage;
};

static bool read_last(pid_t pid, struct last_reading *last, int *status)
{
    struct stat_fields fields;
    bool known = !clock_process_cpu_ns(pid, &last->own_ns) && !read_stat(pid, &fields);

    last->reaped_ticks_ns = known ? ticks_ns(fields.reaped_user + fields.reaped_system)
                                  : 0;
    while (wait4(pid, status, 0, &last->rusage) < 0)
        if (errno != EINTR)
            return false;
    return known;
}

/* CPU time of children that were reaped between the readings. Those of the first process
 * are known exactly if none was reaped after `done`. */
static uint64_t reaped_ns(const struct program_reading *go,
                          const struct program_reading *done,
                          const struct last_reading *last)
{
    uint64_t ticks_only_ns = difference(done->reaped_ns, go->reaped_ns);
    uint64_t all_ns;

    if (!last || last->reaped_ticks_ns != done->main_reaped_ns)
        return ticks_only_ns;
    all_ns = time_ns(&last->rusage.ru_utime) + time_ns(&last->rusage.ru_stime);
    return difference(difference(all_ns, last->own_ns), go->main_reaped_ns) +
           difference(ticks_only_ns,
                      difference(done->main_reaped_ns, go->main_reaped_ns));
}

/* Divides CPU time by the ratio in ticks, or if these are few by that of the whole life.
 */
static void split(struct usage *usage, uint64_t cpu_ns, const struct program_reading *go,
                  const struct program_reading *done, const struct last_reading *last)
{
    double user = (double)difference(done->user_ns, go->user_ns);
    double system = (double)difference(done->system_ns, go->system_ns);

    if (last && user + system < (double)TICKS_MIN_NS) {
        user = (double)time_ns(&last->rusage.ru_utime);
        system = (double)time_ns(&last->rusage.ru_stime);
    }
    usage->system_us = user + system > 0
                           ? (uint64_t)((double)cpu_ns / 1e3 * system / (user + system))
                           : 0;
    usage->user_us = difference(cpu_ns / 1000, usage->system_us);
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

struct usage program_usage_between(const struct program_reading *go,
                                   const struct program_reading *done, pid_t main_pid,
                                   int *status)
{
    struct last_reading room = {0};
    const struct last_reading *last = main_pid && read_last(main_pid, &room, status)
                                          ? &room
                                          : NULL;
    /* A process that was reaped in between takes its time before `go` along, from cpu_ns
     * to the reaped time, so only the sum may be compared. */
    uint64_t cpu_ns = difference(done->cpu_ns + reaped_ns(go, done, last), go->cpu_ns);
    struct usage usage = {
        .voluntary_switches = difference(done->voluntary_switches,
                                         go->voluntary_switches),
        .involuntary_switches = difference(done->involuntary_switches,
                                           go->involuntary_switches),
        .minor_faults = difference(done->minor_faults, go->minor_faults),
        .major_faults = difference(done->major_faults, go->major_faults),
    };

    split(&usage, cpu_ns, go, done, last);
    if (!last)
        return usage;
    /* /proc forgets the switches of threads and children that have ended. */
    usage.voluntary_switches = larger(
        usage.voluntary_switches,
        difference((uint64_t)room.rusage.ru_nvcsw, go->voluntary_switches));
    usage.involuntary_switches = larger(
        usage.involuntary_switches,
        difference((uint64_t)room.rusage.ru_nivcsw, go->involuntary_switches));
    return usage;
}
