/* test_failure.c - the message of every failed fetch: each outcome with each libcurl code
 * and each cause. */
#include "fetch/fetch.h"
#include "harness/validity/failure.h"
#include "tests/support/check.h"

#include <string.h>

static const struct failed {
    struct fetch_result result;
    const char *text; /* the message or its beginning */
} failures[] = {
    {{.outcome = FETCH_LOST}, "no result"},
    {{.outcome = FETCH_BAD_STATUS, .http_status = 500}, "unexpected HTTP status 500"},
    {{.outcome = FETCH_BAD_STATUS, .http_status = 302}, "HTTP status 302, a redirect"},
    {{.outcome = FETCH_BAD_BODY}, "unexpected body"},
    {{.outcome = FETCH_BAD_BODY, .curl_code = 23, .cause = FETCH_CAUSE_BODY_TOO_LARGE},
     "the body is larger than 64 MiB, the most that bench reads"},
    {{.outcome = FETCH_TIMED_OUT, .curl_code = 28}, "Timeout was reached"},
    /* The connection stayed open until the timeout, so its end is not the cause. */
    {{.outcome = FETCH_TIMED_OUT, .curl_code = 28, .cause = FETCH_CAUSE_HEAD_CUT_OFF},
     "Timeout was reached"},
    {{.outcome = FETCH_CONNECT_FAILED, .curl_code = CURLE_COULDNT_CONNECT},
     "Couldn't connect to server"},
    {{.outcome = FETCH_CONNECT_FAILED, .curl_code = CURLE_PEER_FAILED_VERIFICATION},
     "SSL peer certificate or SSH remote key was not OK; give its CA's certificate with"},
    {{.outcome = FETCH_CONNECT_FAILED, .curl_code = 7, .cause = FETCH_CAUSE_NO_PORT},
     "no free local port towards the server"},
    {{.outcome = FETCH_CONNECT_FAILED, .curl_code = 7, .cause = FETCH_CAUSE_NO_ROUTE},
     "no route to the server"},
    {{.outcome = FETCH_CONNECT_FAILED,
      .curl_code = 60,
      .cause = FETCH_CAUSE_CERT_EXPIRED},
     "the server's certificate has expired"},

    /* A truncated head has code 0. */
    {{.outcome = FETCH_IO_FAILED, .cause = FETCH_CAUSE_HEAD_CUT_OFF},
     "the connection ended before the response headers were complete"},
    /* libcurl reports a header line of 120 kB as "out of memory". */
    {{.outcome = FETCH_IO_FAILED, .curl_code = 27, .cause = FETCH_CAUSE_LINE_TOO_LONG},
     "a response header line is longer than libcurl's limit of 100 KiB, or memory ran "
     "out"},
    {{.outcome = FETCH_IO_FAILED, .curl_code = 27},
     "no memory was left for the transfer"},
    /* libcurl reports garbage as "unsupported protocol". */
    {{.outcome = FETCH_IO_FAILED, .curl_code = 1, .local_port = 40000},
     "the response does not begin with a status line of HTTP/1.0 or 1.1"},
    {{.outcome = FETCH_IO_FAILED, .curl_code = 1},
     "this libcurl does not speak the protocol of the URL; https needs"},
    {{.outcome = FETCH_IO_FAILED, .curl_code = 23, .cause = FETCH_CAUSE_HEAD_TOO_LARGE},
     "the response headers and trailers have more than 300 KiB or 5000 lines"},
    {{.outcome = FETCH_IO_FAILED, .curl_code = 61, .cause = FETCH_CAUSE_NOT_READ},
     "unsupported transfer coding: raw-epoll reads only chunked"},
    {{.outcome = FETCH_IO_FAILED, .curl_code = 8}, "the response is not valid HTTP"},
    {{.outcome = FETCH_IO_FAILED, .curl_code = 43}, "the response is not valid HTTP"},
    {{.outcome = FETCH_IO_FAILED, .curl_code = 52},
     "the server closed the connection without a response"},
    {{.outcome = FETCH_IO_FAILED, .curl_code = 18},
     "the connection ended within the body"},
    {{.outcome = FETCH_IO_FAILED, .curl_code = 56},
     "Failure when receiving data from the peer"},
};

static void test_messages(void **state)
{
    char text[FAILURE_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
        const char *is = failure_text(&failures[i].result, text);

        if (strncmp(is, failures[i].text, strlen(failures[i].text)) != 0)
            fail_msg("'%s', not '%s'", is, failures[i].text);
    }
}

/* Every combination of outcome and code has a message, and no message misleads. */
static void test_no_message_misleads(void **state)
{
    static const char *const never[] = {"No error", "Out of memory",
                                        "Unsupported protocol", "\n"};
    char text[FAILURE_TEXT_SIZE];

    (void)state;
    for (unsigned i = 0; i < FETCH_OUTCOME_COUNT * CURL_LAST * FETCH_CAUSE_COUNT * 2;
         i++) {
        struct fetch_result result = {
            .outcome = (uint16_t)(i / 2 % FETCH_OUTCOME_COUNT),
            .cause = (uint16_t)(i / 2 / FETCH_OUTCOME_COUNT % FETCH_CAUSE_COUNT),
            .curl_code = (uint16_t)(i / 2 / FETCH_OUTCOME_COUNT / FETCH_CAUSE_COUNT),
            .local_port = i % 2 ? 40000 : 0,
        };
        const char *is = failure_text(&result, text);

        for (size_t j = 0; j < sizeof(never) / sizeof(never[0]); j++)
            if (strcasestr(is, never[j]))
                fail_msg("%s, code %u, cause %u: '%s'",
                         fetch_outcome_word(result.outcome), result.curl_code,
                         result.cause, is);
        assert_true(strlen(is) > 5 && strlen(is) < FAILURE_TEXT_SIZE - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_no_message_misleads),
    };

    return cmocka_run_group_tests_name("failure", tests, NULL, NULL);
}
