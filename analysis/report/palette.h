/* palette.h - the colours of pictures: one per strategy, the same in every picture, for a
 * light and for a dark background. */
#ifndef ANALYSIS_REPORT_PALETTE_H
#define ANALYSIS_REPORT_PALETTE_H

#include <stddef.h>

enum { PALETTE_COUNT = 16 };

/* As "#rrggbb". */
struct palette_colour {
    const char *light, *dark; /* named after the background that it is drawn on */
};

/* Okabe and Ito's colours, then Tol's, some of them darker or brighter: a colour-blind
 * reader can tell neighbours apart, and each has a contrast of at least 3 to its
 * background (WCAG 2.2, 1.4.11). */
extern const struct palette_colour palette[PALETTE_COUNT];

/* The page, text, lesser text, and lines of a grid. */
extern const struct palette_colour palette_paper, palette_ink, palette_muted,
    palette_grid;

/* The colour of a strategy. `order` is NULL-terminated and lists the known strategies,
 * all of them and not only those drawn: a strategy has the colour of its place. An
 * unknown one has a colour by its name, of those that no known one has, as far as there
 * are any. */
struct palette_colour palette_of(const char *strategy, const char *const *order);

#endif
