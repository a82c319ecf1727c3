/* target_site_env.c - see target_site_env.h. */
#include "harness/target/target_site_env.h"

#include <stdlib.h>
#include <string.h>

#include "harness/target/http_header.h"

static json_t *list_servers(const struct target_site *site)
{
    json_t *list = json_array();

    for (size_t i = 0; i < site->server_count; i++) {
        const struct target_server *server = &site->servers[i];
        char peer[ADDRESS_TEXT_SIZE];
        json_t *object = json_object();

        (void)json_object_set_new(object, "host", json_string(server->address.host));
        (void)json_object_set_new(object, "port", json_integer(server->address.port));
        (void)json_object_set_new(object, "address",
                                  json_string(address_text(&server->peer, peer)));
        (void)json_array_append_new(list, object);
    }
    return list;
}

/* Each host once: one that is at several ports was looked up for the first of them. */
static json_t *list_lookups(const struct target_site *site)
{
    json_t *object = json_object();

    for (size_t i = 0; i < site->server_count; i++) {
        const struct target_server *server = &site->servers[i];
        json_t *lookup;

        if (!server->is_name || json_object_get(object, server->address.host))
            continue;
        lookup = json_object();
        (void)json_object_set_new(lookup, "seconds", json_real(server->lookup_s));
        (void)json_object_set_new(lookup, "addresses",
                                  json_integer((json_int_t)server->found));
        (void)json_object_set_new(object, server->address.host, lookup);
    }
    return object;
}

static json_t *list_headers(const char *lines)
{
    json_t *list = json_array();

    while (*lines) {
        size_t length = strcspn(lines, "\n");
        char *line = strndup(lines, length);
        char *masked = line ? http_header_masked(line) : NULL;

        (void)json_array_append_new(list, masked ? json_string(masked) : json_null());
        free(masked);
        free(line);
        lines += length + 1;
    }
    return list;
}

static const char *verification(const struct fetch_site *fetch)
{
    if (fetch->insecure)
        return "none: --insecure";
    return fetch->ca_file[0] ? fetch->ca_file : "CAs of the system";
}

void target_site_env_describe(json_t *plan, const struct target_site *site)
{
    (void)json_object_set_new(plan, "url", json_string(site->name));
    (void)json_object_set_new(plan, "servers", list_servers(site));
    (void)json_object_set_new(plan, "lookups", list_lookups(site));
    (void)json_object_set_new(plan, "expect_status",
                              site->expect_status ? json_integer(site->expect_status)
                                                  : json_string("2xx"));
    if (site->fetch.headers[0])
        (void)json_object_set_new(plan, "headers", list_headers(site->fetch.headers));
    if (site->tls)
        (void)json_object_set_new(plan, "verification",
                                  json_string(verification(&site->fetch)));
    if (site->ca_crc32)
        (void)json_object_set_new(plan, "ca_crc32", json_integer(site->ca_crc32));
    if (site->fetch.insecure)
        (void)json_object_set_new(plan, "insecure", json_true());
}
