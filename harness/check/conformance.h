/* conformance.h - whether a program meets the protocol of --program, see
 * docs/your-model.md. */
#ifndef HARNESS_CHECK_CONFORMANCE_H
#define HARNESS_CHECK_CONFORMANCE_H

#include "base/err.h"
#include "harness/check/contract.h"

/* Measures a cell per requirement, each with its own origin, and judges it as `bench run`
 * does. `definition` is NAME=COMMAND. Optional features, such as TLS, are left out
 * if they fail. Takes less than a minute if nothing hangs. Sets how many failed. -1:
 * this machine cannot check, or the definition is wrong. 1: interrupted. */
int conformance_check(const char *definition, const struct contract_listener *listener,
                      unsigned *failed, struct err *err);

#endif
