/* words.h - the values of the column status and the notes of the column notes, each as
 * one list. */
#ifndef ANALYSIS_ROWS_WORDS_H
#define ANALYSIS_ROWS_WORDS_H

#include <stdbool.h>
#include <stdint.h>

/* name, word, meaning for the reader */
#define ROW_STATUSES(X)                                                        \
    X(VALID, "valid", "every check passed: ranked and compared")               \
    X(INVALID, "invalid", "a validity check failed: do not trust the figures") \
    X(FAILED, "failed", "a request or the harness failed")                     \
    X(INFEASIBLE, "infeasible", "a limit of this machine forbids the cell")    \
    X(SKIPPED, "skipped", "predicted to take longer than --max-cell")

#define ROW_NOTES(X)                                                                    \
    X(LEVEL_NOT_HELD, "level-not-held",                                                 \
      "the first response was due before the last request of the level had arrived, "   \
      "or a program from outside never had that many in flight")                        \
    X(RATE_NOT_HELD, "rate-not-held",                                                   \
      "fewer than 99 % of the requests began within the duration, or 1 % of them over " \
      "5 ms late: not ranked against strategies that held the rate")                    \
    X(SLOTS_FULL, "slots-full",                                                         \
      "all room for results was used before the duration was over")                     \
    X(ORIGIN_BOUND, "origin-bound",                                                     \
      "the origin used over 70 % of a core: not ranked against other strategies")       \
    X(MEASURED_ONCE, "measured-once",                                                   \
      "predicted to take long, so measured in the first round only")                    \
    X(LIBCURL_QUEUE, "libcurl-queue",                                                   \
      "libcurl itself queued requests over a host limit: not ranked")                   \
    X(ORIGIN_LATE, "origin-late",                                                       \
      "the origin was short of CPU and answered late: the overhead is an upper bound")  \
    X(FOREIGN_TIMEOUTS, "foreign-timeouts",                                             \
      "TCP timeouts were counted, but no fetch was slow enough to have had one")        \
    X(CPU_STOLEN, "cpu-stolen",                                                         \
      "a hypervisor took over 5 % of the time of a core during the cell")               \
    X(STOPPED, "stopped",                                                               \
      "a process of the cell, or the origin, was stopped (SIGSTOP) during the cell")    \
    X(CPU_THROTTLED, "cpu-throttled",                                                   \
      "the CPU quota of a control group throttled the cell or its origin")              \
    X(MEMORY_PROBE_FAILED, "memory-probe-failed",                                       \
      "the pass that reads memory failed twice: memory_probe_failure says why")         \
    X(KERNEL_SILENT, "kernel-silent",                                                   \
      "the kernel does not count overflows, drops and timeouts here: not checked")      \
    X(INJECTED, "injected",                                                             \
      "BENCH_INJECT made every request cost more on purpose: do not trust the figures") \
    X(NO_ORIGIN, "no-origin",                                                           \
      "bench does not run the server: checks that need the embedded origin were not "   \
      "made")                                                                           \
    X(INSECURE, "insecure", "with --insecure: TLS certificates were not verified")      \
    X(ERRORS_ALLOWED, "errors-allowed",                                                 \
      "requests failed, no more of them than --allow-errors permits")                   \
    X(FAULTS_ASKED, "faults-asked",                                                     \
      "the origin was asked to inject faults, with --fault")                            \
    X(LENGTH_ONLY, "length-only",                                                       \
      "a program reported no checksum of some bodies: only their length was checked")   \
    X(NO_LENGTH, "no-length",                                                           \
      "a program reported no length of some bodies: only the origin's counts were "     \
      "checked")                                                                        \
    X(NO_STATUS, "no-status", "a program reported no HTTP status of some responses")    \
    X(NO_STAMPS, "no-stamps",                                                           \
      "a program reported no times of some requests: they have no latency")             \
    X(START_EXCLUDED, "start-excluded",                                                 \
      "a program connected before its clock started: the time is not in its figures")   \
    X(SPARE_CONNECTIONS, "spare-connections",                                           \
      "a program opened more connections than its requests needed, at its own cost")    \
    X(REFERENCE, "reference",                                                           \
      "a reference, not a candidate: shows the machine without a library; not ranked")

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

/* True when the text of a notes column has this note. */
bool notes_have(const char *notes, enum row_note note);

#endif
