/* pin.c - see pin.h. */
#include "harness/machine/pin.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/suggest.h"
#include "harness/machine/cgroup.h"

/* -- the machine --------------------------------------------------------------- */

/* The lowest number in a file such as "0,4" or "0-1"; the CPU itself if there is none. */
static uint16_t core_of(unsigned cpu)
{
    FILE *file = file_open("/sys/devices/system/cpu/cpu%u/topology/thread_siblings_list",
                           cpu);
    uint16_t lowest = (uint16_t)cpu;

    if (!file)
        return lowest;
    if (fscanf(file, "%hu", &lowest) != 1)
        lowest = (uint16_t)cpu;
    (void)fclose(file);
    return lowest;
}

struct pin_machine *pin_machine_now(struct err *err)
{
    struct pin_machine *machine = calloc(1, sizeof(*machine));

    if (!machine) {
        (void)err_errno(err, "no memory for the facts of the CPUs");
        return NULL;
    }
    if (cpus_allowed(&machine->allowed, err)) {
        free(machine);
        return NULL;
    }
    machine->quota = cgroup_cpu_quota("");
    for (unsigned cpu = 0; cpu < CPUS_MAX; cpu++)
        if (cpus_has(&machine->allowed, cpu))
            machine->core[cpu] = core_of(cpu);
    return machine;
}

/* -- words --------------------------------------------------------------------- */

static const char *noun(const struct cpus *set)
{
    return cpus_count(set) == 1 ? "CPU" : "CPUs";
}

/* Fills in text and words; false if they do not fit or memory runs out. */
static bool describe(struct pin *pin)
{
    char *client = cpus_text(&pin->client);
    char *origin = cpus_text(&pin->origin);
    bool both = origin && origin[0];
    int length = -1;

    if (client && origin) {
        length = snprintf(pin->text, sizeof(pin->text), "%s%s%s", client, both ? ":" : "",
                          origin);
        (void)snprintf(pin->words, sizeof(pin->words), "pinned: client on %s %s%s%s%s%s",
                       noun(&pin->client), client, both ? ", origin on " : "",
                       both ? noun(&pin->origin) : "", both ? " " : "", origin);
    }
    free(client);
    free(origin);
    return length > 0 && (size_t)length < sizeof(pin->text);
}

static void leave_off(struct pin *pin, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void leave_off(struct pin *pin, const char *format, ...)
{
    va_list args;

    *pin = (struct pin){.pinned = false};
    va_start(args, format);
    (void)vsnprintf(pin->words, sizeof(pin->words), format, args);
    va_end(args);
}

/* -- choosing ------------------------------------------------------------------ */

/* How many of the allowed CPUs are on the core of this one, itself included. */
static unsigned count_siblings(const struct pin_machine *machine, unsigned cpu)
{
    unsigned count = 0;

    for (unsigned other = 0; other < CPUS_MAX; other++)
        count += cpus_has(&machine->allowed, other) &&
                 machine->core[other] == machine->core[cpu];
    return count;
}

/* The highest CPU on a core with the fewest CPUs: the client loses the whole core that
 * the origin gets, and the lowest CPUs get most interrupts. */
static unsigned choose_origin(const struct pin_machine *machine)
{
    unsigned fewest = CPUS_MAX + 1;
    unsigned best = 0;

    for (unsigned cpu = 0; cpu < CPUS_MAX; cpu++) {
        unsigned count;

        if (!cpus_has(&machine->allowed, cpu))
            continue;
        count = count_siblings(machine, cpu);
        if (count <= fewest) {
            fewest = count;
            best = cpu;
        }
    }
    return best;
}

void pin_choose(struct pin *pin, const struct pin_machine *machine)
{
    unsigned origin;

    if (cpus_count(&machine->allowed) < 2) {
        leave_off(pin, "not pinned: only one CPU is available");
        return;
    }
    if (machine->quota < 2) {
        leave_off(pin, "not pinned: the control group has a quota of %.3g CPUs",
                  machine->quota);
        return;
    }
    origin = choose_origin(machine);
    *pin = (struct pin){.pinned = true};
    cpus_add(&pin->origin, origin);
    for (unsigned cpu = 0; cpu < CPUS_MAX; cpu++)
        if (cpus_has(&machine->allowed, cpu) &&
            machine->core[cpu] != machine->core[origin])
            cpus_add(&pin->client, cpu);
    if (!cpus_count(&pin->client)) { /* there is one core, and no choice */
        pin->client = machine->allowed;
        cpus_remove(&pin->client, origin);
    }
    if (!describe(pin))
        leave_off(pin, "not pinned: the list of CPUs is too long");
}

/* -- reading ------------------------------------------------------------------- */

int pin_parse(struct pin *pin, const char *text, struct err *err)
{
    static const char *const words[] = {"auto", "off", NULL};
    char *client = strdup(text);
    char *colon = client ? strchr(client, ':') : NULL;
    bool is_auto = !strcmp(text, "auto");
    int result;

    leave_off(pin, "not pinned");
    pin->open = is_auto;
    if (!client)
        return err_errno(err, "no memory for a list of CPUs");
    if (is_auto || !strcmp(text, "off")) {
        free(client);
        return 0;
    }
    pin->pinned = true;
    if (colon)
        *colon = '\0';
    if (isalpha((unsigned char)text[0]))
        result = err_set(err, "'%s' is not auto, off or a list of CPUs such as 0-2:3",
                         text);
    else
        result = cpus_parse(&pin->client, client, err);
    if (result)
        (void)suggest_append(err, text, words);
    if (!result && colon)
        result = cpus_parse(&pin->origin, colon + 1, err);
    free(client);
    if (!result && !describe(pin))
        result = err_set(err, "the list of CPUs is too long");
    return result;
}

static int check_list(const struct cpus *set, const struct cpus *allowed, struct err *err)
{
    char *names;
    char *list;

    if (cpus_within(set, allowed))
        return 0;
    list = cpus_text(set);
    names = cpus_text(allowed);
    (void)err_set(err, "'%s' is not among the available CPUs, %s", list ? list : "?",
                  names ? names : "which cannot be listed");
    free(list);
    free(names);
    return -1;
}

int pin_check(const struct pin *pin, const struct cpus *allowed, struct err *err)
{
    return pin->pinned && (check_list(&pin->client, allowed, err) ||
                           check_list(&pin->origin, allowed, err))
               ? -1
               : 0;
}
