/* timeline_bars.c - see timeline_bars.h. */
#include "analysis/report/timeline_bars.h"

#include <math.h>
#include <stdlib.h>

enum {
    LINES_MAX = 200,    /* of pixels that a panel is high */
    ROW_MAX = 10,       /* pixels of a row */
    ROW_WITH_GAP = 4,   /* rows of this height and more have a gap of a pixel */
    EXACT_MAX = 2000,   /* requests of a panel that are drawn one by one */
    GAP_FROM_PX = 5,    /* length of a request that ends a pixel early */
    FAILED_MARK_PX = 3, /* at the end of a request that failed */
};

/* Shorter parts of a request are not drawn; the part after them begins there. */
static const double part_min_px = 0.3;

/* -- the list ------------------------------------------------------------------ */

static int add_bar(struct timeline_bars *bars, const struct timeline_bar *bar,
                   struct err *err)
{
    if (bars->count == bars->room) {
        size_t room = bars->room ? 2 * bars->room : 256;
        struct timeline_bar *grown = realloc(bars->bars, room * sizeof(*grown));

        if (!grown)
            return err_errno(err, "no memory for %zu bars", room);
        bars->bars = grown;
        bars->room = room;
    }
    bars->bars[bars->count++] = *bar;
    return 0;
}

void timeline_bars_free(struct timeline_bars *bars)
{
    free(bars->bars);
    *bars = (struct timeline_bars){0};
}

/* -- one by one ---------------------------------------------------------------- */

static double x_of(const struct timeline_scale *scale, double us)
{
    return fmin(us * scale->width / scale->until_us, scale->width);
}

static double drawn_height(const struct timeline_bars *bars)
{
    return bars->row_height - (bars->row_height >= ROW_WITH_GAP);
}

/* The phase that takes longest; the last one among equals. */
static int longest_phase(const struct timeline_request *request)
{
    double from_us = request->begin_us;
    double longest_us = -1;
    int longest = 0;

    for (int i = 0; i < TIMELINE_PHASE_COUNT; i++) {
        if (request->until_us[i] - from_us >= longest_us) {
            longest_us = request->until_us[i] - from_us;
            longest = i;
        }
        from_us = request->until_us[i];
    }
    return longest;
}

/* Adds the parts of a request; its last part takes the rest of its width, so that it is
 * at least a pixel wide. Where requests follow each other in a row, long ones end a pixel
 * early, so that one sees where the next begins. */
static int add_request(struct timeline_bars *bars, const struct timeline_request *request,
                       const struct timeline_scale *scale, double y, struct err *err)
{
    double from = fmin(x_of(scale, request->begin_us), scale->width - 1);
    double end = x_of(scale, request->until_us[TIMELINE_RECEIVING]);
    bool has_gap = !scale->by_request && end - from >= GAP_FROM_PX;
    double to = fmax(has_gap ? end - 1 : end, from + 1);
    struct timeline_bar bar = {.x = from, .y = y, .height = drawn_height(bars)};
    size_t first = bars->count;

    if (request->begin_us > scale->until_us)
        return 0;
    for (int i = 0; i < TIMELINE_PHASE_COUNT; i++) {
        bar.shown = i;
        bar.width = fmin(x_of(scale, request->until_us[i]), to) - bar.x;
        if (bar.width < part_min_px)
            continue;
        if (add_bar(bars, &bar, err))
            return -1;
        bar.x += bar.width;
    }
    bar.shown = longest_phase(request);
    bar.width = to - from;
    if (bars->count == first) {
        if (add_bar(bars, &bar, err))
            return -1;
    } else {
        bars->bars[bars->count - 1].width = to - bars->bars[bars->count - 1].x;
    }
    if (!request->failed || request->until_us[TIMELINE_RECEIVING] > scale->until_us)
        return 0;
    bar.shown = TIMELINE_FAILED;
    bar.width = fmin(FAILED_MARK_PX, to - from);
    bar.x = to - bar.width;
    return add_bar(bars, &bar, err);
}

static size_t row_of(const struct timeline_panel *panel, size_t index,
                     const struct timeline_scale *scale)
{
    return scale->by_request ? index : panel->requests[index].lane;
}

static int add_exact(struct timeline_bars *bars, const struct timeline_panel *panel,
                     const struct timeline_scale *scale, struct err *err)
{
    for (size_t i = 0; i < panel->count; i++) {
        double y = (double)row_of(panel, i, scale) * bars->row_height;

        if (add_request(bars, &panel->requests[i], scale, y, err))
            return -1;
    }
    return 0;
}

/* -- merged -------------------------------------------------------------------- */

/* The time that the requests of a pixel spent in each phase. Whole pixels are kept as
 * differences, so that a request costs the same however long it is. */
struct pixel {
    double part[TIMELINE_SHOWN_COUNT];
    double begun[TIMELINE_PHASE_COUNT]; /* whole pixels that begin less those that end */
};

