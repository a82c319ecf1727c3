/* column.h - the columns of runs.csv and of requests.csv as enums and as tables, from
 * columns.def and requests.def. */
#ifndef ANALYSIS_ROWS_COLUMN_H
#define ANALYSIS_ROWS_COLUMN_H

#include <stddef.h>

enum column_type {
    COLUMN_TYPE_TEXT,
    COLUMN_TYPE_COUNT,
    COLUMN_TYPE_SECONDS,
    COLUMN_TYPE_MICROSECONDS,
    COLUMN_TYPE_RATE,
};

/* Which rows of one table must be equal in a column. */
enum column_class {
    COLUMN_CLASS_FIGURE,    /* none */
    COLUMN_CLASS_CONDITION, /* all */
    COLUMN_CLASS_LEVEL,     /* those of one point: level or rate */
    COLUMN_CLASS_CELL,      /* those of one strategy at one point */
    COLUMN_CLASS_SUBJECT,   /* those of one variant, where they have it */
};

enum column {
#define COLUMN(name, type, class, meaning, empty) COLUMN_##name,
#include "analysis/rows/columns.def"
#undef COLUMN
    COLUMN_COUNT
};

enum request_column {
#define COLUMN(name, type, meaning, empty) REQUEST_##name,
#include "analysis/rows/requests.def"
#undef COLUMN
    REQUEST_COLUMN_COUNT
};

struct column_info {
    const char *name;
    enum column_type type;
    enum column_class class;
    const char *meaning, *empty;
};

extern const struct column_info columns[COLUMN_COUNT];
extern const struct column_info request_columns[REQUEST_COLUMN_COUNT];

/* The columns of one file, for code that works on either. */
struct column_list {
    const struct column_info *columns;
    size_t count;
};

extern const struct column_list run_column_list, request_column_list;

/* The column of runs.csv of that name, or COLUMN_COUNT. */
enum column column_find(const char *name);

/* "text", "whole number", "seconds", "microseconds" or "per second". */
const char *column_type_text(enum column_type type);

#endif
