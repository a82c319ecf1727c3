/* facts.h - the facts about machine and program that env.json has, compared as facts.def
 * says. */
#ifndef ANALYSIS_ROWS_FACTS_H
#define ANALYSIS_ROWS_FACTS_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"

enum fact_class {
    FACT_CONTEXT,
    FACT_IDENTITY,
    FACT_KNOWN,
    FACT_AMOUNT,
    FACT_SUBJECT,
};

enum { DIFFERENCE_SIZE = 72 };

/* Something in which two recorded runs differ: its key, and both values as JSON. Longer
 * texts are cut off. All "": nothing. */
struct difference {
    char key[DIFFERENCE_SIZE], a[DIFFERENCE_SIZE], b[DIFFERENCE_SIZE];
};

/* Writes it down; NULL is a value that is absent. -1: no memory. */
int difference_set(struct difference *difference, const char *key, const json_t *a,
                   const json_t *b, struct err *err);

/* The class of a path such as "machine.kernel"; `*listed`, if not NULL: facts.def has it.
 */
enum fact_class fact_class_of(const char *path, bool *listed);

/* What env.json's `a` and `b` differ in first: in a fact of the machine, or in what is
 * measured. -1: no memory. */
int facts_differ_machine(const json_t *a, const json_t *b, struct difference *difference,
                         struct err *err);
int facts_differ_subject(const json_t *a, const json_t *b, struct difference *difference,
                         struct err *err);

/* The machine in those facts that must be equal, of which two that are equal make one
 * text. A new reference; NULL: no memory. */
json_t *facts_identity(const json_t *env);

/* The parts of env.json that have facts of the machine. Likewise. */
json_t *facts_machine(const json_t *env);

#endif
