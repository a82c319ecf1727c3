/* cpus.h - sets of CPUs, as text and as the CPU affinity of a thread. */
#ifndef BASE_CPUS_H
#define BASE_CPUS_H

#include <stdbool.h>

#include "base/err.h"

/* Linux can be built for at most 8192 CPUs; cpu_set_t has room for 1024. */
enum { CPUS_MAX = 8192, CPUS_WORD_BITS = 8 * sizeof(unsigned long) };

/* Plain data; all zeros is the empty set. The layout is that of the kernel. */
struct cpus {
    unsigned long words[CPUS_MAX / CPUS_WORD_BITS];
};

void cpus_add(struct cpus *set, unsigned cpu);
void cpus_remove(struct cpus *set, unsigned cpu);
bool cpus_has(const struct cpus *set, unsigned cpu);
unsigned cpus_count(const struct cpus *set);

/* True when every CPU of `part` is in `whole`. */
bool cpus_within(const struct cpus *part, const struct cpus *whole);

/* Reads a list such as "0-2,5", as taskset and the kernel write them. */
int cpus_parse(struct cpus *set, const char *list, struct err *err);

/* The shortest such list. Owner: the caller, free(); NULL: no memory. */
char *cpus_text(const struct cpus *set);

/* The CPUs that the calling thread may run on. */
int cpus_allowed(struct cpus *set, struct err *err);

/* Restricts the calling thread, and all that it starts, to these CPUs. */
int cpus_confine(const struct cpus *set, struct err *err);

#endif
