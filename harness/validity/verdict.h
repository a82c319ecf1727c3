/* verdict.h - the verdict on a row: its status, the reason for it, and notes. */
#ifndef HARNESS_VALIDITY_VERDICT_H
#define HARNESS_VALIDITY_VERDICT_H

#include "analysis/rows/words.h"

enum { VERDICT_REASON_SIZE = 512, VERDICT_NOTES_SIZE = 256 };

struct verdict {
    enum row_status status;
    char reason[VERDICT_REASON_SIZE]; /* "" for a valid row */
    char notes[VERDICT_NOTES_SIZE];   /* words of words.h, separated by spaces */
};

#endif
