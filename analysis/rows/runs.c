/* runs.c - see runs.h. */
#include "analysis/rows/runs.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analysis/rows/records.h"
#include "base/file.h"
#include "base/suggest.h"
#include "base/text.h"

/* The whole file as text: no results file has a zero byte. Owner: the caller, free(). */
static char *read_text(const char *path, struct err *err)
{
    size_t size;
    char *text;

    return file_read(path, &text, &size, err) ? NULL : text;
}

/* Room for one more of `count` things; they are added one by one. NULL without memory. */
static void *make_room_for_one(void *things, size_t count, size_t thing_bytes)
{
    enum { FIRST = 16 };
    bool is_full = !count || (count >= FIRST && !(count & (count - 1)));
    size_t room = count < FIRST ? (size_t)FIRST : 2 * count;

    return is_full ? realloc(things, room * thing_bytes) : things;
}

static int keep_text(struct runs *runs, char *text, struct err *err)
{
    char **texts = make_room_for_one(runs->texts, runs->text_count, sizeof(*texts));

    if (!texts) {
        free(text);
        return err_errno(err, "no memory for the results");
    }
    runs->texts = texts;
    runs->texts[runs->text_count++] = text;
    return 0;
}

static struct row *add_row(struct runs *runs, struct err *err)
{
    struct row *rows = make_room_for_one(runs->rows, runs->count, sizeof(*rows));

    if (!rows) {
        (void)err_errno(err, "no memory for %zu %s", runs->count + 1,
                        plural(runs->count + 1, "row", "rows"));
        return NULL;
    }
    runs->rows = rows;
    rows[runs->count] = (struct row){0};
    return &rows[runs->count];
}

/* The header of a file: the column of each field of a record. */
struct layout {
    enum column *order;
    size_t width;
};

static int lacks_column(const struct csv_reader *reader, const char *name,
                        struct err *err)
{
    struct suggestion close = suggest_begin(name, strlen(name));

    for (size_t i = 0; i < reader->count; i++)
        suggest_offer(&close, reader->fields[i]);
    if (close.best)
        return err_set(err, "no column '%s'; is it the column '%s'?", name, close.best);
    return err_set(err, "no column '%s', so this is no runs.csv of bench", name);
}

/* Finds the column of each field of a record; COLUMN_COUNT for an unknown one. */
static int read_header(struct csv_reader *reader, struct layout *layout, struct err *err)
{
    static const enum column needed[] = {COLUMN_strategy, COLUMN_level, COLUMN_status};
    bool seen[COLUMN_COUNT + 1] = {false};
    enum column *order;

    if (csv_read(reader, err) != 1) /* a text that is not empty has a first line */
        return -1;
    order = calloc(reader->count, sizeof(*order));
    if (!order)
        return err_errno(err, "no memory for the header");
    for (size_t i = 0; i < reader->count; i++) {
        order[i] = column_find(reader->fields[i]);
        seen[order[i]] = true;
    }
    *layout = (struct layout){order, reader->count};
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
        if (!seen[needed[i]])
            return lacks_column(reader, columns[needed[i]].name, err);
    return 0;
}

/* Calls `each` with the rows of the reader's text. */
static int read_rows(struct csv_reader *reader, const struct layout *layout,
                     runs_each_fn *each, void *user, struct err *err)
{
    int more;

    while ((more = csv_read(reader, err)) == 1) {
        struct row row = {0};

        if (reader->count != layout->width)
            return err_set(err, "line %zu has %zu %s, but the header has %zu%s",
                           reader->line, reader->count,
                           plural(reader->count, "field", "fields"), layout->width,
                           *reader->at ? ""
                                       : "; this is the last line: if bench was "
                                         "killed, 'bench --resume --out "
                                         "DIRECTORY' repairs the file");
        for (size_t i = 0; i < layout->width; i++)
            if (layout->order[i] != COLUMN_COUNT &&
                row_parse(&row, layout->order[i], reader->fields[i], err))
                return err_prefix(err, "line %zu", reader->line);
        if (each(user, &row, err))
            return -1;
    }
    return more;
}

