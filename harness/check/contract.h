/* contract.h - whether a plugin meets the requirements of strategies/strategy.h. */
#ifndef HARNESS_CHECK_CONTRACT_H
#define HARNESS_CHECK_CONTRACT_H

#include "base/err.h"
#include "harness/plan/plugin_table.h"

/* CONTRACT_NOTE: of a model that meets a requirement, but with less than others. */
enum contract_verdict { CONTRACT_MET, CONTRACT_FAILED, CONTRACT_LEFT_OUT, CONTRACT_NOTE };

/* Called once per requirement, in order, and once per note. `reason` is "" where a
 * requirement is met. */
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
