/* failure.c - see failure.h. */
#include "harness/validity/failure.h"

#include <curl/curl.h>
#include <stdio.h>

#include "fetch/fetch.h"

static const char *status_text(unsigned status, char text[FAILURE_TEXT_SIZE])
{
    if (status >= 300 && status <= 399)
        (void)snprintf(text, FAILURE_TEXT_SIZE,
                       "HTTP status %u, a redirect, which bench does not follow; give "
                       "the URL that it leads to, or --expect-status %u",
                       status, status);
    else
        (void)snprintf(text, FAILURE_TEXT_SIZE, "unexpected HTTP status %u", status);
    return text;
}

/* The cause, where libcurl's own text names a wrong one or none; else NULL. */
static const char *better_text(const struct fetch_result *result)
{
    switch (result->curl_code) {
    case CURLE_OK:
        return "the transfer ended early, and libcurl gives no reason";
    case CURLE_UNSUPPORTED_PROTOCOL: /* also what libcurl calls a bad status line */
        return result->local_port
                   ? "the response does not begin with a status line of HTTP/1.0 or 1.1"
                   : "this libcurl does not speak the protocol of the URL; https "
                     "needs a libcurl with TLS";
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_FUNCTION_ARGUMENT: /* libcurl's own mistake at a bad header line */
        return "the response is not valid HTTP";
    case CURLE_OUT_OF_MEMORY:
        return "no memory was left for the transfer";
    case CURLE_GOT_NOTHING:
        return "the server closed the connection without a response";
    case CURLE_PARTIAL_FILE:
        return "the connection ended within the body";
    default:
        return NULL;
    }
}

/* What to do about libcurl's error, or "". */
static const char *advice(unsigned curl_code)
{
    switch (curl_code) {
    case CURLE_PEER_FAILED_VERIFICATION:
        return "; give its CA's certificate with --cacert FILE, or skip verification "
               "with --insecure";
    case CURLE_SSL_CACERT_BADFILE:
        return "; libcurl cannot use the file of certificates";
    default:
        return "";
    }
}

static const char *transfer_text(const struct fetch_result *result,
                                 char text[FAILURE_TEXT_SIZE])
{
    const char *better = better_text(result);

    (void)snprintf(text, FAILURE_TEXT_SIZE, "%s%s",
                   better ? better : fetch_code_text(result->curl_code),
                   advice(result->curl_code));
    return text;
}

const char *failure_text(const struct fetch_result *result, char text[FAILURE_TEXT_SIZE])
{
    const char *cause = fetch_cause_text((enum fetch_cause)result->cause);

    if (result->cause == FETCH_CAUSE_TOLD)
        return cause;
    switch (result->outcome) {
    case FETCH_LOST:
        return "no result";
    case FETCH_BAD_BODY:
        return *cause ? cause : "unexpected body";
    case FETCH_BAD_STATUS:
        return status_text(result->http_status, text);
    case FETCH_CONNECT_FAILED:
    case FETCH_IO_FAILED:
        return *cause ? cause : transfer_text(result, text);
    default:
        return transfer_text(result, text);
    }
}
