/* failure.c - see failure.h. */
#include "harness/validity/failure.h"

#include <curl/curl.h>
#include <stdio.h>

#include "fetch/fetch.h"

static const char *status_text(unsigned status, char text[FAILURE_TEXT_SIZE])
{
    if (status >= 300 && status <= 399)
        (void)snprintf(text, FAILURE_TEXT_SIZE,
                       "HTTP status %u, a redirect, and none is followed: give the "
                       "address that it leads to, or --expect-status %u",
                       status, status);
    else
        (void)snprintf(text, FAILURE_TEXT_SIZE,
                       "not the HTTP status that was expected, but %u", status);
    return text;
}

/* What can be done about libcurl's verdict, or "". */
static const char *advice(unsigned curl_code)
{
    switch (curl_code) {
    case CURLE_PEER_FAILED_VERIFICATION:
        return ": give the certificate of its CA with --cacert FILE, or --insecure to "
               "look at none";
    case CURLE_SSL_CACERT_BADFILE:
        return ": libcurl cannot use that file of certificates";
    default:
        return "";
    }
}

const char *failure_text(const struct fetch_result *result, char text[FAILURE_TEXT_SIZE])
{
    switch (result->outcome) {
    case FETCH_LOST:
        return "no result";
    case FETCH_BAD_BODY:
        return "not the body that was expected";
    case FETCH_BAD_STATUS:
        return status_text(result->http_status, text);
    default:
        (void)snprintf(text, FAILURE_TEXT_SIZE, "%s%s",
                       fetch_code_text(result->curl_code), advice(result->curl_code));
        return text;
    }
}
