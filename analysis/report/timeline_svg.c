/* timeline_svg.c - see timeline_svg.h. */
#include "analysis/report/timeline_svg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/svg.h"
#include "analysis/report/timeline_bars.h"
#include "analysis/report/timeline_text.h"
#include "base/text.h"

/* In units of the picture, which are pixels at its own size. */
enum {
    WIDTH = 800,
    MARGIN = 16,
    PLOT_WIDTH = WIDTH - 2 * MARGIN,
    HEAD_HEIGHT = 84, /* title, subtitle, key */
    AXIS_HEIGHT = 24,
    PANEL_HEAD = 22,
    PANEL_GAP = 12,
    NOTE_HEIGHT = 16,
    NAME_MOST = 32, /* characters */
    LINE_MOST = 118,
    TICKS_MOST = 8,
    PLAY_S = 8, /* how long --animate plays */
};

static const struct {
    const char *class, *word;
    struct palette_colour colour;
} shown[TIMELINE_SHOWN_COUNT] = {
#define X(name, word, class, light, dark, meaning) {"bt-" class, word, {light, dark}},
    TIMELINE_PHASES(X)
#undef X
        [TIMELINE_FAILED] = {"bt-failed", "failed", {"#c00018", "#ff7a85"}},
};

/* What is drawn, with the geometry of each panel. */
struct drawing {
    const struct timeline *timeline;
    const struct timeline_look *look;
    struct timeline_scale scale;
    struct timeline_bars *bars; /* one per panel */
    bool used[TIMELINE_SHOWN_COUNT];
    size_t note_count;
    FILE *out;
};

/* -- notes below the panels ---------------------------------------------------- */

static char *notes_of(const struct drawing *drawing, struct err *err)
{
    struct timeline_about about = {.until_us = drawing->scale.until_us,
                                   .play_s = drawing->look->animate ? PLAY_S : 0};
    struct text text;

    for (size_t i = 0; i < drawing->timeline->count; i++)
        about.merged |= drawing->bars[i].merged;
    if (text_open(&text, err))
        return NULL;
    timeline_write_notes(drawing->timeline, &about, text.out);
    return text_close(&text, NULL, err);
}

static void draw_notes(const struct drawing *drawing, double y, char *notes)
{
    for (char *line = notes, *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        y += NOTE_HEIGHT;
        svg_text(drawing->out, "bt-muted", MARGIN, y, line, LINE_MOST);
    }
}

/* -- head and axis ------------------------------------------------------------- */

static void draw_key(const struct drawing *drawing, double y)
{
    double x = MARGIN;

    for (int i = 0; i < TIMELINE_SHOWN_COUNT; i++) {
        if (!drawing->used[i])
            continue;
        svg_rect(drawing->out, shown[i].class, x, y - 10, 12, 12);
        svg_text(drawing->out, "bt-ink", x + 17, y, shown[i].word, NAME_MOST);
        x += 41 + 7.2 * (double)strlen(shown[i].word);
    }
}

static void draw_head(const struct drawing *drawing, const char *title)
{
    const char *rows = drawing->scale.by_request
                           ? "One row per request, grouped by worker"
                           : "One row per request that a worker has in flight";
    char text[160];

    (void)snprintf(text, sizeof(text), "%s. Time runs from left to right%s.", rows,
                   drawing->timeline->count > 1 ? ", the same in all panels" : "");
    svg_text(drawing->out, "bt-title", MARGIN, 28, title, 80);
    svg_text(drawing->out, "bt-muted", MARGIN, 48, text, LINE_MOST);
    draw_key(drawing, 72);
}

/* The distance of ticks: 1, 2 or 5 times a power of ten. */
static double tick_step(double until_us)
{
    double step = pow(10, floor(log10(until_us / TICKS_MOST)));

    while (until_us / step > TICKS_MOST)
        step *= fabs(step / pow(10, floor(log10(step) + 1e-9)) - 2) < 0.5 ? 2.5 : 2;
    return step;
}

static double tick_x(const struct drawing *drawing, double us)
{
    return MARGIN + us * PLOT_WIDTH / drawing->scale.until_us;
}

static void draw_grid(const struct drawing *drawing, double top, double bottom)
{
    double step = tick_step(drawing->scale.until_us);

    for (int i = 0; i * step <= drawing->scale.until_us * (1 + 1e-9); i++) {
        double x = tick_x(drawing, i * step);

        svg_line(drawing->out, "bt-grid", x, top, x, bottom);
    }
}

