/* program_line.h - the lines that a program writes, see docs/your-model.md. */
#ifndef STRATEGIES_OUTSIDE_PROGRAM_LINE_H
#define STRATEGIES_OUTSIDE_PROGRAM_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* The longest line, its line end included. */
enum { PROGRAM_LINE_MAX = 4096, PROGRAM_PROTOCOL = 1, PROGRAM_ERROR_SIZE = 160 };

/* The protocol of a job whose requests become due at planned moments. */
enum { PROGRAM_PROTOCOL_RATES = 2 };

enum program_line_kind {
    PROGRAM_READY,
    PROGRAM_DONE,
    PROGRAM_RESULT,
    PROGRAM_END,
};

/* The content of a result line; "-" for a figure: it is not known. */
struct program_result {
    uint64_t index;
    bool has_stamps, has_status, has_bytes, has_crc32, failed;
    bool has_start;            /* has_stamps, or it is unfinished and has begun */
    bool unfinished;           /* when the time was over: it has no end */
    uint64_t start_ns, end_ns; /* CLOCK_MONOTONIC */
    uint16_t http_status;
    uint64_t body_bytes;
    uint32_t body_crc32;
    char error[PROGRAM_ERROR_SIZE]; /* if `failed`, safe for a terminal */
};

struct program_line {
    enum program_line_kind kind;
    uint64_t protocol; /* of `ready`: the highest that the program speaks */
    struct program_result result;
};

/* Reads one line without its line end; `line` ends with a zero byte at `length`. -1: it
 * is none of the protocol; the message says why, and does not quote it. */
int program_line_parse(struct program_line *parsed, const char *line, size_t length,
                       struct err *err);

/* The line as part of a message: shortened, safe for a terminal. Returns `text`. */
enum { PROGRAM_QUOTE_SIZE = 80 };
const char *program_line_quote(const char *line, char text[PROGRAM_QUOTE_SIZE]);

#endif
