/* behaviour.h - how the origin answers: delays, capacity, bodies and faults.
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

/* How a request is treated that arrives while the origin is at capacity. */
enum overload {
    OVERLOAD_QUEUE,  /* it waits until a place is free */
    OVERLOAD_REFUSE, /* 503 at once */
    OVERLOAD_SLOW,   /* it is served too, and all of them slow down */
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

/* Without a delay, the number of requests that the origin holds proves nothing. */
bool behaviour_has_delay(const struct behaviour *behaviour);

/* "queue", "refuse" or "slow". */
const char *overload_word(enum overload overload);

/* "plain", "gzip", "chunked" or "gzip,chunked", and back; body_parse() keeps the
 * length of the pages. */
const char *body_word(const struct body_form *form);
int body_parse(struct body_form *form, const char *text, struct err *err);

/* Fails when two parts contradict each other. */
int behaviour_check(const struct behaviour *behaviour, struct err *err);

/* For display: "a delay of 50ms, 10 at a time, the rest queues". Returns `text`. */
const char *behaviour_text(const struct behaviour *behaviour,
                           char text[BEHAVIOUR_TEXT_SIZE]);

#endif
