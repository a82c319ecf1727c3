/* server.c - see server.h. Accepting, the loop, starting and stopping. */
#include "origin/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/loop.h"
#include "origin/connection.h"
#include "origin/site.h"
#include "origin/tls.h"

/* The kernel reduces this to net.core.somaxconn, as intended. */
enum { BACKLOG = 65535 };

/* Clients accepted in one go: with more, pages that are due would be kept waiting. */
enum { ACCEPT_BATCH = 64 };

static const struct timeval accept_pause = {.tv_usec = 10000};
static const struct origin_patience default_patience = {
    .idle_ns = 60 * CLOCK_NS_PER_S,
    .head_ns = 30 * CLOCK_NS_PER_S,
    .write_ns = 60 * CLOCK_NS_PER_S,
};

struct server {
    struct origin_site site;
    struct event listener, accept_again, stop;
};

/* -- listening ----------------------------------------------------------------- */

static int listen_on(int fd, const struct sockaddr_in *address)
{
    static const int on = 1;

    /* Accepted sockets inherit TCP_NODELAY: no response waits for the client's ACK. */
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)))
        return -1;
    if (bind(fd, (const struct sockaddr *)address, sizeof(*address)))
        return -1;
    return listen(fd, BACKLOG);
}

int origin_listen(const struct origin_options *options, int *fd, uint16_t *port,
                  struct err *err)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(options->port)};
    socklen_t size = sizeof(address);

    if (inet_pton(AF_INET, options->address, &address.sin_addr) != 1)
        return err_set(err, "'%s' is not an IPv4 address such as 127.0.0.1",
                       options->address);
    *fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (*fd < 0)
        return err_errno(err, "cannot create a socket for the origin");
    if (listen_on(*fd, &address) ||
        getsockname(*fd, (struct sockaddr *)&address, &size)) {
        (void)err_errno(err, "cannot listen on %s port %u", options->address,
                        options->port);
        (void)close(*fd);
        *fd = -1;
        return -1;
    }
    *port = ntohs(address.sin_port);
    return 0;
}

/* -- events -------------------------------------------------------------------- */

static void on_connect(evutil_socket_t listen_fd, short what, void *user)
{
    struct server *server = user;

    (void)what;
    for (int i = 0; i < ACCEPT_BATCH; i++) {
        int fd = accept4(listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd >= 0) {
            connection_open(&server->site, fd);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
                   errno == ENOMEM) {
            /* The client stays in the backlog; trying again at once would spin. */
            server->site.stats->accept_pauses++;
            (void)event_del(&server->listener);
            (void)event_add(&server->accept_again, &accept_pause);
            break;
        } else if (errno != ECONNABORTED && errno != EINTR) {
            break; /* no client is waiting */
        }
    }
    connection_send_due(&server->site);
}

static void on_accept_again(evutil_socket_t fd, short what, void *user)
{
    struct server *server = user;

    (void)fd;
    (void)what;
    (void)event_add(&server->listener, NULL);
}

static void on_due(evutil_socket_t fd, short what, void *user)
{
    struct server *server = user;

    (void)fd;
    (void)what;
    connection_send_due(&server->site);
}

static void on_idle(evutil_socket_t fd, short what, void *user)
{
    struct server *server = user;

    (void)fd;
    (void)what;
    origin_stats_idle(server->site.stats);
}

static void on_stop(evutil_socket_t fd, short what, void *user)
{
    struct server *server = user;

    (void)fd;
    (void)what;
    (void)event_base_loopbreak(server->site.base);
}

/* -- serving ------------------------------------------------------------------- */

/* All clients have the same timeouts: one queue instead of one heap entry per client. */
static const struct timeval *common_timeout(struct event_base *base, uint64_t asked_ns,
                                            uint64_t default_ns)
{
    uint64_t us = (asked_ns ? asked_ns : default_ns) / CLOCK_NS_PER_US;
    struct timeval wait = {.tv_sec = (time_t)(us / 1000000),
                           .tv_usec = (suseconds_t)(us % 1000000)};

    return event_base_init_common_timeout(base, &wait);
}

static int set_patience(struct origin_site *site, const struct origin_patience *asked)
{
    site->idle_patience = common_timeout(site->base, asked->idle_ns,
                                         default_patience.idle_ns);
    site->write_patience = common_timeout(site->base, asked->write_ns,
                                          default_patience.write_ns);
    site->head_patience_ns = asked->head_ns ? asked->head_ns : default_patience.head_ns;
    return site->idle_patience && site->write_patience ? 0 : -1;
}

static int start(struct server *server, const struct origin_patience *patience,
                 int listen_fd, int stop_fd, struct err *err)
{
    struct event_base *base = server->site.base;

    (void)evtimer_assign(&server->site.due_timer, base, on_due, server);
    (void)event_assign(&server->site.idle, base, -1, 0, on_idle, server);
    (void)evtimer_assign(&server->accept_again, base, on_accept_again, server);
    (void)event_assign(&server->listener, base, listen_fd, EV_READ | EV_PERSIST,
                       on_connect, server);
    (void)event_assign(&server->stop, base, stop_fd, EV_READ | EV_PERSIST, on_stop,
                       server);
    if (set_patience(&server->site, patience) || event_add(&server->listener, NULL) ||
        event_add(&server->stop, NULL))
        return err_set(err, "libevent cannot watch the listening socket");
    return 0;
}

/* What on_idle() would do, once the loop has ended. */
static void take_idle(struct server *server)
{
    if (event_pending(&server->site.idle, EV_TIMEOUT, NULL))
        origin_stats_idle(server->site.stats);
    (void)event_del(&server->site.idle);
}

static int serve(struct server *server, const struct origin_patience *patience,
                 int listen_fd, int stop_fd, int ready_fd, struct err *err)
{
    int result = start(server, patience, listen_fd, stop_fd, err);

    if (!result && ready_fd >= 0 && write(ready_fd, "", 1) != 1)
        result = err_errno(err, "the origin cannot report that it is ready");
    if (!result && event_base_dispatch(server->site.base) < 0)
        result = err_set(err, "libevent's loop broke");
    take_idle(server);
    connection_close_all(&server->site);
    take_idle(server); /* if that gave up the last pages in flight */
    (void)event_del(&server->listener);
    (void)event_del(&server->stop);
    (void)event_del(&server->accept_again);
    (void)event_del(&server->site.due_timer);
    return result;
}

int origin_serve(const struct origin_options *options, const struct page_set *pages,
                 int listen_fd, int stop_fd, int ready_fd, struct origin_stats *stats,
                 struct err *err)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct server server = {.site = {.pages = pages, .stats = stats}};
    struct sigaction before;
    int result;

    if (options->ca && tls_server_create(&server.site.tls, options->ca, options->address,
                                         options->tls_sessions, stats, err))
        return -1;
    server.site.base = loop_create(err);
    if (!server.site.base) {
        tls_server_destroy(server.site.tls);
        return -1;
    }
    (void)sigaction(SIGPIPE, options->ca ? &ignore : NULL, &before);
    result = origin_site_open(&server.site, &options->behaviour, err);
    if (!result)
        result = serve(&server, &options->patience, listen_fd, stop_fd, ready_fd, err);
    origin_site_close(&server.site);
    (void)sigaction(SIGPIPE, &before, NULL);
    event_base_free(server.site.base);
    tls_server_destroy(server.site.tls);
    return result;
}
