/* test_site.c - addresses: templates, lists in files, servers, headers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/target/http_header.h"
#include "harness/target/lookup.h"
#include "harness/target/target.h"
#include "harness/target/target_site.h"
#include "harness/target/url_template.h"
#include "tests/support/check.h"

static void expect_words(const struct err *err, const char *words)
{
    if (!strstr(err->text, words))
        fail_msg("'%s' does not say '%s'", err->text, words);
}

/* -- templates ----------------------------------------------------------------- */

static void test_templates(void **state)
{
    static const struct {
        const char *text;
        uint64_t count;
        const char *first, *second, *last;
    } cases[] = {
        {"http://h/", 1, "http://h/", NULL, "http://h/"},
        {"h/{1..100}x", 100, "h/1x", "h/2x", "h/100x"},
        {"h/{7..7}", 1, "h/7", NULL, "h/7"},
        {"h/{08..10}", 3, "h/08", "h/09", "h/10"},
        {"h/{001..100}", 100, "h/001", "h/002", "h/100"},
        {"h/{a,b,c}", 3, "h/a", "h/b", "h/c"},
        {"h/{,b,}", 3, "h/", "h/b", "h/"},
        {"{a,b}.h/{1..3}{x,y}", 12, "a.h/1x", "a.h/1y", "b.h/3y"},
        {"h/{1,2..3}", 2, "h/1", "h/2..3", "h/2..3"}, /* a comma makes a list */
        {"h/{0..99999}", 100000, "h/0", "h/1", "h/99999"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *const expected[] = {cases[i].first, cases[i].second, cases[i].last};
        const uint64_t at[] = {0, 1, cases[i].count - 1};
        struct url_template template;

        assert_int_equal(url_template_parse(&template, cases[i].text, NULL), 0);
        assert_int_equal(template.count, cases[i].count);
        for (size_t j = 0; j < 3; j++) {
            char *text = expected[j] ? url_template_write(&template, at[j]) : NULL;

            if (expected[j])
                assert_string_equal(text, expected[j]);
            free(text);
        }
    }
}

static void test_number_of_the_request(void **state)
{
    struct url_template template;
    char *text;

    (void)state;
    assert_int_equal(url_template_parse(&template, "h/{id}?x", NULL), 0);
    assert_true(template.has_id);
    assert_int_equal(template.count, 0);
    text = url_template_write(&template, 1234567);
    assert_string_equal(text, "h/1234568?x");
    free(text);
}

static void test_bad_templates(void **state)
{
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"h/{x}", "neither {id} nor a range"},
        {"h/{1..}", "neither {id} nor a range"},
        {"h/{..2}", "neither {id} nor a range"},
        {"h/{1..2", "neither {id} nor a range"},
        {"h/1..2}", "neither {id} nor a range"},
        {"h/{{1..2}}", "neither {id} nor a range"},
        {"h/{}", "neither {id} nor a range"},
        {"h/{1..5000000000}", "neither {id} nor a range"},
        {"h/{9..1}", "goes down"},
        {"h/{id}{id}", "the only pair of braces"},
        {"h/{1..2}{id}", "the only pair of braces"},
        {"h/{0..100000}", "more than 100000 URLs"},
        {"h/{1..400}{1..400}", "more than 100000 URLs"},
        {"{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}", "more than 8 pairs"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct url_template template;
        struct err err = {""};

        assert_int_equal(url_template_parse(&template, cases[i].text, &err), -1);
        expect_words(&err, cases[i].words);
    }
}

/* -- addresses ----------------------------------------------------------------- */

