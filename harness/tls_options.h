/* tls_options.h - the options of `bench run` about TLS. */
#ifndef HARNESS_TLS_OPTIONS_H
#define HARNESS_TLS_OPTIONS_H

#include "harness/options.h"
#include "harness/plan.h"

/* What was typed; the target of the group. All zeros: nothing. */
struct tls_options {
    bool origin;   /* the embedded origin is fetched from over TLS */
    bool sessions; /* TLS sessions are resumed, also with --url */
};

extern const struct option_group tls_option_group;

/* Puts them into the plan, whose address is known by now; -1: they do not fit it. */
int tls_options_complete(const struct tls_options *options, struct plan *plan,
                         struct err *err);

#endif
