/* request_rows.c - see request_rows.h. */
#include "analysis/rows/request_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/rows/records.h"
#include "base/text.h"

struct reading {
    size_t *order; /* the column of each field; REQUEST_COLUMN_COUNT: unknown */
    size_t width;
    requests_each_fn *each;
    void *user;
};

static size_t find_column(const char *name)
{
    size_t i = 0;

    while (i < REQUEST_COLUMN_COUNT && strcmp(request_columns[i].name, name) != 0)
        i++;
    return i;
}

static int read_header(struct reading *reading, struct csv_reader *reader,
                       struct err *err)
{
    static const enum request_column needed[] = {REQUEST_round, REQUEST_strategy,
                                                 REQUEST_level, REQUEST_begin_us};
    bool seen[REQUEST_COLUMN_COUNT + 1] = {false};

    if (csv_read(reader, err) != 1) /* a part that is not empty has a first record */
        return -1;
    reading->order = calloc(reader->count, sizeof(*reading->order));
    if (!reading->order)
        return err_errno(err, "no memory for the header");
    reading->width = reader->count;
    for (size_t i = 0; i < reader->count; i++) {
        reading->order[i] = find_column(reader->fields[i]);
        seen[reading->order[i]] = true;
    }
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
        if (!seen[needed[i]])
            return err_set(err, "no column '%s', so this is no requests.csv of bench",
                           request_columns[needed[i]].name);
    return 0;
}

static int read_row(const struct reading *reading, const struct csv_reader *reader,
                    struct err *err)
{
    struct field fields[REQUEST_COLUMN_COUNT] = {{.present = false}};

    for (size_t i = 0; i < reading->width; i++) {
        size_t column = reading->order[i];

        if (column != REQUEST_COLUMN_COUNT &&
            field_parse(&fields[column], &request_columns[column], reader->fields[i],
                        err))
            return err_prefix(err, "line %zu", reader->line);
    }
    return reading->each(reading->user, fields, err);
}

static int read_part(void *user, struct csv_reader *reader, struct err *err)
{
    struct reading *reading = user;
    int more;

    if (!reading->order && read_header(reading, reader, err))
        return -1;
    while ((more = csv_read(reader, err)) == 1) {
        bool is_whole = reader->count == reading->width;

        if (!is_whole && *reader->at)
            return err_set(err, "line %zu has %zu %s, but the header has %zu",
                           reader->line, reader->count,
                           plural(reader->count, "field", "fields"), reading->width);
        if (is_whole && read_row(reading, reader, err))
            return -1;
    }
    return more;
}

int requests_each(const char *path, requests_each_fn *each, void *user, struct err *err)
{
    struct reading reading = {.each = each, .user = user};
    int result = records_each_part(path, read_part, &reading, err);

    free(reading.order);
    return result;
}

const char *request_text(const struct field *fields, enum request_column column)
{
    return fields[column].present ? fields[column].text : "";
}

double request_number(const struct field *fields, enum request_column column)
{
    if (!fields[column].present)
        return NAN;
    return request_columns[column].type == COLUMN_TYPE_COUNT
               ? (double)fields[column].count
               : fields[column].number;
}

uint64_t request_count(const struct field *fields, enum request_column column)
{
    return fields[column].present ? fields[column].count : 0;
}
