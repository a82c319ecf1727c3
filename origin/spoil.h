/* spoil.h - a response that is wrong on purpose, see fault.def. Private to the origin. */
#ifndef ORIGIN_SPOIL_H
#define ORIGIN_SPOIL_H

#include "origin/connection.h"

/* The fault that the page asked for is to get; FAULT_NONE for a good response. */
enum fault_kind spoil_kind_of(const struct connection *connection);

/* Whether it strikes when the request arrives, and not when its delay is over. */
bool spoil_is_at_once(enum fault_kind kind);

/* Answers with that fault, once, and counts it. As the functions of response.h it returns
 * true when the connection is ready for its next request, which it never is. */
bool spoil_send(struct connection *connection, enum fault_kind kind);

/* Makes what the faults need. Fails for want of memory. */
int spoil_open(struct origin_site *site, const struct fault_rates *rates, uint64_t seed,
               struct err *err);
void spoil_close(struct origin_site *site);

#endif
