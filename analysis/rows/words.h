/* words.h - the words of the columns status and notes, each from one list. */
#ifndef ANALYSIS_ROWS_WORDS_H
#define ANALYSIS_ROWS_WORDS_H

#include <stdbool.h>
#include <stdint.h>

/* name, word, what it means to a reader */
#define ROW_STATUSES(X)                                                          \
    X(VALID, "valid", "every check passed: ranked and compared")                 \
    X(INVALID, "invalid", "a validity check failed: do not believe the figures") \
    X(FAILED, "failed", "a request or the machinery failed")                     \
    X(INFEASIBLE, "infeasible", "a limit of this machine forbids the cell")      \
    X(SKIPPED, "skipped", "predicted to take longer than --max-cell")

#define ROW_NOTES(X)                                                                 \
    X(LEVEL_NOT_HELD, "level-not-held",                                              \
      "the first response was due before the last request of the level had arrived") \
    X(ORIGIN_BOUND, "origin-bound",                                                  \
      "the origin used over 70 % of a core: not ranked against other strategies")    \
    X(MEASURED_ONCE, "measured-once",                                                \
      "predicted to be long, so only in the first round")                            \
    X(LIBCURL_QUEUE, "libcurl-queue",                                                \
      "libcurl itself queued requests over a host limit: not ranked")                \
    X(ORIGIN_LATE, "origin-late",                                                    \
      "the origin was late by over a tenth of the overhead: it lacked CPU time")     \
    X(FOREIGN_TIMEOUTS, "foreign-timeouts",                                          \
      "TCP time-outs were counted, but no fetch was slow enough to have had one")    \
    X(CPU_STOLEN, "cpu-stolen",                                                      \
      "a hypervisor took over 5 % of the time of a core meanwhile")                  \
    X(STOPPED, "stopped",                                                            \
      "a process of the cell, or the origin, was stopped (SIGSTOP) meanwhile")       \
    X(CPU_THROTTLED, "cpu-throttled",                                                \
      "the CPU quota of a control group held the cell or its origin back meanwhile") \
    X(MEMORY_PROBE_FAILED, "memory-probe-failed",                                    \
      "the pass that reads memory failed twice: memory_probe_failure says why")      \
    X(KERNEL_SILENT, "kernel-silent",                                                \
      "the kernel does not count overflows, drops and time-outs here: not checked")  \
    X(INJECTED, "injected",                                                          \
      "BENCH_INJECT made every request cost more, on purpose: no figure to believe") \
    X(NO_ORIGIN, "no-origin",                                                        \
      "the server is not ours: what only an origin can witness was not checked")     \
    X(INSECURE, "insecure", "with --insecure nobody looked whose certificate it is") \
    X(ERRORS_ALLOWED, "errors-allowed",                                              \
      "requests failed, no more of them than --allow-errors permits")                \
    X(FAULTS_ASKED, "faults-asked",                                                  \
      "the origin was asked to inject faults, with --fault")                         \
    X(REFERENCE, "reference",                                                        \
      "no model to choose but what the machine can do without a library: not ranked")

enum row_status {
#define X(name, word, meaning) STATUS_##name,
    ROW_STATUSES(X)
#undef X
        STATUS_COUNT
};

enum row_note {
#define X(name, word, meaning) NOTE_##name,
    ROW_NOTES(X)
#undef X
        NOTE_COUNT
};

/* Never NULL, never freed. */
const char *status_word(enum row_status status);
const char *status_meaning(enum row_status status);
const char *note_word(enum row_note note);
const char *note_meaning(enum row_note note);

/* "3 of 100 requests ": the beginning of the reason of a row that is not valid because
 * requests failed. Returns `text`. */
enum { FAILED_REQUESTS_SIZE = 64 };
const char *failed_requests_text(uint64_t failed, uint64_t requests,
                                 char text[FAILED_REQUESTS_SIZE]);

/* True when the words of a notes column have this one. */
bool notes_have(const char *notes, enum row_note note);

#endif
