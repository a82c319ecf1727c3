/* facts.h - compares the facts about machine and program in env.json, as facts.def
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

/* A difference between two recorded runs: its key, and both values as JSON, cut off if
 * they are longer. All "": none. */
struct difference {
    char key[DIFFERENCE_SIZE], a[DIFFERENCE_SIZE], b[DIFFERENCE_SIZE];
};

/* Fills in a difference; a value of NULL is absent. -1: no memory. */
int difference_set(struct difference *difference, const char *key, const json_t *a,
                   const json_t *b, struct err *err);

/* The class of a path such as "machine.kernel"; `*listed`, if not NULL, says whether
 * facts.def has it. */
enum fact_class fact_class_of(const char *path, bool *listed);

/* The first difference between two env.json, `a` and `b`: in a fact of the machine, or of
 * the subject. -1: no memory. */
int facts_differ_machine(const json_t *a, const json_t *b, struct difference *difference,
                         struct err *err);
int facts_differ_subject(const json_t *a, const json_t *b, struct difference *difference,
                         struct err *err);

/* The facts of the machine that must be equal, in a form whose text is equal for equal
 * machines. A new reference; NULL: no memory. */
json_t *facts_identity(const json_t *env);

/* The parts of env.json that have facts of the machine. Likewise. */
json_t *facts_machine(const json_t *env);

#endif
