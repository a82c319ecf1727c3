/* transport.c - see transport.h. */
#include "origin/transport.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

bool transport_open(struct transport *transport, int fd, struct tls_server *server)
{
    *transport = (struct transport){.fd = fd};
    if (!server)
        return true;
    transport->tls = tls_accept(server, fd);
    if (transport->tls)
        return true;
    (void)close(fd);
    return false;
}

void transport_close(struct transport *transport)
{
    if (transport->tls) {
        tls_say_goodbye(transport->tls);
        tls_free(transport->tls);
    }
    (void)close(transport->fd);
}

void transport_reset(struct transport *transport)
{
    static const struct linger at_once = {.l_onoff = 1};

    if (transport->tls)
        tls_free(transport->tls);
    (void)setsockopt(transport->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    (void)close(transport->fd);
}

/* The reason why an operation on the socket failed, by errno. */
static enum transport_result why_not(enum transport_result waits)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? waits
                                                                     : TRANSPORT_BROKEN;
}

enum transport_result transport_read(struct transport *transport, void *data, size_t room,
                                     size_t *bytes)
{
    ssize_t received;

    if (transport->tls)
        return tls_read(transport->tls, data, room, bytes);
    received = recv(transport->fd, data, room, 0);
    if (received < 0)
        return why_not(TRANSPORT_WAITS_TO_READ);
    *bytes = (size_t)received;
    return received ? TRANSPORT_DONE : TRANSPORT_ENDED;
}

bool transport_has_more(const struct transport *transport)
{
    return transport->tls && tls_has_more(transport->tls);
}

enum transport_result transport_write(struct transport *transport,
                                      const struct iovec *parts, size_t count,
                                      size_t *bytes)
{
    /* Nothing is written through the parts. */
    struct msghdr message = {.msg_iov = (struct iovec *)parts, .msg_iovlen = count};
    ssize_t written;

    if (transport->tls)
        return tls_write(transport->tls, parts, count, bytes);
    written = sendmsg(transport->fd, &message, MSG_NOSIGNAL);
    if (written < 0)
        return why_not(TRANSPORT_WAITS_TO_WRITE);
    *bytes = (size_t)written;
    return TRANSPORT_DONE;
}

void transport_end_output(struct transport *transport)
{
    if (transport->tls)
        tls_say_goodbye(transport->tls);
    (void)shutdown(transport->fd, SHUT_WR);
}
