/* options.c - see options.h. Why each option has its value stands in docs/design.md. */
#include "fetch/options.h"

#include <stdio.h>
#include <string.h>

/* Options whose value is the same for every fetch, policy and strategy. */
static const struct fixed_number {
    CURLoption option;
    const char *name;
    long value;
} fixed_numbers[] = {
    {CURLOPT_NOSIGNAL, "NOSIGNAL", 1},
    {CURLOPT_NOPROGRESS, "NOPROGRESS", 1},
    {CURLOPT_HTTPGET, "HTTPGET", 1},
    {CURLOPT_HTTP_VERSION, "HTTP_VERSION", CURL_HTTP_VERSION_1_1},
    {CURLOPT_FOLLOWLOCATION, "FOLLOWLOCATION", 0},
    {CURLOPT_MAXREDIRS, "MAXREDIRS", 0},
    {CURLOPT_NETRC, "NETRC", CURL_NETRC_IGNORED},
    {CURLOPT_BUFFERSIZE, "BUFFERSIZE", 16384},
    {CURLOPT_TCP_NODELAY, "TCP_NODELAY", 1},
    {CURLOPT_SSL_VERIFYPEER, "SSL_VERIFYPEER", 1},
    {CURLOPT_SSL_VERIFYHOST, "SSL_VERIFYHOST", 2},
    {CURLOPT_MAXCONNECTS, "MAXCONNECTS", 1},
};

static const struct fixed_text {
    CURLoption option;
    const char *name, *value;
} fixed_texts[] = {
    {CURLOPT_PROXY, "PROXY", ""},
    {CURLOPT_NOPROXY, "NOPROXY", "*"},
    {CURLOPT_PROTOCOLS_STR, "PROTOCOLS_STR", "http,https"},
    {CURLOPT_REDIR_PROTOCOLS_STR, "REDIR_PROTOCOLS_STR", "http,https"},
    {CURLOPT_USERAGENT, "USERAGENT", OPTIONS_USER_AGENT},
    /* Debian's libcurl has a CA path; with it every connection parses the whole CA bundle
     * anew, 30 ms of CPU inside the loop. The bundle file alone is parsed once. */
    {CURLOPT_CAPATH, "CAPATH", NULL},
};

enum {
    NUMBER_COUNT = sizeof(fixed_numbers) / sizeof(fixed_numbers[0]),
    TEXT_COUNT = sizeof(fixed_texts) / sizeof(fixed_texts[0])
};

static int easy_failed(const char *name, CURLcode code, struct err *err)
{
    return err_set(err, "libcurl refuses the option %s: %s", name,
                   curl_easy_strerror(code));
}

static int apply_fixed(CURL *easy, struct err *err)
{
    for (size_t i = 0; i < NUMBER_COUNT; i++) {
        CURLcode code = curl_easy_setopt(easy, fixed_numbers[i].option,
                                         fixed_numbers[i].value);

        if (code)
            return easy_failed(fixed_numbers[i].name, code, err);
    }
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        CURLcode code = curl_easy_setopt(easy, fixed_texts[i].option,
                                         fixed_texts[i].value);

        if (code)
            return easy_failed(fixed_texts[i].name, code, err);
    }
    return 0;
}

