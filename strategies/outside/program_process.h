/* program_process.h - a program as a child process, with its standard streams. */
#ifndef STRATEGIES_OUTSIDE_PROGRAM_PROCESS_H
#define STRATEGIES_OUTSIDE_PROGRAM_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "strategies/outside/program_line.h"
#include "strategies/outside/request.h"

/* How much of the end of its standard error is kept. */
enum { PROGRAM_TAIL_SIZE = 4096 };

struct program_process {
    pid_t pid;                   /* 0: it was not started */
    pid_t harness;               /* our parent, unless it is gone */
    int in_fd, out_fd, error_fd; /* owned; -1: closed */
    bool has_ended;              /* it is a zombie, or its output was closed */

    char lines[PROGRAM_LINE_MAX + 1]; /* of its standard output, not yet returned */
    size_t filled, returned;
    uint64_t read_ns; /* clock_ns() when the newest bytes of `lines` came */

    char tail[PROGRAM_TAIL_SIZE]; /* the end of its standard error */
    size_t tail_bytes;
    off_t tail_offset; /* where our own standard error shows it; -1: it is no file */
};

/* Starts the command of `request` with `job` in BENCH_JOB. Close it also on -1. */
int program_process_start(struct program_process *process,
                          const struct outside_request *request, const char *job,
                          struct err *err);

enum program_read {
    PROGRAM_READ_LINE,     /* a line */
    PROGRAM_READ_TOO_LONG, /* more than PROGRAM_LINE_MAX bytes without a line end */
    PROGRAM_READ_END,      /* no more lines: it has ended, or has closed its output */
    PROGRAM_READ_LATE,     /* no line until then */
    PROGRAM_READ_ALONE,    /* the harness is gone */
};

/* The next line, valid until the next call and without its line end, before clock_ns()
 * reaches `until_ns`. */
enum program_read program_process_read(struct program_process *process, uint64_t until_ns,
                                       const char **line, size_t *length);

/* Whether there is a line already, or a part of one. */
bool program_process_has_written(struct program_process *process);

/* Writes one line to its standard input. One that it does not read is no failure. */
void program_process_write(struct program_process *process, const char *line);

/* Waits for its end, without reaping it, and for the end of its standard error. False: it
 * still runs at `until_ns`. */
bool program_process_wait(struct program_process *process, uint64_t until_ns);

/* The last line of its standard error, safe for a terminal; "": none. Returns `line`. */
const char *program_process_last_line(const struct program_process *process,
                                      char line[PROGRAM_ERROR_SIZE]);

/* Closes its streams and ends all processes that it has started. */
void program_process_close(struct program_process *process);

#endif
