/* meter.h - what the kernel says of a process, from /proc. */
#ifndef HARNESS_METER_H
#define HARNESS_METER_H

#include <stdint.h>
#include <sys/types.h>

struct meter {
    uint64_t
        peak_rss_bytes; /* of this process image alone (VmHWM, unlike ru_maxrss), less
                           shared memory: that is the instrument's, see fetch/work.h */
    uint64_t threads;
};

/* Reads process `pid` (0: the caller). -1 if it is gone or the kernel does not say. */
int meter_read(pid_t pid, struct meter *meter);

#endif
