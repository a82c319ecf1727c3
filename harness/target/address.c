/* address.c - see address.h. */
#include "harness/target/address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "fetch/url.h"

bool address_has_user(const char *url)
{
    const char *slashes = strstr(url, "://");
    const char *server = slashes ? slashes + 3 : url;

    return memchr(server, '@', strcspn(server, "/?#")) != NULL;
}

bool address_lacks_scheme(const char *url)
{
    size_t length = strcspn(url, "/?#"); /* of "host", "host:port" or "http:" */
    const char *colon = memrchr(url, ':', length);

    if (!length || url[length - 1] == ':')
        return false;
    if (!colon || url[0] == '[')
        return true;
    /* A port, or the braces of one; else this is a scheme that lacks its slashes. */
    return colon[1] == '{' ||
           strspn(colon + 1, "0123456789") == (size_t)(url + length - (colon + 1));
}

/* -- taking apart -------------------------------------------------------------- */

static bool is_ascii(const char *text)
{
    while (*text && (unsigned char)*text < 0x80)
        text++;
    return !*text;
}

/* Checks and copies the parts that are needed. */
static int take_parts(struct address *address, const struct url *parts, const char *url,
                      struct err *err)
{
    struct sockaddr_in server;

    address->tls = !strcasecmp(parts->scheme, "https");
    if (!address->tls && strcasecmp(parts->scheme, "http") != 0)
        return err_set(err, "'%s' has the scheme '%s'; bench fetches only http and https",
                       url, parts->scheme);
    if (!is_ascii(parts->host))
        return err_set(err, "the host in '%s' is not ASCII; write its xn-- form", url);
    address->port = parts->port;
    address->plain = url_ipv4_server(parts, &server);
    if (snprintf(address->host, sizeof(address->host), "%s", parts->host) >=
        (int)sizeof(address->host))
        return err_set(err, "the host in '%s' is longer than %zu bytes", url,
                       sizeof(address->host) - 1);
    return 0;
}

int address_parse(struct address *address, const char *url, struct err *err)
{
    struct err reason;
    struct url parts;
    int result;

    *address = (struct address){.port = 0};
    if (url_parse(&parts, url, &reason))
        return err_set(err,
                       "'%s' is not a URL (%s); give one such as "
                       "http://127.0.0.1:8080/detail/{1..100}",
                       url, reason.text);
    result = take_parts(address, &parts, url, err);
    url_free(&parts);
    return result;
}

bool address_is_literal(const struct address *address, struct sockaddr_storage *out)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    char host[ADDRESS_HOST_SIZE];
    char port[8];

    (void)snprintf(port, sizeof(port), "%u", address->port);
    (void)snprintf(host, sizeof(host), "%s", address->host + (address->host[0] == '['));
    host[strcspn(host, "]")] = '\0';
    if (getaddrinfo(host, port, &hints, &found))
        return false;
    *out = (struct sockaddr_storage){.ss_family = AF_UNSPEC};
    memcpy(out, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return true;
}

/* -- where it leads ------------------------------------------------------------ */

static const struct in_addr *ipv4_of(const struct sockaddr_storage *address)
{
    return &((const struct sockaddr_in *)(const void *)address)->sin_addr;
}

static const struct in6_addr *ipv6_of(const struct sockaddr_storage *address)
{
    return &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
}

bool address_is_loopback(const struct sockaddr_storage *address)
{
    const struct in6_addr *ipv6 = ipv6_of(address);

    if (address->ss_family == AF_INET)
        return ntohl(ipv4_of(address)->s_addr) >> 24 == IN_LOOPBACKNET;
    return address->ss_family == AF_INET6 &&
           (IN6_IS_ADDR_LOOPBACK(ipv6) ||
            (IN6_IS_ADDR_V4MAPPED(ipv6) && ipv6->s6_addr[12] == IN_LOOPBACKNET));
}

bool address_equal(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
    if (a->ss_family != b->ss_family)
        return false;
    if (a->ss_family == AF_INET)
        return ipv4_of(a)->s_addr == ipv4_of(b)->s_addr;
    return a->ss_family == AF_INET6 && IN6_ARE_ADDR_EQUAL(ipv6_of(a), ipv6_of(b));
}

const char *address_text(const struct sockaddr_storage *address,
                         char text[ADDRESS_TEXT_SIZE])
{
    char numbers[INET6_ADDRSTRLEN] = "?";

    if (address->ss_family == AF_INET6)
        (void)inet_ntop(AF_INET6, ipv6_of(address), numbers, sizeof(numbers));
    else
        (void)inet_ntop(AF_INET, ipv4_of(address), numbers, sizeof(numbers));
    (void)snprintf(text, ADDRESS_TEXT_SIZE,
                   address->ss_family == AF_INET6 ? "[%s]" : "%s", numbers);
    return text;
}
