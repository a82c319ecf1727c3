/* test_verdicts.c - every strategy comes to the verdict of the linked libcurl, on as many
 * connections, for any response.
 *
 * The reference is one plain easy handle. Versions of libcurl differ in a few rows; where
 * the strategy without libcurl differs on purpose, the row says why. */
#include "fetch/fetch.h"
#include "strategies/strategy.h"
#include "tests/support/check.h"
#include "tests/support/in_processes.h"
#include "tests/support/run_strategy.h"
#include "tests/support/verdict_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { PART_COUNT = 4 };
enum { REQUESTS_MAX = 3, SHORT_TIMEOUT_MS = 150, LONG_TIMEOUT_MS = 20000 };

/* -- one row ------------------------------------------------------------------- */

struct answered {
    struct fetch_result results[REQUESTS_MAX];
    size_t requests;
    uint64_t accepted;    /* by the server */
    unsigned connections; /* by the client */
};

static size_t requests_of(const struct verdict_row *row)
{
    return row->slow || row->once ? 1 : REQUESTS_MAX;
}

/* Makes the response, with its filling. Owner: the caller, free(). */
static char *make_text(const struct verdict_row *row, size_t *size)
{
    const char *rest = row->rest ? row->rest : "";
    const char *begin = row->text ? row->text : "";
    size_t before = strlen(begin);
    char *text = malloc(before + row->filling + strlen(rest) + 1);

    assert_non_null(text);
    memcpy(text, begin, before);
    memset(text + before, 'x', row->filling);
    memcpy(text + before + row->filling, rest, strlen(rest) + 1);
    *size = before + row->filling + strlen(rest);
    for (size_t i = 0; i < *size; i++)
        if (text[i] == '@')
            text[i] = '\0';
    return text;
}

static void run_plain_handle(struct work *work, const struct fetch_policy *policy)
{
    struct work_item item;
    struct fetch *fetch;

    assert_int_equal(fetch_create(&fetch, policy, NULL), 0);
    while (work_take(work, 0, &item))
        fetch_perform(fetch, &item);
    fetch_destroy(fetch);
}

/* Fetches with the strategy; NULL: with the plain handle. */
static struct answered ask(const struct strategy *strategy, const struct verdict_row *row,
                           const struct scripted_server *server, bool gzip, bool reuse)
{
    struct fetch_policy policy = {.timeout_ms = row->slow ? SHORT_TIMEOUT_MS
                                                          : LONG_TIMEOUT_MS,
                                  .accept_gzip = gzip,
                                  .reuse_connections = reuse};
    struct work_target target = {.expect = {.http_status = 200}};
    struct answered answered = {.requests = requests_of(row)};
    uint64_t before = scripted_server_seen(server)->connections;
    const struct fetch_result *results;
    struct work *work;
    size_t count;
    char url[64];

    (void)snprintf(url, sizeof(url), "http://127.0.0.1:%u/", server->port);
    target.url = url;
    assert_int_equal(work_create(&work, &target, 1, answered.requests, NULL), 0);
    work_arm(work, answered.requests);
    if (strategy)
        run_strategy(strategy, work, &policy, 1, 1);
    else
        run_plain_handle(work, &policy);
    results = work_results(work, &count);
    memcpy(answered.results, results, count * sizeof(*results));
    for (size_t i = 0; i < count; i++)
        answered.connections += results[i].connections;
    answered.accepted = scripted_server_seen(server)->connections - before;
    work_destroy(work);
    return answered;
}

static const char *word_of(const struct answered *answered, size_t i)
{
    return fetch_outcome_word((enum fetch_outcome)answered->results[i].outcome);
}

static int report_difference(const struct verdict_row *row, const char *name,
                             const struct answered *is, const struct answered *must)
{
    for (size_t i = 0; i < is->requests; i++)
        print_error("%s: %s, request %zu: %s (status %u, %lu bytes, code %u, cause %u), "
                    "libcurl: %s (status %u, %lu bytes, code %u, cause %u)\n",
                    row->name, name, i + 1, word_of(is, i), is->results[i].http_status,
                    (unsigned long)is->results[i].body_bytes, is->results[i].curl_code,
                    is->results[i].cause, word_of(must, i), must->results[i].http_status,
                    (unsigned long)must->results[i].body_bytes,
                    must->results[i].curl_code, must->results[i].cause);
    print_error("%s: %s: %u connections, %lu accepted, libcurl: %u and %lu\n", row->name,
                name, is->connections, (unsigned long)is->accepted, must->connections,
                (unsigned long)must->accepted);
    return 1;
}

static bool same(const struct answered *a, const struct answered *b)
{
    for (size_t i = 0; i < a->requests; i++) {
        const struct fetch_result *x = &a->results[i];
        const struct fetch_result *y = &b->results[i];
        bool whole = x->outcome == FETCH_OK || x->outcome == FETCH_BAD_STATUS;

        if (x->outcome != y->outcome || x->connections != y->connections ||
            (whole &&
             (x->http_status != y->http_status || x->body_bytes != y->body_bytes)))
            return false;
    }
    return a->connections == b->connections && a->accepted == b->accepted;
}

