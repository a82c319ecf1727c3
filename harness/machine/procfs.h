/* procfs.h - what the kernel says of processes, from /proc. */
#ifndef HARNESS_MACHINE_PROCFS_H
#define HARNESS_MACHINE_PROCFS_H

#include <stdint.h>
#include <sys/types.h>

/* Memory is counted without what is shared by memfd: that is the instrument's own, see
 * fetch/work.h. */
struct meter {
    uint64_t peak_rss_bytes; /* VmHWM: of this process image alone, unlike ru_maxrss */
    uint64_t threads;
};

/* Reads process `pid` (0: the caller). -1 if it is gone or the kernel does not say. */
int meter_read(pid_t pid, struct meter *meter);

/* A process group at one moment. */
struct meter_group {
    uint64_t processes, threads;
    uint64_t peak_rss_bytes; /* summed; pages of programs and libraries count in each */
    uint64_t pss_bytes;      /* summed; such pages are shared out among their users */
};

/* Reads all processes of `group`. -1 if there is none, or one cannot be read. */
int meter_read_group(pid_t group, struct meter_group *meter);

#endif
