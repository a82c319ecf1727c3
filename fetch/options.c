/* options.c - see options.h. docs/design.md gives the reason for each value. */
#include "fetch/options.h"

#include <stdio.h>
#include <string.h>

/* The consequence of a libcurl built without an option. */
enum need {
    NEEDED,
    SWITCHES_OFF, /* none: the feature that it switches off is missing too */
    WITH_TLS      /* none, if that libcurl has no TLS at all */
};

/* Options whose value is the same for every fetch, policy and strategy. */
static const struct fixed_number {
    CURLoption option;
    enum need need;
    const char *name;
    long value;
} fixed_numbers[] = {
    {CURLOPT_NOSIGNAL, NEEDED, "NOSIGNAL", 1},
    {CURLOPT_NOPROGRESS, NEEDED, "NOPROGRESS", 1},
    {CURLOPT_HTTPGET, NEEDED, "HTTPGET", 1},
    {CURLOPT_HTTP_VERSION, NEEDED, "HTTP_VERSION", CURL_HTTP_VERSION_1_1},
    {CURLOPT_FOLLOWLOCATION, SWITCHES_OFF, "FOLLOWLOCATION", 0},
    {CURLOPT_MAXREDIRS, SWITCHES_OFF, "MAXREDIRS", 0},
    {CURLOPT_NETRC, SWITCHES_OFF, "NETRC", CURL_NETRC_IGNORED},
    {CURLOPT_BUFFERSIZE, NEEDED, "BUFFERSIZE", 16384},
    {CURLOPT_TCP_NODELAY, NEEDED, "TCP_NODELAY", 1},
    {CURLOPT_SSL_VERIFYPEER, WITH_TLS, "SSL_VERIFYPEER", 1},
    {CURLOPT_SSL_VERIFYHOST, WITH_TLS, "SSL_VERIFYHOST", 2},
    {CURLOPT_MAXCONNECTS, NEEDED, "MAXCONNECTS", 1},
};

static const struct fixed_text {
    CURLoption option;
    enum need need;
    const char *name, *value;
} fixed_texts[] = {
    {CURLOPT_PROXY, SWITCHES_OFF, "PROXY", ""},
    {CURLOPT_NOPROXY, SWITCHES_OFF, "NOPROXY", "*"},
    {CURLOPT_USERAGENT, NEEDED, "USERAGENT", OPTIONS_USER_AGENT},
};

enum {
    NUMBER_COUNT = sizeof(fixed_numbers) / sizeof(fixed_numbers[0]),
    TEXT_COUNT = sizeof(fixed_texts) / sizeof(fixed_texts[0])
};

/* -- features of this libcurl -------------------------------------------------- */

static bool has_feature(int feature)
{
    return (curl_version_info(CURLVERSION_NOW)->features & feature) != 0;
}

/* libcurl refuses the name of a protocol that it was built without. */
static const char *protocols(void)
{
    return has_feature(CURL_VERSION_SSL) ? "http,https" : "http";
}

static bool is_absent(CURLcode code)
{
    return code == CURLE_UNKNOWN_OPTION || code == CURLE_NOT_BUILT_IN;
}

/* The result of setting an option: 0, or -1 and the message. */
static int settled(CURLcode code, enum need need, const char *name, struct err *err)
{
    if (!code ||
        (is_absent(code) &&
         (need == SWITCHES_OFF || (need == WITH_TLS && !has_feature(CURL_VERSION_SSL)))))
        return 0;
    if (is_absent(code))
        return err_set(err,
                       "this libcurl (%s) was built without the option %s, which "
                       "bench needs: use another build",
                       curl_version_info(CURLVERSION_NOW)->version, name);
    return err_set(err, "libcurl refuses the option %s: %s", name,
                   curl_easy_strerror(code));
}

