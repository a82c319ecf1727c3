/* http_request.c - see http_request.h. */
#include "strategies/support/http_request.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/parse.h"

static const char scheme[] = "http://";

enum { SCHEME_BYTES = sizeof(scheme) - 1 };

/* What stands around address, path and host in a request. */
enum { REQUEST_WORDS_BYTES = 128 };

static size_t host_bytes(const char *url)
{
    return strcspn(url + SCHEME_BYTES, "/?#");
}

bool http_request_peer(const char *url, struct sockaddr_in *peer)
{
    char host[INET_ADDRSTRLEN + sizeof(":65535")];
    uint64_t port = 80;
    size_t size;
    char *colon;

    if (strncasecmp(url, scheme, SCHEME_BYTES) != 0)
        return false;
    size = host_bytes(url);
    if (size >= sizeof(host) ||
        2 * strlen(url) + REQUEST_WORDS_BYTES > HTTP_REQUEST_BYTES)
        return false;
    memcpy(host, url + SCHEME_BYTES, size);
    host[size] = '\0';
    colon = strchr(host, ':');
    if (colon) {
        *colon = '\0';
        if (parse_count(colon + 1, 1, 65535, &port, NULL))
            return false;
    }
    *peer = (struct sockaddr_in){.sin_family = AF_INET,
                                 .sin_port = htons((uint16_t)port)};
    return inet_pton(AF_INET, host, &peer->sin_addr) == 1;
}

size_t http_request_write(const char *url, char text[HTTP_REQUEST_BYTES])
{
    const char *host = url + SCHEME_BYTES;
    size_t host_size = host_bytes(url);
    const char *path = host + host_size;
    int size = snprintf(text, HTTP_REQUEST_BYTES,
                        "GET %s%.*s HTTP/1.1\r\nHost: %.*s\r\nUser-Agent: bench\r\n"
                        "Accept: */*\r\n\r\n",
                        *path == '/' ? "" : "/", (int)strcspn(path, "#"), path,
                        (int)host_size, host);

    return size > 0 ? (size_t)size : 0;
}