static void spend(struct pixel *line, int phase, double from, double to, size_t wide)
{
    size_t first = (size_t)from;
    size_t last = (size_t)to;

    if (first >= wide)
        return;
    if (last == first) {
        line[first].part[phase] += to - from;
        return;
    }
    line[first].part[phase] += (double)(first + 1) - from;
    line[first + 1].begun[phase] += 1;
    line[last].begun[phase] -= 1;
    line[last].part[phase] += to - (double)last;
}

static void spend_request(struct pixel *line, const struct timeline_request *request,
                          const struct timeline_scale *scale, size_t wide)
{
    /* A request without a length still shows. */
    static const double least = 1e-6, wins = 1e12;
    double from = x_of(scale, request->begin_us);
    size_t first, last;

    if (request->begin_us > scale->until_us || from >= (double)wide)
        return;
    first = (size_t)from;
    line[first].part[longest_phase(request)] += least;
    for (int i = 0; i < TIMELINE_PHASE_COUNT; i++) {
        double to = x_of(scale, request->until_us[i]);

        spend(line, i, from, to, wide);
        from = to;
    }
    last = ceil(from) > (double)first ? (size_t)ceil(from) - 1 : first;
    if (request->failed && request->until_us[TIMELINE_RECEIVING] <= scale->until_us)
        line[last].part[TIMELINE_FAILED] += wins;
}

/* The phase, or failure, of a pixel; -1: nothing is in flight. `whole` counts the whole
 * pixels that are under way. */
static int shown_of(const struct pixel *pixel, double *whole)
{
    double most = 1e-9;
    int shown = -1;

    for (int i = 0; i < TIMELINE_SHOWN_COUNT; i++) {
        double spent = pixel->part[i];

        if (i < TIMELINE_PHASE_COUNT)
            spent += whole[i] += pixel->begun[i];
        if (spent > most) {
            most = spent;
            shown = i;
        }
    }
    return shown;
}

static int add_line(struct timeline_bars *bars, const struct pixel *line, size_t wide,
                    double y, struct err *err)
{
    double whole[TIMELINE_PHASE_COUNT] = {0};
    struct timeline_bar bar = {.shown = -1, .y = y, .height = drawn_height(bars)};

    for (size_t i = 0; i <= wide; i++) {
        int shown = i < wide ? shown_of(&line[i], whole) : -1;

        if (shown == bar.shown)
            continue;
        bar.width = (double)i - bar.x;
        if (bar.shown >= 0 && add_bar(bars, &bar, err))
            return -1;
        bar.shown = shown;
        bar.x = (double)i;
    }
    return 0;
}

static int add_merged(struct timeline_bars *bars, const struct timeline_panel *panel,
                      const struct timeline_scale *scale, struct err *err)
{
    size_t wide = (size_t)scale->width;
    size_t stride = wide + 2; /* a part may end at the right edge */
    struct pixel *pixels = calloc(bars->lines * stride, sizeof(*pixels));
    int result = 0;

    if (!pixels)
        return err_errno(err, "no memory for the pixels of a panel");
    for (size_t i = 0; i < panel->count; i++) {
        size_t line = row_of(panel, i, scale) * bars->lines / bars->rows;

        spend_request(pixels + line * stride, &panel->requests[i], scale, wide);
    }
    for (size_t i = 0; i < bars->lines && !result; i++)
        result = add_line(bars, pixels + i * stride, wide, (double)i * bars->row_height,
                          err);
    free(pixels);
    return result;
}

/* The line of the request that ends last; the lowest of several. */
static size_t last_line(const struct timeline_bars *bars,
                        const struct timeline_panel *panel,
                        const struct timeline_scale *scale)
{
    size_t last = 0;

    for (size_t i = 0; i < panel->count; i++) {
        size_t row = row_of(panel, i, scale);

        if (panel->requests[i].until_us[TIMELINE_RECEIVING] >= panel->end_us &&
            row > last)
            last = row;
    }
    return last * bars->lines / bars->rows;
}

int timeline_bars_make(struct timeline_bars *bars, const struct timeline_panel *panel,
                       const struct timeline_scale *scale, struct err *err)
{
    size_t rows = scale->by_request ? panel->count : panel->lanes;
    size_t height;

    *bars = (struct timeline_bars){.rows = rows};
    if (!rows)
        return 0;
    bars->lines = rows < LINES_MAX ? rows : LINES_MAX;
    height = LINES_MAX / bars->lines; /* a whole number of pixels: sharp edges */
    bars->row_height = (double)(height < ROW_MAX ? height : ROW_MAX);
    bars->height = bars->row_height * (double)bars->lines;
    bars->end_y = ((double)last_line(bars, panel, scale) + 0.5) * bars->row_height;
    bars->merged = rows > bars->lines || panel->count > EXACT_MAX;
    return bars->merged ? add_merged(bars, panel, scale, err)
                        : add_exact(bars, panel, scale, err);
}
