/* progress.c - see progress.h. */
#include "harness/progress.h"

#include <inttypes.h>

#include "base/clock.h"

enum { BAR_WIDTH = 30 };

void progress_start(struct progress *progress, FILE *out, size_t cells,
                    uint64_t predicted_ns)
{
    *progress = (struct progress){
        .out = out,
        .cells_total = cells,
        .predicted_total_ns = predicted_ns,
        .started_ns = clock_ns(),
    };
}

uint64_t progress_left_ns(const struct progress *progress, uint64_t now_ns)
{
    uint64_t left_ns = progress->predicted_total_ns - progress->predicted_done_ns;
    double pace = 1;

    if (progress->predicted_done_ns)
        pace = (double)(now_ns - progress->started_ns) /
               (double)progress->predicted_done_ns;
    return (uint64_t)((double)left_ns * pace);
}

void progress_show(struct progress *progress, const char *strategy, unsigned level)
{
    uint64_t left_s;
    int filled = 0;

    if (!progress->out)
        return;
    left_s = progress_left_ns(progress, clock_ns()) / CLOCK_NS_PER_S;
    if (progress->predicted_total_ns)
        filled = (int)(progress->predicted_done_ns * BAR_WIDTH /
                       progress->predicted_total_ns);
    (void)fprintf(progress->out, "\r[");
    for (int i = 0; i < BAR_WIDTH; i++)
        (void)fputc(i < filled ? '#' : '.', progress->out);
    (void)fprintf(progress->out, "] %zu/%zu  left %" PRIu64 ":%02" PRIu64 "  %s %u\x1b[K",
                  progress->cells_done, progress->cells_total, left_s / 60, left_s % 60,
                  strategy, level);
    (void)fflush(progress->out);
    progress->drawn = true;
}

void progress_advance(struct progress *progress, uint64_t predicted_ns)
{
    progress->cells_done++;
    progress->predicted_done_ns += predicted_ns;
}

void progress_clear(struct progress *progress)
{
    if (!progress->out || !progress->drawn)
        return;
    (void)fputs("\r\x1b[K", progress->out);
    (void)fflush(progress->out);
    progress->drawn = false;
}
