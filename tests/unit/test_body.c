/* test_body.c - how the origin encodes pages, and how a fetch judges bodies that are
 * compressed, chunked, or invalid. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/clock.h"
#include "fetch/fetch.h"
#include "origin/process.h"
#include "tests/support/check.h"
#include "tests/support/http_client.h"

static struct page_set *pages_of(size_t bytes, bool gzip, bool chunked)
{
    struct body_form form = {.bytes = bytes, .gzip = gzip, .chunked = chunked};
    struct page_set *pages;

    assert_int_equal(page_set_create(&pages, &form, NULL), 0);
    return pages;
}

/* -- encoding of pages --------------------------------------------------------- */

/* Decodes chunks; returns their number without the last, empty one. */
static size_t join_chunks(const struct wire *wire, char *out, size_t *out_bytes)
{
    const char *at = wire->bytes;
    size_t count = 0;

    *out_bytes = 0;
    for (;;) {
        char *end;
        size_t size = strtoul(at, &end, 16);

        assert_memory_equal(end, "\r\n", 2);
        memcpy(out + *out_bytes, end + 2, size);
        *out_bytes += size;
        at = end + 2 + size;
        assert_memory_equal(at, "\r\n", 2);
        at += 2;
        if (!size)
            break;
        count++;
    }
    assert_ptr_equal(at, wire->bytes + wire->size);
    return count;
}

static void unzip(const char *data, size_t size, Bytef *out, size_t *out_bytes)
{
    z_stream stream = {.next_in = (z_const Bytef *)data, .avail_in = (uInt)size};

    stream.next_out = out;
    stream.avail_out = (uInt)*out_bytes;
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK); /* accept gzip only */
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.avail_in, 0);
    *out_bytes = stream.total_out;
    assert_int_equal(inflateEnd(&stream), Z_OK);
}

static void check_wire(const struct page *page, const struct wire *wire, bool gzip,
                       bool chunked)
{
    size_t room = 2 * page->body_bytes + 1000;
    char *joined = malloc(room);
    char *body = malloc(room);
    size_t joined_bytes = wire->size;
    size_t body_bytes = room;

    assert_non_null(joined);
    assert_non_null(body);
    assert_int_equal(strstr(wire->fields, "gzip") != NULL, gzip);
    assert_int_equal(strstr(wire->fields, "chunked") != NULL, chunked);
    assert_int_equal(strstr(wire->fields, "Content-Length") != NULL, !chunked);
    if (chunked)
        assert_in_range(join_chunks(wire, joined, &joined_bytes), 1, WIRE_CHUNKS);
    else
        memcpy(joined, wire->bytes, wire->size);
    assert_int_equal(wire->encoded_bytes, joined_bytes);
    if (gzip)
        unzip(joined, joined_bytes, (Bytef *)body, &body_bytes);
    else
        memcpy(body, joined, body_bytes = joined_bytes);
    assert_int_equal(body_bytes, page->body_bytes);
    assert_memory_equal(body, page->body, body_bytes);
    free(joined);
    free(body);
}

static void test_wires(void **state)
{
    static const size_t sizes[] = {0, 1, 3, 5, 1000, 100000};

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        for (int form = 0; form < 4; form++) {
            bool gzip = form & 1;
            bool chunked = form & 2;
            struct page_set *pages = pages_of(sizes[i], gzip, chunked);
            const struct page *page = &pages->pages[1 + i * 13];

            if (sizes[i])
                assert_int_equal(page->body_bytes, sizes[i]);
            assert_int_equal(page->crc32,
                             crc32(0, (const Bytef *)page->body, (uInt)page->body_bytes));
            for (int takes = 0; takes < 4; takes++)
                check_wire(page, page_wire(pages, page, takes & 1, takes >> 1),
                           gzip && (takes & 1), chunked && (takes >> 1));
            page_set_destroy(pages);
        }
}

