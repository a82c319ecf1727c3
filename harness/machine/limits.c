/* limits.c - see limits.h. */
#include "harness/machine/limits.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/file.h"
#include "base/parse.h"
#include "harness/machine/cgroup.h"

enum { PATH_SIZE = 512, PORT_MAX = 65535 };

/* Version 1 of control groups says "no limit" with the largest multiple of a page. */
#define CGROUP_NO_LIMIT_BYTES (UINT64_C(1) << 62)

/* A process with one of these is exempt from its user's limit on processes. */
enum { CAPABILITY_SYS_ADMIN = 21, CAPABILITY_SYS_RESOURCE = 24 };

uint64_t limit_left(const struct limit *limit)
{
    if (!limit->known)
        return UINT64_MAX;
    return limit->max > limit->used ? limit->max - limit->used : 0;
}

/* Keeps the tighter of the two. */
static void tighten(struct limit *limit, uint64_t max, uint64_t used,
                    enum limit_raise raise, const char *name)
{
    struct limit other = {.known = true, .max = max, .used = used, .raise = raise};

    if (limit_left(&other) >= limit_left(limit))
        return;
    *limit = other;
    (void)snprintf(limit->name, sizeof(limit->name), "%s", name);
}

/* -- small files --------------------------------------------------------------- */

static bool read_number(const char *root, const char *path, uint64_t *value)
{
    FILE *file = file_open("%s%s", root, path);
    bool found = file && fscanf(file, "%" SCNu64, value) == 1;

    if (file)
        (void)fclose(file);
    return found;
}

/* The number in the line that begins with a key and its colon; in base 16 for masks. */
static bool read_field(const char *root, const char *path, const char *key, bool is_mask,
                       uint64_t *value)
{
    char whole[PATH_SIZE];
    char line[256];

    (void)snprintf(whole, sizeof(whole), "%s%s", root, path);
    return file_line(whole, key, line, sizeof(line)) &&
           sscanf(line + strlen(key), is_mask ? "%" SCNx64 : "%" SCNu64, value) == 1;
}

/* -- threads and processes ----------------------------------------------------- */

/* All tasks of the machine: the number after the '/' in "0.22 3.23 3.37 1/89 22840". */
static uint64_t count_all_tasks(const char *root)
{
    FILE *file = file_open("%s%s", root, "/proc/loadavg");
    uint64_t count = 0;

    if (file && fscanf(file, "%*f %*f %*f %*u/%" SCNu64, &count) != 1)
        count = 0;
    if (file)
        (void)fclose(file);
    return count;
}

/* The threads of all processes of a user that can be seen. */
static uint64_t count_tasks_of(const char *root, uint64_t user)
{
    char path[PATH_SIZE];
    uint64_t count = 0;
    struct dirent *entry;
    DIR *dir;

    (void)snprintf(path, sizeof(path), "%s/proc", root);
    dir = file_open_directory(path);
    while (dir && (entry = readdir(dir))) {
        uint64_t owner = 0;
        uint64_t threads = 0;

        if (entry->d_name[0] < '0' || entry->d_name[0] > '9')
            continue;
        (void)snprintf(path, sizeof(path), "/proc/%.16s/status", entry->d_name);
        if (read_field(root, path, "Uid:", false, &owner) && owner == user &&
            read_field(root, path, "Threads:", false, &threads))
            count += threads;
    }
    if (dir)
        (void)closedir(dir);
    return count;
}

/* True when `ulimit -u` applies to this process: it has neither the superuser's id nor
 * its capabilities, or has them only within a user namespace. */
static bool held_to_user_limit(const char *root, uint64_t user)
{
    uint64_t effective = 0;
    uint64_t inside = 1;
    uint64_t outside = 1;
    uint64_t count = 0;
    FILE *file = file_open("%s%s", root, "/proc/self/uid_map");
    bool namespaced = file &&
                      fscanf(file, "%" SCNu64 " %" SCNu64 " %" SCNu64, &inside, &outside,
                             &count) == 3 &&
                      (inside || outside || count < UINT32_MAX);

    if (file)
        (void)fclose(file);
    (void)read_field(root, "/proc/self/status", "CapEff:", true, &effective);
    return namespaced || (user && !(effective & (1ull << CAPABILITY_SYS_ADMIN |
                                                 1ull << CAPABILITY_SYS_RESOURCE)));
}

static void read_user_limit(struct limit *tasks, const char *root, uint64_t user)
{
    struct rlimit processes;

    if (!getrlimit(RLIMIT_NPROC, &processes) && processes.rlim_cur != RLIM_INFINITY &&
        held_to_user_limit(root, user))
        tighten(tasks, processes.rlim_cur, count_tasks_of(root, user), RAISE_SHELL,
                "ulimit -u");
}

static void read_tasks(struct limit *tasks, const char *root)
{
    uint64_t all = count_all_tasks(root);
    struct cgroup group;
    uint64_t max;

    if (read_number(root, "/proc/sys/kernel/pid_max", &max))
        tighten(tasks, max, all, RAISE_SYSCTL, "kernel.pid_max");
    if (read_number(root, "/proc/sys/kernel/threads-max", &max))
        tighten(tasks, max, all, RAISE_SYSCTL, "kernel.threads-max");
    if (!cgroup_find(&group, root, "pids"))
        return;
    do {
        char name[LIMIT_NAME_SIZE];
        uint64_t used = 0;

        (void)cgroup_number(&group, "pids.current", &used);
        (void)snprintf(name, sizeof(name), "%s/pids.max", group.dir);
        if (cgroup_number(&group, "pids.max", &max) && max != UINT64_MAX)
            tighten(tasks, max, used, RAISE_FILE, name);
    } while (cgroup_ascend(&group));
}