static int apply_policy(CURL *easy, const struct fetch_policy *policy, struct err *err)
{
    long fresh = policy->reuse_connections ? 0 : 1;
    long timeout_ms = (long)policy->timeout_ms;
    CURLcode code;

    /* Both or neither: a connection that is new and then kept would be a third policy. */
    if ((code = curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, fresh)))
        return easy_failed("FRESH_CONNECT", code, err);
    if ((code = curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, fresh)))
        return easy_failed("FORBID_REUSE", code, err);
    if ((code = curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout_ms)))
        return easy_failed("TIMEOUT_MS", code, err);
    if ((code = curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, timeout_ms)))
        return easy_failed("CONNECTTIMEOUT_MS", code, err);
    if (policy->accept_gzip &&
        (code = curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip")))
        return easy_failed("ACCEPT_ENCODING", code, err);
    return 0;
}

static int apply_site(CURL *easy, const struct fetch_site *site,
                      const struct options_lists *lists, struct err *err)
{
    CURLcode code;

    /* Else a blocking worker would lose its kept connection to each other server. */
    if ((code = curl_easy_setopt(easy, CURLOPT_MAXCONNECTS, (long)site->servers)))
        return easy_failed("MAXCONNECTS", code, err);
    if ((code = curl_easy_setopt(easy, CURLOPT_RESOLVE, lists->pins)))
        return easy_failed("RESOLVE", code, err);
    if ((code = curl_easy_setopt(easy, CURLOPT_HTTPHEADER, lists->headers)))
        return easy_failed("HTTPHEADER", code, err);
    if (site->ca_file[0] &&
        (code = curl_easy_setopt(easy, CURLOPT_CAINFO, site->ca_file)))
        return easy_failed("CAINFO", code, err);
    if (!site->insecure)
        return 0;
    if ((code = curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L)))
        return easy_failed("SSL_VERIFYPEER", code, err);
    if ((code = curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L)))
        return easy_failed("SSL_VERIFYHOST", code, err);
    return 0;
}

/* With a CA of our own nobody else is trusted: no file, no directory (CAPATH
 * above is NULL). libcurl makes a copy. */
static int apply_tls(CURL *easy, const struct fetch_policy *policy, struct err *err)
{
    struct curl_blob ca = {
        .data = (char *)policy->ca, /* it is only read */
        .len = strlen(policy->ca),
        .flags = CURL_BLOB_COPY,
    };
    long sessions = policy->tls_sessions ? 1 : 0;
    CURLcode code;

    if ((code = curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, sessions)))
        return easy_failed("SSL_SESSIONID_CACHE", code, err);
    if (!ca.len)
        return 0;
    if ((code = curl_easy_setopt(easy, CURLOPT_CAINFO, NULL)))
        return easy_failed("CAINFO", code, err);
    if ((code = curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &ca)))
        return easy_failed("CAINFO_BLOB", code, err);
    return 0;
}

static int apply_sinks(CURL *easy, const struct options_sinks *sinks, struct err *err)
{
    CURLcode code;

    if ((code = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, sinks->on_header)))
        return easy_failed("HEADERFUNCTION", code, err);
    if ((code = curl_easy_setopt(easy, CURLOPT_HEADERDATA, sinks->user)))
        return easy_failed("HEADERDATA", code, err);
    if ((code = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, sinks->on_body)))
        return easy_failed("WRITEFUNCTION", code, err);
    if ((code = curl_easy_setopt(easy, CURLOPT_WRITEDATA, sinks->user)))
        return easy_failed("WRITEDATA", code, err);
    if ((code = curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, sinks->on_request)))
        return easy_failed("PREREQFUNCTION", code, err);
    if ((code = curl_easy_setopt(easy, CURLOPT_PREREQDATA, sinks->user)))
        return easy_failed("PREREQDATA", code, err);
    if ((code = curl_easy_setopt(easy, CURLOPT_PRIVATE, sinks->user)))
        return easy_failed("PRIVATE", code, err);
    return 0;
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

/* -- what else is set ---------------------------------------------------------- */

CURLcode options_set_fresh(CURL *easy, bool fresh)
{
    return curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, fresh ? 1L : 0L);
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

    /* By default the cache of idle connections shrinks with the handles that are added at
     * the moment, so that the end of a batch closes connections it could keep. */
    if ((code = curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, kept)))
        return multi_failed("MAXCONNECTS", code, err);
    if ((code = curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING)))
        return multi_failed("PIPELINING", code, err);
    if ((code = curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, host_limit)))
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
}
