/* field.c - see field.h. */
#include "analysis/rows/field.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/parse.h"

void field_set_text(struct field *field, const struct column_info *column,
                    const char *text)
{
    if (column->type == COLUMN_TYPE_TEXT && text && text[0])
        *field = (struct field){.present = true, .text = text};
}

void field_set_count(struct field *field, const struct column_info *column,
                     uint64_t count)
{
    if (column->type == COLUMN_TYPE_COUNT)
        *field = (struct field){.present = true, .count = count};
}

void field_set_number(struct field *field, const struct column_info *column,
                      double number)
{
    if (column->type != COLUMN_TYPE_TEXT && column->type != COLUMN_TYPE_COUNT &&
        isfinite(number))
        *field = (struct field){.present = true, .number = number};
}

int field_parse(struct field *field, const struct column_info *column, const char *text,
                struct err *err)
{
    double number;
    uint64_t count;
    int result = 0;

    *field = (struct field){.present = false};
    if (!text[0])
        return 0;
    if (column->type == COLUMN_TYPE_TEXT) {
        field_set_text(field, column, text);
    } else if (column->type == COLUMN_TYPE_COUNT) {
        result = parse_count(text, 0, UINT64_MAX, &count, err);
        if (!result)
            field_set_count(field, column, count);
    } else {
        result = parse_number(text, &number, err);
        if (!result)
            field_set_number(field, column, number);
    }
    return result ? err_prefix(err, "column %s", column->name) : 0;
}

/* -- writing ------------------------------------------------------------------- */

/* As csv_write_text(), but a row is one line, also when its words had several. */
static void write_words(FILE *out, const char *text)
{
    const char *quote = strpbrk(text, ",\"") ? "\"" : "";

    (void)fputs(quote, out);
    for (; *text; text++) {
        if (*text == '"')
            (void)fputc('"', out);
        (void)fputc(*text == '\r' || *text == '\n' ? ' ' : *text, out);
    }
    (void)fputs(quote, out);
}

static void write_field(FILE *out, const struct column_info *column,
                        const struct field *field)
{
    if (!field->present)
        return;
    switch (column->type) {
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

void fields_write_header(FILE *out, const struct column_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        (void)fprintf(out, "%s%s", i ? "," : "", list->columns[i].name);
    (void)fputc('\n', out);
}

void fields_write(FILE *out, const struct column_list *list, const struct field *fields)
{
    for (size_t i = 0; i < list->count; i++) {
        if (i)
            (void)fputc(',', out);
        write_field(out, &list->columns[i], &fields[i]);
    }
    (void)fputc('\n', out);
}
