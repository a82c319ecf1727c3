/* row.c - see row.h. */
#include "results/row.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/parse.h"
#include "results/csv.h"

void row_set_text(struct row *row, enum column column, const char *text)
{
    if (columns[column].type == COLUMN_TYPE_TEXT && text && text[0])
        row->fields[column] = (struct field){.present = true, .text = text};
}

void row_set_count(struct row *row, enum column column, uint64_t count)
{
    if (columns[column].type == COLUMN_TYPE_COUNT)
        row->fields[column] = (struct field){.present = true, .count = count};
}

static bool is_number(enum column_type type)
{
    return type != COLUMN_TYPE_TEXT && type != COLUMN_TYPE_COUNT;
}

void row_set_number(struct row *row, enum column column, double number)
{
    if (is_number(columns[column].type) && isfinite(number))
        row->fields[column] = (struct field){.present = true, .number = number};
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

    if (field->present && columns[column].type == COLUMN_TYPE_COUNT)
        return (double)field->count;
    return field->present && is_number(columns[column].type) ? field->number : NAN;
}

int row_parse(struct row *row, enum column column, const char *text, struct err *err)
{
    double number;
    uint64_t count;
    int result = 0;

    row->fields[column] = (struct field){.present = false};
    if (!text[0])
        return 0;
    if (columns[column].type == COLUMN_TYPE_TEXT) {
        row_set_text(row, column, text);
    } else if (columns[column].type == COLUMN_TYPE_COUNT) {
        result = parse_count(text, 0, UINT64_MAX, &count, err);
        if (!result)
            row_set_count(row, column, count);
    } else {
        result = parse_number(text, &number, err);
        if (!result)
            row_set_number(row, column, number);
    }
    return result ? err_prefix(err, "column %s", columns[column].name) : 0;
}

/* -- writing ------------------------------------------------------------------- */

/* A row is one line, also when its words had several. */
static void write_words(FILE *out, const char *text)
{
    char *line = strpbrk(text, "\r\n") ? strdup(text) : NULL;

    for (char *at = line; at && *at; at++)
        if (*at == '\r' || *at == '\n')
            *at = ' ';
    csv_write_text(out, line ? line : text);
    free(line);
}

static void write_field(FILE *out, const struct row *row, enum column column)
{
    const struct field *field = &row->fields[column];

    if (!field->present)
        return;
    switch (columns[column].type) {
    case COLUMN_TYPE_TEXT:
        write_words(out, field->text);
        break;
    case COLUMN_TYPE_COUNT:
        (void)fprintf(out, "%" PRIu64, field->count);
        break;
    case COLUMN_TYPE_SECONDS:
        (void)fprintf(out, "%.9f", field->number);
        break;
    case COLUMN_TYPE_MICROSECONDS:
        (void)fprintf(out, "%.1f", field->number);
        break;
    case COLUMN_TYPE_RATE:
        (void)fprintf(out, "%.3f", field->number);
        break;
    }
}

/* Puts together one line in memory, so that the file gets it whole. */
static int write_line(FILE *out, const struct row *row, struct err *err)
{
    char *line = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&line, &size);
    int result = 0;

    if (!memory)
        return err_errno(err, "no memory for a row");
    for (int i = 0; i < COLUMN_COUNT; i++) {
        if (i)
            (void)fputc(',', memory);
        if (row)
            write_field(memory, row, (enum column)i);
        else
            (void)fputs(columns[i].name, memory);
    }
    (void)fputc('\n', memory);
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
