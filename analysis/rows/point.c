/* point.c - see point.h. */
#include "analysis/rows/point.h"

#include <inttypes.h>
#include <stdio.h>

static const struct {
    const char *one, *many, *unit;
    enum column column;
} kinds[] = {
    [POINT_LEVEL] = {"level", "levels", "", COLUMN_level},
    [POINT_RATE] = {"rate", "rates", "/s", COLUMN_rate_rps},
};

enum point_kind row_point_kind(const struct row *row)
{
    return row->fields[COLUMN_rate_rps].present ? POINT_RATE : POINT_LEVEL;
}

uint64_t row_point(const struct row *row)
{
    return row_count(row, kinds[row_point_kind(row)].column);
}

enum point_kind request_point_kind(const struct field *fields)
{
    return fields[REQUEST_rate_rps].present ? POINT_RATE : POINT_LEVEL;
}

uint64_t request_point(const struct field *fields)
{
    return request_count(fields, request_point_kind(fields) == POINT_RATE
                                     ? REQUEST_rate_rps
                                     : REQUEST_level);
}

const char *point_word(enum point_kind kind)
{
    return kinds[kind].one;
}

const char *point_words(enum point_kind kind)
{
    return kinds[kind].many;
}

const char *point_key(enum point_kind kind)
{
    return columns[kinds[kind].column].name;
}

const char *point_text(enum point_kind kind, uint64_t point, char text[POINT_TEXT_SIZE])
{
    (void)snprintf(text, POINT_TEXT_SIZE, "%" PRIu64 "%s", point, kinds[kind].unit);
    return text;
}
