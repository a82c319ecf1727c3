/* json.c - see json.h. */
#include "base/json.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/parse.h"
#include "base/text.h"
#include "base/utf8.h"

/* Twelve digits hold the nine decimals of a row, and 0.1 stays 0.1. */
enum { DIGITS = 12 };

/* -- building ------------------------------------------------------------------ */

void json_add(json_t **array, json_t *value)
{
    if (json_array_append_new(*array, value)) {
        json_decref(*array);
        *array = NULL;
    }
}

void json_put(json_t **object, const char *key, json_t *value)
{
    if (json_object_set_new(*object, key, value)) {
        json_decref(*object);
        *object = NULL;
    }
}

void json_put_text(json_t **object, const char *key, const char *text)
{
    if (text)
        json_put(object, key, json_of_bytes(text));
}

void json_put_count(json_t **object, const char *key, uint64_t count)
{
    json_put(object, key, json_of_count(count));
}

void json_put_number(json_t **object, const char *key, double number)
{
    if (isfinite(number))
        json_put(object, key, json_real(number));
}

/* A string for people. A new reference; NULL: no memory. */
static json_t *shown_text(const char *text)
{
    char *copy = strdup(text);
    json_t *value;

    for (char *at = copy; at && *at;) {
        size_t length = utf8_length(at);

        if (!length)
            *at = '?';
        at += length ? length : 1;
    }
    value = json_string(copy); /* NULL if there is no copy */
    free(copy);
    return value;
}

void json_put_shown(json_t **object, const char *key, const char *text)
{
    if (text && text[0])
        json_put(object, key, shown_text(text));
}

int json_write_shown(FILE *out, const char *text, struct err *err)
{
    json_t *value = shown_text(text);
    int result = value ? json_dumpf(value, out, JSON_ENCODE_ANY | JSON_ENSURE_ASCII) : -1;

    json_decref(value);
    return result && !ferror(out) ? err_set(err, "no memory for a text") : 0;
}

json_t *json_of_count(uint64_t count)
{
    return count <= INT64_MAX ? json_integer((json_int_t)count)
                              : json_sprintf("%" PRIu64, count);
}

json_t *json_of_number(double number)
{
    return isfinite(number) ? json_real(number) : json_null();
}

/* -- bytes that are not UTF-8: base64, RFC 4648, section 4 --------------------- */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz0123456789+/";

static json_t *encode(const char *text)
{
    size_t size = strlen(text);
    char *code = malloc((size + 2) / 3 * 4 + 1);
    char *at = code;
    json_t *value;

    if (!code)
        return NULL;
    for (size_t i = 0; i < size; i += 3) {
        uint32_t block = 0;

        for (size_t j = i; j < i + 3; j++)
            block = block << 8 | (j < size ? (unsigned char)text[j] : 0);
        for (size_t j = 0; j < 4; j++)
            *at++ = (char)(i + j > size ? '=' : alphabet[block >> (18 - 6 * j) & 63]);
    }
    *at = '\0';
    value = json_object();
    json_put(&value, "base64", json_string(code));
    free(code);
    return value;
}

/* NULL: this is not base64 of a text, or there is no memory. */
static char *decode(const char *code)
{
    size_t size = strlen(code);
    char *text = malloc(size / 4 * 3 + 1);
    size_t used = 0;
    uint32_t block = 0;
    bool good = text && size % 4 == 0;

    for (size_t i = 0; good && i < size; i++) {
        bool is_end = code[i] == '=' && i + 2 >= size &&
                      (i + 1 == size || code[i + 1] == '=');
        const char *letter = is_end ? alphabet : strchr(alphabet, code[i]);

        good = letter;
        block = block << 6 | (letter ? (uint32_t)(letter - alphabet) : 0);
        if (i % 4 && !is_end)
            text[used++] = (char)(block >> (6 - i % 4 * 2) & 0xFF);
    }
    if (!good || memchr(text, '\0', used)) {
        free(text);
        return NULL;
    }
    text[used] = '\0';
    return text;
}

static bool is_utf8(const char *text)
{
    size_t length = 1;

    while (*text && length) {
        length = utf8_length(text);
        text += length;
    }
    return !*text;
}

json_t *json_of_bytes(const char *text)
{
    return is_utf8(text) ? json_string(text) : encode(text);
}

/* -- reading ------------------------------------------------------------------- */

int json_read_text(const json_t *value, char **text, struct err *err)
{
    const char *code = json_string_value(json_object_get(value, "base64"));

    *text = json_is_string(value) ? strdup(json_string_value(value))
            : code                ? decode(code)
                                  : NULL;
    return *text ? 0 : err_set(err, "not a string");
}