static int keep_row(void *user, const struct row *row, struct err *err)
{
    struct runs *runs = user;
    struct row *kept = add_row(runs, err);

    if (!kept)
        return -1;
    *kept = *row;
    runs->count++;
    return 0;
}

/* Adds the rows of a text and takes ownership of it. */
static int read_rows_of(struct runs *runs, const char *path, char *text, struct err *err)
{
    struct layout layout = {.order = NULL};
    struct csv_reader reader;
    int result;

    if (keep_text(runs, text, err))
        return -1;
    csv_reader_init(&reader, text);
    result = read_header(&reader, &layout, err);
    if (!result)
        result = read_rows(&reader, &layout, keep_row, runs, err);
    free(layout.order);
    csv_reader_free(&reader);
    return result ? err_prefix(err, "%s", path) : 0;
}

static int read_file(struct runs *runs, const char *path, struct err *err)
{
    char *text = read_text(path, err);

    if (text && text[0])
        return read_rows_of(runs, path, text, err);
    free(text);
    return text ? err_set(err, "%s is empty", path) : -1;
}

int runs_read_whole_lines(struct runs *runs, const char *path, int64_t *bytes,
                          struct err *err)
{
    char *text = read_text(path, err);
    char *last;

    *bytes = 0;
    if (!text)
        return -1;
    last = strrchr(text, '\n');
    if (!last) {
        free(text);
        return 0;
    }
    last[1] = '\0';
    *bytes = last + 1 - text;
    return read_rows_of(runs, path, text, err);
}

/* The file that a path leads to, which may be the directory of a run. Owner: the caller,
 * free(). */
static char *file_of(const char *path, struct err *err)
{
    struct stat info;
    char *file = NULL;

    if (stat(path, &info)) {
        (void)err_errno(err, "cannot read %s", path);
        return NULL;
    }
    if (asprintf(&file, S_ISDIR(info.st_mode) ? "%s/runs.csv" : "%s", path) < 0) {
        (void)err_errno(err, "no memory for a path");
        return NULL;
    }
    return file;
}

int runs_read(struct runs *runs, const char *path, struct err *err)
{
    char *file = file_of(path, err);
    int result = file ? read_file(runs, file, err) : -1;

    free(file);
    return result;
}

/* -- row by row ---------------------------------------------------------------- */

struct row_reading {
    struct layout layout;
    runs_each_fn *each;
    void *user;
};

static int read_part(void *user, struct csv_reader *reader, struct err *err)
{
    struct row_reading *reading = user;

    if (!reading->layout.order && read_header(reader, &reading->layout, err))
        return -1;
    return read_rows(reader, &reading->layout, reading->each, reading->user, err);
}

int runs_each(const char *path, runs_each_fn *each, void *user, struct err *err)
{
    struct row_reading reading = {.each = each, .user = user};
    char *name = file_of(path, err);
    int result = name ? records_each_part(name, read_part, &reading, err) : -1;

    free(reading.layout.order);
    free(name);
    return result;
}

/* -- keeping ------------------------------------------------------------------- */

int runs_add(struct runs *runs, const struct row *row, struct err *err)
{
    struct row *copy = add_row(runs, err);

    if (!copy)
        return -1;
    *copy = *row;
    for (int i = 0; i < COLUMN_COUNT; i++) {
        struct field *field = &copy->fields[i];
        char *text;

        if (columns[i].type != COLUMN_TYPE_TEXT || !field->present)
            continue;
        text = strdup(field->text);
        if (!text)
            return err_errno(err, "no memory for a row");
        if (keep_text(runs, text, err))
            return -1;
        field->text = text;
    }
    runs->count++;
    return 0;
}

void runs_free(struct runs *runs)
{
    for (size_t i = 0; i < runs->text_count; i++)
        free(runs->texts[i]);
    free(runs->texts);
    free(runs->rows);
    *runs = (struct runs){0};
}
