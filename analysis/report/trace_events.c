/* trace_events.c - see trace_events.h. */
#include "analysis/report/trace_events.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/json.h"

struct writer {
    FILE *out;
    bool any;
};

/* A run has millions of events: they are written piece by piece instead of being built.
 * Perfetto takes a process or thread 0 for the kernel's idle one. */
static void begin_event(struct writer *writer, char phase, size_t pid, size_t tid)
{
    (void)fprintf(writer->out, "%s{\"ph\":\"%c\",\"pid\":%zu,\"tid\":%zu",
                  writer->any ? ",\n" : "\n", phase, pid + 1, tid + 1);
    writer->any = true;
}

/* Adds a foreign text. */
static int add_text(struct writer *writer, const char *key, const char *text,
                    struct err *err)
{
    (void)fprintf(writer->out, "\"%s\":", key);
    return json_write_shown(writer->out, text, err);
}

static int write_name(struct writer *writer, const char *kind, size_t pid, size_t tid,
                      const char *name, struct err *err)
{
    begin_event(writer, 'M', pid, tid);
    (void)fprintf(writer->out, ",\"name\":\"%s\",\"args\":{", kind);
    if (add_text(writer, "name", name, err))
        return -1;
    (void)fputs("}}", writer->out);
    return 0;
}

/* Processes and threads stay in the order of the panels and lanes. */
static void write_sort_index(struct writer *writer, const char *kind, size_t pid,
                             size_t tid, size_t index)
{
    begin_event(writer, 'M', pid, tid);
    (void)fprintf(writer->out, ",\"name\":\"%s\",\"args\":{\"sort_index\":%zu}}", kind,
                  index);
}

/* Begins a complete event; the caller ends it with "}". */
static void begin_complete(struct writer *writer, size_t pid, size_t tid,
                           const char *category, double from_us, double to_us)
{
    begin_event(writer, 'X', pid, tid);
    (void)fprintf(writer->out, ",\"cat\":\"%s\",\"ts\":%.3f,\"dur\":%.3f", category,
                  from_us, to_us - from_us);
}

static int write_request(struct writer *writer, const struct timeline_request *request,
                         size_t pid, struct err *err)
{
    double from_us = request->begin_us;

    begin_complete(writer, pid, request->lane, request->failed ? "failed" : "request",
                   from_us, request->until_us[TIMELINE_RECEIVING]);
    (void)fprintf(writer->out,
                  ",\"name\":\"request %" PRIu64 "\",\"args\":{\"worker\":%" PRIu64 ",",
                  request->number, request->worker);
    if (add_text(writer, "url", request->url, err))
        return -1;
    (void)fputc(',', writer->out);
    if (add_text(writer, "outcome", request->outcome, err))
        return -1;
    (void)fputs("}}", writer->out);
    for (int i = 0; i < TIMELINE_PHASE_COUNT; i++) {
        double until_us = request->until_us[i];

        if (until_us > from_us) {
            begin_complete(writer, pid, request->lane, "phase", from_us, until_us);
            (void)fprintf(writer->out, ",\"name\":\"%s\"}", timeline_phase_words[i]);
        }
        from_us = until_us;
    }
    return 0;
}

static int write_lane_name(struct writer *writer, const struct timeline_request *request,
                           size_t pid, size_t in_worker, struct err *err)
{
    char name[80];

    (void)snprintf(name, sizeof(name),
                   in_worker ? "worker %" PRIu64 ", request in flight %zu"
                             : "worker %" PRIu64,
                   request->worker, in_worker + 1);
    write_sort_index(writer, "thread_sort_index", pid, request->lane, request->lane);
    return write_name(writer, "thread_name", pid, request->lane, name, err);
}

/* New lanes appear in ascending order, and those of a worker stand together. */
static int write_lane_names(struct writer *writer, const struct timeline_panel *panel,
                            size_t pid, struct err *err)
{
    size_t named = 0, first = 0;

    for (size_t i = 0; i < panel->count; i++) {
        const struct timeline_request *request = &panel->requests[i];

        if (!i || request->worker != panel->requests[i - 1].worker)
            first = request->lane;
        if (request->lane < named)
            continue;
        if (write_lane_name(writer, request, pid, request->lane - first, err))
            return -1;
        named = request->lane + 1;
    }
    return 0;
}

static int write_panel(struct writer *writer, const struct timeline_panel *panel,
                       size_t pid, struct err *err)
{
    char name[256];
    char point[POINT_TEXT_SIZE];

    (void)snprintf(name, sizeof(name), "%.160s, %s %s, round %" PRIu64 "%s%s",
                   panel->strategy, point_word(panel->kind),
                   point_text(panel->kind, panel->point, point), panel->round,
                   panel->status == STATUS_VALID ? "" : ", ",
                   panel->status == STATUS_VALID ? "" : status_word(panel->status));
    write_sort_index(writer, "process_sort_index", pid, 0, pid);
    if (write_name(writer, "process_name", pid, 0, name, err) ||
        write_lane_names(writer, panel, pid, err))
        return -1;
    for (size_t i = 0; i < panel->count; i++)
        if (write_request(writer, &panel->requests[i], pid, err))
            return -1;
    return 0;
}

int trace_events_write(const struct timeline *timeline, FILE *out, struct err *err)
{
    struct writer writer = {.out = out};

    (void)fputs(TRACE_EVENTS_HEAD "},\"traceEvents\":[", out);
    for (size_t i = 0; i < timeline->count; i++)
        if (write_panel(&writer, &timeline->panels[i], i, err))
            return -1;
    (void)fputs("\n]}\n", out);
    return 0;
}
