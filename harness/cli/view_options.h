/* view_options.h - the options that choose which results are shown. */
#ifndef HARNESS_CLI_VIEW_OPTIONS_H
#define HARNESS_CLI_VIEW_OPTIONS_H

#include "analysis/report/view.h"
#include "base/value.h"

struct view_request {
    int goal; /* enum goal */
    struct shown_set show;
    bool chart;
};

enum { VIEW_SPEC_COUNT = 3 };

extern const struct value_spec view_specs[VIEW_SPEC_COUNT];

/* The view on a stream: as wide as it is, and coloured if it is a terminal and NO_COLOR
 * is not set (no-color.org). */
struct view view_on(const struct view_request *request, FILE *out);

#endif
