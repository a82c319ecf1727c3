/* field.c - see field.h. */
#include "analysis/rows/field.h"

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

/* A million requests are twenty million fields: so no lock per field and no printf(),
 * which would take most of the time between two cells. Only one thread uses the file. */

/* As csv_write_text(), but a row stays on one line, even if its text has several. */
static void write_words(FILE *out, const char *text)
{
    const char *quote = strpbrk(text, ",\"") ? "\"" : "";

    (void)fputs_unlocked(quote, out);
    for (; *text; text++) {
        if (*text == '"')
            (void)putc_unlocked('"', out);
        (void)putc_unlocked(*text == '\r' || *text == '\n' ? ' ' : *text, out);
    }
    (void)fputs_unlocked(quote, out);
}

enum { DIGITS_MAX = 20 };

/* Puts the digits in front of `end`; at least `least` of them. Returns where they begin.
 */
static char *put_digits(char *end, uint64_t count, int least)
{
    while (count || least > 0) {
        *--end = (char)('0' + count % 10);
        count /= 10;
        least--;
    }
    return end;
}

static void write_count(FILE *out, uint64_t count)
{
    char digits[DIGITS_MAX];
    char *end = digits + sizeof(digits);
    char *begin = put_digits(end, count, 1);

    (void)fwrite_unlocked(begin, 1, (size_t)(end - begin), out);
}

/* As "%.*f", where it has no more digits than a double. */
static void write_fixed(FILE *out, double number, int decimals)
{
    static const double scales[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    double scaled = round(fabs(number) * scales[decimals]);
    char digits[DIGITS_MAX + 2]; /* a sign, a point */
    char *end = digits + sizeof(digits);
    char *begin;

    if (!(scaled < 9e15)) {
        (void)fprintf(out, "%.*f", decimals, number);
        return;
    }
    begin = put_digits(end, (uint64_t)scaled % (uint64_t)scales[decimals], decimals);
    *--begin = '.';
    begin = put_digits(begin, (uint64_t)scaled / (uint64_t)scales[decimals], 1);
    if (number < 0 && scaled > 0)
        *--begin = '-';
    (void)fwrite_unlocked(begin, 1, (size_t)(end - begin), out);
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
        write_count(out, field->count);
        break;
    case COLUMN_TYPE_SECONDS:
        write_fixed(out, field->number, 9);
        break;
    case COLUMN_TYPE_MICROSECONDS:
        write_fixed(out, field->number, 1);
        break;
    case COLUMN_TYPE_RATE:
        write_fixed(out, field->number, 3);
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
            (void)putc_unlocked(',', out);
        write_field(out, &list->columns[i], &fields[i]);
    }
    (void)putc_unlocked('\n', out);
}
