/* timeline.c - see timeline.h. */
#include "analysis/report/timeline.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/rows/request_rows.h"
#include "base/text.h"

const char *const timeline_phase_words[TIMELINE_PHASE_COUNT] = {
#define X(name, word, class, light, dark, meaning) word,
    TIMELINE_PHASES(X)
#undef X
};

double timeline_end_us(const struct timeline *timeline)
{
    double end_us = 0;

    for (size_t i = 0; i < timeline->count; i++)
        end_us = fmax(end_us, timeline->panels[i].end_us);
    return end_us;
}

/* -- one request --------------------------------------------------------------- */

/* libcurl's clock gives durations, and the worker reads the end: each moment is kept
 * between the one before it and the end. Absent: the phase did not take place. */
static double bounded(double moment_us, double after_us, double end_us)
{
    return isnan(moment_us) ? after_us : fmin(fmax(moment_us, after_us), end_us);
}

bool timeline_request_of(struct timeline_request *request, const struct field *fields)
{
    double begin_us = request_number(fields, REQUEST_begin_us);
    double end_us = request_number(fields, REQUEST_end_us);
    double connect_us = request_number(fields, REQUEST_connect_us);
    double first_us = request_number(fields, REQUEST_first_byte_us);
    const char *outcome = request_text(fields, REQUEST_outcome);
    double *until = request->until_us;

    *request = (struct timeline_request){
        .number = request_count(fields, REQUEST_request),
        .worker = request_count(fields, REQUEST_worker),
        .begin_us = begin_us,
        .cut_off = !strcmp(outcome, "unfinished"),
        .unfinished = isnan(end_us),
    };
    request->failed = !request->cut_off &&
                      (isnan(end_us) || (*outcome && strcmp(outcome, "ok") != 0));
    if (isnan(begin_us))
        return false;
    /* Moments count from the first begin; a file that says otherwise must not lead
     * outside of the picture. */
    request->begin_us = begin_us = fmax(begin_us, 0);
    end_us = request->unfinished ? INFINITY : fmax(end_us, begin_us);
    until[TIMELINE_QUEUED] = bounded(request_number(fields, REQUEST_start_us), begin_us,
                                     end_us);
    until[TIMELINE_CONNECTING] = bounded(until[TIMELINE_QUEUED] + connect_us,
                                         until[TIMELINE_QUEUED], end_us);
    until[TIMELINE_TLS] = bounded(until[TIMELINE_CONNECTING] +
                                      request_number(fields, REQUEST_tls_us),
                                  until[TIMELINE_CONNECTING], end_us);
    /* Without a first byte it waited until its end. */
    until[TIMELINE_WAITING] = bounded(isnan(first_us) ? end_us : first_us,
                                      until[TIMELINE_TLS], end_us);
    until[TIMELINE_RECEIVING] = end_us;
    return true;
}

/* -- order --------------------------------------------------------------------- */

static int by_worker(const void *left, const void *right)
{
    const struct timeline_request *a = left;
    const struct timeline_request *b = right;

    if (a->worker != b->worker)
        return a->worker < b->worker ? -1 : 1;
    if (a->begin_us != b->begin_us)
        return a->begin_us < b->begin_us ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

/* A lane: the end of its last request. The least end is on top of a binary heap. */
struct lane {
    double end_us;
    size_t number;
};

static bool is_before(const struct lane *a, const struct lane *b)
{
    return a->end_us != b->end_us ? a->end_us < b->end_us : a->number < b->number;
}

static void swap_lanes(struct lane *a, struct lane *b)
{
    struct lane kept = *a;

    *a = *b;
    *b = kept;
}

static void sift_up(struct lane *heap, size_t at)
{
    for (; at && is_before(&heap[at], &heap[(at - 1) / 2]); at = (at - 1) / 2)
        swap_lanes(&heap[at], &heap[(at - 1) / 2]);
}

static void sift_down(struct lane *heap, size_t count)
{
    for (size_t at = 0, child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && is_before(&heap[child + 1], &heap[child]))
            child++;
        if (!is_before(&heap[child], &heap[at]))
            break;
        swap_lanes(&heap[child], &heap[at]);
    }
}

/* Each request of a worker takes the lane that has been free for longest, or a new one.
 * `heap` has room for all requests. */
static void assign_lanes(struct timeline_panel *panel, struct lane *heap)
{
    size_t held = 0;

    panel->lanes = panel->workers = 0;
    for (size_t i = 0; i < panel->count; i++) {
        struct timeline_request *request = &panel->requests[i];
        double end_us = request->until_us[TIMELINE_RECEIVING];

        if (!i || request->worker != panel->requests[i - 1].worker) {
            panel->workers++;
            held = 0;
        }
        if (held && heap[0].end_us <= request->begin_us) {
            request->lane = heap[0].number;
            heap[0].end_us = end_us;
            sift_down(heap, held);
            continue;
        }
        request->lane = panel->lanes++;
        heap[held] = (struct lane){end_us, request->lane};
        sift_up(heap, held++);
    }
}

