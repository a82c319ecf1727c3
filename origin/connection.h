/* connection.h - the clients of the origin: their requests are read, the responses
 * written. Private to the origin.
 *
 * server.c accepts clients and runs the loop, connection.c keeps their lives in order,
 * response.c makes what is sent to them. */
#ifndef ORIGIN_CONNECTION_H
#define ORIGIN_CONNECTION_H

#include "origin/site.h"

/* Takes over an accepted socket, also when it fails. */
void connection_open(struct origin_site *site, int fd);

/* Sends every page that is due, and sets the timer for the next. */
void connection_send_due(struct origin_site *site);

/* Closes all connections of the site and frees everything that they used. */
void connection_close_all(struct origin_site *site);

#endif