/* A label without needless digits: "0", "2.5 ms", "100 ms". */
static const char *tick_label(double us, char *text, size_t size)
{
    double divisor = us >= 1e6 ? 1e6 : us >= 1e3 ? 1e3 : 1;
    const char *unit = us >= 1e6 ? "s" : us >= 1e3 ? "ms" : "us";

    if (us > 0)
        (void)snprintf(text, size, "%.4g %s", us / divisor, unit);
    else
        (void)snprintf(text, size, "0");
    return text;
}

static void draw_axis(const struct drawing *drawing, double y)
{
    double step = tick_step(drawing->scale.until_us);
    char text[32];

    for (int i = 0; i * step <= drawing->scale.until_us * (1 + 1e-9); i++) {
        double x = tick_x(drawing, i * step);
        const char *class = !i                       ? "bt-axis bt-from"
                            : x > WIDTH - 3 * MARGIN ? "bt-axis bt-to"
                                                     : "bt-axis";

        svg_text(drawing->out, class, x, y, tick_label(i * step, text, sizeof(text)),
                 NAME_MOST);
    }
}

/* -- panels -------------------------------------------------------------------- */

static struct palette_colour colour_of(const struct drawing *drawing,
                                       const struct timeline_panel *panel)
{
    return palette_of(panel->strategy, drawing->look->order);
}

/* The class of a colour has its name, so that pictures within one page agree. */
enum { CLASS_SIZE = 32 };
static void name_class(char class[CLASS_SIZE], struct palette_colour colour)
{
    (void)snprintf(class, CLASS_SIZE, "bt-%s", colour.light + strlen("#"));
}

static void draw_panel_head(const struct drawing *drawing,
                            const struct timeline_panel *panel, double y)
{
    FILE *out = drawing->out;
    char text[TIMELINE_TEXT_SIZE], class[CLASS_SIZE];

    name_class(class, colour_of(drawing, panel));
    svg_rect(out, class, MARGIN, y + 6, 10, 10);
    svg_text_begin(out, "bt-ink", MARGIN + 16, y + 15.5);
    svg_text_part(out, "bt-name", panel->strategy, NAME_MOST);
    svg_text_part(out, "bt-muted", ": ", 2);
    svg_text_part(out, "bt-muted", timeline_panel_text(panel, text), LINE_MOST - 50);
    if (panel->status != STATUS_VALID) {
        svg_text_part(out, "bt-bad", "; status: ", NAME_MOST);
        svg_text_part(out, "bt-bad", status_word(panel->status), NAME_MOST);
    }
    svg_text_end(out);
}

static void draw_bars(const struct drawing *drawing, const struct timeline_bars *bars,
                      double y)
{
    for (int i = 0; i < TIMELINE_SHOWN_COUNT; i++) {
        bool any = false;

        for (size_t j = 0; j < bars->count; j++) {
            const struct timeline_bar *bar = &bars->bars[j];

            if (bar->shown != i)
                continue;
            if (!any)
                svg_bars_begin(drawing->out, shown[i].class);
            any = true;
            svg_bar(drawing->out, MARGIN + bar->x, y + bar->y, bar->width, bar->height);
        }
        if (any)
            svg_bars_end(drawing->out);
    }
}

/* The time of the last request beside it, where there is room. */
static void draw_end(const struct drawing *drawing, const struct timeline_panel *panel,
                     const struct timeline_bars *bars, double y)
{
    double x = tick_x(drawing, panel->end_us) + 6;
    char text[32];

    if (panel->count && x < WIDTH - 80)
        svg_text(drawing->out, "bt-ink", x,
                 y + fmax(fmin(bars->end_y + 4, bars->height), 9),
                 timeline_duration(panel->end_us, text, sizeof(text)), NAME_MOST);
}

