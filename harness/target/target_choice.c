/* target_choice.c - see target_choice.h. */
#include "harness/target/target_choice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/json.h"
#include "harness/target/http_header.h"

enum { HEADERS_MAX = 32, SOURCES_MAX = 10000 };

/* -- URLs ---------------------------------------------------------------------- */

static struct target_source *add_source(struct target_choice *choice, struct err *err)
{
    size_t count = choice->source_count;
    struct target_source *more;

    if (count == SOURCES_MAX) {
        (void)err_set(err, "more than %d URLs; put them into a file and give --urls FILE",
                      SOURCES_MAX);
        return NULL;
    }
    more = realloc(choice->sources, (count + 1) * sizeof(*more));
    if (!more) {
        (void)err_errno(err, "no memory for the URLs");
        return NULL;
    }
    choice->sources = more;
    choice->sources[count] = (struct target_source){0};
    choice->source_count++;
    return &choice->sources[count];
}

static int parse_url(void *object, const char *text, struct err *err)
{
    struct target_source *source = add_source(object, err);

    return source ? texts_add(&source->urls, text, err) : -1;
}

static void reset_urls(void *object)
{
    struct target_choice *choice = object;

    for (size_t i = 0; i < choice->source_count; i++) {
        free(choice->sources[i].file);
        free(choice->sources[i].lines);
        texts_free(&choice->sources[i].urls);
    }
    free(choice->sources);
    choice->sources = NULL;
    choice->source_count = 0;
}

/* Strips blanks and line ends on either side. */
static char *trim(char *line, size_t length)
{
    static const char blanks[] = " \t\r\n";

    while (length && strchr(blanks, line[length - 1]))
        line[--length] = '\0';
    return line + strspn(line, blanks);
}

static int add_line(struct target_source *source, char *line, size_t length,
                    unsigned number, struct err *err)
{
    static const char bom[] = "\xef\xbb\xbf";
    unsigned *lines;
    char *text;

    if (memchr(line, '\0', length))
        return err_set(err, "a zero byte; the file is not a list of URLs");
    if (number == 1 && !strncmp(line, bom, strlen(bom))) {
        line += strlen(bom);
        length -= strlen(bom);
    }
    text = trim(line, length);
    if (!*text || *text == '#')
        return 0;
    lines = realloc(source->lines, (source->urls.count + 1) * sizeof(*lines));
    if (!lines)
        return err_errno(err, "no memory for the URLs");
    source->lines = lines;
    lines[source->urls.count] = number;
    return texts_add(&source->urls, text, err);
}

static int read_lines(struct target_source *source, FILE *file, struct err *err)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    int result = 0;

    for (unsigned number = 1; !result && (length = getline(&line, &room, file)) >= 0;
         number++)
        if (add_line(source, line, (size_t)length, number, err))
            result = err_prefix(err, "%s:%u", source->file, number);
    free(line);
    if (!result && ferror(file))
        return err_errno(err, "cannot read %s", source->file);
    if (!result && !source->urls.count)
        return err_set(err, "%s has no URL", source->file);
    return result;
}

static int parse_urls(void *object, const char *path, struct err *err)
{
    bool is_stdin = !strcmp(path, "-");
    struct target_source *source;
    FILE *file;
    int result;

    if (!path[0])
        return err_set(err,
                       "the file name is empty; give a file, or - for standard input");
    source = add_source(object, err);
    if (!source)
        return -1;
    source->file = strdup(is_stdin ? "(standard input)" : path);
    if (!source->file)
        return err_errno(err, "no memory for a path");
    file = is_stdin ? stdin : fopen(path, "re");
    if (!file)
        return err_errno(err, "cannot read %s", path);
    result = read_lines(source, file, err);
    if (!is_stdin)
        (void)fclose(file);
    return result;
}

/* "TEMPLATE" for --url, {"file": PATH, "urls": [...]} for --urls. */
static json_t *urls_to_json(const void *object)
{
    const struct target_choice *choice = object;
    json_t *list = json_array();

    for (size_t i = 0; i < choice->source_count; i++) {
        const struct target_source *source = &choice->sources[i];
        json_t *file;

        if (!source->file) {
            json_add(&list, json_of_bytes(source->urls.items[0]));
            continue;
        }
        file = json_object();
        json_put(&file, "file", json_of_bytes(source->file));
        json_put(&file, "urls", texts_to_json(&source->urls));
        json_add(&list, file);
    }
    return list;
}

VALUE_PARSER(add_template, texts_add)

static int read_file_source(struct target_choice *choice, const json_t *json,
                            struct err *err)
{
    const json_t *urls = json_object_get(json, "urls");
    struct target_source *source = add_source(choice, err);

    if (!source || json_read_text(json_object_get(json, "file"), &source->file, err))
        return -1;
    if (!json_array_size(urls))
        return err_set(err, "a list of URLs is empty");
    return value_each_text(urls, &source->urls, add_template, err);
}

