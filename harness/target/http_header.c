/* http_header.c - see http_header.h. */
#include "harness/target/http_header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char mask[] = "****";

/* The characters of a name: a token of RFC 9110. */
static const char token[] =
    "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static const char *value_of(const char *header)
{
    const char *colon = strchr(header, ':');

    return colon ? colon + 1 + strspn(colon + 1, " \t") : NULL;
}

/* Why a header of that name cannot be set, or NULL. */
static const char *objection(const char *header)
{
    static const struct {
        const char *name, *why;
    } refused[] = {
        {"Host", "the URL names the host"},
        {"Connection", "--connections decides whether connections are kept"},
        {"Keep-Alive", "--connections decides whether connections are kept"},
        {"Proxy-Connection", "bench uses no proxy"},
        {"Content-Length", "the requests have no body"},
        {"Transfer-Encoding", "the requests have no body"},
        {"Trailer", "the requests have no body"},
        {"TE", "libcurl states the codings that it can read"},
        {"Expect", "the requests have no body"},
        {"Upgrade", "bench measures HTTP/1.1"},
        {"HTTP2-Settings", "bench measures HTTP/1.1"},
        {"Range", "bench measures whole pages"},
    };

    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        if (http_header_same_name(header, refused[i].name))
            return refused[i].why;
    return NULL;
}

int http_header_check(const char *header, struct err *err)
{
    size_t name = strspn(header, token);
    const char *value;

    /* A value may be a secret, so no message quotes it. */
    if (!name || header[name] != ':')
        return err_set(err, "not a header in the form 'Name: value'");
    for (value = header + name; *value; value++)
        if (((unsigned char)*value < ' ' && *value != '\t') || *value == 0x7f)
            return err_set(err,
                           "the value of %.*s contains a line end or another control "
                           "character",
                           (int)name, header);
    value = value_of(header);
    if (!*value)
        return err_set(err, "%.*s has no value", (int)name, header);
    if (objection(header))
        return err_set(err, "%.*s cannot be set: %s", (int)name, header,
                       objection(header));
    return 0;
}

bool http_header_same_name(const char *a, const char *b)
{
    size_t length = strcspn(a, ":");

    return strcspn(b, ":") == length && !strncasecmp(a, b, length);
}

bool http_header_is_masked(const char *header)
{
    const char *value = value_of(header);

    return value && !strcmp(value, mask);
}

/* -- secrets ------------------------------------------------------------------- */

static bool is_secret(const char *name, size_t length)
{
    static const char *const words[] = {"auth",     "cookie", "token",  "key",
                                        "password", "secret", "session"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        for (size_t at = 0; at + strlen(words[i]) <= length; at++)
            if (!strncasecmp(name + at, words[i], strlen(words[i])))
                return true;
    return false;
}

/* Where the header begins in "--header=Name: value". getopt_long() also takes shortened
 * option names, so the text before the '=' may be any. */
static const char *header_in(const char *argument)
{
    const char *equals = strncmp(argument, "--", 2) ? NULL : strchr(argument, '=');

    return equals ? equals + 1 : argument;
}

char *http_header_masked(const char *argument)
{
    const char *header = header_in(argument);
    size_t name = strspn(header, token);
    char *text = NULL;

    if (header[name] != ':' || !is_secret(header, name))
        return strdup(argument);
    if (asprintf(&text, "%.*s: %s", (int)(header + name - argument), argument, mask) < 0)
        return NULL;
    return text;
}
