/* cpus.c - see cpus.h. */
#include "base/cpus.h"

#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/parse.h"
#include "base/text.h"

enum { WORDS = CPUS_MAX / CPUS_WORD_BITS };

static unsigned long bit_of(unsigned cpu)
{
    return 1ul << cpu % CPUS_WORD_BITS;
}

void cpus_add(struct cpus *set, unsigned cpu)
{
    if (cpu < CPUS_MAX)
        set->words[cpu / CPUS_WORD_BITS] |= bit_of(cpu);
}

void cpus_remove(struct cpus *set, unsigned cpu)
{
    if (cpu < CPUS_MAX)
        set->words[cpu / CPUS_WORD_BITS] &= ~bit_of(cpu);
}

bool cpus_has(const struct cpus *set, unsigned cpu)
{
    return cpu < CPUS_MAX && set->words[cpu / CPUS_WORD_BITS] & bit_of(cpu);
}

unsigned cpus_count(const struct cpus *set)
{
    unsigned count = 0;

    for (size_t i = 0; i < WORDS; i++)
        count += (unsigned)__builtin_popcountl(set->words[i]);
    return count;
}

bool cpus_within(const struct cpus *part, const struct cpus *whole)
{
    for (size_t i = 0; i < WORDS; i++)
        if (part->words[i] & ~whole->words[i])
            return false;
    return true;
}

/* -- lists --------------------------------------------------------------------- */

int cpus_parse(struct cpus *set, const char *list, struct err *err)
{
    *set = (struct cpus){{0}};
    do {
        uint64_t from, to;

        if (parse_range(&list, CPUS_MAX - 1, &from, &to, err))
            return -1;
        for (uint64_t cpu = from; cpu <= to; cpu++)
            cpus_add(set, (unsigned)cpu);
    } while (*list);
    return 0;
}

char *cpus_text(const struct cpus *set)
{
    const char *comma = "";
    struct text text;

    if (text_open(&text, NULL))
        return NULL;
    for (unsigned cpu = 0; cpu < CPUS_MAX; cpu++) {
        unsigned from = cpu;

        if (!cpus_has(set, cpu))
            continue;
        while (cpus_has(set, cpu + 1))
            cpu++;
        (void)fprintf(text.out, cpu > from ? "%s%u-%u" : "%s%u", comma, from, cpu);
        comma = ",";
    }
    return text_close(&text, NULL, NULL);
}

/* -- the calling thread -------------------------------------------------------- */

int cpus_allowed(struct cpus *set, struct err *err)
{
    *set = (struct cpus){{0}};
    return sched_getaffinity(0, sizeof(set->words), (cpu_set_t *)set->words)
               ? err_errno(err, "cannot read the CPU affinity")
               : 0;
}

int cpus_confine(const struct cpus *set, struct err *err)
{
    return sched_setaffinity(0, sizeof(set->words), (const cpu_set_t *)set->words)
               ? err_errno(err, "cannot set the CPU affinity")
               : 0;
}
