/* http_reader.c - see http_reader.h. RFC 9112. */
#include "strategies/support/http_reader.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/parse.h"

enum { NUMBER_SIZE = 24 };

/* More than this of head lines is no response; libcurl has the same limit. */
enum { HEAD_MAX_BYTES = 300 * 1024 };

void http_reader_begin(struct http_reader *reader)
{
    *reader = (struct http_reader){.state = HTTP_STATUS_LINE};
}

/* -- lines --------------------------------------------------------------------- */

/* Copies a field's value, without the blanks around it. False: too long to mean anything.
 */
static bool copy_value(char *out, size_t room, const char *value, size_t size)
{
    while (size && (*value == ' ' || *value == '\t')) {
        value++;
        size--;
    }
    while (size && strchr(" \t\r\n", value[size - 1]))
        size--;
    if (size >= room)
        return false;
    memcpy(out, value, size);
    out[size] = '\0';
    return true;
}

/* "HTTP/1.1 200 OK": the version says whether connections are kept by default. */
static void read_status_line(struct http_reader *reader, const char *line, size_t size)
{
    size_t head_bytes = reader->head_bytes;
    char status[4];
    uint64_t number;

    if (size < sizeof("HTTP/1.1 200") - 1 || memcmp(line, "HTTP/1.", 7) != 0 ||
        line[8] != ' ') {
        reader->state = HTTP_BROKEN;
        return;
    }
    memcpy(status, line + 9, 3);
    status[3] = '\0';
    if (parse_count(status, 100, 999, &number, NULL)) {
        reader->state = HTTP_BROKEN;
        return;
    }
    http_reader_begin(reader); /* an interim response may have said something */
    reader->head_bytes = head_bytes;
    reader->status = (long)number;
    reader->keep_alive = line[7] == '1';
    reader->state = HTTP_HEADERS;
}

static bool is_field(const char *line, size_t size, const char *name)
{
    size_t length = strlen(name);

    return size > length && !strncasecmp(line, name, length) && line[length] == ':';
}

static void read_header(struct http_reader *reader, const char *line, size_t size)
{
    char value[NUMBER_SIZE];

    if (is_field(line, size, "content-length")) {
        if (!copy_value(value, sizeof(value), line + 15, size - 15) ||
            parse_count(value, 0, INT64_MAX, &reader->left, NULL))
            reader->state = HTTP_BROKEN;
        reader->has_length = true;
    } else if (is_field(line, size, "transfer-encoding")) {
        reader->chunked = copy_value(value, sizeof(value), line + 18, size - 18) &&
                          !strcasecmp(value, "chunked");
        if (!reader->chunked)
            reader->state = HTTP_BROKEN; /* nobody has asked for another */
    } else if (is_field(line, size, "connection")) {
        if (copy_value(value, sizeof(value), line + 11, size - 11))
            reader->keep_alive = !strcasecmp(value, "keep-alive") ||
                                 (reader->keep_alive && strcasecmp(value, "close") != 0);
    }
}

/* The empty line has come: what follows? */
static void begin_body(struct http_reader *reader)
{
    if (reader->status < 200) {
        reader->state = HTTP_STATUS_LINE; /* an interim response; the real one follows */
    } else if (reader->status == 204 || reader->status == 304) {
        reader->state = HTTP_DONE;
    } else if (reader->chunked) {
        reader->state = HTTP_CHUNK_SIZE;
    } else if (reader->has_length) {
        reader->state = reader->left ? HTTP_BODY : HTTP_DONE;
    } else {
        reader->keep_alive = false;
        reader->state = HTTP_BODY_TO_END;
    }
}

/* "1a2b;extension": hexadecimal. */
static void read_chunk_size(struct http_reader *reader, const char *line, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    size_t count = 0;

    reader->left = 0;
    while (count < size && isxdigit((unsigned char)line[count])) {
        int digit = tolower((unsigned char)line[count]);

        if (++count > 15) {
            reader->state = HTTP_BROKEN;
            return;
        }
        reader->left = reader->left * 16 + (uint64_t)(strchr(digits, digit) - digits);
    }
    if (!count || !strchr("; \t\r\n", line[count]))
        reader->state = HTTP_BROKEN;
    else
        reader->state = reader->left ? HTTP_CHUNK : HTTP_TRAILER;
}

static bool is_empty(const char *line, size_t size)
{
    return size == 1 || (size == 2 && line[0] == '\r');
}

static void read_line(struct http_reader *reader, struct response *response,
                      const char *line, size_t size)
{
    if (reader->state != HTTP_CHUNK_SIZE && reader->state != HTTP_CHUNK_END)
        reader->head_bytes += size;
    if (reader->head_bytes > HEAD_MAX_BYTES) {
        reader->state = HTTP_BROKEN;
        return;
    }
    switch (reader->state) {
    case HTTP_STATUS_LINE:
        response_header(response, line, size);
        read_status_line(reader, line, size);
        break;
    case HTTP_HEADERS:
        response_header(response, line, size);
        if (is_empty(line, size))
            begin_body(reader);
        else
            read_header(reader, line, size);
        break;
    case HTTP_CHUNK_SIZE:
        read_chunk_size(reader, line, size);
        break;
    case HTTP_CHUNK_END:
        reader->state = is_empty(line, size) ? HTTP_CHUNK_SIZE : HTTP_BROKEN;
        break;
    default: /* HTTP_TRAILER */
        if (is_empty(line, size))
            reader->state = HTTP_DONE;
        break;
    }
}

/* -- pieces -------------------------------------------------------------------- */

static size_t take_body(struct http_reader *reader, struct response *response,
                        const char *data, size_t size)
{
    bool to_end = reader->state == HTTP_BODY_TO_END;

    if (!to_end && size > reader->left)
        size = (size_t)reader->left;
    if (!response_body(response, data, size)) {
        reader->state = HTTP_OVER_CAP;
        return size;
    }
    if (to_end)
        return size;
    reader->left -= size;
    if (!reader->left)
        reader->state = reader->state == HTTP_BODY ? HTTP_DONE : HTTP_CHUNK_END;
    return size;
}

size_t http_reader_take(struct http_reader *reader, struct response *response,
                        const char *data, size_t size)
{
    size_t used = 0;

    while (used < size && reader->state < HTTP_DONE) {
        const char *at = data + used;
        const char *end;

        if (reader->state == HTTP_BODY || reader->state == HTTP_BODY_TO_END ||
            reader->state == HTTP_CHUNK) {
            used += take_body(reader, response, at, size - used);
            continue;
        }
        end = memchr(at, '\n', size - used);
        if (!end)
            break;
        read_line(reader, response, at, (size_t)(end - at) + 1);
        used += (size_t)(end - at) + 1;
    }
    return used;
}

bool http_reader_end(struct http_reader *reader)
{
    if (reader->state == HTTP_BODY_TO_END)
        reader->state = HTTP_DONE;
    reader->keep_alive = false;
    return reader->state == HTTP_DONE;
}
