/* target_site_env.c - see target_site_env.h. */
#include "harness/target/target_site_env.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"

static json_t *list_servers(const struct target_site *site)
{
    json_t *list = json_array();

    for (size_t i = 0; i < site->server_count; i++) {
        const struct target_server *server = &site->servers[i];
        char peer[ADDRESS_TEXT_SIZE];
        json_t *object = json_object();

        json_put_text(&object, "host", server->address.host);
        json_put_count(&object, "port", server->address.port);
        json_put_text(&object, "address", address_text(&server->peer, peer));
        json_add(&list, object);
    }
    return list;
}

/* Each host once: a host with several ports was resolved for the first of them. */
static json_t *list_lookups(const struct target_site *site)
{
    json_t *object = json_object();

    for (size_t i = 0; i < site->server_count; i++) {
        const struct target_server *server = &site->servers[i];
        json_t *lookup;

        if (!server->is_name || json_object_get(object, server->address.host))
            continue;
        lookup = json_object();
        json_put_number(&lookup, "seconds", server->lookup_s);
        json_put_count(&lookup, "addresses", server->found);
        json_put(&object, server->address.host, lookup);
    }
    return object;
}

static const char *verification(const struct fetch_site *fetch)
{
    if (fetch->insecure)
        return "none: --insecure";
    return fetch->ca_file[0] ? fetch->ca_file : "CAs of the system";
}

json_t *target_site_describe(const struct target_site *site)
{
    json_t *object = json_object();

    json_put_text(&object, "url", site->name);
    json_put(&object, "servers", list_servers(site));
    json_put(&object, "lookups", list_lookups(site));
    if (site->tls)
        json_put_text(&object, "verification", verification(&site->fetch));
    return object;
}
