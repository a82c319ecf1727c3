/* lookup.c - see lookup.h. */
#include "harness/target/lookup.h"

#include <netdb.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

static int ask(struct target_server *server, int family, struct err *err)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_family = family};
    struct addrinfo *found = NULL;
    uint64_t start_ns = clock_ns();
    int code = getaddrinfo(server->address.host, NULL, &hints, &found);

    server->lookup_s = clock_seconds(clock_ns() - start_ns);
    if (code)
        return err_set(err, "cannot resolve the host %s: %s", server->address.host,
                       gai_strerror(code));
    memcpy(&server->peer, found->ai_addr, found->ai_addrlen);
    for (const struct addrinfo *at = found; at; at = at->ai_next)
        server->found++;
    freeaddrinfo(found);
    return 0;
}

/* An earlier server with the same host, or NULL. */
static const struct target_server *same_host(const struct target_site *site,
                                             const struct target_server *server)
{
    for (const struct target_server *at = site->servers; at < server; at++)
        if (!strcmp(at->address.host, server->address.host))
            return at;
    return NULL;
}

/* Makes libcurl use the address: it treats "host:port:address" as resolved. */
static int add_resolved(struct fetch_site *fetch, const struct target_server *server,
                        struct err *err)
{
    char peer[ADDRESS_TEXT_SIZE];

    if (!text_append(fetch->pins, sizeof(fetch->pins), "%s:%u:%s\n", server->address.host,
                     server->address.port, address_text(&server->peer, peer)))
        return err_set(err, "the host names together are too long");
    return 0;
}

int lookup_servers(struct target_site *site, int family, struct err *err)
{
    site->fetch.pins[0] = '\0';
    for (size_t i = 0; i < site->server_count; i++) {
        struct target_server *server = &site->servers[i];
        const struct target_server *known = same_host(site, server);

        server->is_name = !address_is_literal(&server->address, &server->peer);
        if (!server->is_name)
            continue;
        server->found = 0;
        if (known) {
            server->peer = known->peer;
            server->found = known->found;
        } else if (ask(server, family, err)) {
            return -1;
        }
        if (add_resolved(&site->fetch, server, err))
            return -1;
    }
    return 0;
}
