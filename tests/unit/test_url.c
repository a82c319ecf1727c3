/* test_url.c - URLs are parsed as libcurl does: url_request() returns, byte for byte, the
 * request that the linked libcurl sends. */
#include "fetch/fetch.h"
#include "fetch/url.h"
#include "tests/support/check.h"
#include "tests/support/scripted_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct server_script script = {
    .text = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", .end = SERVER_CLOSES};

/* Texts to append to http://127.0.0.1:PORT. */
static const char *const tails[] = {
    "",
    "/",
    "/ok",
    "/x/../ok",
    "/x/./ok",
    "/..",
    "/../..",
    "/x/..",
    "/x/.",
    "/./",
    "/a//b",
    "/x/%2e%2e/ok",
    "/x/.%2e/ok",
    "/%7euser/~user",
    "/%zz%4",
    "/\xc3\xa9",
    "/\xff",
    "/x?q=\xc3\xa9",
    "/a b",
    "/a?b c",
    "/a\tb",
    "/\x7f",
    "/;a=b,c:d@e!$&'()*+",
    "/[x]|\\^`{}\"<>",
    "/x?a=b&c=d",
    "/x?",
    "/?",
    "?",
    "?x",
    "?x=/../y",
    "?x?y",
    "/x?a=[b]|\\^`{}\"<>",
    "/x#y",
    "/x?a#b",
    "/x#?a",
    "#y",
    "?#y",
    "/x?a=b#c?d#e",
    "/x?%00",
    "/%00",
};

/* Hosts to combine with a port. */
static const char *const hosts[] = {
    "127.0.0.1",  "127.1",      "127.0.1",    "0x7f.1",      "0X7F.0.0.1",
    "0177.0.0.1", "2130706433", "0x7f000001", "127.0.0.1.",  "127.0.0.256",
    "127.0.0.08", "1.2.3.4.5",  "127.0.0.1%", "%3127.0.0.1", "[::1]",
    "localhost",  "LocalHost",  "",           "127.0.0.1 ",
};

/* Fetches a URL with libcurl. Returns the request that the server got, or NULL if none.
 */
static const char *captured(const struct scripted_server *server, const char *url)
{
    struct fetch_policy policy = {.timeout_ms = 5000};
    struct work_target target = {.url = url};
    uint64_t before = scripted_server_seen(server)->requests;
    struct work_item item;
    struct fetch *fetch;
    struct work *work;

    assert_int_equal(work_create(&work, &target, 1, 1, NULL), 0);
    assert_int_equal(fetch_create(&fetch, &policy, NULL), 0);
    work_arm(work, 1);
    assert_true(work_take(work, 0, &item));
    fetch_perform(fetch, &item);
    fetch_destroy(fetch);
    work_destroy(work);
    return scripted_server_seen(server)->requests > before
               ? scripted_server_seen(server)->request
               : NULL;
}

/* Returns 1 if it differs. */
static int compare(const struct scripted_server *server, const char *text)
{
    const char *sent = captured(server, text);
    struct sockaddr_in address;
    char *request = NULL;
    struct err err = {""};
    struct url url;
    bool taken = !url_parse(&url, text, &err);
    bool plain = taken && url_ipv4_server(&url, &address);
    int failures = 0;

    if (taken)
        assert_non_null(request = url_request(&url));
    /* URLs that only libcurl can fetch need not be refused here. */
    if ((plain && !sent) || (sent && (!request || strcmp(request, sent) != 0)) ||
        (!taken && !err.text[0])) {
        print_error("%s: %s\nlibcurl: %s\n", text, request ? request : err.text,
                    sent ? sent : "(nothing)");
        failures = 1;
    }
    if (plain && (ntohl(address.sin_addr.s_addr) != INADDR_LOOPBACK ||
                  ntohs(address.sin_port) != server->port))
        fail_msg("%s leads to another server", text);
    free(request);
    if (taken)
        url_free(&url);
    return failures;
}

