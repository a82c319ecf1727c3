/* notes.h - what a row says besides its status: conditions and doubts, as words. */
#ifndef HARNESS_VALIDITY_NOTES_H
#define HARNESS_VALIDITY_NOTES_H

#include "harness/validity/outcome.h"
#include "harness/validity/verdict.h"

/* Under which conditions the row came about, whatever becomes of it. */
void notes_of_plan(struct verdict *verdict, const struct plan *plan);

/* What held the cell back that is not its strategy's, whatever becomes of the row. */
void notes_of_disturbance(struct verdict *verdict, const struct measurement *measurement);

/* What is to be known of a valid row before it is believed. */
void notes_of_cell(struct verdict *verdict, const struct plan *plan,
                   const struct cell *cell, const struct measurement *measurement,
                   const struct outcome *outcome);

#endif
