/* runs.c - see runs.h. */
#include "analysis/rows/runs.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analysis/rows/csv.h"
#include "base/file.h"

/* The whole file as text: no results file has a zero byte. Owner: the caller, free(). */
static char *read_text(const char *path, struct err *err)
{
    size_t size;
    char *text;

    return file_read(path, &text, &size, err) ? NULL : text;
}

static int keep_text(struct runs *runs, char *text, struct err *err)
{
    char **texts = realloc(runs->texts, (runs->text_count + 1) * sizeof(*texts));

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
    struct row *rows = realloc(runs->rows, (runs->count + 1) * sizeof(*rows));

    if (!rows) {
        (void)err_errno(err, "no memory for %zu rows", runs->count + 1);
        return NULL;
    }
    runs->rows = rows;
    rows[runs->count] = (struct row){0};
    return &rows[runs->count];
}

/* Which column each field of a record is; COLUMN_COUNT for one that is not known. */
static int read_header(struct csv_reader *reader, enum column **out, struct err *err)
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
    *out = order;
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
        if (!seen[needed[i]])
            return err_set(err, "it has no column '%s', so it holds no runs of bench",
                           columns[needed[i]].name);
    return 0;
}

static int read_rows(struct runs *runs, struct csv_reader *reader,
                     const enum column *order, size_t width, struct err *err)
{
    int more;

    while ((more = csv_read(reader, err)) == 1) {
        struct row *row;

        if (reader->count != width)
            return err_set(err, "line %zu has %zu fields where the header has %zu%s",
                           reader->line, reader->count, width,
                           *reader->at ? ""
                                       : "; it is the last one: if the program was "
                                         "killed, bench --resume --out "
                                         "DIRECTORY mends the file");
        row = add_row(runs, err);
        if (!row)
            return -1;
        for (size_t i = 0; i < width; i++)
            if (order[i] != COLUMN_COUNT &&
                row_parse(row, order[i], reader->fields[i], err))
                return err_prefix(err, "line %zu", reader->line);
        runs->count++;
    }
    return more;
}

/* Adds the rows of a text, which is taken over. */
static int read_rows_of(struct runs *runs, const char *path, char *text, struct err *err)
{
    enum column *order = NULL;
    struct csv_reader reader;
    int result;

    if (keep_text(runs, text, err))
        return -1;
    csv_reader_init(&reader, text);
    result = read_header(&reader, &order, err);
    if (!result)
        result = read_rows(runs, &reader, order, reader.count, err);
    free(order);
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

int runs_read(struct runs *runs, const char *path, struct err *err)
{
    struct stat info;
    char *inside = NULL;
    int result;

    if (stat(path, &info))
        return err_errno(err, "cannot read %s", path);
    if (!S_ISDIR(info.st_mode))
        return read_file(runs, path, err);
    if (asprintf(&inside, "%s/runs.csv", path) < 0)
        return err_errno(err, "no memory for a path");
    result = read_file(runs, inside, err);
    free(inside);
    return result;
}

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
