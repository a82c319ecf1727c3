/* http_reader.c - see http_reader.h. RFC 9112, as libcurl reads it. */
#include "strategies/support/http_reader.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* libcurl's limit on the digits of a chunk size, leading zeros included. */
enum { CHUNK_DIGITS_MAX = 16 };

void http_reader_begin(struct http_reader *reader)
{
    *reader = (struct http_reader){.state = HTTP_STATUS_LINE, .keep_alive = true};
}

/* -- the head ------------------------------------------------------------------ */

static const char version[] = "HTTP/1.";

/* "HTTP/1.1 200 OK". The version decides whether connections are kept by default. A head
 * with Connection: close closes, also if it is an interim one. */
static void read_status_line(struct http_reader *reader, const char *line, size_t size)
{
    enum { VERSION_BYTES = sizeof(version) - 1, STATUS_BYTES = sizeof("HTTP/1.1 200") };
    const char *digits = line + VERSION_BYTES + 2;

    reader->state = HTTP_FOREIGN;
    if (size < STATUS_BYTES || memcmp(line, version, VERSION_BYTES) != 0 ||
        (line[VERSION_BYTES] != '0' && line[VERSION_BYTES] != '1') ||
        line[VERSION_BYTES + 1] != ' ')
        return;
    if (digits[0] < '1' || digits[0] > '9' || !isdigit((unsigned char)digits[1]) ||
        !isdigit((unsigned char)digits[2]) || isdigit((unsigned char)digits[3]))
        return;
    reader->status = (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + digits[2] - '0';
    reader->http_10 = line[VERSION_BYTES] == '0';
    reader->keep_alive &= !reader->http_10;
    reader->lines = 0;
    reader->state = memchr(line, '\0', size) ? HTTP_BROKEN : HTTP_HEADERS;
}

/* A header's value without the blanks around it. */
struct value {
    const char *text;
    size_t size;
};

static bool is_field(const char *line, size_t size, const char *name, struct value *value)
{
    size_t length = strlen(name);

    if (size <= length || strncasecmp(line, name, length) != 0 || line[length] != ':')
        return false;
    value->text = line + length + 1;
    value->size = size - length - 1;
    while (value->size && (*value->text == ' ' || *value->text == '\t')) {
        value->text++;
        value->size--;
    }
    while (value->size && strchr(" \t\r\n", value->text[value->size - 1]))
        value->size--;
    return true;
}

static bool is_word(const struct value *value, const char *word)
{
    return value->size == strlen(word) && !strncasecmp(value->text, word, value->size);
}

/* Finds a word anywhere, as libcurl does: "closed" contains "close" too. */
static bool has_word(const struct value *value, const char *word)
{
    size_t length = strlen(word);

    for (size_t i = 0; i + length <= value->size; i++)
        if (!strncasecmp(value->text + i, word, length))
            return true;
    return false;
}

/* Reads the leading digits. A length that overflows counts as none, and the connection is
 * not kept. The last header counts. */
static void read_length(struct http_reader *reader, const struct value *value)
{
    uint64_t length = 0;
    size_t i = 0;

    for (; i < value->size && isdigit((unsigned char)value->text[i]); i++) {
        uint64_t digit = (uint64_t)(value->text[i] - '0');

        if (length > (INT64_MAX - digit) / 10) {
            reader->keep_alive = false;
            return;
        }
        length = length * 10 + digit;
    }
    if (!i)
        reader->state = HTTP_BROKEN;
    reader->left = length;
    reader->has_length = true;
}

static bool has_no_body(const struct http_reader *reader)
{
    return reader->status < 200 || reader->status == 204 || reader->status == 304;
}

static void read_field(struct http_reader *reader, const char *line, size_t size)
{
    struct value value;

    if (is_field(line, size, "content-length", &value)) {
        if (!has_no_body(reader))
            read_length(reader, &value);
    } else if (is_field(line, size, "transfer-encoding", &value)) {
        if (has_no_body(reader))
            return;
        reader->chunked = is_word(&value, "chunked");
        if (!reader->chunked)
            reader->state = HTTP_NOT_READ;
    } else if (is_field(line, size, "connection", &value)) {
        if (reader->http_10 && has_word(&value, "keep-alive"))
            reader->keep_alive = true;
        else if (has_word(&value, "close"))
            reader->keep_alive = false;
    }
}

/* A header line has a name and a colon without a CR before it, or it continues the line
 * before, which the first line cannot. */
static bool is_header(const struct http_reader *reader, const char *line, size_t size)
{
    const char *colon = memchr(line, ':', size);

    if (memchr(line, '\0', size))
        return false;
    if ((line[0] == ' ' || line[0] == '\t') && reader->lines > 1)
        return true;
    return line[0] != ' ' && line[0] != '\t' && colon &&
           !memchr(line, '\r', (size_t)(colon - line));
}

/* Chooses the next state after the empty line. */
static void begin_body(struct http_reader *reader)
{
    if (reader->status < 200 && reader->status != 101) {
        reader->state = HTTP_STATUS_LINE; /* an interim response; the final one follows */
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

static bool ends_head(const char *line)
{
    return line[0] == '\r' || line[0] == '\n';
}

/* -- chunks -------------------------------------------------------------------- */

static int digit_of(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

    return found ? (int)(found - digits) : -1;
}

/* Hexadecimal digits. */
static size_t take_chunk_size(struct http_reader *reader, const char *data, size_t size)
{
    size_t used = 0;
    int digit = -1;

    while (used < size && (digit = digit_of(data[used])) >= 0) {
        if (!reader->digits)
            reader->left = 0;
        if (++reader->digits > CHUNK_DIGITS_MAX ||
            reader->left > (uint64_t)INT64_MAX / 16) {
            reader->state = HTTP_BROKEN;
            return used;
        }
        reader->left = reader->left * 16 + (uint64_t)digit;
        used++;
    }
    if (used < size)
        reader->state = reader->digits ? HTTP_CHUNK_EXTENSION : HTTP_BROKEN;
    return used;
}

/* An extension is not kept, so it may have any length. */
static size_t take_chunk_extension(struct http_reader *reader, const char *data,
                                   size_t size)
{
    const char *end = memchr(data, '\n', size);

    if (!end)
        return size;
    reader->digits = 0;
    reader->state = reader->left ? HTTP_CHUNK : HTTP_TRAILER;
    return (size_t)(end - data) + 1;
}

static size_t take_chunk_end(struct http_reader *reader, const char *data, size_t size)
{
    size_t used = 0;

    while (used < size && data[used] == '\r')
        used++;
    if (used == size)
        return used;
    reader->state = data[used] == '\n' ? HTTP_CHUNK_SIZE : HTTP_BROKEN;
    return used + 1;
}

static void read_trailer(struct http_reader *reader, struct response *response,
                         const char *line, size_t size)
{
    bool has_cr = size > 1 && line[size - 2] == '\r';
    size_t length = size - 1 - has_cr;

    if (!length)
        reader->state = HTTP_DONE;
    else if (!is_header(reader, line, size) || memchr(line, '\r', length) ||
             length + 2 >= RESPONSE_TRAILER_CAP_BYTES)
        reader->state = HTTP_BROKEN;
    else if (!response_header(response, line, size))
        reader->state = HTTP_OVER_CAP;
}

/* -- pieces -------------------------------------------------------------------- */

static void read_line(struct http_reader *reader, struct response *response,
                      const char *line, size_t size)
{
    if (size >= RESPONSE_LINE_CAP_BYTES) {
        reader->state = HTTP_LINE_TOO_LONG;
        return;
    }
    if (reader->state == HTTP_TRAILER) {
        read_trailer(reader, response, line, size);
        return;
    }
    if (reader->state == HTTP_STATUS_LINE)
        read_status_line(reader, line, size);
    else if (ends_head(line))
        begin_body(reader);
    else if (is_header(reader, line, size))
        read_field(reader, line, size);
    else
        reader->state = HTTP_BROKEN;
    reader->lines += reader->state == HTTP_HEADERS;
    if (reader->state < HTTP_LINE_TOO_LONG && !response_header(response, line, size))
        reader->state = HTTP_OVER_CAP;
}

/* Rejects an incomplete line that can no longer become valid. */
static void check_beginning(struct http_reader *reader, const char *line, size_t size)
{
    size_t length = sizeof("HTTP/") - 1;

    if (reader->state == HTTP_STATUS_LINE &&
        memcmp(line, version, size < length ? size : length) != 0)
        reader->state = HTTP_FOREIGN;
    else if (reader->state == HTTP_TRAILER && size >= RESPONSE_TRAILER_CAP_BYTES)
        reader->state = HTTP_BROKEN;
    else if (size >= RESPONSE_LINE_CAP_BYTES)
        reader->state = HTTP_LINE_TOO_LONG;
}

static size_t take_line(struct http_reader *reader, struct response *response,
                        const char *data, size_t size)
{
    const char *end = memchr(data, '\n', size);

    if (!end) {
        check_beginning(reader, data, size);
        return 0;
    }
    read_line(reader, response, data, (size_t)(end - data) + 1);
    return (size_t)(end - data) + 1;
}

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

static size_t take_piece(struct http_reader *reader, struct response *response,
                         const char *data, size_t size)
{
    switch (reader->state) {
    case HTTP_BODY:
    case HTTP_BODY_TO_END:
    case HTTP_CHUNK:
        return take_body(reader, response, data, size);
    case HTTP_CHUNK_SIZE:
        return take_chunk_size(reader, data, size);
    case HTTP_CHUNK_EXTENSION:
        return take_chunk_extension(reader, data, size);
    case HTTP_CHUNK_END:
        return take_chunk_end(reader, data, size);
    default:
        return take_line(reader, response, data, size);
    }
}

size_t http_reader_take(struct http_reader *reader, struct response *response,
                        const char *data, size_t size)
{
    size_t used = 0;

    while (used < size && reader->state < HTTP_DONE) {
        enum http_state before = reader->state;
        size_t piece = take_piece(reader, response, data + used, size - used);

        used += piece;
        if (!piece && reader->state == before)
            break; /* an unfinished line */
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
