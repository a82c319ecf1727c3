/* target_resolve.c - see target_resolve.h. */
#include "harness/target/target_resolve.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "harness/target/http_header.h"
#include "harness/target/lookup.h"

static int add_sources(struct target_site *site, const struct target_choice *choice,
                       struct err *err)
{
    for (size_t i = 0; i < choice->source_count; i++) {
        const struct target_source *source = &choice->sources[i];

        if (source->file ? target_site_add_list(site, source, err)
                         : target_site_add_template(site, source->urls.items[0], err))
            return err_prefix(err, source->file ? "--urls" : "--url");
    }
    return 0;
}

static int add_headers(struct fetch_site *fetch, const struct texts *headers,
                       struct err *err)
{
    for (size_t i = 0; i < headers->count; i++) {
        const char *header = headers->items[i];
        int name = (int)strcspn(header, ":");

        if (http_header_is_masked(header))
            return err_set(err,
                           "the value of %.*s was not recorded; give --header '%.*s: "
                           "...' again",
                           name, header, name, header);
        if (!text_append(fetch->headers, sizeof(fetch->headers), "%s\n", header))
            return err_set(err, "the headers are more than %zu bytes together",
                           sizeof(fetch->headers) - 1);
    }
    return 0;
}

static int add_verification(struct fetch_site *fetch, const struct target_choice *choice,
                            struct err *err)
{
    const char *path = choice->ca_file ? choice->ca_file : "";

    fetch->insecure = choice->insecure;
    if (choice->insecure && choice->ca_file)
        return err_set(err, "--cacert names the CAs to trust, --insecure verifies no "
                            "certificate; give one of the two");
    if (snprintf(fetch->ca_file, sizeof(fetch->ca_file), "%s", path) >=
        (int)sizeof(fetch->ca_file))
        return err_set(err, "--cacert: the path is too long");
    return 0;
}

int target_resolve(struct target_site *site, const struct target_choice *choice,
                   struct err *err)
{
    int family = choice->ipv4 ? AF_INET : choice->ipv6 ? AF_INET6 : AF_UNSPEC;

    target_site_begin(site);
    site->expect_status = (uint16_t)choice->expect_status;
    if (choice->ipv4 && choice->ipv6)
        return err_set(err, "--ipv4 and --ipv6 exclude each other; give one of the two");
    if (add_headers(&site->fetch, &choice->headers, err) ||
        add_verification(&site->fetch, choice, err) || add_sources(site, choice, err) ||
        lookup_servers(site, family, err))
        return -1;
    site->fetch.servers = (uint32_t)site->server_count;
    return 0;
}
