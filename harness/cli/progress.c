/* progress.c - see progress.h. */
#include "harness/cli/progress.h"

#include "base/clock.h"

enum { BAR_WIDTH = 30 };

void progress_start(struct progress *progress, FILE *out, size_t cells,
                    double predicted_s)
{
    *progress = (struct progress){
        .out = out,
        .cells_total = cells,
        .predicted_total_s = predicted_s,
        .started_ns = clock_ns(),
    };
}

/* The time left by what the cells took so far against their prediction. */
static double left_s_of(const struct progress *progress, uint64_t now_ns)
{
    double left_s = progress->predicted_total_s - progress->predicted_done_s;
    double pace = 1;

    if (progress->predicted_done_s > 0)
        pace = clock_seconds(now_ns - progress->started_ns) / progress->predicted_done_s;
    return left_s * pace;
}

void progress_show(struct progress *progress, const char *strategy, unsigned level)
{
    unsigned long left_s;
    double done = 0;

    if (!progress->out)
        return;
    left_s = (unsigned long)left_s_of(progress, clock_ns());
    if (progress->predicted_total_s > 0)
        done = progress->predicted_done_s / progress->predicted_total_s;
    (void)fprintf(progress->out, "\r[");
    for (int i = 0; i < BAR_WIDTH; i++)
        (void)fputc(i < (int)(done * BAR_WIDTH) ? '#' : '.', progress->out);
    (void)fprintf(progress->out, "] %zu/%zu  left %lu:%02lu  %s %u\x1b[K",
                  progress->cells_done, progress->cells_total, left_s / 60, left_s % 60,
                  strategy, level);
    (void)fflush(progress->out);
    progress->drawn = true;
}

void progress_advance(struct progress *progress, double predicted_s)
{
    progress->cells_done++;
    progress->predicted_done_s += predicted_s;
}

void progress_clear(struct progress *progress)
{
    if (!progress->out || !progress->drawn)
        return;
    (void)fputs("\r\x1b[K", progress->out);
    (void)fflush(progress->out);
    progress->drawn = false;
}
