/* disturbance.c - see disturbance.h. */
#include "harness/validity/disturbance.h"

#include "base/clock.h"
#include "base/text.h"

static const char *part_word(enum cell_part part)
{
    static const char *const words[] = {
        [CELL_PART_ITSELF] = "the cell",
        [CELL_PART_ORIGIN] = "the origin",
        [CELL_PART_WORKERS] = "a process of the cell",
    };

    return words[part];
}

bool disturbance_stopped(const struct measurement *measurement, double *stopped_s)
{
    bool stopped = false;

    *stopped_s = 0;
    for (int part = 0; part < CELL_PART_COUNT; part++) {
        double seconds = clock_seconds(measurement->stops[part].stopped_ns);

        stopped |= measurement->stops[part].count > 0;
        *stopped_s = seconds > *stopped_s ? seconds : *stopped_s;
    }
    return stopped;
}

bool disturbance_throttled(const struct measurement *measurement)
{
    const struct kernel_counters *kernel = &measurement->kernel;

    return kernel->throttle_known && (kernel->throttle_count || kernel->throttled_us);
}

const char *disturbance_text(const struct measurement *measurement,
                             char text[DISTURBANCE_TEXT_SIZE])
{
    text[0] = '\0';
    for (int part = 0; part < CELL_PART_COUNT; part++)
        if (measurement->stops[part].count)
            (void)text_append(text, DISTURBANCE_TEXT_SIZE, "%s%s was stopped for %.3f s",
                              text[0] ? "; " : "", part_word((enum cell_part)part),
                              clock_seconds(measurement->stops[part].stopped_ns));
    if (disturbance_throttled(measurement))
        (void)text_append(
            text, DISTURBANCE_TEXT_SIZE,
            "%sthe CPU quota held the control group back for %.3f s of CPU time",
            text[0] ? "; " : "", (double)measurement->kernel.throttled_us / 1e6);
    return text;
}
