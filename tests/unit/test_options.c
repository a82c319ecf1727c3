/* test_options.c - builds of libcurl without some features: an option that only switches
 * something off may be missing; a missing option that is needed is named.
 *
 * The linker replaces libcurl's functions with those below (--wrap, see CMakeLists.txt).
 */
#include "fetch/fetch.h"
#include "fetch/flight.h"
#include "fetch/site.h"
#include "tests/support/check.h"
#include "tests/support/scripted_server.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* -- a libcurl that lacks options ----------------------------------------------- */

enum { SEEN_MAX = 64 };

static struct {
    CURLoption seen[SEEN_MAX]; /* each option that was set, once */
    size_t seen_count;
    const char *const *absent; /* names of options, NULL-terminated; or NULL */
    CURLoption absent_option;  /* one more; 0: none */
    CURLcode code;             /* the result for these */
    int absent_features;
    bool refuses_https;
} lacking;

static const char *name_of(CURLoption option)
{
    const struct curl_easyoption *known = curl_easy_option_by_id(option);

    return known ? known->name : "?";
}

static bool is_absent(CURLoption option)
{
    if (option == lacking.absent_option)
        return true;
    for (size_t i = 0; lacking.absent && lacking.absent[i]; i++)
        if (!strcmp(name_of(option), lacking.absent[i]))
            return true;
    return false;
}

static void note(CURLoption option)
{
    for (size_t i = 0; i < lacking.seen_count; i++)
        if (lacking.seen[i] == option)
            return;
    assert_true(lacking.seen_count < SEEN_MAX);
    lacking.seen[lacking.seen_count++] = option;
}

CURLcode __real_curl_easy_setopt(CURL *easy, CURLoption option, ...);
CURLcode __wrap_curl_easy_setopt(CURL *easy, CURLoption option, ...);
CURLcode __wrap_curl_easy_setopt(CURL *easy, CURLoption option, ...)
{
    va_list arguments;
    void *value; /* a long has the same size */

    _Static_assert(sizeof(void *) == sizeof(long), "options are words");
    va_start(arguments, option);
    value = va_arg(arguments, void *);
    va_end(arguments);
    note(option);
    if (is_absent(option))
        return lacking.code;
    if (lacking.refuses_https &&
        (option == CURLOPT_PROTOCOLS_STR || option == CURLOPT_REDIR_PROTOCOLS_STR) &&
        strstr(value, "https"))
        return CURLE_UNSUPPORTED_PROTOCOL;
    return __real_curl_easy_setopt(easy, option, value);
}

curl_version_info_data *__real_curl_version_info(CURLversion age);
curl_version_info_data *__wrap_curl_version_info(CURLversion age);
curl_version_info_data *__wrap_curl_version_info(CURLversion age)
{
    static curl_version_info_data copy;

    copy = *__real_curl_version_info(age);
    copy.features &= ~lacking.absent_features;
    return &copy;
}

static void lack_nothing(void)
{
    memset(&lacking, 0, sizeof(lacking));
}

/* -- the policies --------------------------------------------------------------- */

static const struct fetch_site plain_site = {.servers = 2};
static const struct fetch_site insecure_site = {.servers = 1, .insecure = true};
static const struct fetch_site whole_site = {.servers = 1,
                                             .ca_file = "/etc/passwd",
                                             .pins = "x:80:127.0.0.1\n",
                                             .headers = "X: y\n"};

static const struct fetch_policy plain = {.timeout_ms = 5000};
static const struct fetch_policy kept = {.timeout_ms = 5000, .reuse_connections = true};
static const struct fetch_policy of_plain_site = {.timeout_ms = 5000,
                                                  .site = &plain_site};
static const struct fetch_policy of_insecure_site = {.timeout_ms = 5000,
                                                     .site = &insecure_site};
static const struct fetch_policy of_whole_site = {.timeout_ms = 5000,
                                                  .site = &whole_site};
static const struct fetch_policy gzip = {.timeout_ms = 5000, .accept_gzip = true};
static const struct fetch_policy tls = {.timeout_ms = 5000, .ca = "a certificate"};
static const struct fetch_policy sessions = {
    .timeout_ms = 5000, .ca = "a certificate", .tls_sessions = true};