static void test_addresses(void **state)
{
    static const struct {
        const char *url, *host;
        unsigned port;
        bool tls, literal;
    } cases[] = {
        {"http://127.0.0.1/", "127.0.0.1", 80, false, true},
        {"HTTPS://Example.test", "Example.test", 443, true, false},
        {"http://[::1]:8080/x", "[::1]", 8080, false, true},
        {"http://h.test:81?q", "h.test", 81, false, false},
        {"http://127.1/", "127.0.0.1", 80, false, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sockaddr_storage peer;
        struct address address;

        assert_int_equal(address_parse(&address, cases[i].url, NULL), 0);
        assert_string_equal(address.host, cases[i].host);
        assert_int_equal(address.port, cases[i].port);
        assert_int_equal(address.tls, cases[i].tls);
        assert_int_equal(address_is_literal(&address, &peer), cases[i].literal);
    }
}

static void test_bad_addresses(void **state)
{
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"", "not a URL"},
        {"http://", "not a URL"},
        {"h.test/x", "no scheme in 'h.test/x'; did you mean 'http://h.test/x'?"},
        {"127.0.0.1:8080/x",
         "no scheme in '127.0.0.1:8080/x'; did you mean 'http://127.0.0.1:8080/x'?"},
        {"example.test", "did you mean 'http://example.test'?"},
        {"[::1]:80/", "did you mean 'http://[::1]:80/'?"},
        {"h{1..2}.test:{80,81}/x", "did you mean 'http://h{1..2}.test:{80,81}/x'?"},
        {"h.test?u=http://x/#f", "did you mean 'http://h.test?u=http://x/#f'?"},
        {"mailto:h", "not a URL"},
        {"http:h/x", "not a URL"},
        {"http://h:0/", "not a URL"},
        {"http://h:70000/", "not a URL"},
        {"http://h/a b", "not a URL"},
        {"ftp://h/", "fetches only http and https"},
        {"file:///etc/passwd", "fetches only http and https"},
        {"http://b\xc3\xbc.test/", "xn--"},
        {"http://h{id}.test/", "'http://h{id}.test/' has {id} in its host or port"},
        {"http://h:{id}/", "'http://h:{id}/' has {id} in its host or port"},
        {"http://me:pass@h/", "is refused, since URLs are recorded"},
        {"http://me@h/", "is refused, since URLs are recorded"},
        {"me:pass@h", "is refused, since URLs are recorded"},
        {"http://me:{1..2}@h/", "is refused, since URLs are recorded"},
        {"ftp://me:pass@h/", "is refused, since URLs are recorded"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        static struct target_site site;
        struct err err = {""};

        target_site_begin(&site);
        if (!target_site_add_template(&site, cases[i].text, &err))
            fail_msg("'%s' was taken", cases[i].text);
        expect_words(&err, cases[i].words);
        assert_null(strstr(err.text, "pass@"));
        target_site_free(&site);
    }
}

/* -- sites --------------------------------------------------------------------- */

static void expect_targets(const struct target_site *site, uint64_t requests,
                           const char *const *urls, size_t count)
{
    struct target_list list;

    assert_int_equal(target_list_of_site(&list, site, requests, NULL), 0);
    assert_int_equal(list.count, count);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(list.targets[i].url, urls[i]);
        assert_int_equal(list.targets[i].expect.http_status, site->expect_status);
        assert_false(list.targets[i].expect.body_known);
    }
    target_list_free(&list);
}

static void test_several_addresses(void **state)
{
    static const char *const urls[] = {"http://127.0.0.1/1", "http://127.0.0.1/2",
                                       "http://127.0.0.2:81/@x", "https://127.0.0.1/"};
    static struct target_site site;

    (void)state;
    target_site_begin(&site);
    assert_int_equal(target_site_add_template(&site, "http://127.0.0.1/{1,2}", NULL), 0);
    assert_true(site.plain);
    assert_int_equal(target_site_add_template(&site, "http://127.0.0.2:81/@x#a@b", NULL),
                     0);
    assert_true(site.plain);
    assert_false(site.tls);
    assert_int_equal(target_site_add_template(&site, "https://127.0.0.1/", NULL), 0);
    assert_false(site.plain);
    assert_true(site.tls);
    assert_int_equal(site.server_count, 3); /* https has another port */
    assert_string_equal(
        site.name, "http://127.0.0.1/{1,2} http://127.0.0.2:81/@x https://127.0.0.1/");
    expect_targets(&site, 100, urls, 4);
    expect_targets(&site, 2, urls, 2);
    assert_int_equal(target_site_add_template(&site, "http://127.0.0.1/{id}", NULL), -1);
    target_site_free(&site);
}

static void test_number_in_the_address(void **state)
{
    static const char *const urls[] = {"http://127.0.0.1/1", "http://127.0.0.1/2",
                                       "http://127.0.0.1/3"};
    static struct target_site site;

    (void)state;
    target_site_begin(&site);
    site.expect_status = 404;
    assert_int_equal(target_site_add_template(&site, "http://127.0.0.1/{id}", NULL), 0);
    expect_targets(&site, 3, urls, 3);
    assert_int_equal(target_site_add_template(&site, "http://127.0.0.1/", NULL), -1);
    target_site_free(&site);
}

static void test_too_many_addresses_or_servers(void **state)
{
    static struct target_site site;
    struct err err = {""};

    (void)state;
    target_site_begin(&site);
    assert_int_equal(
        target_site_add_template(&site, "http://127.0.0.1/{1..100000}", NULL), 0);
    assert_int_equal(target_site_add_template(&site, "http://127.0.0.1/", &err), -1);
    expect_words(&err, "more than 100000 URLs");
    target_site_free(&site);
    target_site_begin(&site);
    assert_int_equal(target_site_add_template(&site, "http://127.0.0.1:{1..64}/", NULL),
                     0);
    assert_int_equal(target_site_add_template(&site, "http://127.0.0.1:65/", &err), -1);
    expect_words(&err, "more than 64 hosts and ports");
    target_site_free(&site);
}