int json_read_count(const json_t *value, uint64_t *count, struct err *err)
{
    if (json_is_string(value))
        return parse_count(json_string_value(value), 0, UINT64_MAX, count, err);
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return err_set(err, "not a whole number");
    *count = (uint64_t)json_integer_value(value);
    return 0;
}

double json_get_number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return json_is_number(value) ? json_number_value(value) : NAN;
}

/* -- files --------------------------------------------------------------------- */

char *json_text(const json_t *value)
{
    return value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS)
                 : strdup("absent");
}

/* jansson 2.14 does not check whether the text of a token could grow, and then writes
 * past its end. So while it parses, no allocation fails: a reserve serves the input it
 * has already buffered, it gets no further input, and the result is discarded. One thread
 * at a time. */
enum { RESERVE_BYTES = 256 * 1024 };

static struct {
    max_align_t blocks[RESERVE_BYTES / sizeof(max_align_t)];
    size_t used; /* blocks in use; 0: memory has never run out */
} reserve;

static void *parse_malloc(size_t size)
{
    size_t count = size / sizeof(max_align_t) + 1;
    void *block = malloc(size);

    if (block || count > RESERVE_BYTES / sizeof(max_align_t) - reserve.used)
        return block;
    reserve.used += count;
    return &reserve.blocks[reserve.used - count];
}

static void parse_free(void *block)
{
    uintptr_t offset = (uintptr_t)block - (uintptr_t)reserve.blocks;

    if (offset >= sizeof(reserve.blocks))
        free(block);
}

/* The input of the parser: a file, or with fd -1 a text. */
struct source {
    int fd;
    const char *bytes;
    size_t size;
};

static size_t give(void *buffer, size_t room, void *user)
{
    struct source *source = user;
    size_t size = source->size < room ? source->size : room;
    ssize_t got;

    if (reserve.used)
        return (size_t)-1;
    if (source->fd >= 0) {
        do
            got = read(source->fd, buffer, room);
        while (got < 0 && errno == EINTR);
        return (size_t)got;
    }
    if (size)
        memcpy(buffer, source->bytes, size);
    source->bytes += size;
    source->size -= size;
    return size;
}

static json_t *parse(struct source source, json_error_t *error)
{
    json_malloc_t before_malloc;
    json_free_t before_free;
    json_t *value;

    json_get_alloc_funcs(&before_malloc, &before_free);
    json_set_alloc_funcs(parse_malloc, parse_free);
    reserve.used = 0;
    value = json_load_callback(give, &source, 0, error);
    if (reserve.used) {
        json_decref(value);
        value = NULL;
        (void)snprintf(error->text, sizeof(error->text), "no memory to read it");
    }
    json_set_alloc_funcs(before_malloc, before_free);
    return value;
}

json_t *json_parse_fd(int fd, json_error_t *error)
{
    return parse((struct source){fd, NULL, 0}, error);
}

int json_read_file(json_t **object, const char *path, struct err *err)
{
    json_error_t error;
    size_t size;
    char *bytes;
    int result = 0;

    *object = NULL;
    if (file_read(path, &bytes, &size, err))
        return -1;
    *object = parse((struct source){-1, bytes, size}, &error);
    if (!*object)
        result = err_set(err, "%s: line %d: %s", path, error.line, error.text);
    else if (!json_is_object(*object))
        result = err_set(err, "%s: not a JSON object", path);
    if (result) {
        json_decref(*object);
        *object = NULL;
    }
    free(bytes);
    return result;
}

static int dump(json_t *value, FILE *out, size_t flags, struct err *err)
{
    int result;

    if (!value)
        return err_set(err, "no memory to build JSON");
    result = json_dumpf(value, out, JSON_INDENT(2) | JSON_REAL_PRECISION(DIGITS) | flags);
    json_decref(value);
    (void)fputc('\n', out);
    return result || ferror(out) ? err_errno(err, "cannot write JSON") : 0;
}

int json_write(json_t *value, FILE *out, struct err *err)
{
    return dump(value, out, JSON_ENSURE_ASCII, err);
}

int json_replace_file(json_t *value, const char *path, struct err *err)
{
    struct text text;
    char *bytes;
    size_t size;
    int result;

    if (text_open(&text, err)) {
        json_decref(value);
        return -1;
    }
    if (dump(value, text.out, 0, err)) {
        text_drop(&text);
        return err_prefix(err, "%s", path);
    }
    bytes = text_close(&text, &size, err);
    result = bytes ? file_replace(path, bytes, size, err) : -1;
    free(bytes);
    return result;
}