static const struct fetch_policy *const policies[] = {
    &plain,         &kept, &of_plain_site, &of_insecure_site,
    &of_whole_site, &gzip, &tls,           &sessions};

enum { POLICY_COUNT = sizeof(policies) / sizeof(policies[0]) };

/* Options that only switch something off, for these policies at least. */
static const char *const off[] = {"PROXY",          "NOPROXY",   "NETRC",
                                  "FOLLOWLOCATION", "MAXREDIRS", "REDIR_PROTOCOLS_STR",
                                  "CAPATH",         NULL};

static bool is_in(const char *const *names, const char *name)
{
    for (; *names; names++)
        if (!strcmp(*names, name))
            return true;
    return false;
}

/* True if a fetch under this policy works without the option. */
static bool may_lack(const struct fetch_policy *policy, const char *name)
{
    if (is_in(off, name))
        return true;
    if (!strcmp(name, "SSL_SESSIONID_CACHE"))
        return !policy->tls_sessions;
    if (!strcmp(name, "CAINFO"))
        return policy->ca[0] != '\0';
    if (!strcmp(name, "RESOLVE") || !strcmp(name, "HTTPHEADER"))
        return policy->site != &whole_site;
    return false;
}

static int create(const struct fetch_policy *policy, struct err *err)
{
    struct fetch *fetch = NULL;
    int result;

    err->text[0] = '\0';
    result = fetch_create(&fetch, policy, err);
    fetch_destroy(fetch);
    return result;
}

/* -- one option at a time ------------------------------------------------------- */

static void check_option(const struct fetch_policy *policy, CURLoption option,
                         CURLcode code)
{
    const char *name = name_of(option);
    struct err err;

    lacking.absent_option = option;
    lacking.code = code;
    if (create(policy, &err)) {
        if (may_lack(policy, name))
            fail_msg("%s may be missing: %s", name, err.text);
        if (!strstr(err.text, name) || !strstr(err.text, "was built without the option"))
            fail_msg("'%s' does not name %s", err.text, name);
    } else if (!may_lack(policy, name)) {
        fail_msg("%s is not missed", name);
    }
}

static void test_each_option(void **state)
{
    static const CURLcode codes[] = {CURLE_UNKNOWN_OPTION, CURLE_NOT_BUILT_IN};
    struct err err;

    (void)state;
    for (size_t i = 0; i < POLICY_COUNT; i++) {
        CURLoption options[SEEN_MAX];
        size_t count;

        lack_nothing();
        if (create(policies[i], &err))
            fail_msg("%s", err.text);
        count = lacking.seen_count;
        memcpy(options, lacking.seen, sizeof(options));
        assert_true(count > 20);
        for (size_t j = 0; j < 2 * count; j++)
            check_option(policies[i], options[j / 2], codes[j % 2]);
    }
    lack_nothing();
}

/* Another error of an option is always fatal. */
static void test_other_refusals(void **state)
{
    struct err err;

    (void)state;
    lack_nothing();
    lacking.absent = off;
    lacking.code = CURLE_OUT_OF_MEMORY;
    assert_int_equal(create(&plain, &err), -1);
    assert_non_null(strstr(err.text, "libcurl refuses the option"));
    lack_nothing();
}

/* -- builds of libcurl ----------------------------------------------------------- */

