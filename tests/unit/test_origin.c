/* test_origin.c - the parts of the origin: its pages, its parser, its schedule. */
#include "origin/page.h"
#include "origin/request.h"
#include "tests/support/check.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* -- pages --------------------------------------------------------------------- */

static void test_pages(void **state)
{
    struct page_set *pages;
    struct page_set *again;
    uLong all = crc32(0, NULL, 0);

    (void)state;
    assert_int_equal(page_set_create(&pages, NULL, NULL), 0);
    assert_int_equal(page_set_create(&again, NULL, NULL), 0);
    for (size_t i = 0; i <= PAGE_DETAIL_COUNT; i++) {
        const struct page *page = &pages->pages[i];

        assert_int_equal(page->body_bytes, again->pages[i].body_bytes);
        assert_memory_equal(page->body, again->pages[i].body, page->body_bytes);
        assert_in_range(page->body_bytes, 1000, 8000);
        assert_ptr_equal(page_find(pages, page->path, strlen(page->path)), page);
        assert_int_equal(page->crc32,
                         crc32(0, (const Bytef *)page->body, (uInt)page->body_bytes));
        all = crc32(all, (const Bytef *)page->body, (uInt)page->body_bytes);
        for (size_t j = 0; j < i; j++)
            assert_int_not_equal(page->crc32, pages->pages[j].crc32);
    }
    /* A recorded value: if it changes, runs before and after fetched different pages. */
    assert_int_equal(all, 0x27e534e6);
    page_set_destroy(again);
    page_set_destroy(pages);
}

static void test_page_find(void **state)
{
    static const struct {
        const char *path;
        int number; /* -1: none */
    } paths[] = {
        {"/", 0},
        {"/detail/1", 1},
        {"/detail/100", 100},
        {"/detail/7?x=1", 7},
        {"/?", 0},
        {"/detail/101", -1},
        {"/detail/0", -1},
        {"/detail/07", -1},
        {"/detail/", -1},
        {"/detail", -1},
        {"/detail/1x", -1},
        {"/detail/999", -1},
        {"/detail/1000", -1},
        {"/detail/-1", -1},
        {"/index.html", -1},
        {"//", -1},
        {"/detail/1/", -1},
        {"/detail/ 1", -1},
    };
    struct page_set *pages;

    (void)state;
    assert_int_equal(page_set_create(&pages, NULL, NULL), 0);
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        const struct page *page = page_find(pages, paths[i].path, strlen(paths[i].path));
        const struct page *expected = paths[i].number < 0
                                          ? NULL
                                          : &pages->pages[paths[i].number];

        if (page != expected)
            fail_msg("%s is another page", paths[i].path);
    }
    page_set_destroy(pages);
}

/* -- the parser ---------------------------------------------------------------- */

