/* http_request.c - see http_request.h. */
#include "strategies/support/http_request.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/url.h"

void http_requests_free(struct http_request *requests, size_t count)
{
    for (size_t i = 0; requests && i < count; i++)
        free(requests[i].text);
    free(requests);
}

static int make(struct http_request *request, const char *address, struct err *err)
{
    struct url url;
    int result = 0;

    if (url_parse(&url, address, err))
        return err_prefix(err, "cannot fetch '%s'", address);
    if (!url_ipv4_server(&url, &request->server))
        result = err_set(
            err, "cannot fetch '%s': only http://<IPv4 address>[:port]/ works", address);
    else if (!(request->text = url_request(&url)))
        result = err_set(err, "no memory for a request");
    else
        request->size_bytes = strlen(request->text);
    url_free(&url);
    return result;
}

int http_requests_make(struct http_request **out, const struct work *work,
                       struct err *err)
{
    size_t count = work_target_count(work);
    struct http_request *requests = calloc(count, sizeof(*requests));

    if (!requests)
        return err_errno(err, "no memory for %zu requests", count);
    for (size_t i = 0; i < count; i++) {
        if (make(&requests[i], work_target_url(work, i), err)) {
            http_requests_free(requests, count);
            return -1;
        }
    }
    *out = requests;
    return 0;
}