/* True if the strategy without libcurl differs only as the row allows. */
static bool is_as_stated(const struct verdict_row *row, const struct answered *is)
{
    for (size_t i = 0; row->why && i < is->requests; i++)
        if (strcmp(word_of(is, i), row->raw.outcome) != 0)
            return false;
    return row->why && is->connections == row->raw.connections;
}

/* True if libcurl's verdict is the row's. */
static bool is_in_table(const struct verdict_row *row, const struct answered *libcurl)
{
    bool later = row->later && curl_version_info(CURLVERSION_NOW)->version_num >=
                                   CURL_VERSION_BITS(8, 0, 0);

    for (size_t i = 0; i < libcurl->requests; i++)
        if (strcmp(word_of(libcurl, i), row->outcome) != 0 &&
            !(later && !strcmp(word_of(libcurl, i), row->later)))
            return false;
    return !row->cause || libcurl->results[0].cause == row->cause;
}

static int check_strategy(const struct strategy *strategy, const struct verdict_row *row,
                          const struct scripted_server *server, bool reuse,
                          const struct answered *libcurl)
{
    struct answered is = ask(strategy, row, server, false, reuse);
    bool good = same(&is, libcurl) && is.results[0].cause == libcurl->results[0].cause;

    if (!good && strategy->reference)
        good = is_as_stated(row, &is);
    return good ? 0 : report_difference(row, strategy->name, &is, libcurl);
}

static int check_row(const struct verdict_row *row)
{
    struct server_script script = {.flood = row->flood, .end = row->end};
    char *text = make_text(row, &script.size);
    struct answered kept, fresh;
    struct scripted_server server;
    int failures = 0;

    script.text = text;
    scripted_server_start(&server, &script);
    kept = ask(NULL, row, &server, false, true);
    fresh = ask(NULL, row, &server, false, false);
    if (!is_in_table(row, &kept) || !is_in_table(row, &fresh))
        failures += report_difference(row, "is not in the table", &kept, &fresh);
    for (const struct strategy *const *at = strategies; *at; at++)
        failures += check_strategy(*at, row, &server, !(*at)->fresh_only,
                                   (*at)->fresh_only ? &fresh : &kept);
    scripted_server_stop(&server);
    free(text);
    return failures;
}

static void test_rows(void **state)
{
    const size_t *part = *state;
    int failures = 0;

    for (size_t i = *part; i < verdict_row_count; i += PART_COUNT)
        failures += check_row(&verdict_rows[i]);
    assert_int_equal(failures, 0);
}

/* -- a small response with a large body ------------------------------------------ */

/* A response of some 70 KB that decompresses to more than a fetch reads. Owner: the
 * caller, free(). */
static char *make_bomb(size_t *size)
{
    enum { ROOM = 256 * 1024, PIECE = 1024 * 1024, PIECES = 70 };
    static const char head[] =
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n";
    unsigned char *zeros = calloc(1, PIECE);
    char *text = malloc(ROOM);
    z_stream stream = {.next_out = (Bytef *)text + strlen(head),
                       .avail_out = (uInt)(ROOM - strlen(head))};

    assert_non_null(zeros);
    assert_non_null(text);
    memcpy(text, head, strlen(head));
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY),
                     Z_OK);
    for (int i = 0; i < PIECES; i++) {
        stream.next_in = zeros;
        stream.avail_in = PIECE;
        assert_int_equal(deflate(&stream, Z_NO_FLUSH), Z_OK);
    }
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    *size = strlen(head) + stream.total_out;
    (void)deflateEnd(&stream);
    free(zeros);
    return text;
}

static void test_decompression_bomb(void **state)
{
    static const struct verdict_row row = {.once = true};
    struct server_script script = {.end = SERVER_CLOSES};
    struct scripted_server server;
    char *text = make_bomb(&script.size);

    (void)state;
    assert_true(script.size < 128ull * 1024);
    script.text = text;
    scripted_server_start(&server, &script);
    for (const struct strategy *const *at = strategies; *at; at++) {
        struct answered is;

        if ((*at)->plain_http_only)
            continue;
        is = ask(*at, &row, &server, true, false);
        assert_string_equal(word_of(&is, 0), "bad_body");
        assert_int_equal(is.results[0].cause, FETCH_CAUSE_BODY_TOO_LARGE);
    }
    scripted_server_stop(&server);
    free(text);
}

/* Each row has its own server, and some wait for it, so they run in several processes. */
static int test_part(size_t part)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_rows, &part),
    };

    return cmocka_run_group_tests_name("verdicts", tests, NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decompression_bomb),
    };
    size_t failures = in_processes(PART_COUNT, test_part);

    return failures || cmocka_run_group_tests_name("bodies", tests, NULL, NULL) ? 1 : 0;
}
