/* behaviour.h - how the origin treats those who ask: its delays, its limits, its
 * bodies, its faults.
 *
 * Plain data, the same for `bench run` and `bench serve`. */
#ifndef ORIGIN_BEHAVIOUR_H
#define ORIGIN_BEHAVIOUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "origin/delay.h"
#include "origin/fault.h"
#include "origin/wire.h"

/* What becomes of a request that comes while as many as the capacity are served. */
enum overload {
    OVERLOAD_QUEUE,  /* it waits for a place */
    OVERLOAD_REFUSE, /* 503 at once */
    OVERLOAD_SLOW,   /* it is served with the others, and all of them more slowly */
};

struct behaviour {
    struct delay_model delay;
    uint64_t seed;   /* of the delays, and of which pages get a fault */
    size_t capacity; /* pages served at a time; 0: no limit */
    enum overload overload;
    struct body_form body;
    struct fault_rates faults;
};

enum { BEHAVIOUR_TEXT_SIZE = 256 + FAULT_TEXT_SIZE };

/* Without one, what the origin has before it at a time says nothing. */
bool behaviour_has_delay(const struct behaviour *behaviour);

/* "queue", "refuse" or "slow". */
const char *overload_word(enum overload overload);

/* "plain", "gzip", "chunked" or "gzip,chunked", there and back; the length of the pages
 * is left as it is. */
const char *body_word(const struct body_form *form);
int body_parse(struct body_form *form, const char *text, struct err *err);

/* That the parts fit together. */
int behaviour_check(const struct behaviour *behaviour, struct err *err);

/* For people: "a delay of 50ms, 10 at a time, the rest queues". Returns `text`. */
const char *behaviour_text(const struct behaviour *behaviour,
                           char text[BEHAVIOUR_TEXT_SIZE]);

#endif
