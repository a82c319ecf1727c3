/* timeline_text.c - see timeline_text.h. */
#include "analysis/report/timeline_text.h"

#include <math.h>

#include "base/text.h"

void timeline_write_title(const struct timeline *timeline, FILE *out)
{
    const struct timeline_panel *first = &timeline->panels[0];
    size_t all = first->count + first->untaken;
    char point[POINT_TEXT_SIZE];

    for (size_t i = 1; i < timeline->count; i++)
        if (timeline->panels[i].count + timeline->panels[i].untaken != all)
            all = 0;
    if (all)
        (void)fprintf(out, "%zu %s", all, plural(all, "request", "requests"));
    else
        (void)fputs("Requests", out);
    (void)fprintf(out, " at %s %s", point_word(first->kind),
                  point_text(first->kind, first->point, point));
    if (timeline->count > 1)
        (void)fprintf(out, ", %zu strategies on one time axis", timeline->count);
}

void timeline_describe(const struct timeline *timeline, FILE *out)
{
    for (size_t i = 0; i < timeline->count; i++) {
        const struct timeline_panel *panel = &timeline->panels[i];
        char text[TIMELINE_TEXT_SIZE];

        (void)fprintf(out, "%s: %s", panel->strategy, timeline_panel_text(panel, text));
        if (!isnan(panel->waiting_share))
            (void)fprintf(out, "; %.0f%% of the time in flight is waiting",
                          100 * panel->waiting_share);
        if (panel->status != STATUS_VALID)
            (void)fprintf(out, ", status %s", status_word(panel->status));
        (void)fputc('\n', out);
    }
    if (timeline->missing[0])
        (void)fprintf(out, "Not measured so: %s\n", timeline->missing);
}

/* -- notes below the panels ---------------------------------------------------- */

static void note_panels(const struct timeline *timeline, FILE *out)
{
    for (size_t i = 0; i < timeline->count; i++) {
        const struct timeline_panel *panel = &timeline->panels[i];

        if (panel->status == STATUS_VALID)
            continue;
        (void)fprintf(out, "%s, status %s", panel->strategy, status_word(panel->status));
        /* A reason may have several lines, but a note is one. */
        for (const char *at = panel->reason; *at; at++) {
            if (at == panel->reason)
                (void)fputs(": ", out);
            (void)fputc(*at == '\n' ? ' ' : *at, out);
        }
        (void)fputc('\n', out);
    }
}

void timeline_write_notes(const struct timeline *timeline,
                          const struct timeline_about *about, FILE *out)
{
    char text[32];

    if (about->merged)
        (void)fprintf(out, "Where requests share a pixel, it has the phase in which they "
                           "spent most time.\n");
    if (about->until_us < timeline_end_us(timeline))
        (void)fprintf(out, "The time axis ends at %s: what is later is cut off.\n",
                      timeline_duration(about->until_us, text, sizeof(text)));
    if (timeline->missing[0])
        (void)fprintf(out, "Not measured at this %s and round: %s\n",
                      point_word(timeline->panels[0].kind), timeline->missing);
    if (timeline->variants[0])
        (void)fprintf(out, "Variant: %s; others: %s\n", timeline->panels[0].variant,
                      timeline->variants);
    if (about->play_s)
        (void)fprintf(out, "Played in %u s; the longest cell took %s.\n", about->play_s,
                      timeline_duration(about->until_us, text, sizeof(text)));
    note_panels(timeline, out);
}
