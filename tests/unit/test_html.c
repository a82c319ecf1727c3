/* test_html.c - the HTML report: foreign text stays text, the only script is ours, and
 * nothing refers to a place outside the page. */
#include "analysis/report/html_report.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/html.h"
#include "analysis/report/html_style.h"
#include "tests/support/cell_rows.h"
#include "tests/support/check.h"
#include "tests/support/text_checks.h"

#define HOSTILE \
    "</td></script><script>alert(1)</script><img src=x onerror=y>\"' a=&lt;\x01"

static const char *const order[] = {"sequential", NULL};

static char *page_of(const char *strategy, const char *path)
{
    struct cell_rows cells[] = {
        {.strategy = strategy, .level = 10, .cost_s = {0.1, 0.2, 0.15}, .ideal_s = 0.05},
        {.strategy = "sequential", .level = 10, .cost_s = {0.3, 0.4}, .ideal_s = 0.05},
    };
    struct plot_set show = {{false}};
    char *paths[] = {strdup(path)}, *commands[] = {strdup(path)};
    struct runs runs;
    struct summary summary;
    struct html_report report = {.summary = &summary,
                                 .order = order,
                                 .paths = paths,
                                 .commands = commands,
                                 .path_count = 1,
                                 .show = &show,
                                 .basis = ""};
    char *page = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&page, &size);

    assert_non_null(out);
    cell_rows_summary(cells, 2, &runs, &summary);
    summary.cells[0].worst = STATUS_FAILED;
    summary.cells[0].reason = strategy;
    assert_int_equal(html_report_write(&report, out, NULL), 0);
    assert_int_equal(fclose(out), 0);
    summary_free(&summary);
    runs_free(&runs);
    free(paths[0]);
    free(commands[0]);
    return page;
}

static void hostile_text_stays_text(void **state)
{
    char *plain = page_of("plain", "plain"), *page = page_of(HOSTILE, HOSTILE);

    (void)state;
    assert_int_equal(count_of(page, "<script>"), 1);
    assert_int_equal(count_of(page, "</script>"), 1);
    assert_null(strstr(page, "<img"));
    assert_null(strstr(page, "\x01"));
    assert_int_equal(count_of(page, "</td>"), count_of(plain, "</td>"));
    assert_int_equal(count_of(page, "<"), count_of(plain, "<"));
    assert_non_null(strstr(page, "&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert_non_null(strstr(page, "a=&amp;lt;"));
    free(plain);
    free(page);
}

static void nothing_is_outside(void **state)
{
    char *page = page_of("plain", "plain");

    (void)state;
    assert_null(strstr(page, "http://"));
    assert_null(strstr(page, "https://"));
    assert_null(strstr(page, "href="));
    assert_null(strstr(page, "src="));
    assert_null(strstr(page, "@import"));
    assert_null(strstr(page, " on"
                             "click="));
    assert_int_equal(strncmp(page, HTML_REPORT_HEAD, strlen(HTML_REPORT_HEAD)), 0);
    free(page);
}

/* A browser runs the script only if its hash is that of the policy. */
static void policy_has_the_script(void **state)
{
    static const char begin[] = "<script>";
    unsigned char digest[EVP_MAX_MD_SIZE], wanted[128];
    char *page = page_of("plain", "plain");
    char *script = strstr(page, begin) + strlen(begin);
    unsigned size;

    (void)state;
    assert_int_equal(EVP_Digest(script, (size_t)(strstr(script, "</script>") - script),
                                digest, &size, EVP_sha256(), NULL),
                     1);
    (void)EVP_EncodeBlock(wanted, digest, (int)size);
    assert_string_equal(HTML_SCRIPT_SHA256, (const char *)wanted);
    assert_int_equal(count_of(page, "script-src 'sha256-" HTML_SCRIPT_SHA256 "'"), 1);
    assert_int_equal(count_of(page, "default-src 'none'"), 1);
    free(page);
}

static void pictures_become_parts(void **state)
{
    static const char svg[] =
        "<?xml version=\"1.0\"?>\n<svg width=\"5\"\n "
        "xmlns=\"http://www.w3.org/2000/svg\"\n "
        "xmlns:xlink=\"http://www.w3.org/1999/xlink\"><title>G</title><desc>g</desc>"
        "<g id=\"a\"/><use xlink:href='#a' id='b'/><text> id=\"c\"</text></svg>";
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    assert_non_null(out);
    html_svg(out, svg, "p-");
    html_svg(out, "<svg role=\"img\"></svg>", "q-");
    html_svg(out, "no picture", "p-");
    assert_int_equal(fclose(out), 0);
    assert_null(strstr(text, "http"));
    assert_int_equal(strncmp(text, "<svg width=\"5\"", 14), 0);
    assert_non_null(strstr(text, " role=\"img\"><title>G</title><desc>g</desc>"));
    assert_non_null(strstr(text, "</svg><svg role=\"img\"></svg>"));
    assert_non_null(strstr(text, "<g id=\"p-a\"/><use xlink:href='#p-a' id='p-b'/>"));
    assert_non_null(strstr(text, "<text> id=\"c\"</text>"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_text_stays_text),
        cmocka_unit_test(nothing_is_outside),
        cmocka_unit_test(policy_has_the_script),
        cmocka_unit_test(pictures_become_parts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
