/* svg_png.h - a picture as PNG, drawn by rsvg-convert. */
#ifndef ANALYSIS_REPORT_SVG_PNG_H
#define ANALYSIS_REPORT_SVG_PNG_H

#include <stddef.h>

#include "base/err.h"

/* Converts SVG to PNG, with two pixels per unit of length for sharp text. Owner of
 * `*png`: the caller, free(). -1: rsvg-convert is not installed, or failed. */
int svg_png(const char *svg, size_t svg_size, char **png, size_t *size, struct err *err);

#endif
