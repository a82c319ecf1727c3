/* report_check.c - see report_check.h. */
#include "harness/cell/report_check.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

/* No CPU changes between threads, or takes a page fault, in less time than this. */
enum { SHORTEST_EVENT_NS = 100 };

/* Stands for the number of CPUs or pages where the system does not tell it. */
enum { MANY = 1 << 16 };

/* -- the report ---------------------------------------------------------------- */

/* A version or a build id is one printable line; a path or a message may be anything. */
enum text_kind { TEXT_PRINTABLE, TEXT_ANY };

/* True for a text that ends within its array and has only bytes of its kind. */
static bool is_text(const char *text, size_t size, enum text_kind kind)
{
    size_t length = strnlen(text, size);

    for (size_t i = 0; kind == TEXT_PRINTABLE && i < length; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return false;
    return length < size;
}

/* The first invalid text; NULL: all are valid. */
static const char *broken_text(const struct cell_report *report)
{
    const struct {
        const char *name, *text;
        size_t size;
        enum text_kind kind;
    } texts[] = {
        {"libcurl version", report->libcurl_version, CELL_VERSION_SIZE, TEXT_PRINTABLE},
        {"TLS version", report->tls_version, CELL_VERSION_SIZE, TEXT_PRINTABLE},
        {"libevent version", report->libevent_version, CELL_VERSION_SIZE, TEXT_PRINTABLE},
        {"build", report->build, BUILD_TEXT_SIZE, TEXT_PRINTABLE},
        {"program file", report->program.file, LOADED_FILE_SIZE, TEXT_ANY},
        {"program build id", report->program.build_id, LOADED_BUILD_ID_SIZE,
         TEXT_PRINTABLE},
        {"libcurl file", report->libcurl.file, LOADED_FILE_SIZE, TEXT_ANY},
        {"libcurl build id", report->libcurl.build_id, LOADED_BUILD_ID_SIZE,
         TEXT_PRINTABLE},
        {"told", report->told, sizeof(report->told), TEXT_PRINTABLE},
        {"failure", report->failure.text, sizeof(report->failure.text), TEXT_ANY},
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (!is_text(texts[i].text, texts[i].size, texts[i].kind))
            return texts[i].name;
    return NULL;
}

static uint64_t count_or_many(long count)
{
    return count > 0 ? (uint64_t)count : MANY;
}

/* The first time that is longer than the process lived; NULL: all are possible. */
static const char *broken_time(const struct cell_report *report, uint64_t lived_ns)
{
    if (report->setup_ns > lived_ns)
        return "setup";
    if (report->run_ns > lived_ns - report->setup_ns)
        return "run";
    if (report->start_ns > lived_ns)
        return "start";
    if (report->teardown_ns > lived_ns - report->setup_ns - report->run_ns)
        return "teardown";
    return NULL;
}

/* The first counter that no machine reaches in that time; NULL: all are possible. CPU
 * time is compared with the times in harness/validity/. */
static const char *broken_counter(const struct cell_report *report, uint64_t lived_ns,
                                  const struct cell_bounds *bounds)
{
    uint64_t cpus = count_or_many(sysconf(_SC_NPROCESSORS_ONLN));
    uint64_t events = lived_ns / SHORTEST_EVENT_NS * cpus;
    double memory_bytes = (double)count_or_many(sysconf(_SC_PHYS_PAGES)) *
                          (double)count_or_many(sysconf(_SC_PAGESIZE)) *
                          (double)bounds->processes;

    if (report->usage.voluntary_switches > events)
        return "voluntary context switches";
    if (report->usage.involuntary_switches > events)
        return "involuntary context switches";
    if (report->usage.minor_faults > events)
        return "minor faults";
    if (report->usage.major_faults > events)
        return "major faults";
    return (double)report->peak_rss_bytes > memory_bytes ? "resident memory" : NULL;
}

static int check(const struct cell_report *report, const struct cell_bounds *bounds,
                 struct err *err)
{
    uint64_t lived_ns = bounds->end_ns - bounds->begin_ns;
    const char *broken;

    if (report->stage > CELL_CLOSED)
        return err_set(err, "unknown stage %" PRIu32, report->stage);
    broken = broken_text(report);
    if (broken)
        return err_set(err, "its %s is not valid text", broken);
    if (report->started_ns &&
        (report->started_ns < bounds->begin_ns || report->started_ns > bounds->end_ns))
        return err_set(err, "its run began outside the life of the process");
    broken = broken_time(report, lived_ns);
    if (broken)
        return err_set(err, "its %s took longer than the %.6f s that the process lived",
                       broken, clock_seconds(lived_ns));
    broken = broken_counter(report, lived_ns, bounds);
    if (broken)
        return err_set(err, "more %s than this machine can have in %.6f s", broken,
                       clock_seconds(lived_ns));
    return 0;
}

int report_check(struct cell_report *report, const struct cell_bounds *bounds,
                 struct err *err)
{
    if (!check(report, bounds, err))
        return 0;
    *report = (struct cell_report){.stage = CELL_NOT_STARTED};
    return err_prefix(err, "the cell's process has overwritten its report");
}

/* -- the results --------------------------------------------------------------- */

static bool is_outside(uint64_t stamp_ns, const struct cell_bounds *bounds)
{
    return stamp_ns && (stamp_ns < bounds->begin_ns || stamp_ns > bounds->end_ns);
}

/* Claimed before it was due by a worker that did not live to begin it. */
static bool is_claimed_ahead(const struct fetch_result *result,
                             const struct cell_bounds *bounds)
{
    return result->outcome == FETCH_LOST && !result->start_ns &&
           result->begin_ns > bounds->end_ns && result->begin_ns <= bounds->last_due_ns;
}

/* That a request is unfinished the reader finds out itself: see supply_settle(). Only of
 * a program, whose requests it does not see, the driver says so, and at a rate. */
static bool is_unfounded(const struct fetch_result *result,
                         const struct cell_bounds *bounds)
{
    return result->outcome == FETCH_UNFINISHED &&
           (!bounds->last_due_ns || !(result->unknown & FETCH_UNKNOWN_PHASES));
}

static int check_result(const struct fetch_result *result,
                        const struct cell_bounds *bounds, struct err *err)
{
    if (result->outcome >= FETCH_OUTCOME_COUNT || is_unfounded(result, bounds))
        return err_set(err, "unknown outcome %u", (unsigned)result->outcome);
    if (result->unknown & ~(FETCH_UNKNOWN_CRC32 * 2 - 1))
        return err_set(err, "unknown flags %#x", (unsigned)result->unknown);
    if (!is_claimed_ahead(result, bounds) && is_outside(result->begin_ns, bounds))
        return err_set(err, "it has a time stamp outside the life of the process");
    if (is_outside(result->start_ns, bounds) ||
        is_outside(result->first_byte_ns, bounds) || is_outside(result->end_ns, bounds))
        return err_set(err, "it has a time stamp outside the life of the process");
    if (result->end_ns && result->end_ns < result->begin_ns)
        return err_set(err, "it ended before it began");
    if (!result->begin_ns && result->outcome != FETCH_LOST &&
        result->outcome != FETCH_UNFINISHED)
        return err_set(err, "it ended but never began");
    return 0;
}

/* A request that was claimed ahead begins when it is due; a strategy that did not wait
 * for that, which harness/validity/ refuses, began it earlier. */
static void correct_begin(struct fetch_result *result, const struct cell_bounds *bounds)
{
    if (result->start_ns && result->start_ns < result->begin_ns &&
        result->begin_ns <= bounds->last_due_ns)
        result->begin_ns = result->start_ns;
}

int results_check(struct fetch_result *results, size_t count,
                  const struct cell_bounds *bounds, struct err *err)
{
    size_t broken = 0;

    for (size_t i = 0; i < count; i++) {
        correct_begin(&results[i], bounds);
        if (!check_result(&results[i], bounds, broken ? NULL : err))
            continue;
        if (!broken++)
            (void)err_prefix(err, "request %zu", i + 1);
        results[i] = (struct fetch_result){.outcome = FETCH_LOST};
    }
    return broken
               ? err_prefix(err, "the cell's process has overwritten %zu of %zu results",
                            broken, count)
               : 0;
}
