/* target_site.c - see target_site.h. */
#include "harness/target/target_site.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "harness/target/url_template.h"

void target_site_begin(struct target_site *site)
{
    *site = (struct target_site){.plain = true, .expect_status = 200};
}

void target_site_free(struct target_site *site)
{
    for (size_t i = 0; i < site->count; i++)
        free(site->addresses[i]);
    free(site->addresses);
    free(site->id_template);
    free(site->name);
    *site = (struct target_site){.count = 0};
}

/* Joins another part to the name. */
static int add_name(struct target_site *site, const char *part, struct err *err)
{
    char *longer = NULL;

    if (asprintf(&longer, "%s%s%s", site->name ? site->name : "", site->name ? " " : "",
                 part) < 0)
        return err_errno(err, "no memory for the URLs");
    free(site->name);
    site->name = longer;
    return 0;
}

/* -- one URL ------------------------------------------------------------------- */

static int add_server(struct target_site *site, const struct address *address,
                      struct err *err)
{
    for (size_t i = 0; i < site->server_count; i++) {
        const struct address *known = &site->servers[i].address;

        if (known->port == address->port && !strcmp(known->host, address->host))
            return 0;
    }
    if (site->server_count == SITE_SERVERS_MAX)
        return err_set(err, "the URLs name more than %d hosts and ports",
                       SITE_SERVERS_MAX);
    site->servers[site->server_count++].address = *address;
    return 0;
}

/* Checks a URL and notes its server. */
static int check(struct target_site *site, const char *url, struct address *address,
                 struct err *err)
{
    if (address_parse(address, url, err) || add_server(site, address, err))
        return -1;
    site->tls |= address->tls;
    site->plain &= address->plain;
    return 0;
}

/* Takes over `url`; NULL there means that memory ran out. */
static int add_address(struct target_site *site, char *url, struct err *err)
{
    struct address address;

    if (!url)
        return err_errno(err, "no memory for a URL");
    if (site->count == site->room) {
        size_t room = site->room ? 2 * site->room : 128;
        char **more = realloc(site->addresses, room * sizeof(*more));

        if (!more) {
            free(url);
            return err_errno(err, "no memory for %zu URLs", room);
        }
        site->addresses = more;
        site->room = room;
    }
    site->addresses[site->count++] = url;
    return check(site, url, &address, err);
}

/* -- templates ----------------------------------------------------------------- */

/* The number of the request may be anywhere but in the host, which is resolved once. */
static int add_id(struct target_site *site, const struct url_template *template,
                  const char *text, struct err *err)
{
    char *first = url_template_write(template, 0);
    char *second = url_template_write(template, 1);
    struct address here;
    struct address there;
    int result = 0;

    site->id_template = strdup(text);
    if (!first || !second || !site->id_template)
        result = err_errno(err, "no memory for a URL");
    else if (check(site, first, &here, err) || address_parse(&there, second, err))
        result = -1;
    else if (strcmp(here.host, there.host) != 0 || here.port != there.port)
        result = err_set(
            err, "'%s' has {id} in its host or port; move it to the path or query", text);
    free(first);
    free(second);
    return result;
}

static int add_expanded(struct target_site *site, const char *text, struct err *err)
{
    struct url_template template;

    if (url_template_parse(&template, text, err))
        return -1;
    if (site->id_template || (template.has_id && site->count))
        return err_set(err, "a URL with {id} must be the only one");
    if (template.has_id)
        return add_id(site, &template, text, err);
    if (template.count > TEMPLATE_COUNT_MAX - site->count)
        return err_set(err, "there are more than %" PRIu64 " URLs", TEMPLATE_COUNT_MAX);
    for (uint64_t i = 0; i < template.count; i++)
        if (add_address(site, url_template_write(&template, i), err))
            return -1;
    return 0;
}

/* A fragment is never sent. `text` is changed. */
static int add_text(struct target_site *site, char *text, struct err *err)
{
    if (address_has_user(text))
        return err_set(err, "a URL with user:password@ is refused, since URLs are "
                            "recorded; give --header 'Authorization: ...', whose value "
                            "is not");
    if (address_lacks_scheme(text))
        return err_set(err, "no scheme in '%s'; did you mean 'http://%s'?", text, text);
    text[strcspn(text, "#")] = '\0';
    return add_expanded(site, text, err);
}

int target_site_add_template(struct target_site *site, const char *template,
                             struct err *err)
{
    char *text = strdup(template);
    int result;

    if (!text)
        return err_errno(err, "no memory for a URL");
    result = add_text(site, text, err) || add_name(site, text, err) ? -1 : 0;
    free(text);
    return result;
}

int target_site_add_list(struct target_site *site, const struct target_source *source,
                         struct err *err)
{
    uLong crc = crc32(0, NULL, 0);
    size_t before = site->count;
    char *name = NULL;
    int result;

    for (size_t i = 0; i < source->urls.count; i++) {
        const char *url = source->urls.items[i];
        char *text = strdup(url);

        if (!text)
            return err_errno(err, "no memory for a URL");
        crc = crc32(crc, (const Bytef *)url, (uInt)strlen(url) + 1);
        result = add_text(site, text, err);
        free(text);
        if (result)
            return err_prefix(err, "%s:%zu", source->file,
                              source->lines ? source->lines[i] : i + 1);
    }
    if (asprintf(&name, "%s (addresses: %zu; crc32: %08lx)", source->file,
                 site->count - before, crc) < 0)
        return err_errno(err, "no memory for the URLs");
    result = add_name(site, name, err);
    free(name);
    return result;
}

/* -- content ------------------------------------------------------------------- */

char *target_site_address(const struct target_site *site, uint64_t index)
{
    struct url_template template;

    if (!site->id_template)
        return strdup(site->addresses[index]);
    if (url_template_parse(&template, site->id_template, NULL))
        return NULL;
    return url_template_write(&template, index);
}

bool target_site_is_loopback(const struct target_site *site)
{
    for (size_t i = 0; i < site->server_count; i++)
        if (!address_is_loopback(&site->servers[i].peer))
            return false;
    return true;
}
