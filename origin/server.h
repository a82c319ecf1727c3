/* server.h - the embedded server: one thread, one loop, known delays.
 *
 * It serves the pages of page.h after exactly the delay asked for, never earlier, states
 * in a Server-Timing header how long it really took, and keeps its own statistics, which
 * it also serves at /stats. */
#ifndef ORIGIN_SERVER_H
#define ORIGIN_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cpus.h"
#include "base/err.h"
#include "origin/behaviour.h"
#include "origin/certificate.h"
#include "origin/page.h"
#include "origin/stats.h"

/* How long a client may take; 0 is the default of server.c. No request that waits for its
 * delay or for capacity is ever cut short. */
struct origin_patience {
    uint64_t idle_ns;  /* without a request, or with no byte more of one */
    uint64_t head_ns;  /* from its first byte to its last; checked as they arrive */
    uint64_t write_ns; /* without taking a byte of the response */
};

struct origin_options {
    const char *address; /* IPv4, as text */
    uint16_t port;       /* 0: the kernel picks one */
    struct behaviour behaviour;
    struct origin_patience patience;
    const struct cpus *cpus; /* where its own process may run; NULL: anywhere */
    const struct ca *ca;     /* over TLS, with its certificate; NULL: plain */
    bool tls_sessions;       /* clients may resume their TLS sessions */
};

/* Opens a listening socket and returns its port. Owner of *fd: the caller. */
int origin_listen(const struct origin_options *options, int *fd, uint16_t *port,
                  struct err *err);

/* Serves until `stop_fd` is readable. When it is ready it writes one byte to `ready_fd`
 * (-1: nowhere). Everything is borrowed. With TLS it ignores SIGPIPE while it serves,
 * since OpenSSL writes to sockets that clients may have closed. */
int origin_serve(const struct origin_options *options, const struct page_set *pages,
                 int listen_fd, int stop_fd, int ready_fd, struct origin_stats *stats,
                 struct err *err);

#endif
