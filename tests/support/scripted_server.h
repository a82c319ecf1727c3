/* scripted_server.h - an HTTP server with scripted responses, on a loopback port, in a
 * process that dies with the test. */
#ifndef TESTS_SUPPORT_SCRIPTED_SERVER_H
#define TESTS_SUPPORT_SCRIPTED_SERVER_H

#include <stdint.h>
#include <sys/types.h>

#include "base/shared.h"

enum server_end {
    SERVER_KEEPS,  /* waits for the next request */
    SERVER_CLOSES, /* closes in order */
    SERVER_RESETS, /* resets the connection */
    SERVER_HANGS,  /* neither responds nor closes */
};

/* The server's response to every request. */
struct server_script {
    const char *text;    /* the response; NULL: none */
    size_t size;         /* its bytes; 0: strlen() */
    const char *flood;   /* sent after it, repeatedly, until the client leaves */
    size_t flood_size;   /* its bytes; 0: strlen() */
    enum server_end end; /* what follows the response */

    /* If > 0, each connection answers a different number of requests, from 1 to
     * `answers`, and then closes: with SERVER_CLOSES at once, with SERVER_KEEPS as soon
     * as it has read the next request. Both resemble a server that closes idle
     * connections. */
    unsigned answers;

    uint16_t port; /* to listen on; 0: any */
};

/* The requests that it received, in shared memory. */
struct server_seen {
    uint64_t connections, requests;
    char request[8192]; /* the last one, terminated */
};

struct scripted_server {
    pid_t pid;
    uint16_t port;
    struct shared shared;
};

/* Starts it; fails the test if it cannot. The script is borrowed until the end. */
void scripted_server_start(struct scripted_server *server,
                           const struct server_script *script);

/* The number of requests that connection number `connection`, from 1, answers; 0: all. */
unsigned scripted_server_answers(const struct server_script *script, uint64_t connection);

/* The requests received so far; borrowed. */
const struct server_seen *scripted_server_seen(const struct scripted_server *server);

void scripted_server_stop(struct scripted_server *server);

#endif
