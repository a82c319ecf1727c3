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

/* A million requests are twenty million fields: so no printf() and no call of stdio per
 * field, which would take most of the time between two cells. */
struct line {
    FILE *out;
    size_t used;
    char bytes[1024];
};

static void flush(struct line *line)
{
    (void)fwrite(line->bytes, 1, line->used, line->out);
    line->used = 0;
}

static void put_byte(struct line *line, char byte)
{
    if (line->used == sizeof(line->bytes))
        flush(line);
    line->bytes[line->used++] = byte;
}

static void put_bytes(struct line *line, const char *bytes, size_t count)
{
    if (count > sizeof(line->bytes) - line->used)
        flush(line);
    if (count > sizeof(line->bytes)) {
        (void)fwrite(bytes, 1, count, line->out);
        return;
    }
    memcpy(line->bytes + line->used, bytes, count);
    line->used += count;
}

/* As csv_write_text(), but a row stays on one line, even if its text has several. */
static void put_words(struct line *line, const char *text)
{
    size_t plain = strcspn(text, ",\"\r\n");
    bool quoted = text[plain] && strpbrk(text, ",\"");

    if (!text[plain]) {
        put_bytes(line, text, plain);
        return;
    }
    if (quoted)
        put_byte(line, '"');
    for (; *text; text++) {
        char byte = *text;

        if (byte == '"')
            put_byte(line, '"');
        else if (byte == '\r' || byte == '\n')
            byte = ' ';
        put_byte(line, byte);
    }
    if (quoted)
        put_byte(line, '"');
}

enum { DIGITS_MAX = 20 };

/* Puts the digits in front of `end`. Returns where they begin. */
static char *digits_before(char *end, uint64_t count)
{
    do
        *--end = (char)('0' + count % 10);
    while (count /= 10);
    return end;
}

static void put_count(struct line *line, uint64_t count)
{
    char digits[DIGITS_MAX];
    char *end = digits + sizeof(digits);
    char *begin = digits_before(end, count);

    put_bytes(line, begin, (size_t)(end - begin));
}

/* As "%.*f", where it has no more digits than a double. */
static void put_fixed(struct line *line, double number, int decimals)
{
    static const double scales[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    double scaled = round(fabs(number) * scales[decimals]);
    char digits[DIGITS_MAX + 2]; /* a sign, a point */
    char *end = digits + sizeof(digits);
    char *begin;
    uint64_t rest;

    if (!(scaled < 9e15)) {
        flush(line);
        (void)fprintf(line->out, "%.*f", decimals, number);
        return;
    }
    begin = end;
    for (rest = (uint64_t)scaled; begin > end - decimals; rest /= 10)
        *--begin = (char)('0' + rest % 10);
    *--begin = '.';
    begin = digits_before(begin, rest);
    if (number < 0 && scaled > 0)
        *--begin = '-';
    put_bytes(line, begin, (size_t)(end - begin));
}

static void put_field(struct line *line, const struct column_info *column,
                      const struct field *field)
{
    if (!field->present)
        return;
    switch (column->type) {
    case COLUMN_TYPE_TEXT:
        put_words(line, field->text);
        break;
    case COLUMN_TYPE_COUNT:
        put_count(line, field->count);
        break;
    case COLUMN_TYPE_SECONDS:
        put_fixed(line, field->number, 9);
        break;
    case COLUMN_TYPE_MICROSECONDS:
        put_fixed(line, field->number, 1);
        break;
    case COLUMN_TYPE_RATE:
        put_fixed(line, field->number, 3);
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
    struct line line;

    line.out = out;
    line.used = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (i)
            put_byte(&line, ',');
        put_field(&line, &list->columns[i], &fields[i]);
    }
    put_byte(&line, '\n');
    flush(&line);
}
