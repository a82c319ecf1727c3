/* progress.c - see progress.h. */
#include "harness/cli/progress.h"

#include <string.h>

#include "base/clock.h"
#include "base/terminal.h"
#include "base/text.h"

enum { LINE_SIZE = 160, TEXT_SIZE = 4 * LINE_SIZE };

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

/* The predicted time left, scaled by how far off the predictions were so far. */
static double left_s_of(const struct progress *progress, uint64_t now_ns)
{
    double left_s = progress->predicted_total_s - progress->predicted_done_s;
    double pace = 1;

    if (progress->predicted_done_s > 0)
        pace = clock_seconds(now_ns - progress->started_ns) / progress->predicted_done_s;
    return left_s * pace;
}

/* Appends the sequence that erases the line. A terminal that was narrowed since has
 * wrapped it into several, which are above the cursor. */
static void append_erasing(struct progress *progress, char *text, size_t size)
{
    size_t columns = terminal_columns(progress->out);

    (void)text_append(text, size, "\r");
    for (size_t left = progress->drawn; left > columns; left -= columns)
        (void)text_append(text, size, "\x1b[A");
    (void)text_append(text, size, "\x1b[J");
    progress->drawn = 0;
}

void progress_show(struct progress *progress, const char *strategy, unsigned level)
{
    char line[LINE_SIZE];
    char text[TEXT_SIZE] = "";
    unsigned long left_s;
    double done = 0;
    size_t columns;

    if (!progress->out)
        return;
    left_s = (unsigned long)left_s_of(progress, clock_ns());
    if (progress->predicted_total_s > 0)
        done = progress->predicted_done_s / progress->predicted_total_s;
    (void)snprintf(line, sizeof(line), "%3.0f %%  %zu/%zu  %lu:%02lu left  %s %u",
                   done * 100, progress->cells_done, progress->cells_total, left_s / 60,
                   left_s % 60, strategy, level);
    if (progress->drawn)
        append_erasing(progress, text, sizeof(text));
    /* The last column stays free: a character in it makes some terminals wrap. */
    columns = terminal_columns(progress->out);
    (void)text_append(text, sizeof(text), "%.*s", (int)columns - 1, line);
    (void)fputs(text, progress->out); /* in one write: nothing is seen in between */
    (void)fflush(progress->out);
    progress->drawn = strlen(line) < columns ? strlen(line) : columns - 1;
}

void progress_advance(struct progress *progress, double predicted_s)
{
    progress->cells_done++;
    progress->predicted_done_s += predicted_s;
}

void progress_clear(struct progress *progress)
{
    char text[TEXT_SIZE] = "";

    if (!progress->out || !progress->drawn)
        return;
    append_erasing(progress, text, sizeof(text));
    (void)fputs(text, progress->out);
    (void)fflush(progress->out);
}
