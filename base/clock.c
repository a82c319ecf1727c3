/* clock.c - see clock.h. */
#include "base/clock.h"

#include <errno.h>
#include <time.h>

static uint64_t read_clock(clockid_t id)
{
    struct timespec now = {0};

    /* Cannot fail: the clocks used here always exist. */
    (void)clock_gettime(id, &now);
    return (uint64_t)now.tv_sec * CLOCK_NS_PER_S + (uint64_t)now.tv_nsec;
}

uint64_t clock_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

uint64_t clock_cpu_ns(void)
{
    return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

uint64_t clock_thread_cpu_ns(void)
{
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

int clock_process_cpu_ns(pid_t pid, uint64_t *ns)
{
    struct timespec now;
    clockid_t id;

    if (clock_getcpuclockid(pid, &id) || clock_gettime(id, &now))
        return -1;
    *ns = (uint64_t)now.tv_sec * CLOCK_NS_PER_S + (uint64_t)now.tv_nsec;
    return 0;
}

int64_t clock_wall_s(void)
{
    return (int64_t)(read_clock(CLOCK_REALTIME) / CLOCK_NS_PER_S);
}

static struct tm split_utc(int64_t wall_s)
{
    time_t seconds = (time_t)wall_s;
    struct tm parts = {0};

    /* Fails only for a year that does not fit an int; then the parts stay zeros. */
    (void)gmtime_r(&seconds, &parts);
    return parts;
}

void clock_compact_utc(int64_t wall_s, char text[CLOCK_TEXT_SIZE])
{
    struct tm parts = split_utc(wall_s);

    if (!strftime(text, CLOCK_TEXT_SIZE, "%Y%m%dT%H%M%SZ", &parts))
        text[0] = '\0';
}

void clock_iso_utc(int64_t wall_s, char text[CLOCK_TEXT_SIZE])
{
    struct tm parts = split_utc(wall_s);

    if (!strftime(text, CLOCK_TEXT_SIZE, "%Y-%m-%dT%H:%M:%SZ", &parts))
        text[0] = '\0';
}

void clock_http_date(int64_t wall_s, char text[CLOCK_TEXT_SIZE])
{
    struct tm parts = split_utc(wall_s);

    /* The program never calls setlocale(), so the names of days and months are English.
     */
    if (!strftime(text, CLOCK_TEXT_SIZE, "%a, %d %b %Y %H:%M:%S GMT", &parts))
        text[0] = '\0';
}

void clock_sleep_ns(uint64_t ns)
{
    struct timespec span = {
        .tv_sec = (time_t)(ns / CLOCK_NS_PER_S),
        .tv_nsec = (long)(ns % CLOCK_NS_PER_S),
    };

    (void)nanosleep(&span, NULL);
}

void clock_sleep_until(uint64_t moment_ns)
{
    struct timespec moment = {
        .tv_sec = (time_t)(moment_ns / CLOCK_NS_PER_S),
        .tv_nsec = (long)(moment_ns % CLOCK_NS_PER_S),
    };

    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &moment, NULL) == EINTR)
        ;
}
