/* csv.h - comma-separated values as in RFC 4180, without their meaning. */
#ifndef ANALYSIS_ROWS_CSV_H
#define ANALYSIS_ROWS_CSV_H

#include <stddef.h>
#include <stdio.h>

#include "base/err.h"

/* Writes one field, in quotes where it needs them. Failures show in ferror(). */
void csv_write_text(FILE *out, const char *text);

/* Reads records from a text in memory, one after another. */
struct csv_reader {
    char *at;    /* the rest of the text, which is changed while it is read */
    size_t line; /* of the record read last, from 1 */
    size_t next_line;
    char **fields; /* of the record read last; they point into the text */
    size_t count;
    size_t room;
};

/* `text` is borrowed, must be terminated and outlive the fields. */
void csv_reader_init(struct csv_reader *reader, char *text);

/* Reads the next record. 1: there is one; 0: the text has ended; -1: it is no CSV, and
 * the message names the line. Lines may end in LF or CR LF. */
int csv_read(struct csv_reader *reader, struct err *err);

void csv_reader_free(struct csv_reader *reader);

#endif
