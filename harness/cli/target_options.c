/* target_options.c - see target_options.h. */
#include "harness/cli/target_options.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "base/parse.h"
#include "harness/target/http_header.h"

/* -- values -------------------------------------------------------------------- */

/* The same once more is nothing new: --resume reads a recorded command line, too. */
static int add_source(struct target_options *options, bool is_file, const char *text,
                      struct err *err)
{
    for (size_t i = 0; i < options->source_count; i++)
        if (options->sources[i].is_file == is_file &&
            !strcmp(options->sources[i].text, text))
            return 0;
    if (options->source_count == TARGET_SOURCES_MAX)
        return err_set(err,
                       "given more than %d times: write the addresses into a file "
                       "and give --urls FILE",
                       TARGET_SOURCES_MAX);
    options->sources[options->source_count++] = (struct target_source){is_file, text};
    return 0;
}

static int set_url(void *target, const char *value, struct err *err)
{
    return add_source(target, false, value, err);
}

static int set_urls(void *target, const char *value, struct err *err)
{
    return value[0] ? add_source(target, true, value, err)
                    : err_set(err, "give a file, or - for standard input");
}

/* A name that was given before takes the new value. */
static int set_header(void *target, const char *value, struct err *err)
{
    struct target_options *options = target;
    size_t i = 0;

    options->typed = "--header";
    if (http_header_check(value, err))
        return -1;
    while (i < options->header_count &&
           !http_header_same_name(options->headers[i], value))
        i++;
    if (i == TARGET_HEADERS_MAX)
        return err_set(err, "more than %d headers", TARGET_HEADERS_MAX);
    options->headers[i] = value;
    if (i == options->header_count)
        options->header_count++;
    return 0;
}

static int set_expect_status(void *target, const char *value, struct err *err)
{
    struct target_options *options = target;
    uint64_t status = 0;

    options->typed = "--expect-status";
    if (strcmp(value, "2xx") != 0 && parse_count(value, 200, 599, &status, err))
        return -1;
    options->expect_status = (uint16_t)status;
    return 0;
}

static int set_cacert(void *target, const char *value, struct err *err)
{
    struct target_options *options = target;

    options->typed = "--cacert";
    options->ca_file = value;
    return value[0] ? 0 : err_set(err, "give a file");
}

static int set_insecure(void *target, const char *value, struct err *err)
{
    struct target_options *options = target;

    (void)value;
    (void)err;
    options->typed = "--insecure";
    options->insecure = true;
    return 0;
}

static int set_ipv4(void *target, const char *value, struct err *err)
{
    struct target_options *options = target;

    (void)value;
    (void)err;
    options->typed = "--ipv4";
    options->family = AF_INET;
    return 0;
}

static int set_ipv6(void *target, const char *value, struct err *err)
{
    struct target_options *options = target;

    (void)value;
    (void)err;
    options->typed = "--ipv6";
    options->family = AF_INET6;
    return 0;
}

static int set_yes(void *target, const char *value, struct err *err)
{
    (void)value;
    (void)err;
    ((struct target_options *)target)->yes = true;
    return 0;
}

static const struct option_spec specs[] = {
    {"url", "TEMPLATE",
     "http(s)://host/path with {1..100}, {a,b} or {id} for the number\n"
     "of the request; may be given more than once",
     set_url},
    {"urls", "FILE|-", "the same, one a line; # begins a comment; - is standard input",
     set_urls},
    {"header", "NAME: VALUE", "sent with every request; may be given more than once",
     set_header},
    {"expect-status", "N|2xx", "the only good one  [200]", set_expect_status},
    {"cacert", "FILE", "PEM, the only CAs that are believed  [those of the system]",
     set_cacert},
    {"insecure", NULL, "do not look whose certificate it is; every row says so",
     set_insecure},
    {"ipv4", NULL, "take only IPv4 addresses of names", set_ipv4},
    {"ipv6", NULL, "take only IPv6 addresses of names", set_ipv6},
    {"yes", NULL, "load may go to a machine that is not this one", set_yes},
};