static const struct {
    const char *text;
    enum request_status status;
    enum request_method method;
    const char *path;
    bool keep_alive;
} requests[] = {
    {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", REQUEST_COMPLETE, REQUEST_GET, "/", true},
    {"GET /detail/1 HTTP/1.1\r\nhost:a\r\n\r\n", REQUEST_COMPLETE, REQUEST_GET,
     "/detail/1", true},
    {"HEAD /x?y=z HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n", REQUEST_COMPLETE,
     REQUEST_HEAD, "/x?y=z", true},
    /* Found by fuzz_request.c: a target without a path, of a method that needs none. */
    {"GeT http://x=b HTTP/1.1\r\nHost: a\r\n\r\n", REQUEST_COMPLETE, REQUEST_UNKNOWN,
     "http://x=b", true},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", REQUEST_COMPLETE,
     REQUEST_OTHER, "/", true},
    {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", REQUEST_COMPLETE,
     REQUEST_GET, "/", false},
    {"GET / HTTP/1.1\r\nHost: a\r\nConnection: x , CLOSE\r\n\r\n", REQUEST_COMPLETE,
     REQUEST_GET, "/", false},
    {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close, keep-alive\r\n\r\n",
     REQUEST_COMPLETE, REQUEST_GET, "/", false},
    {"GET / HTTP/1.0\r\n\r\n", REQUEST_COMPLETE, REQUEST_GET, "/", false},
    {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", REQUEST_COMPLETE, REQUEST_GET,
     "/", true},
    {"GET http://h:80/p HTTP/1.1\r\nHost: a\r\n\r\n", REQUEST_COMPLETE, REQUEST_GET, "/p",
     true},
    {"", REQUEST_PARTIAL, 0, NULL, 0},
    {"GET / HTTP/1.1\r\nHost: a\r\n", REQUEST_PARTIAL, 0, NULL, 0},
    {"GET / HTTP/1.1\r\nHost: a\r\n\r", REQUEST_PARTIAL, 0, NULL, 0},
    {"GET / HTTP/1.1\r\n\r\n", REQUEST_MALFORMED, 0, NULL, 0}, /* no Host */
    {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", REQUEST_MALFORMED, 0, NULL, 0},
    {"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", REQUEST_MALFORMED, 0, NULL, 0},
    {"GET / HTTP/1.1 \r\nHost: a\r\n\r\n", REQUEST_MALFORMED, 0, NULL, 0},
    {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", REQUEST_MALFORMED, 0, NULL, 0},
    {"GET /\r\n\r\n", REQUEST_MALFORMED, 0, NULL, 0},
    {"GET x HTTP/1.1\r\nHost: a\r\n\r\n", REQUEST_MALFORMED, 0, NULL, 0},
    {"GET http://h HTTP/1.1\r\nHost: a\r\n\r\n", REQUEST_MALFORMED, 0, NULL, 0},
    {" / HTTP/1.1\r\nHost: a\r\n\r\n", REQUEST_MALFORMED, 0, NULL, 0},
    {"G\x01T / HTTP/1.1\r\nHost: a\r\n\r\n", REQUEST_MALFORMED, 0, NULL, 0},
    {"GET / HTTP/1.1\r\nHost a\r\n\r\n", REQUEST_MALFORMED, 0, NULL, 0},
    {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", REQUEST_MALFORMED, 0, NULL, 0},
    {"GET / HTTP/1.1\r\n Host: a\r\n\r\n", REQUEST_MALFORMED, 0, NULL, 0},
    {"GET / HTTP/1.1\r\nHost: a\r\n folded: b\r\n\r\n", REQUEST_MALFORMED, 0, NULL, 0},
    {"GET / HTTP/1.1\nHost: a\r\n\r\n", REQUEST_MALFORMED, 0, NULL, 0},
    {"GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", REQUEST_MALFORMED, 0, NULL, 0},
    {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", REQUEST_MALFORMED, 0,
     NULL, 0},
    {"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", REQUEST_MALFORMED,
     0, NULL, 0},
    {"\r\n\r\n", REQUEST_MALFORMED, 0, NULL, 0},
};

static void test_requests(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        size_t size = strlen(requests[i].text);
        /* Exactly `size` bytes, so that a sanitizer catches an access beyond them. */
        char *copy = malloc(size ? size : 1);
        struct request request;
        size_t head_bytes = 0;
        enum request_status status;

        assert_non_null(copy);
        memcpy(copy, requests[i].text, size);
        status = request_parse(copy, size, &request, &head_bytes);
        if (status != requests[i].status)
            fail_msg("request %zu is %d: %s", i, (int)status, requests[i].text);
        if (status == REQUEST_COMPLETE) {
            assert_int_equal(head_bytes, size);
            assert_int_equal(request.method, requests[i].method);
            assert_int_equal(request.path_bytes, strlen(requests[i].path));
            assert_memory_equal(request.path, requests[i].path, request.path_bytes);
            assert_int_equal(request.keep_alive, requests[i].keep_alive);
        }
        free(copy);
    }
}

static void test_request_bounds(void **state)
{
    static char text[REQUEST_HEAD_MAX_BYTES + 100];
    struct request request;
    size_t head_bytes;

    (void)state;
    memset(text, 'x', sizeof(text));
    memcpy(text, "GET / HTTP/1.1\r\nHost: a\r\nX: ", 28);
    assert_int_equal(
        request_parse(text, REQUEST_HEAD_MAX_BYTES - 1, &request, &head_bytes),
        REQUEST_PARTIAL);
    assert_int_equal(request_parse(text, REQUEST_HEAD_MAX_BYTES, &request, &head_bytes),
                     REQUEST_TOO_LARGE);
    memcpy(text + REQUEST_HEAD_MAX_BYTES - 4, "\r\n\r\n", 4); /* the largest that fits */
    assert_int_equal(request_parse(text, REQUEST_HEAD_MAX_BYTES, &request, &head_bytes),
                     REQUEST_COMPLETE);
    assert_int_equal(head_bytes, REQUEST_HEAD_MAX_BYTES);
    /* Two requests in one buffer: only the first is consumed. */
    assert_int_equal(
        request_parse("GET / HTTP/1.0\r\n\r\nGET /", 23, &request, &head_bytes),
        REQUEST_COMPLETE);
    assert_int_equal(head_bytes, 18);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_page_find),
        cmocka_unit_test(test_requests),
        cmocka_unit_test(test_request_bounds),
    };

    return cmocka_run_group_tests_name("origin", tests, NULL, NULL);
}
