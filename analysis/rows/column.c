/* column.c - see column.h. */
#include "analysis/rows/column.h"

#include <string.h>

const struct column_info columns[COLUMN_COUNT] = {
#define COLUMN(name, type, class, meaning, empty) \
    [COLUMN_##name] = {#name, COLUMN_TYPE_##type, COLUMN_CLASS_##class, meaning, empty},
#include "analysis/rows/columns.def"
#undef COLUMN
};

const struct column_info request_columns[REQUEST_COLUMN_COUNT] = {
#define COLUMN(name, type, meaning, empty) \
    [REQUEST_##name] = {#name, COLUMN_TYPE_##type, COLUMN_CLASS_FIGURE, meaning, empty},
#include "analysis/rows/requests.def"
#undef COLUMN
};

const struct column_list run_column_list = {columns, COLUMN_COUNT};
const struct column_list request_column_list = {request_columns, REQUEST_COLUMN_COUNT};

enum column column_find(const char *name)
{
    int i = 0;

    while (i < COLUMN_COUNT && strcmp(columns[i].name, name) != 0)
        i++;
    return (enum column)i;
}

const char *column_type_text(enum column_type type)
{
    static const char *const texts[] = {
        [COLUMN_TYPE_TEXT] = "text",       [COLUMN_TYPE_COUNT] = "whole number",
        [COLUMN_TYPE_SECONDS] = "seconds", [COLUMN_TYPE_MICROSECONDS] = "microseconds",
        [COLUMN_TYPE_RATE] = "per second",
    };

    return texts[type];
}
