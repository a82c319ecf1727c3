/* notes.h - the notes of a row: conditions and doubts beside its status, as words. */
#ifndef HARNESS_VALIDITY_NOTES_H
#define HARNESS_VALIDITY_NOTES_H

#include "harness/validity/outcome.h"
#include "harness/validity/verdict.h"

/* The conditions under which the row was measured, valid or not. */
void notes_of_plan(struct verdict *verdict, const struct plan *plan);

/* The disturbances of the cell, whether the row is valid or not. */
void notes_of_disturbance(struct verdict *verdict, const struct measurement *measurement);

/* The doubts about a valid row. */
void notes_of_cell(struct verdict *verdict, const struct plan *plan,
                   const struct cell *cell, const struct measurement *measurement,
                   const struct outcome *outcome);

#endif