/* `option` is the name without CURLOPT_. */
#define SET(easy, option, need, value, err) \
    settled(curl_easy_setopt(easy, CURLOPT_##option, value), need, #option, err)

/* -- easy handles -------------------------------------------------------------- */

static int apply_fixed(CURL *easy, struct err *err)
{
    const char *allowed = protocols();

    for (size_t i = 0; i < NUMBER_COUNT; i++) {
        const struct fixed_number *fixed = &fixed_numbers[i];

        if (settled(curl_easy_setopt(easy, fixed->option, fixed->value), fixed->need,
                    fixed->name, err))
            return -1;
    }
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        const struct fixed_text *fixed = &fixed_texts[i];

        if (settled(curl_easy_setopt(easy, fixed->option, fixed->value), fixed->need,
                    fixed->name, err))
            return -1;
    }
    return SET(easy, PROTOCOLS_STR, NEEDED, allowed, err) ||
                   SET(easy, REDIR_PROTOCOLS_STR, SWITCHES_OFF, allowed, err)
               ? -1
               : 0;
}

static int apply_policy(CURL *easy, const struct fetch_policy *policy, struct err *err)
{
    long fresh = policy->reuse_connections ? 0 : 1;
    long timeout_ms = (long)policy->timeout_ms;

    /* Both or neither: a connection that is new and then kept would be a third policy. */
    if (SET(easy, FRESH_CONNECT, NEEDED, fresh, err) ||
        SET(easy, FORBID_REUSE, NEEDED, fresh, err) ||
        SET(easy, TIMEOUT_MS, NEEDED, timeout_ms, err) ||
        SET(easy, CONNECTTIMEOUT_MS, NEEDED, timeout_ms, err))
        return -1;
    if (!policy->accept_gzip)
        return 0;
    if (!has_feature(CURL_VERSION_LIBZ))
        return err_set(err,
                       "this libcurl (%s) was built without zlib, which compressed "
                       "bodies need: use another build, or --body plain",
                       curl_version_info(CURLVERSION_NOW)->version);
    return SET(easy, ACCEPT_ENCODING, NEEDED, "gzip", err);
}

static int apply_site(CURL *easy, const struct fetch_site *site,
                      const struct options_lists *lists, struct err *err)
{
    /* Otherwise a blocking worker would lose its kept connection to each other server. */
    if (SET(easy, MAXCONNECTS, NEEDED, (long)site->servers, err) ||
        SET(easy, RESOLVE, lists->pins ? NEEDED : SWITCHES_OFF, lists->pins, err) ||
        SET(easy, HTTPHEADER, lists->headers ? NEEDED : SWITCHES_OFF, lists->headers,
            err))
        return -1;
    if (site->ca_file[0] && SET(easy, CAINFO, WITH_TLS, site->ca_file, err))
        return -1;
    if (!site->insecure)
        return 0;
    return SET(easy, SSL_VERIFYPEER, SWITCHES_OFF, 0L, err) ||
                   SET(easy, SSL_VERIFYHOST, SWITCHES_OFF, 0L, err)
               ? -1
               : 0;
}

/* With a CA path every connection parses the whole CA bundle again, 30 ms of CPU time
 * inside the loop; a CA file is parsed once. So the path is off if the trusted CAs come
 * from a file of the user's or from bench, or if libcurl has a built-in CA file, as
 * Debian's has in addition to a path. A libcurl with a path alone keeps it: without it no
 * server would be trusted. */
static int apply_ca_path(CURL *easy, const struct fetch_policy *policy, struct err *err)
{
    bool has_file = policy->ca[0] || (policy->site && policy->site->ca_file[0]);
    char *built_in = NULL;

    /* A libcurl that does not know this query has no built-in file. */
    (void)curl_easy_getinfo(easy, CURLINFO_CAINFO, &built_in);
    if (!has_file && !built_in)
        return 0;
    return SET(easy, CAPATH, SWITCHES_OFF, NULL, err);
}

/* With our own CA no other is trusted: no file, no directory. libcurl makes a copy. */
static int apply_tls(CURL *easy, const struct fetch_policy *policy, struct err *err)
{
    struct curl_blob ca = {
        .data = (char *)policy->ca, /* it is only read */
        .len = strlen(policy->ca),
        .flags = CURL_BLOB_COPY,
    };
    long sessions = policy->tls_sessions ? 1 : 0;

    if (apply_ca_path(easy, policy, err) ||
        SET(easy, SSL_SESSIONID_CACHE, sessions ? WITH_TLS : SWITCHES_OFF, sessions, err))
        return -1;
    if (!ca.len)
        return 0;
    if (!has_feature(CURL_VERSION_SSL))
        return err_set(err,
                       "this libcurl (%s) was built without TLS: use another build, "
                       "or drop --tls",
                       curl_version_info(CURLVERSION_NOW)->version);
    return SET(easy, CAINFO, SWITCHES_OFF, NULL, err) ||
                   SET(easy, CAINFO_BLOB, NEEDED, &ca, err)
               ? -1
               : 0;
}

int options_set_close(CURL *easy, const struct options_sinks *sinks, struct err *err)
{
    return SET(easy, CLOSESOCKETFUNCTION, NEEDED, sinks->on_close, err) ||
                   SET(easy, CLOSESOCKETDATA, NEEDED, sinks->close_user, err)
               ? -1
               : 0;
}

static int apply_sinks(CURL *easy, const struct options_sinks *sinks, struct err *err)
{
    return SET(easy, HEADERFUNCTION, NEEDED, sinks->on_header, err) ||
                   SET(easy, HEADERDATA, NEEDED, sinks->user, err) ||
                   SET(easy, WRITEFUNCTION, NEEDED, sinks->on_body, err) ||
                   SET(easy, WRITEDATA, NEEDED, sinks->user, err) ||
                   SET(easy, PREREQFUNCTION, NEEDED, sinks->on_request, err) ||
                   SET(easy, PREREQDATA, NEEDED, sinks->user, err) ||
                   SET(easy, PRIVATE, NEEDED, sinks->user, err) ||
                   (sinks->on_close && options_set_close(easy, sinks, err))
               ? -1
               : 0;
}

int options_apply(CURL *easy, const struct fetch_policy *policy,
                  const struct options_lists *lists, const struct options_sinks *sinks,
                  struct err *err)
{
    if (apply_fixed(easy, err) || apply_policy(easy, policy, err) ||
        apply_tls(easy, policy, err) ||
        (policy->site && apply_site(easy, policy->site, lists, err)))
        return -1;
    return apply_sinks(easy, sinks, err);
}

/* -- lists --------------------------------------------------------------------- */

static int list_lines(struct curl_slist **list, const char *lines, struct err *err)
{
    char line[FETCH_HEADERS_SIZE];

    while (*lines) {
        size_t length = strcspn(lines, "\n");
        struct curl_slist *longer = NULL;

        if (length < sizeof(line)) {
            memcpy(line, lines, length);
            line[length] = '\0';
            longer = curl_slist_append(*list, line);
        }
        if (!longer)
            return err_set(err, "no memory for the host names or headers");
        *list = longer;
        lines += length + (lines[length] == '\n');
    }
    return 0;
}

int options_make_lists(struct options_lists *lists, const struct fetch_policy *policy,
                       struct err *err)
{
    *lists = (struct options_lists){NULL, NULL};
    if (!policy->site)
        return 0;
    return list_lines(&lists->pins, policy->site->pins, err) ||
                   list_lines(&lists->headers, policy->site->headers, err)
               ? -1
               : 0;
}

void options_free_lists(struct options_lists *lists)
{
    curl_slist_free_all(lists->pins);
    curl_slist_free_all(lists->headers);
    *lists = (struct options_lists){NULL, NULL};
}

/* -- other options ------------------------------------------------------------- */

CURLcode options_set_fresh(CURL *easy, bool fresh)
{
    return curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, fresh ? 1L : 0L);
}