/* -- memory -------------------------------------------------------------------- */

/* The memory limit of a group. The kernel drops cached files when memory is short, so
 * they do not count as used. */
static void read_group_memory(struct limit *memory, const struct cgroup *group)
{
    const char *file = group->unified ? "memory.max" : "memory.limit_in_bytes";
    char name[LIMIT_NAME_SIZE];
    uint64_t max;
    uint64_t used = 0;
    uint64_t inactive = 0;
    uint64_t active = 0;

    if (!cgroup_number(group, file, &max) || max >= CGROUP_NO_LIMIT_BYTES)
        return;
    (void)cgroup_number(
        group, group->unified ? "memory.current" : "memory.usage_in_bytes", &used);
    (void)cgroup_keyed_number(group, "memory.stat",
                              group->unified ? "inactive_file" : "total_inactive_file",
                              &inactive);
    (void)cgroup_keyed_number(group, "memory.stat",
                              group->unified ? "active_file" : "total_active_file",
                              &active);
    used -= inactive + active < used ? inactive + active : used;
    (void)snprintf(name, sizeof(name), "%s/%s", group->dir, file);
    tighten(memory, max, used, RAISE_FILE, name);
}

static void read_memory(struct limit *memory, const char *root)
{
    static const char file[] = "/proc/meminfo";
    struct cgroup group;
    uint64_t total_kib;
    uint64_t available_kib;
    uint64_t swap_kib = 0;

    /* With swap it would be slow, but not impossible. */
    (void)read_field(root, file, "SwapFree:", false, &swap_kib);
    if (read_field(root, file, "MemTotal:", false, &total_kib) &&
        read_field(root, file, "MemAvailable:", false, &available_kib) &&
        available_kib <= total_kib)
        tighten(memory, (total_kib + swap_kib) * 1024, (total_kib - available_kib) * 1024,
                RAISE_NOT, "the memory of this machine");
    if (!cgroup_find(&group, root, "memory"))
        return;
    do
        read_group_memory(memory, &group);
    while (cgroup_ascend(&group));
}

/* The address space that `ulimit -v` allows a process; the shell and the kernel count in
 * KiB. */
static void read_address_space(struct limit *address_space)
{
    struct rlimit space;
    uint64_t used_kib = 0;

    if (getrlimit(RLIMIT_AS, &space) || space.rlim_cur == RLIM_INFINITY)
        return;
    (void)read_field("", "/proc/self/status", "VmSize:", false, &used_kib);
    tighten(address_space, space.rlim_cur / 1024, used_kib, RAISE_SHELL, "ulimit -v");
}

static bool lacks_pidfds(void)
{
    int fd = pidfd_open(getpid(), 0);

    if (fd < 0)
        return errno != EMFILE && errno != ENFILE;
    (void)close(fd);
    return false;
}

/* -- ports --------------------------------------------------------------------- */

/* The ports of the range that are not reserved. */
static uint64_t count_ports(const char *root)
{
    FILE *file = file_open("%s%s", root, "/proc/sys/net/ipv4/ip_local_port_range");
    uint64_t low = 0;
    uint64_t high = 0;
    bool known = file && fscanf(file, "%" SCNu64 " %" SCNu64, &low, &high) == 2;
    char reserved[8192] = "";
    const char *at = reserved;
    uint64_t count;

    if (file)
        (void)fclose(file);
    if (!known || !low || low > high || high > PORT_MAX)
        return 0;
    count = high - low + 1;
    file = file_open("%s%s", root, "/proc/sys/net/ipv4/ip_local_reserved_ports");
    if (file && fgets(reserved, sizeof(reserved), file))
        reserved[strcspn(reserved, "\n")] = '\0';
    if (file)
        (void)fclose(file);
    while (*at) {
        uint64_t from, to;

        if (parse_range(&at, PORT_MAX, &from, &to, NULL))
            break;
        from = from > low ? from : low;
        to = to < high ? to : high;
        count -= from <= to ? to - from + 1 : 0;
    }
    return count;
}

static void read_network(struct machine_limits *limits, const char *root)
{
    uint64_t reuse = 0;
    uint64_t stamps = 0;

    limits->ports = count_ports(root);
    if (!read_number(root, "/proc/sys/net/core/somaxconn", &limits->somaxconn))
        limits->somaxconn = 0;
    /* Time stamps tell which connection a late segment belongs to, so without them no
     * port is used again early. 1 is everywhere, 2 on loopback. */
    (void)read_number(root, "/proc/sys/net/ipv4/tcp_tw_reuse", &reuse);
    (void)read_number(root, "/proc/sys/net/ipv4/tcp_timestamps", &stamps);
    limits->ports_reused = stamps && reuse == 1;
    limits->ports_reused_on_loopback = stamps && reuse;
}

/* -- all of them --------------------------------------------------------------- */

void machine_limits_read(struct machine_limits *limits, const char *root)
{
    read_tasks(&limits->tasks, root);
    read_memory(&limits->memory, root);
    if (!read_number(root, "/proc/sys/vm/max_map_count", &limits->memory_maps))
        limits->memory_maps = 0;
    read_network(limits, root);
}

struct machine_limits machine_limits_now(void)
{
    struct machine_limits limits = {.descriptors = 0};
    struct rlimit files = {0};

    if (!getrlimit(RLIMIT_NOFILE, &files)) {
        files.rlim_cur = files.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &files))
            (void)getrlimit(RLIMIT_NOFILE, &files);
    }
    limits.descriptors = files.rlim_cur;
    machine_limits_read(&limits, "");
    read_user_limit(&limits.tasks, "", getuid());
    read_address_space(&limits.address_space);
    limits.no_pidfds = lacks_pidfds();
    return limits;
}
