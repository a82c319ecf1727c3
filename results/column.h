/* column.h - the columns of runs.csv as an enum and as a table, from columns.def. */
#ifndef RESULTS_COLUMN_H
#define RESULTS_COLUMN_H

enum column_type {
    COLUMN_TYPE_TEXT,
    COLUMN_TYPE_COUNT,
    COLUMN_TYPE_SECONDS,
    COLUMN_TYPE_MICROSECONDS,
    COLUMN_TYPE_RATE,
};

enum column {
#define COLUMN(name, type, meaning, empty) COLUMN_##name,
#include "results/columns.def"
#undef COLUMN
    COLUMN_COUNT
};

struct column_info {
    const char *name;
    enum column_type type;
    const char *meaning, *empty;
};

extern const struct column_info columns[COLUMN_COUNT];

/* The column of that name, or COLUMN_COUNT. */
enum column column_find(const char *name);

/* "text", "whole number", "seconds", "microseconds" or "per second". */
const char *column_type_text(enum column_type type);

#endif