static int by_value(const void *left, const void *right)
{
    const double *a = left;
    const double *b = right;

    return *a < *b ? -1 : *a > *b;
}

/* The most requests that overlap, from leaving the queue to their ends; one that ends
 * when another begins does not overlap it. `moments` has room for two per request. */
static size_t find_peak(const struct timeline_panel *panel, double *moments)
{
    double *starts = moments;
    double *ends = moments + panel->count;
    size_t ended = 0, peak = 0;

    for (size_t i = 0; i < panel->count; i++) {
        starts[i] = panel->requests[i].until_us[TIMELINE_QUEUED];
        ends[i] = panel->requests[i].until_us[TIMELINE_RECEIVING];
    }
    qsort(starts, panel->count, sizeof(*starts), by_value);
    qsort(ends, panel->count, sizeof(*ends), by_value);
    for (size_t i = 0; i < panel->count; i++) {
        while (ends[ended] <= starts[i] && ended < i)
            ended++;
        if (i + 1 - ended > peak)
            peak = i + 1 - ended;
    }
    return peak;
}

/* A request without an end is shown as waiting until the end of the cell. */
static void find_end(struct timeline_panel *panel)
{
    double waiting_us = 0, flight_us = 0;

    panel->end_us = 0;
    panel->failed = panel->cut_off = 0;
    for (size_t i = 0; i < panel->count; i++) {
        const struct timeline_request *request = &panel->requests[i];

        panel->end_us = fmax(
            panel->end_us,
            request->until_us[request->unfinished ? TIMELINE_TLS : TIMELINE_RECEIVING]);
    }
    for (size_t i = 0; i < panel->count; i++) {
        struct timeline_request *request = &panel->requests[i];
        double *until = request->until_us;

        if (request->unfinished)
            until[TIMELINE_WAITING] = until[TIMELINE_RECEIVING] = panel->end_us;
        panel->failed += request->failed;
        panel->cut_off += request->cut_off;
        waiting_us += until[TIMELINE_WAITING] - until[TIMELINE_TLS];
        flight_us += until[TIMELINE_RECEIVING] - until[TIMELINE_QUEUED];
    }
    panel->waiting_share = flight_us > 0 ? waiting_us / flight_us : NAN;
}

int timeline_panel_complete(struct timeline_panel *panel, struct err *err)
{
    struct lane *heap = calloc(panel->count + 1, sizeof(*heap));
    double *moments = calloc(2 * panel->count + 1, sizeof(*moments));
    int result = 0;

    if (heap && moments) {
        if (panel->count)
            qsort(panel->requests, panel->count, sizeof(*panel->requests), by_worker);
        find_end(panel);
        assign_lanes(panel, heap);
        panel->peak = find_peak(panel, moments);
    } else {
        result = err_errno(err, "no memory for %zu %s", panel->count,
                           plural(panel->count, "request", "requests"));
    }
    free(heap);
    free(moments);
    return result;
}

/* -- as text ------------------------------------------------------------------- */

const char *timeline_duration(double us, char *text, size_t size)
{
    static const struct {
        double us;
        const char *unit;
    } units[] = {{1e6, "s"}, {1e3, "ms"}, {1, "us"}};
    size_t i = 0;
    double value;
    int digits;

    while (i < 2 && us < units[i].us * 0.9995)
        i++;
    value = us / units[i].us;
    digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    (void)snprintf(text, size, "%.*f %s", us > 0 ? digits : 0, value, units[i].unit);
    return text;
}

const char *timeline_panel_text(const struct timeline_panel *panel,
                                char text[TIMELINE_TEXT_SIZE])
{
    size_t all = panel->count + panel->untaken;
    bool is_rate = panel->kind == POINT_RATE;
    size_t failed = panel->failed + (is_rate ? 0 : panel->untaken);
    size_t cut_off = panel->cut_off + (is_rate ? panel->untaken : 0);
    char duration[32];

    text[0] = '\0';
    (void)text_append(text, TIMELINE_TEXT_SIZE, "%zu %s", all,
                      plural(all, "request", "requests"));
    if (panel->peak == 1 && panel->count > 1)
        (void)text_append(text, TIMELINE_TEXT_SIZE, ", one after another");
    else if (panel->peak == all && all > 1)
        (void)text_append(text, TIMELINE_TEXT_SIZE, ", all at once");
    else if (panel->peak > 1)
        (void)text_append(text, TIMELINE_TEXT_SIZE, ", up to %zu at a time", panel->peak);
    if (panel->count)
        (void)text_append(text, TIMELINE_TEXT_SIZE, ", done after %s",
                          timeline_duration(panel->end_us, duration, sizeof(duration)));
    if (failed)
        (void)text_append(text, TIMELINE_TEXT_SIZE, "; %zu failed", failed);
    if (cut_off)
        (void)text_append(text, TIMELINE_TEXT_SIZE, "; %zu unfinished", cut_off);
    return text;
}

void timeline_free(struct timeline *timeline)
{
    for (size_t i = 0; i < timeline->count; i++)
        free(timeline->panels[i].requests);
    free(timeline->panels);
    intern_close(timeline->texts);
    *timeline = (struct timeline){0};
}
