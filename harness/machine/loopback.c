/* loopback.c - see loopback.h. */
#include "harness/machine/loopback.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* Cells have addresses all over 127/8; this one is for the check. */
static const char address_text[] = "127.1.1.1";

static int bind_failed(struct err *err)
{
    return errno == EADDRNOTAVAIL
               ? err_set(err, "the loopback interface has no IPv4 address; run "
                              "'ip address add 127.0.0.1/8 dev lo'")
               : err_errno(err, "cannot use the loopback interface");
}

static int connect_failed(struct err *err)
{
    return errno == ENETUNREACH || errno == EADDRNOTAVAIL
               ? err_set(err,
                         "the loopback interface is down, but bench reaches the embedded "
                         "origin over it; run 'ip link set lo up'")
               : err_errno(err, "cannot connect over the loopback interface");
}

int loopback_check(struct err *err)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof(address);
    int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int result = 0;

    (void)inet_pton(AF_INET, address_text, &address.sin_addr);
    if (server < 0 || client < 0)
        result = err_errno(err, "cannot create a socket");
    else if (bind(server, (const struct sockaddr *)&address, size))
        result = bind_failed(err);
    else if (listen(server, 1) || getsockname(server, (struct sockaddr *)&address, &size))
        result = err_errno(err, "cannot use the loopback interface");
    else if (connect(client, (const struct sockaddr *)&address, size))
        result = connect_failed(err);
    if (client >= 0)
        (void)close(client);
    if (server >= 0)
        (void)close(server);
    return result;
}