static int urls_from_json(void *object, const json_t *json, struct err *err)
{
    if (!json_is_array(json))
        return err_set(err, "it is not a list");
    for (size_t i = 0; i < json_array_size(json); i++) {
        const json_t *item = json_array_get(json, i);
        char *text;
        int result;

        if (json_object_get(item, "urls")) {
            if (read_file_source(object, item, err))
                return -1;
            continue;
        }
        if (json_read_text(item, &text, err))
            return -1;
        result = parse_url(object, text, err);
        free(text);
        if (result)
            return -1;
    }
    return 0;
}

const struct value_ops target_url_ops = {.parse = parse_url,
                                         .to_json = urls_to_json,
                                         .from_json = urls_from_json,
                                         .reset = reset_urls};
const struct value_ops target_urls_ops = {.parse = parse_urls};

/* -- headers ------------------------------------------------------------------- */

/* A header that is given again takes the new value. */
static int parse_header(void *object, const char *text, struct err *err)
{
    struct texts *headers = &((struct target_choice *)object)->headers;

    if (http_header_check(text, err))
        return -1;
    for (size_t i = 0; i < headers->count; i++) {
        char *copy;

        if (!http_header_same_name(headers->items[i], text))
            continue;
        copy = strdup(text);
        if (!copy)
            return err_errno(err, "no memory for a header");
        free(headers->items[i]);
        headers->items[i] = copy;
        return 0;
    }
    if (headers->count == HEADERS_MAX)
        return err_set(err, "more than %d headers", HEADERS_MAX);
    return texts_add(headers, text, err);
}

static void reset_headers(void *object)
{
    texts_free(&((struct target_choice *)object)->headers);
}

/* Secret values are not written: a run that reads the file needs them given again. */
static json_t *headers_to_json(const void *object)
{
    const struct texts *headers = &((const struct target_choice *)object)->headers;
    json_t *list = json_array();

    for (size_t i = 0; i < headers->count; i++) {
        char *masked = http_header_masked(headers->items[i]);

        json_add(&list, masked ? json_of_bytes(masked) : NULL);
        free(masked);
    }
    return list;
}

static int headers_from_json(void *object, const json_t *json, struct err *err)
{
    return value_each_text(json, object, parse_header, err);
}

const struct value_ops target_header_ops = {.parse = parse_header,
                                            .to_json = headers_to_json,
                                            .from_json = headers_from_json,
                                            .reset = reset_headers,
                                            .merges = true};

/* -- CAs ----------------------------------------------------------------------- */

/* Reads the whole file for its checksum and for the lines that make it PEM. */
static int sum_up(FILE *file, const char *path, uint32_t *sum, struct err *err)
{
    static const char begin[] = "-----BEGIN CERTIFICATE-----";
    static const char end[] = "-----END CERTIFICATE-----";
    uLong crc = crc32(0, NULL, 0);
    char line[256];
    bool begun = false;
    bool ended = false;

    while (fgets(line, sizeof(line), file)) {
        begun |= !strncmp(line, begin, sizeof(begin) - 1);
        ended |= begun && !strncmp(line, end, sizeof(end) - 1);
        crc = crc32(crc, (const Bytef *)line, (uInt)strlen(line));
    }
    if (ferror(file))
        return err_errno(err, "cannot read %s", path);
    if (!ended)
        return err_set(err, "%s has no certificate in PEM format", path);
    *sum = (uint32_t)crc;
    return 0;
}

static void reset_ca(void *object)
{
    struct target_choice *choice = object;

    free(choice->ca_file);
    choice->ca_file = NULL;
    choice->ca_crc32 = 0;
}

static int parse_ca(void *object, const char *path, struct err *err)
{
    struct target_choice *choice = object;
    FILE *file = path[0] ? fopen(path, "re") : NULL;
    int result;

    if (!path[0])
        return err_set(err, "the file name is empty; give a file");
    if (!file)
        return err_errno(err, "cannot read %s", path);
    reset_ca(choice);
    choice->ca_file = strdup(path);
    result = choice->ca_file ? sum_up(file, path, &choice->ca_crc32, err)
                             : err_errno(err, "no memory for a path");
    (void)fclose(file);
    return result;
}

static json_t *ca_to_json(const void *object)
{
    const struct target_choice *choice = object;
    json_t *ca;

    if (!choice->ca_file)
        return json_null();
    ca = json_object();
    json_put(&ca, "file", json_of_bytes(choice->ca_file));
    json_put(&ca, "crc32", json_of_count(choice->ca_crc32));
    return ca;
}

/* The file is read again: its present content counts. */
static int ca_from_json(void *object, const json_t *json, struct err *err)
{
    char *path;
    int result;

    if (json_is_null(json))
        return 0;
    if (json_read_text(json_object_get(json, "file"), &path, err))
        return -1;
    result = parse_ca(object, path, err);
    free(path);
    return result;
}

const struct value_ops target_ca_ops = {.parse = parse_ca,
                                        .to_json = ca_to_json,
                                        .from_json = ca_from_json,
                                        .reset = reset_ca};
