/* contract.h - whether a plugin meets the requirements of strategies/strategy.h. */
#ifndef HARNESS_CHECK_CONTRACT_H
#define HARNESS_CHECK_CONTRACT_H

#include "base/err.h"
#include "harness/plan/plugin_table.h"

enum contract_verdict { CONTRACT_MET, CONTRACT_FAILED, CONTRACT_LEFT_OUT };

/* Called once per requirement, in order. `reason` is "" where it is met. */
struct contract_listener {
    void *user;
    void (*on_verdict)(void *user, const char *name, enum contract_verdict verdict,
                       const char *reason);
};

/* Checks those whose name contains `only` (NULL: all), each in a new child process with
 * its own server; takes less than a minute. Sets how many failed. -1:
 * this machine cannot check. 1: interrupted. */
int contract_check(const struct plugin_table *table, const char *only,
                   const struct contract_listener *listener, unsigned *failed,
                   struct err *err);

#endif
