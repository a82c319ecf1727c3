/* target.c - see target.h. */
#include "harness/target.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <inttypes.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/parse.h"

/* -- lists --------------------------------------------------------------------- */

static int make_list(struct target_list *list, size_t count, struct err *err)
{
    *list = (struct target_list){.targets = calloc(count, sizeof(*list->targets))};
    return list->targets ? 0 : err_errno(err, "no memory for %zu addresses", count);
}

/* Takes over `url`, which is NULL for want of memory. */
static int add_target(struct target_list *list, const char *url,
                      struct work_expectation expect, struct err *err)
{
    if (!url) {
        target_list_free(list);
        return err_errno(err, "no memory for an address");
    }
    list->targets[list->count] = (struct work_target){.expect = expect};
    list->targets[list->count++].url = url;
    return 0;
}

void target_list_free(struct target_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free((char *)list->targets[i].url); /* each is our own copy */
    free(list->targets);
    *list = (struct target_list){0};
}

int target_list_of_origin(struct target_list *list, const struct page_set *pages,
                          const char *address, uint16_t port, struct err *err)
{
    if (make_list(list, PAGE_DETAIL_COUNT, err))
        return -1;
    for (size_t i = 1; i <= PAGE_DETAIL_COUNT; i++) {
        const struct page *page = &pages->pages[i];
        struct work_expectation expect = {
            .http_status = 200,
            .body_known = true,
            .body_bytes = page->body_bytes,
            .body_crc32 = page->crc32,
        };
        char *url = NULL;

        if (asprintf(&url, "http://%s:%u%s", address, port, page->path) < 0)
            url = NULL;
        if (add_target(list, url, expect, err))
            return -1;
    }
    return 0;
}

/* -- templates ----------------------------------------------------------------- */

/* A template cut at its placeholder, if it has one. */
struct template
{
    int before_bytes;  /* what stands before it */
    const char *after; /* what stands behind it; NULL: no placeholder */
    uint64_t from, to; /* of {A..B}; of {id}: 1 and UINT64_MAX */
};

static int bad_placeholder(const char *url, struct err *err)
{
    return err_set(err,
                   "the address %s has a placeholder that is neither {id} nor a range "
                   "like {1..100}, or more than one",
                   url);
}

static int parse_template(struct template *template, const char *url, struct err *err)
{
    const char *open = strchr(url, '{');
    const char *close = open ? strchr(open, '}') : NULL;
    char inside[48];
    char *dots;

    *template = (struct template){0};
    if (!open && !strchr(url, '}'))
        return 0;
    if (!close || (size_t)(close - open) > sizeof(inside) || strpbrk(close + 1, "{}"))
        return bad_placeholder(url, err);
    (void)snprintf(inside, sizeof(inside), "%.*s", (int)(close - open - 1), open + 1);
    template->before_bytes = (int)(open - url);
    template->after = close + 1;
    if (!strcmp(inside, "id")) {
        template->from = 1;
        template->to = UINT64_MAX;
        return 0;
    }
    dots = strstr(inside, "..");
    if (!dots)
        return bad_placeholder(url, err);
    *dots = '\0';
    if (parse_count(inside, 0, 1000000000, &template->from, NULL) ||
        parse_count(dots + 2, 0, 1000000000, &template->to, NULL))
        return bad_placeholder(url, err);
    if (template->from > template->to)
        return err_set(err, "the range in %s goes down", url);
    return 0;
}

int target_list_of_template(struct target_list *list, const char *url, uint64_t requests,
                            struct err *err)
{
    struct template template;
    uint64_t count = 1;

    if (parse_template(&template, url, err))
        return -1;
    if (template.after && template.to - template.from >= requests)
        count = requests;
    else if (template.after)
        count = template.to - template.from + 1;
    if (make_list(list, count, err))
        return -1;
    for (uint64_t i = 0; i < count; i++) {
        struct work_expectation any = {0};
        char *text = NULL;

        if (!template.after)
            text = strdup(url);
        else if (asprintf(&text, "%.*s%" PRIu64 "%s", template.before_bytes, url,
                          template.from + i, template.after) < 0)
            text = NULL;
        if (add_target(list, text, any, err))
            return -1;
    }
    return 0;
}

/* -- looking at one ------------------------------------------------------------ */

/* The parts that matter here; free each with curl_free(). */
struct parts {
    char *scheme, *host, *port;
};