/* Every page has several chunks, compressed or not, and the same ones each time. */
static void test_chunks(void **state)
{
    struct page_set *pages = pages_of(0, true, true);
    struct page_set *again = pages_of(0, true, true);
    char room[8000];
    size_t size;

    (void)state;
    for (size_t i = 0; i <= PAGE_DETAIL_COUNT; i++)
        for (int takes = 0; takes < 2; takes++) {
            const struct wire *wire = &pages->pages[i].wires[takes][1];
            const struct wire *other = &again->pages[i].wires[takes][1];

            assert_int_equal(join_chunks(wire, room, &size), WIRE_CHUNKS);
            assert_int_equal(wire->size, other->size);
            assert_memory_equal(wire->bytes, other->bytes, wire->size);
        }
    page_set_destroy(pages);
    page_set_destroy(again);
}

/* -- content negotiation ------------------------------------------------------- */

static struct origin_process start(const struct page_set *pages)
{
    struct origin_options options = {.address = "127.0.0.1"};
    struct origin_process process;
    struct err err;

    if (origin_start(&process, &options, pages, 100, &err))
        fail_msg("%s", err.text);
    return process;
}

/* The head of the response to one request. Owner: the caller. */
static char *head_of(const struct origin_process *process, const char *request)
{
    int fd = connect_to_port(process->port);
    char *text;

    send_text(fd, request);
    text = receive_all(fd);
    assert_non_null(strstr(text, "\r\n\r\n"));
    *strstr(text, "\r\n\r\n") = '\0';
    return text;
}

static void test_content_negotiation(void **state)
{
    static const struct {
        const char *version, *field;
        bool gzip, chunked;
    } requests[] = {
        {"1.1", "", false, true},
        {"1.1", "Accept-Encoding: gzip\r\n", true, true},
        {"1.1", "accept-encoding: br;q=1.0, GZIP ;q=0.5\r\n", true, true},
        {"1.1", "Accept-Encoding: deflate\r\nAccept-Encoding: gzip\r\n", true, true},
        {"1.1", "Accept-Encoding: deflate, br\r\n", false, true},
        {"1.1", "Accept-Encoding: gzip;q=0\r\n", false, true},
        {"1.1", "Accept-Encoding: gzip; q=0.000\r\n", false, true},
        {"1.1", "Accept-Encoding: gzip;q=0.001\r\n", true, true},
        {"1.1", "Accept-Encoding: gzipped\r\n", false, true},
        {"1.0", "", false, false},
        {"1.0", "Accept-Encoding: gzip\r\n", true, false},
    };
    struct page_set *pages = pages_of(0, true, true);
    struct origin_process process = start(pages);
    char request[256];

    (void)state;
    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        char *head;

        (void)snprintf(request, sizeof(request),
                       "GET /detail/3 HTTP/%s\r\nHost: x\r\nConnection: close\r\n%s\r\n",
                       requests[i].version, requests[i].field);
        head = head_of(&process, request);
        if ((strstr(head, "Content-Encoding: gzip") != NULL) != requests[i].gzip ||
            (strstr(head, "Transfer-Encoding: chunked") != NULL) != requests[i].chunked)
            fail_msg("%s was answered with %s", request, head);
        free(head);
    }
    origin_close(&process);
    page_set_destroy(pages);
}

/* -- fetches of bodies --------------------------------------------------------- */