const struct option_group target_option_group = {
    .title = "To fetch from other addresses than the embedded origin",
    .options = specs,
    .option_count = sizeof(specs) / sizeof(specs[0]),
};

struct target_options target_options_default(void)
{
    return (struct target_options){.expect_status = 200};
}

void target_options_free(struct target_options *options)
{
    target_site_free(&options->site);
}

/* -- what they come to --------------------------------------------------------- */

static int add_headers(const struct target_options *options, struct fetch_site *fetch,
                       struct err *err)
{
    size_t used = 0;

    for (size_t i = 0; i < options->header_count; i++) {
        const char *header = options->headers[i];
        size_t room = sizeof(fetch->headers) - used;

        if (http_header_is_masked(header))
            return err_set(err,
                           "the value of %.*s was not recorded: give --header '%.*s: "
                           "...' again",
                           (int)strcspn(header, ":"), header, (int)strcspn(header, ":"),
                           header);
        if (strlen(header) + 1 >= room)
            return err_set(err, "the headers are more than %zu bytes together",
                           sizeof(fetch->headers) - 1);
        used += (size_t)snprintf(fetch->headers + used, room, "%s\n", header);
    }
    return 0;
}

/* Reads the whole file: for its sum, and for the words without which it is no PEM. */
static int look_at_ca_file(FILE *file, const char *path, uint32_t *sum, struct err *err)
{
    static const char begin[] = "-----BEGIN CERTIFICATE-----";
    static const char end[] = "-----END CERTIFICATE-----";
    uLong crc = crc32(0, NULL, 0);
    char line[256];
    bool begun = false;
    bool ended = false;

    while (fgets(line, sizeof(line), file)) {
        begun |= !strncmp(line, begin, sizeof(begin) - 1);
        ended |= begun && !strncmp(line, end, sizeof(end) - 1);
        crc = crc32(crc, (const Bytef *)line, (uInt)strlen(line));
    }
    if (ferror(file))
        return err_errno(err, "cannot read %s", path);
    if (!ended)
        return err_set(err, "%s has no certificate in PEM", path);
    *sum = (uint32_t)crc;
    return 0;
}

static int add_ca_file(const struct target_options *options, struct target_site *site,
                       struct err *err)
{
    const char *path = options->ca_file;
    FILE *file;
    int result;

    if (!path)
        return 0;
    if (options->insecure)
        return err_set(err, "--cacert says whom to believe, --insecure says not to ask");
    if (strlen(path) >= sizeof(site->fetch.ca_file))
        return err_set(err, "--cacert: the path is too long");
    file = fopen(path, "re");
    if (!file)
        return err_errno(err, "--cacert: cannot read %s", path);
    result = look_at_ca_file(file, path, &site->ca_crc32, err);
    (void)fclose(file);
    (void)snprintf(site->fetch.ca_file, sizeof(site->fetch.ca_file), "%s", path);
    return result ? err_prefix(err, "--cacert") : 0;
}

static int add_sources(const struct target_options *options, struct target_site *site,
                       struct err *err)
{
    for (size_t i = 0; i < options->source_count; i++) {
        const struct target_source *source = &options->sources[i];

        if (source->is_file ? target_site_add_file(site, source->text, err)
                            : target_site_add_template(site, source->text, err))
            return err_prefix(err, source->is_file ? "--urls" : "--url");
    }
    return 0;
}

int target_options_complete(struct target_options *options, struct plan *plan,
                            struct err *err)
{
    struct target_site *site = &options->site;

    if (!options->source_count)
        return options->typed
                   ? err_set(err, "%s is nothing without --url or --urls", options->typed)
                   : 0;
    target_site_begin(site);
    site->expect_status = options->expect_status;
    site->fetch.insecure = options->insecure;
    if (add_headers(options, &site->fetch, err) || add_ca_file(options, site, err) ||
        add_sources(options, site, err) ||
        target_site_look_up(site, options->family, err))
        return -1;
    site->fetch.servers = (uint32_t)site->server_count;
    plan->site = site;
    plan->url = site->name;
    return 0;
}
