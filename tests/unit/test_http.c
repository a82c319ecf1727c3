/* test_http.c - how the strategy without libcurl parses a response that arrives in pieces
 * of any size. test_verdicts.c compares it with libcurl. */
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "strategies/support/http_reader.h"
#include "tests/support/check.h"

/* -- responses ----------------------------------------------------------------- */

struct answer {
    const char *text;
    enum http_state state; /* after all of it and the end of the connection */
    int status;
    bool keep_alive; /* before the end of the connection */
    const char *body;
};

static const struct answer answers[] = {
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nServer-Timing: delay;dur=1.5\r\n\r\nhello",
     HTTP_DONE, 200, true, "hello"},
    {"HTTP/1.1 404 Not Found\r\ncontent-length:0\r\nConnection: close\r\n\r\n", HTTP_DONE,
     404, false, ""},
    {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", HTTP_DONE, 200, false, "hi"},
    {"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nhi",
     HTTP_DONE, 200, true, "hi"},
    {"HTTP/1.1 200 OK\n\nto the end", HTTP_DONE, 200, false, "to the end"},
    {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
     HTTP_DONE, 200, true, "x"},
    {"HTTP/1.1 204 No Content\r\n\r\n", HTTP_DONE, 204, true, ""},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
     "5\r\nhello\r\n1A;x=y\r\n, this is twenty-six bytes\r\n0\r\nTrailer: t\r\n\r\n",
     HTTP_DONE, 200, true, "hello, this is twenty-six bytes"},
    {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", HTTP_BODY, 200, true, "short"},
    {"HTTP/1.1 200 OK\r\nContent-Le", HTTP_HEADERS, 200, true, ""},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe", HTTP_CHUNK, 200,
     true, "he"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", HTTP_BROKEN, 200, true,
     ""},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", HTTP_BROKEN, 200,
     true, "a"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n11111111111111111\r\n",
     HTTP_BROKEN, 200, true, ""},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", HTTP_NOT_READ, 200, true, ""},
    {"HTTP/1.1 103 Early\r\nConnection: close\r\n\r\n"
     "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
     HTTP_DONE, 200, false, "x"},
    {"HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1;\nx\n0\nT: t\n\n", HTTP_DONE, 200,
     true, "x"},
    {"HTTP/1.1 200 OK\r\nNo colon\r\n\r\n", HTTP_BROKEN, 200, true, ""},
    {"HTTP/1.1 101 Switching\r\n\r\nrest", HTTP_DONE, 101, false, "rest"},
    {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", HTTP_BROKEN, 200, true, ""},
    {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nx", HTTP_DONE, 200,
     false, "x"},
    {"HTTP/2 200\r\n\r\n", HTTP_FOREIGN, 0, true, ""},
    {"SSH-2.0-OpenSSH\r\n", HTTP_FOREIGN, 0, true, ""},
    {"HTTP/1.1 2x0 OK\r\n\r\n", HTTP_FOREIGN, 0, true, ""},
};

/* Feeds an answer in pieces of `step` bytes, each together with the bytes left unread. */
static void check_answer(const struct answer *answer, size_t step)
{
    struct work_expectation expect = {.http_status = 200, .delay_stamped = true};
    struct response response;
    struct http_reader reader;
    size_t size = strlen(answer->text);
    size_t used = 0;

    response_begin(&response, &expect);
    http_reader_begin(&reader);
    for (size_t here = 0; here < size;) {
        here = here + step < size ? here + step : size;
        used += http_reader_take(&reader, &response, answer->text + used, here - used);
    }
    assert_int_equal(reader.status, answer->status);
    assert_int_equal(reader.keep_alive, answer->keep_alive);
    assert_int_equal(http_reader_end(&reader), answer->state == HTTP_DONE);
    assert_int_equal(reader.state, answer->state);
    assert_int_equal(response.body_bytes, strlen(answer->body));
    assert_int_equal(response.body_crc32,
                     crc32(0, (const Bytef *)answer->body, (uInt)strlen(answer->body)));
    assert_int_equal(response.has_origin_delay, strstr(answer->text, "dur=1.5") != NULL);
}

static void test_answers_in_pieces(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
        for (size_t step = 1; step <= strlen(answers[i].text); step++)
            check_answer(&answers[i], step);
}

static void test_a_body_over_the_cap(void **state)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    struct work_expectation expect = {
        .http_status = 200, .body_known = true, .body_bytes = 4};
    struct response response;
    struct http_reader reader;

    (void)state;
    response_begin(&response, &expect);
    http_reader_begin(&reader);
    (void)http_reader_take(&reader, &response, text, strlen(text));
    assert_int_equal(reader.state, HTTP_OVER_CAP);
    assert_int_equal(response_judge(&response, reader.status), FETCH_BAD_BODY);
    assert_int_equal(response_judge(&response, 500), FETCH_BAD_STATUS);
}

/* Endless headers end in a failure at the limit that libcurl's fetches have. */
static void test_a_flood_of_headers(void **state)
{
    static const char begin[] = "HTTP/1.1 200 OK\r\n";
    char line[1025] = "X-Flood: ";
    struct work_expectation expect = {.http_status = 200};
    size_t taken = sizeof(begin) - 1;
    struct response response;
    struct http_reader reader;

    (void)state;
    memset(line + strlen(line), 'x', sizeof(line) - 1 - strlen(line));
    line[sizeof(line) - 2] = '\n';
    response_begin(&response, &expect);
    http_reader_begin(&reader);
    (void)http_reader_take(&reader, &response, begin, sizeof(begin) - 1);
    while (reader.state == HTTP_HEADERS && taken < (1 << 20))
        taken += http_reader_take(&reader, &response, line, sizeof(line) - 1);
    assert_int_equal(reader.state, HTTP_OVER_CAP);
    assert_in_range(taken, RESPONSE_HEAD_CAP_BYTES,
                    RESPONSE_HEAD_CAP_BYTES + sizeof(line));
    assert_int_equal(response_judge(&response, reader.status), FETCH_IO_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers_in_pieces),
        cmocka_unit_test(test_a_body_over_the_cap),
        cmocka_unit_test(test_a_flood_of_headers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
