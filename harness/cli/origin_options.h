/* origin_options.h - the options about the embedded origin, which `bench run` and `bench
 * serve` have in common. */
#ifndef HARNESS_CLI_ORIGIN_OPTIONS_H
#define HARNESS_CLI_ORIGIN_OPTIONS_H

#include "harness/cli/options.h"
#include "origin/behaviour.h"

/* What was typed about the origin; the target of the group. */
struct origin_choice {
    struct behaviour behaviour;
    bool has_overload;
    bool tls; /* the origin speaks TLS */
    const char
        *typed; /* the last of these options that was, such as "--delay"; or NULL */
};

extern const struct option_group origin_option_group;

/* What holds when nothing is typed: 50 ms, no limit, plain pages. */
struct origin_choice origin_choice_default(void);

/* That the options fit together. */
int origin_choice_check(const struct origin_choice *choice, struct err *err);

#endif
