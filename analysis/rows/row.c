/* row.c - see row.h. */
#include "analysis/rows/row.h"

#include <stdlib.h>

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
    return field_text(&row->fields[column], &columns[column]);
}

uint64_t row_count(const struct row *row, enum column column)
{
    return field_count(&row->fields[column], &columns[column]);
}

double row_number(const struct row *row, enum column column)
{
    return field_number(&row->fields[column], &columns[column]);
}

int row_parse(struct row *row, enum column column, const char *text, struct err *err)
{
    return field_parse(&row->fields[column], &columns[column], text, err);
}

/* -- writing ------------------------------------------------------------------- */

/* Puts together one line in memory, so that the file gets it whole. */
static int write_line(FILE *out, const struct row *row, struct err *err)
{
    char *line = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&line, &size);
    int result = 0;

    if (!memory)
        return err_errno(err, "no memory for a row");
    if (row)
        fields_write(memory, &run_column_list, row->fields);
    else
        fields_write_header(memory, &run_column_list);
    if (fclose(memory)) /* an earlier failure to write shows here too */
        result = err_errno(err, "no memory for a row");
    else if (fwrite(line, 1, size, out) != size || fflush(out))
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