static double draw_panels(const struct drawing *drawing, double top)
{
    const struct timeline *timeline = drawing->timeline;
    double y = top;

    if (drawing->look->animate)
        (void)fputs("<g clip-path=\"url(#bt-played)\">\n", drawing->out);
    for (size_t i = 0; i < timeline->count; i++) {
        draw_bars(drawing, &drawing->bars[i], y + PANEL_HEAD);
        draw_end(drawing, &timeline->panels[i], &drawing->bars[i], y + PANEL_HEAD);
        y += PANEL_HEAD + drawing->bars[i].height + PANEL_GAP;
    }
    if (drawing->look->animate)
        (void)fputs("</g>\n", drawing->out);
    y = top;
    for (size_t i = 0; i < timeline->count; i++) {
        draw_panel_head(drawing, &timeline->panels[i], y);
        y += PANEL_HEAD + drawing->bars[i].height + PANEL_GAP;
    }
    return y;
}

/* -- the page ------------------------------------------------------------------ */

/* The bars are seen through a rectangle that grows to the right. At rest, in print, and
 * for a reader who wants no motion it is as wide as the picture. */
static const char animation[] =
    "@keyframes bt-play{from{transform:scaleX(0)}to{transform:scaleX(1)}}\n"
    "@keyframes bt-again{from{transform:scaleX(0)}to{transform:scaleX(1)}}\n"
    "@keyframes bt-move{from{transform:translateX(0);opacity:1}"
    "to{transform:translateX(768px);opacity:1}}\n"
    "@keyframes bt-move-again{from{transform:translateX(0);opacity:1}"
    "to{transform:translateX(768px);opacity:1}}\n"
    ".bt-hand{opacity:0}\n"
    "@media screen and (prefers-reduced-motion: no-preference) {\n"
    ".bt-window{transform-origin:16px 0;animation:bt-play 8s linear}\n"
    ".bt-hand{animation:bt-move 8s linear}\n"
    "svg:hover .bt-window{animation-name:bt-again}\n"
    "svg:hover .bt-hand{animation-name:bt-move-again}\n"
    "}\n";

_Static_assert(MARGIN == 16 && PLOT_WIDTH == 768 && PLAY_S == 8,
               "the animation has these numbers");

static const char style[] = ".bt-title{font-size:17px;font-weight:bold}\n"
                            ".bt-name{font-weight:bold}\n"
                            ".bt-bad{font-weight:bold}\n"
                            ".bt-axis{text-anchor:middle}\n"
                            ".bt-from{text-anchor:start}\n"
                            ".bt-to{text-anchor:end}\n";

enum { FIXED_RULES = 8 };

/* The rules of the colours; those of the strategies are behind the others. `names` has
 * room for a class per panel. */
static size_t make_rules(const struct drawing *drawing, struct svg_rule *rules,
                         char (*names)[CLASS_SIZE])
{
    const struct timeline *timeline = drawing->timeline;
    size_t count = 0;

    rules[count++] = (struct svg_rule){"bt-paper", "fill", palette_paper};
    rules[count++] = (struct svg_rule){"bt-ink", "fill", palette_ink};
    rules[count++] = (struct svg_rule){"bt-title", "fill", palette_ink};
    rules[count++] = (struct svg_rule){"bt-muted", "fill", palette_muted};
    rules[count++] = (struct svg_rule){"bt-axis", "fill", palette_muted};
    rules[count++] = (struct svg_rule){"bt-grid", "stroke", palette_grid};
    rules[count++] = (struct svg_rule){"bt-hand", "stroke", palette_ink};
    rules[count++] = (struct svg_rule){"bt-bad", "fill", shown[TIMELINE_FAILED].colour};
    for (size_t i = 0; i < TIMELINE_SHOWN_COUNT; i++)
        rules[count++] = (struct svg_rule){shown[i].class, "fill", shown[i].colour};
    for (size_t i = 0; i < timeline->count; i++) {
        struct palette_colour colour = colour_of(drawing, &timeline->panels[i]);

        name_class(names[i], colour);
        rules[count++] = (struct svg_rule){names[i], "fill", colour};
    }
    return count;
}

static void draw_all(const struct drawing *drawing, const struct svg_page *page,
                     char *notes)
{
    double top = HEAD_HEIGHT + AXIS_HEIGHT;
    double bottom = page->height - MARGIN - AXIS_HEIGHT -
                    NOTE_HEIGHT * (double)drawing->note_count;
    FILE *out = drawing->out;

    svg_begin(out, page);
    svg_rect(out, "bt-paper", 0, 0, page->width, page->height);
    if (drawing->look->animate) {
        (void)fputs("<clipPath id=\"bt-played\">", out);
        svg_rect(out, "bt-window", MARGIN, 0, PLOT_WIDTH, page->height);
        (void)fputs("</clipPath>\n", out);
    }
    draw_head(drawing, page->title);
    draw_axis(drawing, HEAD_HEIGHT + 16);
    draw_grid(drawing, top, bottom);
    (void)draw_panels(drawing, top);
    if (drawing->look->animate)
        svg_line(out, "bt-hand", MARGIN, top, MARGIN, bottom);
    draw_axis(drawing, bottom + 16);
    draw_notes(drawing, bottom + AXIS_HEIGHT, notes);
    svg_end(out);
}

