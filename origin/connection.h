/* connection.h - the connections of the origin's clients: reads requests, writes
 * responses. Private to the origin.
 *
 * server.c accepts clients and runs the loop, connection.c drives each connection,
 * response.c makes the responses. */
#ifndef ORIGIN_CONNECTION_H
#define ORIGIN_CONNECTION_H

#include "origin/site.h"

/* Takes over an accepted socket; closes it if memory runs out. */
void connection_open(struct origin_site *site, int fd);

/* Sends every page that is due, and sets the timer for the next. */
void connection_send_due(struct origin_site *site);

/* Closes all connections of the site and frees everything that they used. */
void connection_close_all(struct origin_site *site);

#endif
