/* timeline.h - the requests of some cells over time: when each was in which phase. */
#ifndef ANALYSIS_REPORT_TIMELINE_H
#define ANALYSIS_REPORT_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "analysis/rows/point.h"
#include "analysis/rows/words.h"
#include "base/err.h"
#include "base/intern.h"

/* The phases of a request, in their order. X(name, word, class in SVG, light and dark
 * colour, meaning) */
#define TIMELINE_PHASES(X)                                          \
    X(QUEUED, "queued", "queued", "#8a939e", "#8a939e",             \
      "begun, but not yet handed to the HTTP client")               \
    X(CONNECTING, "connecting", "connect", "#d55e00", "#f0803c",    \
      "until TCP was connected")                                    \
    X(TLS, "TLS", "tls", "#aa4499", "#d070c0", "the TLS handshake") \
    X(WAITING, "waiting", "waiting", "#3f97d3", "#4f9fd8",          \
      "until the first byte of the response")                       \
    X(RECEIVING, "receiving", "receive", "#117733", "#5cb879",      \
      "until the worker knew that it was done")

enum timeline_phase {
#define X(name, word, class, light, dark, meaning) TIMELINE_##name,
    TIMELINE_PHASES(X)
#undef X
        TIMELINE_PHASE_COUNT
};

extern const char *const timeline_phase_words[TIMELINE_PHASE_COUNT];

struct timeline_request {
    uint64_t number, worker;
    double begin_us;
    double until_us[TIMELINE_PHASE_COUNT]; /* end of each phase; never descends */
    bool cut_off;                          /* by the end of its cell, at a rate */
    bool failed;                           /* neither that nor ok */
    bool unfinished;                       /* it has no end: drawn to that of its cell */
    const char *url, *outcome;             /* NULL unless texts were asked for */
    size_t lane; /* of the cell, from 0: requests of one lane do not overlap */
};

/* One cell: a strategy in one round. */
struct timeline_panel {
    const char *run_id, *variant, *strategy; /* these texts are the timeline's */
    enum point_kind kind;
    uint64_t point, level, round; /* the level is the most that may be in flight */
    enum row_status status;
    const char *reason;                /* why it is not valid; "": not recorded */
    struct timeline_request *requests; /* by worker, begin and number */
    size_t count;
    size_t untaken; /* further requests, which no worker took */
    size_t failed, workers, lanes;
    size_t cut_off; /* that had not ended when a cell at a rate did */
    size_t peak;    /* most requests at a time that were past the phase `queued` */
    double end_us, waiting_share; /* of the time in flight; NAN: no request */
};

struct timeline {
    struct timeline_panel *panels;
    size_t count;
    struct intern *texts;
    char missing[256];  /* strategies that were not measured so; "": none */
    char variants[256]; /* other variants of the file; "": none */
};

/* The end of the last request of all panels. */
double timeline_end_us(const struct timeline *timeline);

/* Reads a request from a row of requests.csv. False: no worker took it. */
bool timeline_request_of(struct timeline_request *request, const struct field *fields);

/* Completes a panel whose requests are set: sorts them and computes the rest. -1: no
 * memory. */
int timeline_panel_complete(struct timeline_panel *panel, struct err *err);

/* Describes the panel in one sentence without a full stop, such as "10 requests,
 * one after another, done after 507 ms". Foreign text is not part of it. */
enum { TIMELINE_TEXT_SIZE = 160 };
const char *timeline_panel_text(const struct timeline_panel *panel,
                                char text[TIMELINE_TEXT_SIZE]);

/* A duration with three digits and its unit: "507 ms". */
const char *timeline_duration(double us, char *text, size_t size);

void timeline_free(struct timeline *timeline); /* fine for all zeros */

#endif