static void test_tails(void **state)
{
    struct scripted_server server;
    int failures = 0;
    char url[256];

    (void)state;
    scripted_server_start(&server, &script);
    for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
        (void)snprintf(url, sizeof(url), "http://127.0.0.1:%u%s", server.port, tails[i]);
        failures += compare(&server, url);
        (void)snprintf(url, sizeof(url), "HTTP://127.1:%05u%s", server.port, tails[i]);
        failures += compare(&server, url);
    }
    scripted_server_stop(&server);
    assert_int_equal(failures, 0);
}

static void test_hosts(void **state)
{
    struct scripted_server server;
    int failures = 0;
    char url[256];

    (void)state;
    scripted_server_start(&server, &script);
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        (void)snprintf(url, sizeof(url), "http://%s:%u/x", hosts[i], server.port);
        failures += compare(&server, url);
    }
    scripted_server_stop(&server);
    assert_int_equal(failures, 0);
}

/* Every byte in a path, in a query and after a host. */
static void test_every_byte(void **state)
{
    static const struct {
        const char *before, *after;
    } forms[] = {{"/x", ""}, {"/?x", "y"}, {"", ""}};
    struct scripted_server server;
    int failures = 0;
    char url[64];

    (void)state;
    scripted_server_start(&server, &script);
    for (size_t form = 0; form < sizeof(forms) / sizeof(forms[0]); form++) {
        for (int byte = 1; byte < 256; byte++) {
            /* A digit would change the port. */
            if (form == 2 && byte >= '0' && byte <= '9')
                continue;
            (void)snprintf(url, sizeof(url), "http://127.0.0.1:%u%s%c%s", server.port,
                           forms[form].before, byte, forms[form].after);
            failures += compare(&server, url);
        }
    }
    scripted_server_stop(&server);
    assert_int_equal(failures, 0);
}

static bool may_listen_on(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int on = 1;
    bool may = fd >= 0 && !setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) &&
               !bind(fd, (struct sockaddr *)&address, sizeof(address));

    (void)close(fd);
    return may;
}

/* The Host header omits the default port, even if the URL gives it. */
static void test_usual_port(void **state)
{
    static const char *const urls[] = {"http://127.0.0.1",     "http://127.0.0.1:80/",
                                       "http://127.1:0080/x",  "http://127.0.0.1:/x",
                                       "http://127.0.0.1?x=y", "http://localhost/"};
    struct server_script usual = script;
    struct scripted_server server;
    int failures = 0;

    (void)state;
    usual.port = 80;
    if (!may_listen_on(80))
        skip(); /* it needs a privilege */
    scripted_server_start(&server, &usual);
    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++)
        failures += compare(&server, urls[i]);
    scripted_server_stop(&server);
    assert_int_equal(failures, 0);
}

/* The same without a server: a request for the default port, and URLs that url_parse()
 * does not take. */
static void test_parts(void **state)
{
    static const char *const others[] = {"https://127.0.0.1/", "http://localhost/",
                                         "http://[::1]/", "ftp://127.0.0.1/"};
    static const char *const bad[] = {"127.0.0.1/x",
                                      "http://127.0.0.1:0/",
                                      "http://127.0.0.1:x/",
                                      "http://127.0.0.1:70000/",
                                      "http://127.0.0.1:80:1/",
                                      "http://",
                                      ""};
    struct sockaddr_in server;
    struct err err;
    char *request;
    struct url url;

    (void)state;
    assert_int_equal(url_parse(&url, "http://1.2.3.4:80/a/../b?c=d#e", NULL), 0);
    request = url_request(&url);
    assert_string_equal(request, "GET /b?c=d HTTP/1.1\r\nHost: 1.2.3.4\r\n"
                                 "User-Agent: bench\r\nAccept: */*\r\n\r\n");
    free(request);
    url_free(&url);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        assert_int_equal(url_parse(&url, others[i], NULL), 0);
        assert_false(url_ipv4_server(&url, &server));
        url_free(&url);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        err.text[0] = '\0';
        if (!url_parse(&url, bad[i], &err) || !err.text[0])
            fail_msg("'%s' is taken", bad[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tails),      cmocka_unit_test(test_hosts),
        cmocka_unit_test(test_every_byte), cmocka_unit_test(test_usual_port),
        cmocka_unit_test(test_parts),
    };

    return cmocka_run_group_tests_name("url", tests, NULL, NULL);
}
