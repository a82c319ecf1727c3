/* held.h - which rates strategies held, and what ran out where they did not. */
#ifndef ANALYSIS_REPORT_HELD_H
#define ANALYSIS_REPORT_HELD_H

#include <stdio.h>

#include "analysis/report/ranking.h"

/* Whether each round of a cell is valid and held its rate. */
bool held_in_all_rounds(const struct summary_cell *cell);

/* The highest rate that a strategy held in all rounds; 0: none. */
uint64_t held_highest(const struct summary *summary, const char *variant,
                      const char *strategy);

/* The highest rate of a variant at which at least that many cells can be ranked; 0: none.
 */
uint64_t held_by_candidates(const struct summary *summary, const char *variant,
                            size_t candidates);

/* From here on CPU time is worth a word: the rows do not say how many CPUs a model can
 * use, so the figure stands for itself. */
#define HELD_BUSY_CORES 0.9

/* A sentence on each strategy that did not hold a rate: the rate that it reached, and the
 * resources that its rows show to be used up. The median of the rounds that did not hold
 * it. Each sentence of these functions ends with '\n'. */
void held_write_failures(const struct summary *summary, const char *variant,
                         uint64_t rate, FILE *out);

/* Those that are not ranked at a rate since the origin was the bottleneck, in a sentence,
 * or nothing. */
void held_write_origin_bound(const struct summary *summary, const char *variant,
                             uint64_t rate, FILE *out);

/* The highest rate that each strategy held, in a sentence. */
void held_write_highest(const struct summary *summary, const char *variant, FILE *out);

#endif