static void free_parts(struct parts *parts)
{
    curl_free(parts->scheme);
    curl_free(parts->host);
    curl_free(parts->port);
}

static bool is_http(const char *scheme)
{
    return !strcasecmp(scheme, "http") || !strcasecmp(scheme, "https");
}

/* What libcurl makes of an address; of another scheme than http and https only that. */
static CURLUcode parse_address(CURLU *handle, const char *url, struct parts *parts)
{
    CURLUcode code = curl_url_set(handle, CURLUPART_URL, url,
                                  CURLU_NON_SUPPORT_SCHEME | CURLU_PATH_AS_IS);

    if (!code)
        code = curl_url_get(handle, CURLUPART_SCHEME, &parts->scheme, 0);
    if (!code && is_http(parts->scheme))
        code = curl_url_get(handle, CURLUPART_HOST, &parts->host, 0);
    if (!code && is_http(parts->scheme))
        code = curl_url_get(handle, CURLUPART_PORT, &parts->port, CURLU_DEFAULT_PORT);
    return code;
}

/* Takes the first address of the template apart, as libcurl will. */
static int split(const char *url, struct parts *parts, struct err *err)
{
    struct target_list first = {0};
    CURLU *handle;
    CURLUcode code;

    *parts = (struct parts){0};
    if (target_list_of_template(&first, url, 1, err))
        return -1;
    handle = curl_url();
    code = handle ? parse_address(handle, first.targets[0].url, parts)
                  : CURLUE_OUT_OF_MEMORY;
    curl_url_cleanup(handle);
    target_list_free(&first);
    if (!code)
        return 0;
    free_parts(parts);
    return err_set(err,
                   "'%s' is not an address to fetch (%s): give one like "
                   "http://127.0.0.1:8080/detail/{1..100}",
                   url, curl_url_strerror(code));
}

int target_check(const char *url, struct err *err)
{
    struct parts parts;
    int result = 0;

    if (split(url, &parts, err))
        return -1;
    if (!is_http(parts.scheme))
        result = err_set(err, "'%s' has the scheme %s; bench fetches http and https only",
                         url, parts.scheme);
    free_parts(&parts);
    return result;
}

static bool is_literal(const char *host)
{
    struct in_addr address;

    /* libcurl keeps IPv6 addresses in their brackets. */
    return host[0] == '[' || inet_pton(AF_INET, host, &address) == 1;
}

bool target_is_loopback(const char *url)
{
    struct parts parts;
    bool result;

    if (split(url, &parts, NULL))
        return false;
    result = parts.host &&
             (!strcasecmp(parts.host, "localhost") || !strcmp(parts.host, "[::1]") ||
              (is_literal(parts.host) && !strncmp(parts.host, "127.", 4)));
    free_parts(&parts);
    return result;
}

/* Writes "host:port:address,address" in the form of CURLOPT_RESOLVE. */
static int write_pin(const struct parts *parts, const struct addrinfo *found,
                     struct fetch_policy *policy, struct err *err)
{
    FILE *out = fmemopen(policy->resolve, sizeof(policy->resolve), "w");
    int separator = ':';

    if (!out)
        return err_errno(err, "no memory for a host name");
    (void)fprintf(out, "%s:%s", parts->host, parts->port);
    for (; found; found = found->ai_next) {
        char address[64];

        if (getnameinfo(found->ai_addr, found->ai_addrlen, address, sizeof(address), NULL,
                        0, NI_NUMERICHOST))
            continue;
        (void)fprintf(out, found->ai_family == AF_INET6 ? "%c[%s]" : "%c%s", separator,
                      address);
        separator = ',';
    }
    if (fclose(out))
        return err_set(err, "the host %s has too many addresses", parts->host);
    return 0;
}

int target_pin(const char *url, struct fetch_policy *policy, struct err *err)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    struct parts parts;
    int result = 0;
    int code;

    policy->resolve[0] = '\0';
    if (split(url, &parts, err))
        return -1;
    if (!is_literal(parts.host)) {
        code = getaddrinfo(parts.host, parts.port, &hints, &found);
        if (code)
            result = err_set(err, "cannot find the host %s: %s", parts.host,
                             gai_strerror(code));
        else
            result = write_pin(&parts, found, policy, err);
        if (found)
            freeaddrinfo(found);
    }
    free_parts(&parts);
    return result;
}