/* -- files --------------------------------------------------------------------- */

/* Reads a file with that content; its path is in `path`. */
static int add_content(struct target_site *site, const char *content, size_t size,
                       char path[32], struct err *err)
{
    struct target_choice choice = {0};
    FILE *file;
    int result;
    int fd;

    (void)snprintf(path, 32, "urls-XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    file = fdopen(fd, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(content, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    result = target_urls_ops.parse(&choice, path, err);
    if (!result)
        result = target_site_add_list(site, &choice.sources[0], err);
    target_url_ops.reset(&choice);
    assert_int_equal(unlink(path), 0);
    return result;
}

static void test_file(void **state)
{
    static const char content[] = "# films\r\nhttp://127.0.0.1/{1,2}\r\n\n \t\n"
                                  "  http://127.0.0.2/x#part \n#http://127.0.0.3/\n"
                                  "http://127.0.0.1/last";
    static const char *const urls[] = {"http://127.0.0.1/1", "http://127.0.0.1/2",
                                       "http://127.0.0.2/x", "http://127.0.0.1/last"};
    static struct target_site site;
    char other[128];
    char path[32];
    char *name;

    (void)state;
    target_site_begin(&site);
    assert_int_equal(add_content(&site, content, sizeof(content) - 1, path, NULL), 0);
    expect_targets(&site, 100, urls, 4);
    assert_non_null(strstr(site.name, "(addresses: 4; crc32: "));
    assert_int_equal(strncmp(site.name, path, strlen(path)), 0);
    name = strdup(strchr(site.name, ' '));
    assert_non_null(name);
    target_site_free(&site);

    /* The checksum covers the addresses and their order. */
    target_site_begin(&site);
    (void)snprintf(other, sizeof(other), "%s",
                   "http://127.0.0.1/last\nhttp://127.0.0.1/{1,2}\nhttp://127.0.0.2/x\n");
    assert_int_equal(add_content(&site, other, strlen(other), path, NULL), 0);
    assert_string_not_equal(strchr(site.name, ' '), name);
    target_site_free(&site);
    free(name);
}

static void test_bad_files(void **state)
{
    static const struct {
        const char *content;
        size_t size;
        const char *words;
    } cases[] = {
        {"", 0, "has no URL"},
        {"# nothing\n\n", 11, "has no URL"},
        {"http://127.0.0.1/\n\nftp://h/\n", 28, ":3: 'ftp://h/' has the scheme 'ftp'"},
        {"http://127.0.0.1/\nhttp://a:pass@h/", 34, ":2: a URL with user:password@"},
        {"http://127.0.0.1/\n\0\n", 20, ":2: a zero byte"},
        {"http://127.0.0.1/\nhttp://127.0.0.1/{id}\n", 40, ":2: a URL with {id}"},
        {"http://127.0.0.1/\n127.0.0.1/x\n", 30,
         ":2: no scheme in '127.0.0.1/x'; did you mean 'http://127.0.0.1/x'?"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        static struct target_site site;
        struct err err = {""};
        char path[32];

        target_site_begin(&site);
        assert_int_equal(add_content(&site, cases[i].content, cases[i].size, path, &err),
                         -1);
        expect_words(&err, cases[i].words);
        expect_words(&err, path);
        assert_null(strstr(err.text, "pass@"));
        target_site_free(&site);
    }
}

/* -- servers ------------------------------------------------------------------- */

static void test_lookup(void **state)
{
    static struct target_site site;
    struct err err = {""};
    char text[ADDRESS_TEXT_SIZE];

    (void)state;
    target_site_begin(&site);
    assert_int_equal(target_site_add_template(&site, "http://127.0.0.{1,2}/", NULL), 0);
    assert_int_equal(target_site_add_template(&site, "http://[::1]:81/", NULL), 0);
    assert_int_equal(lookup_servers(&site, AF_UNSPEC, NULL), 0);
    assert_string_equal(site.fetch.pins, ""); /* no name, no pin */
    assert_string_equal(address_text(&site.servers[1].peer, text), "127.0.0.2");
    assert_string_equal(address_text(&site.servers[2].peer, text), "[::1]");
    assert_true(target_site_is_loopback(&site));
    assert_int_equal(target_site_add_template(&site, "http://192.0.2.1/", NULL), 0);
    assert_int_equal(lookup_servers(&site, AF_UNSPEC, NULL), 0);
    assert_false(target_site_is_loopback(&site));
    assert_int_equal(
        target_site_add_template(&site, "http://no.such.host.invalid/", NULL), 0);
    assert_int_equal(lookup_servers(&site, AF_UNSPEC, &err), -1);
    expect_words(&err, "cannot resolve the host no.such.host.invalid");
    target_site_free(&site);
}

static void test_names_are_resolved_once(void **state)
{
    static struct target_site site;

    (void)state;
    target_site_begin(&site);
    assert_int_equal(target_site_add_template(&site, "http://localhost:{81,82}/", NULL),
                     0);
    if (lookup_servers(&site, AF_INET, NULL))
        skip(); /* a minimal container resolves no names */
    assert_string_equal(site.fetch.pins,
                        "localhost:81:127.0.0.1\nlocalhost:82:127.0.0.1\n");
    assert_true(site.servers[0].is_name);
    assert_true(site.servers[0].found >= 1);
    assert_true(site.servers[0].lookup_s > 0);
    assert_true(site.servers[1].lookup_s <= 0); /* already resolved */
    assert_int_equal(lookup_servers(&site, AF_INET, NULL), 0);
    assert_string_equal(site.fetch.pins,
                        "localhost:81:127.0.0.1\nlocalhost:82:127.0.0.1\n");
    target_site_free(&site);
}

/* -- headers ------------------------------------------------------------------- */

static void test_headers(void **state)
{
    static const char *const good[] = {"A: b", "X-Y:z", "Accept: */*, x:y", "A:\tb",
                                       "Authorization: Bearer secret-text"};
    static const struct {
        const char *header, *words;
    } bad[] = {
        {"", "in the form"},
        {"secret-text", "in the form"},
        {": x", "in the form"},
        {"A b: c", "in the form"},
        {"Cookie : secret-text", "in the form"},
        {"A:", "A has no value"},
        {"A: ", "A has no value"},
        {"A: secret-text\r\nB: c", "a line end"},
        {"A: secret-text\n", "a line end"},
        {"A: secret-text\x7f", "a line end"},
        {"Host: secret-text", "Host cannot be set: the URL"},
        {"content-length: 5", "content-length cannot be set"},
        {"CONNECTION: close", "--connections decides"},
        {"Transfer-Encoding: chunked", "cannot be set"},
        {"Expect: 100-continue", "cannot be set"},
        {"Upgrade: h2c", "cannot be set"},
        {"Range: bytes=0-1", "cannot be set"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_int_equal(http_header_check(good[i], NULL), 0);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct err err = {""};

        assert_int_equal(http_header_check(bad[i].header, &err), -1);
        expect_words(&err, bad[i].words);
        assert_null(strstr(err.text, "secret-text"));
    }
    assert_true(http_header_same_name("Accept: a", "accept:b"));
    assert_false(http_header_same_name("Accept: a", "Accept-Language: a"));
}

/* Secrets are removed from recorded text; the rest is unchanged. */
static void test_secrets(void **state)
{
    static const struct {
        const char *argument, *recorded;
    } cases[] = {
        {"Authorization: Bearer x", "Authorization: ****"},
        {"authorization:x", "authorization: ****"},
        {"Cookie: a=b; c=d", "Cookie: ****"},
        {"X-Api-Key: x", "X-Api-Key: ****"},
        {"X-Auth-Token: x", "X-Auth-Token: ****"},
        {"--header=Authorization: x", "--header=Authorization: ****"},
        {"--hea=Cookie: x", "--hea=Cookie: ****"},
        {"Accept: x", "Accept: x"},
        {"--header", "--header"},
        {"--url=http://h/cookie", "--url=http://h/cookie"},
        {"http://127.0.0.1/key:x", "http://127.0.0.1/key:x"},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *recorded = http_header_masked(cases[i].argument);

        assert_string_equal(recorded, cases[i].recorded);
        free(recorded);
    }
    assert_true(http_header_is_masked("Cookie: ****"));
    assert_false(http_header_is_masked("Cookie: x****"));
    assert_false(http_header_is_masked("Cookie"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_templates),
        cmocka_unit_test(test_number_of_the_request),
        cmocka_unit_test(test_bad_templates),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_bad_addresses),
        cmocka_unit_test(test_several_addresses),
        cmocka_unit_test(test_number_in_the_address),
        cmocka_unit_test(test_too_many_addresses_or_servers),
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_bad_files),
        cmocka_unit_test(test_lookup),
        cmocka_unit_test(test_names_are_resolved_once),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_secrets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
