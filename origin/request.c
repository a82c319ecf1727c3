/* request.c - see request.h. The grammar is RFC 9112's, without its optional leniencies.
 */
#include "origin/request.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* A stretch of the buffer. */
struct span {
    const char *at;
    size_t bytes;
};

/* The facts from the lines parsed so far. */
struct seen {
    bool is_1_1, has_host, has_body, says_close, says_keep_alive, takes_gzip;
};

static bool equals(struct span span, const char *word)
{
    return span.bytes == strlen(word) && !strncasecmp(span.at, word, span.bytes);
}

/* Cuts `rest` at the first `separator`: returns the part before it and leaves the part
 * after it in `rest`. Without a separator, returns all of it. */
static struct span cut(struct span *rest, char separator)
{
    const char *end = memchr(rest->at, separator, rest->bytes);
    struct span before = *rest;

    if (!end) {
        rest->at += rest->bytes;
        rest->bytes = 0;
        return before;
    }
    before.bytes = (size_t)(end - rest->at);
    rest->at = end + 1;
    rest->bytes -= before.bytes + 1;
    return before;
}

static struct span trim(struct span span)
{
    while (span.bytes && (span.at[0] == ' ' || span.at[0] == '\t')) {
        span.at++;
        span.bytes--;
    }
    while (span.bytes &&
           (span.at[span.bytes - 1] == ' ' || span.at[span.bytes - 1] == '\t'))
        span.bytes--;
    return span;
}

static bool is_token(struct span span)
{
    for (size_t i = 0; i < span.bytes; i++)
        if (!isalnum((unsigned char)span.at[i]) &&
            (!span.at[i] || !strchr("!#$%&'*+-.^_`|~", span.at[i])))
            return false;
    return span.bytes > 0;
}

static bool is_number(struct span span)
{
    for (size_t i = 0; i < span.bytes; i++)
        if (!isdigit((unsigned char)span.at[i]))
            return false;
    return span.bytes > 0;
}

/* No control characters (a tab is fine in a field value), so no stray CR, LF or NUL. */
static bool is_printable(struct span span)
{
    for (size_t i = 0; i < span.bytes; i++) {
        unsigned char c = (unsigned char)span.at[i];

        if ((c < ' ' && c != '\t') || c == 127)
            return false;
    }
    return true;
}

/* "/path?query" as it stands, or the path of "http://host/path". */
static bool parse_target(struct span target, struct request *request)
{
    static const char scheme[] = "http://";

    request->path = target.at;
    request->path_bytes = target.bytes;
    if (!is_printable(target) || memchr(target.at, '\t', target.bytes))
        return false;
    if (target.bytes > sizeof(scheme) &&
        !strncasecmp(target.at, scheme, sizeof(scheme) - 1)) {
        const char *slash = memchr(target.at + sizeof(scheme) - 1, '/',
                                   target.bytes - (sizeof(scheme) - 1));

        if (!slash)
            return false;
        request->path_bytes -= (size_t)(slash - target.at);
        request->path = slash;
    }
    return request->path_bytes && request->path[0] == '/';
}

/* The methods of RFC 9110 and PATCH. */
static enum request_method find_method(struct span word)
{
    static const char *const others[] = {"POST",    "PUT",     "DELETE", "PATCH",
                                         "OPTIONS", "CONNECT", "TRACE"};

    if (word.bytes == 3 && !memcmp(word.at, "GET", 3))
        return REQUEST_GET;
    if (word.bytes == 4 && !memcmp(word.at, "HEAD", 4))
        return REQUEST_HEAD;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (word.bytes == strlen(others[i]) && !memcmp(word.at, others[i], word.bytes))
            return REQUEST_OTHER;
    return REQUEST_UNKNOWN;
}

static bool takes_body(enum request_method method)
{
    return method != REQUEST_GET && method != REQUEST_HEAD;
}