static void expect_ok(const char *name)
{
    static const struct server_script script = {
        .text = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"};
    struct work_target target = {.expect = {.http_status = 200}};
    const struct fetch_policy *tried[] = {&plain, &kept, &of_plain_site,
                                          &of_insecure_site};
    struct scripted_server server;
    struct work_item item;
    struct fetch *fetch;
    struct work *work;
    struct err err;
    char url[64];

    scripted_server_start(&server, &script);
    (void)snprintf(url, sizeof(url), "http://127.0.0.1:%u/", server.port);
    target.url = url;
    assert_int_equal(work_create(&work, &target, 1, 1, NULL), 0);
    for (size_t i = 0; i < sizeof(tried) / sizeof(tried[0]); i++) {
        if (fetch_create(&fetch, tried[i], &err))
            fail_msg("%s: %s", name, err.text);
        work_arm(work, 1);
        assert_true(work_take(work, 0, &item));
        fetch_perform(fetch, &item);
        assert_int_equal(item.result->outcome, FETCH_OK);
        fetch_destroy(fetch);
    }
    work_destroy(work);
    scripted_server_stop(&server);
}

/* Plain http works with each of them. */
static void test_small_libcurls(void **state)
{
    static const char *const no_proxy[] = {"PROXY", "NOPROXY", NULL};
    static const char *const no_netrc[] = {"NETRC", NULL};
    static const char *const no_ca_path[] = {"CAPATH", NULL};
    static const char *const no_tls[] = {
        "SSL_VERIFYPEER", "SSL_VERIFYHOST",      "CAPATH", "CAINFO",
        "CAINFO_BLOB",    "SSL_SESSIONID_CACHE", NULL};
    static const struct {
        const char *name;
        const char *const *absent;
        int features;
        bool refuses_https;
    } libcurls[] = {
        {"--disable-proxy", no_proxy, 0, false},
        {"--disable-netrc", no_netrc, 0, false},
        {"no CA path", no_ca_path, 0, false},
        {"without TLS", no_tls, CURL_VERSION_SSL, true},
        {"without zlib", NULL, CURL_VERSION_LIBZ, false},
        {"none of what may be missing", off, CURL_VERSION_LIBZ | CURL_VERSION_SSL, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(libcurls) / sizeof(libcurls[0]); i++) {
        lack_nothing();
        lacking.absent = libcurls[i].absent;
        lacking.absent_features = libcurls[i].features;
        lacking.refuses_https = libcurls[i].refuses_https;
        lacking.code = CURLE_UNKNOWN_OPTION;
        expect_ok(libcurls[i].name);
        lacking.code = CURLE_NOT_BUILT_IN;
        expect_ok(libcurls[i].name);
    }
    lack_nothing();
}

static void test_what_is_really_missing(void **state)
{
    struct err err;

    (void)state;
    lack_nothing();
    lacking.absent_features = CURL_VERSION_SSL;
    assert_int_equal(create(&tls, &err), -1);
    assert_non_null(strstr(err.text, "was built without TLS"));
    assert_int_equal(create(&gzip, &err), 0);
    lacking.absent_features = CURL_VERSION_LIBZ;
    assert_int_equal(create(&gzip, &err), -1);
    assert_non_null(strstr(err.text, "was built without zlib"));
    assert_int_equal(create(&tls, &err), 0);
    lack_nothing();
}

/* -- a CA path alone -------------------------------------------------------------- */

static bool built_in_ca_file;

CURLcode __real_curl_easy_getinfo(CURL *easy, CURLINFO info, ...);
CURLcode __wrap_curl_easy_getinfo(CURL *easy, CURLINFO info, ...);
CURLcode __wrap_curl_easy_getinfo(CURL *easy, CURLINFO info, ...)
{
    va_list arguments;
    void *value;

    va_start(arguments, info);
    value = va_arg(arguments, void *);
    va_end(arguments);
    if (info != CURLINFO_CAINFO)
        return __real_curl_easy_getinfo(easy, info, value);
    *(const char **)value = built_in_ca_file ? "/a/file" : NULL;
    return CURLE_OK;
}

static bool sets_ca_path(const struct fetch_policy *policy)
{
    struct err err;

    lack_nothing();
    assert_int_equal(create(policy, &err), 0);
    for (size_t i = 0; i < lacking.seen_count; i++)
        if (lacking.seen[i] == CURLOPT_CAPATH)
            return true;
    return false;
}

/* The CA path is disabled if a CA file is given or built in, and only then. */
static void test_ca_path(void **state)
{
    (void)state;
    built_in_ca_file = false;
    assert_false(sets_ca_path(&plain));
    assert_false(sets_ca_path(&of_plain_site));
    assert_true(sets_ca_path(&of_whole_site));
    assert_true(sets_ca_path(&tls));
    built_in_ca_file = true;
    assert_true(sets_ca_path(&plain));
    assert_true(sets_ca_path(&of_plain_site));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_option),
        cmocka_unit_test(test_other_refusals),
        cmocka_unit_test(test_small_libcurls),
        cmocka_unit_test(test_what_is_really_missing),
        cmocka_unit_test(test_ca_path),
    };

    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
