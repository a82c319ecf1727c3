/* pin.h - which CPUs the cell's processes and the origin may run on. */
#ifndef HARNESS_MACHINE_PIN_H
#define HARNESS_MACHINE_PIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cpus.h"
#include "base/err.h"

enum { PIN_TEXT_SIZE = 256, PIN_WORDS_SIZE = 2 * PIN_TEXT_SIZE };

/* Plain data; all zeros: each runs where the kernel puts it. */
struct pin {
    bool open; /* to be chosen by pin_choose(): "auto" */
    bool pinned;
    struct cpus client;         /* of the cell and all that it starts */
    struct cpus origin;         /* empty: there is no embedded origin */
    char text[PIN_TEXT_SIZE];   /* "0-2:3", as typed; "" when not pinned */
    char words[PIN_WORDS_SIZE]; /* "pinned: client on CPUs 0-2, origin on CPU 3" */
};

/* The facts that the choice depends on. */
struct pin_machine {
    struct cpus allowed;     /* that this process may use */
    double quota;            /* CPU quota, in CPUs; INFINITY: no limit */
    uint16_t core[CPUS_MAX]; /* the lowest CPU that shares a core with this one */
};

/* The facts of this machine. Owner: the caller, free(). NULL on failure, with `*err`. */
struct pin_machine *pin_machine_now(struct err *err);

/* Chooses one CPU for the origin, on a separate core where there is a second one, and the
 * rest for the client. Where that does not help, `pinned` stays false and `words` says
 * why. */
void pin_choose(struct pin *pin, const struct pin_machine *machine);

/* Reads "auto", "off", "CLIENT:ORIGIN", or "CLIENT" where there is no embedded origin. */
int pin_parse(struct pin *pin, const char *text, struct err *err);

/* Fails if it names CPUs that are not allowed; the message lists those that are. */
int pin_check(const struct pin *pin, const struct cpus *allowed, struct err *err);

#endif
