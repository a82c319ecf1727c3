/* consent.h - asks the user before load is sent to remote hosts. */
#ifndef HARNESS_CLI_CONSENT_H
#define HARNESS_CLI_CONSENT_H

#include <stdbool.h>
#include <stdio.h>

#include "harness/sweep/session.h"

/* True unless `peer` is a loopback address, or one of the `count` of this machine. */
bool consent_is_due(const struct sockaddr_storage *peer,
                    const struct sockaddr_storage *own, size_t count);

/* The addresses of this machine's interfaces. Owner: the caller, free(). */
int consent_own_addresses(struct sockaddr_storage **own, size_t *count, struct err *err);

enum consent_mode {
    CONSENT_ASK,   /* on the terminal, if there is one */
    CONSENT_GIVEN, /* on the command line */
    CONSENT_SHOW,  /* nothing is sent */
};

/* Prints the load on remote hosts in one line on `screen`; nothing if there is none. -1
 * without consent. */
int consent_require(const struct session *session, enum consent_mode mode, FILE *screen,
                    struct err *err);

#endif