static double height_of(const struct drawing *drawing)
{
    double height = HEAD_HEIGHT + 2 * AXIS_HEIGHT + MARGIN +
                    NOTE_HEIGHT * (double)drawing->note_count;

    for (size_t i = 0; i < drawing->timeline->count; i++)
        height += PANEL_HEAD + drawing->bars[i].height + PANEL_GAP;
    return height;
}

/* Draws with the texts and the rules of the page. */
static int draw_page(struct drawing *drawing, const char *title, const char *description,
                     char *notes, struct err *err)
{
    size_t count = drawing->timeline->count;
    struct svg_rule *rules = calloc(FIXED_RULES + TIMELINE_SHOWN_COUNT + count,
                                    sizeof(*rules));
    char(*names)[CLASS_SIZE] = calloc(count + 1, sizeof(*names));
    char css[sizeof(style) + sizeof(animation)];
    struct svg_page page = {
        .width = WIDTH, .title = title, .description = description, .css = css};
    int result = 0;

    (void)snprintf(css, sizeof(css), "%s%s", style,
                   drawing->look->animate ? animation : "");
    for (const char *at = notes; *at; at++)
        drawing->note_count += *at == '\n';
    page.height = height_of(drawing);
    if (rules && names) {
        page.rules = rules;
        page.rule_count = make_rules(drawing, rules, names);
        draw_all(drawing, &page, notes);
    } else {
        result = err_errno(err, "no memory for the picture");
    }
    free(rules);
    free(names);
    return result;
}

/* -- all of it ----------------------------------------------------------------- */

static int make_bars(struct drawing *drawing, struct err *err)
{
    for (size_t i = 0; i < drawing->timeline->count; i++) {
        struct timeline_bars *bars = &drawing->bars[i];

        if (timeline_bars_make(bars, &drawing->timeline->panels[i], &drawing->scale, err))
            return -1;
        for (size_t j = 0; j < bars->count; j++)
            drawing->used[bars->bars[j].shown] = true;
    }
    return 0;
}

static bool is_by_request(const struct timeline *timeline, enum timeline_rows rows)
{
    for (size_t i = 0; i < timeline->count && rows == TIMELINE_ROWS_AUTO; i++)
        if (timeline->panels[i].count > timeline->panels[i].level)
            return false;
    return rows != TIMELINE_ROWS_WORKER;
}

static char *text_of(const struct timeline *timeline,
                     void (*write)(const struct timeline *timeline, FILE *out),
                     struct err *err)
{
    struct text text;

    if (text_open(&text, err))
        return NULL;
    write(timeline, text.out);
    return text_close(&text, NULL, err);
}

int timeline_svg_write(const struct timeline *timeline, const struct timeline_look *look,
                       FILE *out, struct err *err)
{
    double end_us = look->until_us > 0 ? look->until_us : timeline_end_us(timeline);
    struct drawing drawing = {
        .timeline = timeline,
        .look = look,
        .scale = {PLOT_WIDTH, end_us > 0 ? end_us : 1,
                  is_by_request(timeline, look->rows)},
        .bars = calloc(timeline->count + 1, sizeof(*drawing.bars)),
        .out = out,
    };
    char *title = text_of(timeline, timeline_write_title, err);
    char *description = title ? text_of(timeline, timeline_describe, err) : NULL;
    char *notes = NULL;
    int result = -1;

    if (!drawing.bars)
        (void)err_errno(err, "no memory for the picture");
    else if (description && !make_bars(&drawing, err) &&
             (notes = notes_of(&drawing, err)))
        result = draw_page(&drawing, title, description, notes, err);
    for (size_t i = 0; i < timeline->count && drawing.bars; i++)
        timeline_bars_free(&drawing.bars[i]);
    free(drawing.bars);
    free(title);
    free(description);
    free(notes);
    return result;
}