/* Fetches a page from an origin that serves `pages`; it must match `expected`. */
static struct fetch_result fetch_page(const struct page_set *pages,
                                      const struct page *expected, bool accept_gzip)
{
    struct fetch_policy policy = {.timeout_ms = 10000, .accept_gzip = accept_gzip};
    struct origin_process process = start(pages);
    struct fetch_result result;
    struct work_target target = {
        .expect = {.http_status = 200,
                   .body_known = true,
                   .body_bytes = expected->body_bytes,
                   .body_crc32 = expected->crc32},
    };
    struct work_item item;
    struct work *work;
    struct fetch *fetch;
    char url[64];
    size_t count;

    (void)snprintf(url, sizeof(url), "http://127.0.0.1:%u/detail/5", process.port);
    target.url = url;
    assert_int_equal(work_create(&work, &target, 1, 1, NULL), 0);
    work_arm(work, 1);
    assert_int_equal(fetch_create(&fetch, &policy, NULL), 0);
    assert_true(work_take(work, 0, &item));
    fetch_perform(fetch, &item);
    fetch_destroy(fetch);
    result = *work_results(work, &count);
    work_destroy(work);
    if (result.outcome == FETCH_OK) {
        assert_int_equal(origin_stop(&process, NULL), 0);
        assert_int_equal(result.body_bytes, origin_stats(&process)->body_bytes);
        assert_int_equal(result.encoded_bytes, origin_stats(&process)->encoded_bytes);
    }
    origin_close(&process);
    return result;
}

static void test_fetched_bodies(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++) {
        struct page_set *pages = pages_of(50000, i & 1, i & 2);
        const struct page *page = &pages->pages[5];
        struct fetch_result result = fetch_page(pages, page, i & 4);
        bool compressed = (i & 1) && (i & 4);

        assert_string_equal(fetch_outcome_word(result.outcome), "ok");
        assert_int_equal(result.body_bytes, 50000);
        assert_int_equal(result.encoded_bytes < 25000, compressed);
        page_set_destroy(pages);
    }
}

/* A small response with a large body: the fetch fails as soon as the body is longer than
 * expected, and does not decompress the rest. */
static void test_decompression_bomb(void **state)
{
    struct page_set *pages = pages_of(200000, true, false);
    struct page_set *expected = pages_of(0, false, false);
    struct fetch_result result = fetch_page(pages, &expected->pages[5], true);

    (void)state;
    assert_string_equal(fetch_outcome_word(result.outcome), "bad_body");
    assert_in_range(result.body_bytes, expected->pages[5].body_bytes + 1, 40000);
    page_set_destroy(pages);
    page_set_destroy(expected);
}

/* Each of these makes the body that an origin sends invalid. */
static void corrupt_middle(struct wire *wire)
{
    for (size_t i = 0; i < 20; i++)
        wire->own[wire->size / 2 + i] ^= 0x5a;
}

static void corrupt_checksum(struct wire *wire)
{
    wire->own[wire->size - 5] ^= 1;
}

static void truncate_body(struct wire *wire)
{
    size_t less = wire->size - 300;

    wire->size = less;
    (void)snprintf(wire->fields, sizeof(wire->fields),
                   "Content-Encoding: gzip\r\nContent-Length: %zu\r\n", less);
}

static void mislabel_as_gzip(struct wire *wire)
{
    (void)snprintf(wire->fields, sizeof(wire->fields),
                   "Content-Encoding: gzip\r\nContent-Length: 8\r\n");
    wire->bytes = "<html/>\n";
    wire->size = 8;
}

static void test_invalid_bodies(void **state)
{
    static void (*const faults[])(struct wire *) = {corrupt_middle, corrupt_checksum,
                                                    truncate_body, mislabel_as_gzip};

    (void)state;
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        struct page_set *pages = pages_of(0, true, false);
        struct fetch_result result;

        faults[i](&pages->pages[5].wires[1][0]);
        result = fetch_page(pages, &pages->pages[5], true);
        if (result.outcome != FETCH_BAD_BODY)
            fail_msg("invalid body %zu came to %s: %s", i,
                     fetch_outcome_word(result.outcome),
                     fetch_code_text(result.curl_code));
        page_set_destroy(pages);
    }
}

static int set_up(void **state)
{
    (void)state;
    return fetch_global_init(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wires),
        cmocka_unit_test(test_chunks),
        cmocka_unit_test(test_content_negotiation),
        cmocka_unit_test(test_fetched_bodies),
        cmocka_unit_test(test_decompression_bomb),
        cmocka_unit_test(test_invalid_bodies),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
