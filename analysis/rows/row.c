/* row.c - see row.h. */
#include "analysis/rows/row.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

void row_set_text(struct row *row, enum column column, const char *text)
{
    field_set_text(&row->fields[column], &columns[column], text);
}

void row_set_count(struct row *row, enum column column, uint64_t count)
{
    field_set_count(&row->fields[column], &columns[column], count);
}

void row_set_number(struct row *row, enum column column, double number)
{
    field_set_number(&row->fields[column], &columns[column], number);
}

const char *row_text(const struct row *row, enum column column)
{
    const struct field *field = &row->fields[column];

    return field->present && columns[column].type == COLUMN_TYPE_TEXT ? field->text : "";
}

uint64_t row_count(const struct row *row, enum column column)
{
    const struct field *field = &row->fields[column];

    return field->present && columns[column].type == COLUMN_TYPE_COUNT ? field->count : 0;
}

double row_number(const struct row *row, enum column column)
{
    const struct field *field = &row->fields[column];

    if (!field->present || columns[column].type == COLUMN_TYPE_TEXT)
        return NAN;
    return columns[column].type == COLUMN_TYPE_COUNT ? (double)field->count
                                                     : field->number;
}

int row_parse(struct row *row, enum column column, const char *text, struct err *err)
{
    return field_parse(&row->fields[column], &columns[column], text, err);
}

const char *row_value_text(const struct row *row, enum column column,
                           char text[ROW_VALUE_SIZE])
{
    if (!row->fields[column].present)
        return "absent";
    if (columns[column].type == COLUMN_TYPE_TEXT)
        (void)snprintf(text, ROW_VALUE_SIZE, "\"%.50s\"", row_text(row, column));
    else
        (void)snprintf(text, ROW_VALUE_SIZE, "%.12g", row_number(row, column));
    return text;
}

/* -- writing ------------------------------------------------------------------- */

/* Puts together one line in memory, so that the file gets it whole. */
static int write_line(FILE *out, const struct row *row, struct err *err)
{
    struct text text;
    size_t size;
    char *line;
    int result = 0;

    if (text_open(&text, err))
        return -1;
    if (row)
        fields_write(text.out, &run_column_list, row->fields);
    else
        fields_write_header(text.out, &run_column_list);
    line = text_close(&text, &size, err);
    if (!line)
        return -1;
    if (fwrite(line, 1, size, out) != size || fflush(out))
        result = err_errno(err, "cannot write the results");
    free(line);
    return result;
}

int row_write_header(FILE *out, struct err *err)
{
    return write_line(out, NULL, err);
}

int row_write(FILE *out, const struct row *row, struct err *err)
{
    return write_line(out, row, err);
}
