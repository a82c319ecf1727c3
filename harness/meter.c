/* meter.c - see meter.h. */
#include "harness/meter.h"

#include <inttypes.h>
#include <stdio.h>

int meter_read(pid_t pid, struct meter *meter)
{
    uint64_t peak_kib = 0;
    uint64_t shared_kib = 0;
    char path[32] = "/proc/self/status";
    char line[256];
    FILE *file;
    int found = 0;

    if (pid)
        (void)snprintf(path, sizeof(path), "/proc/%ld/status", (long)pid);
    file = fopen(path, "re");
    if (!file)
        return -1;
    *meter = (struct meter){0};
    while (found < 3 && fgets(line, sizeof(line), file)) {
        found += sscanf(line, "VmHWM: %" SCNu64 " kB", &peak_kib) == 1;
        found += sscanf(line, "RssShmem: %" SCNu64 " kB", &shared_kib) == 1;
        found += sscanf(line, "Threads: %" SCNu64, &meter->threads) == 1;
    }
    (void)fclose(file);
    meter->peak_rss_bytes = (peak_kib - shared_kib) * 1024;
    return found == 3 && peak_kib >= shared_kib ? 0 : -1;
}
