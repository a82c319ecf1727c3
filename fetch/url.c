/* url.c - see url.h. */
#include "fetch/url.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/parse.h"
#include "fetch/options.h"

void url_free(struct url *url)
{
    free(url->scheme);
    free(url->host);
    free(url->target);
    *url = (struct url){.port = 0};
}

/* A copy of a part, for free(). */
static CURLUcode get_part(CURLU *handle, CURLUPart part, unsigned flags, char **out)
{
    char *text = NULL;
    CURLUcode code = curl_url_get(handle, part, &text, flags);

    if (!code && !(*out = strdup(text)))
        code = CURLUE_OUT_OF_MEMORY;
    curl_free(text);
    return code;
}

static uint16_t usual_port(const char *scheme)
{
    if (!strcasecmp(scheme, "http"))
        return 80;
    return strcasecmp(scheme, "https") != 0 ? 0 : 443;
}

static CURLUcode get_port(CURLU *handle, struct url *url)
{
    char *port = NULL;
    uint64_t number = usual_port(url->scheme);
    CURLUcode code = get_part(handle, CURLUPART_PORT, 0, &port);

    if (code == CURLUE_NO_PORT)
        code = CURLUE_OK;
    else if (!code && parse_count(port, 1, UINT16_MAX, &number, NULL))
        code = CURLUE_BAD_PORT_NUMBER;
    url->port = (uint16_t)number;
    url->usual_port = number == usual_port(url->scheme);
    free(port);
    return code;
}

static CURLUcode get_target(CURLU *handle, struct url *url)
{
    char *path = NULL;
    char *query = NULL;
    CURLUcode code = get_part(handle, CURLUPART_PATH, CURLU_URLENCODE, &path);

    if (!code)
        code = get_part(handle, CURLUPART_QUERY, 0, &query);
    if (code == CURLUE_NO_QUERY)
        code = CURLUE_OK;
    if (!code && asprintf(&url->target, "%s%s%s", path, query ? "?" : "",
                          query ? query : "") < 0) {
        url->target = NULL;
        code = CURLUE_OUT_OF_MEMORY;
    }
    free(path);
    free(query);
    return code;
}

static CURLUcode get_parts(CURLU *handle, struct url *url, const char *text)
{
    /* The flags of a transfer, except CURLU_GUESS_SCHEME. */
    CURLUcode code = curl_url_set(handle, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME);

    if (!code)
        code = get_part(handle, CURLUPART_SCHEME, 0, &url->scheme);
    if (code)
        return code;
    code = get_part(handle, CURLUPART_HOST, 0, &url->host);
    if (code == CURLUE_NO_HOST) /* as in file:///x */
        code = (url->host = strdup("")) ? CURLUE_OK : CURLUE_OUT_OF_MEMORY;
    if (!code)
        code = get_port(handle, url);
    return code ? code : get_target(handle, url);
}

int url_parse(struct url *url, const char *text, struct err *err)
{
    CURLU *handle = curl_url();
    CURLUcode code;

    *url = (struct url){.port = 0};
    if (!handle)
        return err_set(err, "no memory for a URL");
    code = get_parts(handle, url, text);
    curl_url_cleanup(handle);
    if (!code)
        return 0;
    url_free(url);
    return err_set(err, "%s", curl_url_strerror(code));
}

bool url_ipv4_server(const struct url *url, struct sockaddr_in *server)
{
    *server = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(url->port)};
    return !strcasecmp(url->scheme, "http") &&
           inet_pton(AF_INET, url->host, &server->sin_addr) == 1;
}

char *url_request(const struct url *url)
{
    char port[8] = "";
    char *text = NULL;

    if (!url->usual_port)
        (void)snprintf(port, sizeof(port), ":%u", url->port);
    if (asprintf(&text,
                 "GET %s HTTP/1.1\r\nHost: %s%s\r\nUser-Agent: " OPTIONS_USER_AGENT
                 "\r\nAccept: */*\r\n\r\n",
                 url->target, url->host, port) < 0)
        return NULL;
    return text;
}
