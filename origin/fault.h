/* fault.h - which pages get a faulty response, and how: `--fault KIND[:RATE]`.
 *
 * A fault belongs to a page: of the hundred film pages each kind gets as many as its rate
 * says, picked by the seed. Request i of every cell asks for the same page, so the same
 * requests fail in all of them, and asking again does not help. The index never
 * has a fault. */
#ifndef ORIGIN_FAULT_H
#define ORIGIN_FAULT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "origin/page.h"

enum fault_kind {
    FAULT_NONE,
#define FAULT(name, word, outcome, wire) FAULT_##name,
#include "origin/fault.def"
#undef FAULT
    FAULT_KIND_COUNT
};

enum { FAULT_TEXT_SIZE = 320 };

/* The faults that were asked for. Plain data; all zeros: no faults. */
struct fault_rates {
    uint8_t percent[FAULT_KIND_COUNT]; /* of the film pages; together at most 100 */
    char text[FAULT_TEXT_SIZE];        /* "stall:5 500:30"; "" without faults */
};

/* The kind of every page, by its index in the page set. Plain data. */
struct fault_plan {
    uint8_t of_page[1 + PAGE_DETAIL_COUNT];
};

/* Its word, as in fault.def. FAULT_NONE is "none". */
const char *fault_word(enum fault_kind kind);

/* Adds "KIND" or "KIND:RATE", the rate being a whole percentage; without one it is 100. A
 * kind that is named again gets the new rate. Fails for an unknown kind or rate, and when
 * the rates add up to more than 100; then nothing is changed. */
int fault_parse(struct fault_rates *rates, const char *text, struct err *err);

/* Gives the faults to pages; the same rates and seed give the same pages. */
void fault_assign(struct fault_plan *plan, const struct fault_rates *rates,
                  uint64_t seed);

#endif