/* "GET /detail/1 HTTP/1.1" */
static bool parse_request_line(struct span line, struct request *request,
                               struct seen *seen)
{
    struct span method = cut(&line, ' ');
    struct span target = cut(&line, ' ');

    seen->is_1_1 = line.bytes == 8 && !memcmp(line.at, "HTTP/1.1", 8);
    if (!seen->is_1_1 && !(line.bytes == 8 && !memcmp(line.at, "HTTP/1.0", 8)))
        return false;
    if (!is_token(method))
        return false;
    request->method = find_method(method);
    /* "*" and "host:port" are targets of other methods, which are refused all the same.
     */
    return parse_target(target, request) ||
           (takes_body(request->method) && target.bytes && is_printable(target));
}

static void parse_connection(struct span value, struct seen *seen)
{
    while (value.bytes) {
        struct span option = trim(cut(&value, ','));

        seen->says_close |= equals(option, "close");
        seen->says_keep_alive |= equals(option, "keep-alive");
    }
}

/* "gzip", unless it is "gzip;q=0". Nothing else counts, not even "*". */
static void parse_accept_encoding(struct span value, struct seen *seen)
{
    while (value.bytes) {
        struct span parameter = trim(cut(&value, ','));
        struct span coding = trim(cut(&parameter, ';'));
        bool refused = false;

        parameter = trim(parameter);
        if (parameter.bytes > 2 && !strncasecmp(parameter.at, "q=", 2)) {
            refused = true;
            for (size_t i = 2; i < parameter.bytes; i++)
                refused &= parameter.at[i] == '0' || parameter.at[i] == '.';
        }
        seen->takes_gzip |= equals(coding, "gzip") && !refused;
    }
}

static bool parse_field(struct span line, struct seen *seen)
{
    struct span name = cut(&line, ':');
    struct span value = trim(line);

    /* If there was a colon, the rest begins one byte after the end of the name. */
    if (line.at == name.at + name.bytes || !is_token(name) || !is_printable(value))
        return false;
    if (equals(name, "Host")) {
        if (seen->has_host)
            return false;
        seen->has_host = true;
    }
    if (equals(name, "Connection"))
        parse_connection(value, seen);
    if (equals(name, "Accept-Encoding"))
        parse_accept_encoding(value, seen);
    if (equals(name, "Content-Length")) {
        seen->has_body |= !equals(value, "0");
        return is_number(value);
    }
    if (equals(name, "Transfer-Encoding"))
        seen->has_body = true;
    return true;
}

enum request_status request_parse(const char *data, size_t size, struct request *request,
                                  size_t *head_bytes)
{
    size_t looked_at = size < REQUEST_HEAD_MAX_BYTES ? size : REQUEST_HEAD_MAX_BYTES;
    const char *end = memmem(data, looked_at, "\r\n\r\n", 4);
    struct seen seen = {0};
    struct span head;

    if (!end)
        return size < REQUEST_HEAD_MAX_BYTES ? REQUEST_PARTIAL : REQUEST_TOO_LARGE;
    head = (struct span){data, (size_t)(end - data) + 2}; /* with the last line's CR LF */
    *head_bytes = head.bytes + 2;
    for (bool first = true; head.bytes; first = false) {
        struct span line = cut(&head, '\n');

        if (!line.bytes || line.at[line.bytes - 1] != '\r')
            return REQUEST_MALFORMED;
        line.bytes--;
        if (first ? !parse_request_line(line, request, &seen) : !parse_field(line, &seen))
            return REQUEST_MALFORMED;
    }
    if ((seen.is_1_1 && !seen.has_host) ||
        (seen.has_body && !takes_body(request->method)))
        return REQUEST_MALFORMED;
    request->has_body = seen.has_body;
    request->keep_alive = !seen.says_close && (seen.is_1_1 || seen.says_keep_alive);
    request->takes_gzip = seen.takes_gzip;
    request->takes_chunks = seen.is_1_1;
    return REQUEST_COMPLETE;
}
