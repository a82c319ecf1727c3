/* clock.h - the one clock of the project.
 *
 * Every measurement uses the functions below, so that any two timestamps can be
 * subtracted, also across processes of one machine (CLOCK_MONOTONIC). No other file reads
 * a clock; tests/layers.sh enforces that. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CLOCK_NS_PER_US 1000ull
#define CLOCK_NS_PER_MS 1000000ull
#define CLOCK_NS_PER_S  1000000000ull

enum { CLOCK_TEXT_SIZE = 32 };

/* Monotonic time in nanoseconds. Costs about 25 ns (vDSO). */
uint64_t clock_ns(void);

/* CPU time that this process has used so far, all threads, in nanoseconds. A real system
 * call (about 0.6 us): never on the path of a single request. */
uint64_t clock_cpu_ns(void);

/* The same for the calling thread alone. */
uint64_t clock_thread_cpu_ns(void);

/* The CPU time of another process, all its threads, also of those that have ended. Exact,
 * unlike the 10 ms ticks of /proc. -1: there is no such process. */
int clock_process_cpu_ns(pid_t pid, uint64_t *ns);

/* Seconds since the Epoch. Only for dates and for seeds, never for a duration. */
int64_t clock_wall_s(void);

/* The date in `wall_s` as UTC text: "20261122T153000Z" for file names ... */
void clock_compact_utc(int64_t wall_s, char text[CLOCK_TEXT_SIZE]);

/* ... "2026-11-22T15:30:00Z" for records ... */
void clock_iso_utc(int64_t wall_s, char text[CLOCK_TEXT_SIZE]);

/* ... and "Sun, 22 Nov 2026 15:30:00 GMT" for HTTP (RFC 9110, 5.6.7). */
void clock_http_date(int64_t wall_s, char text[CLOCK_TEXT_SIZE]);

/* Sleeps for `ns` nanoseconds, less when a signal arrives. */
void clock_sleep_ns(uint64_t ns);

/* Sleeps until clock_ns() is `moment_ns`, also when a signal arrives meanwhile. */
void clock_sleep_until(uint64_t moment_ns);

static inline double clock_seconds(uint64_t ns)
{
    return (double)ns / (double)CLOCK_NS_PER_S;
}

#ifdef __cplusplus
}
#endif

#endif