CURLcode options_set_timeout(CURL *easy, uint32_t timeout_ms)
{
    return curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
}

CURLcode options_set_url(CURL *easy, const char *url)
{
    return curl_easy_setopt(easy, CURLOPT_URL, url);
}

static int multi_failed(const char *name, CURLMcode code, struct err *err)
{
    return err_set(err, "libcurl refuses the multi option %s: %s", name,
                   curl_multi_strerror(code));
}

int options_apply_multi(CURLM *multi, const struct fetch_policy *policy, unsigned level,
                        struct err *err)
{
    long host_limit = (long)policy->max_host_connections;
    long kept = (long)level * (policy->site ? (long)policy->site->servers : 1);
    CURLMcode code;

    /* By default the cache of idle connections shrinks with the number of handles
     * currently added, so that the end of a batch closes connections it could keep. */
    if ((code = curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, kept)))
        return multi_failed("MAXCONNECTS", code, err);
    code = curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
    if (code && code != CURLM_UNKNOWN_OPTION) /* no HTTP/2, no pipelining */
        return multi_failed("PIPELINING", code, err);
    code = curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, host_limit);
    if (code && (host_limit || code != CURLM_UNKNOWN_OPTION))
        return multi_failed("MAX_HOST_CONNECTIONS", code, err);
    return 0;
}

int options_watch_multi(CURLM *multi, curl_socket_callback on_socket,
                        curl_multi_timer_callback on_timer, void *user, struct err *err)
{
    CURLMcode code;

    if ((code = curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket)))
        return multi_failed("SOCKETFUNCTION", code, err);
    if ((code = curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, user)))
        return multi_failed("SOCKETDATA", code, err);
    if ((code = curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer)))
        return multi_failed("TIMERFUNCTION", code, err);
    if ((code = curl_multi_setopt(multi, CURLMOPT_TIMERDATA, user)))
        return multi_failed("TIMERDATA", code, err);
    return 0;
}

void options_describe(void (*each)(void *user, const char *name, const char *value),
                      void *user)
{
    char number[32];

    for (size_t i = 0; i < NUMBER_COUNT; i++) {
        (void)snprintf(number, sizeof(number), "%ld", fixed_numbers[i].value);
        each(user, fixed_numbers[i].name, number);
    }
    for (size_t i = 0; i < TEXT_COUNT; i++)
        each(user, fixed_texts[i].name, fixed_texts[i].value);
    each(user, "PROTOCOLS_STR", protocols());
    each(user, "REDIR_PROTOCOLS_STR", protocols());
    each(user, "CAPATH", NULL);
}
