/* json.h - values of ours as jansson has them, and the writing of them. */
#ifndef ANALYSIS_REPORT_JSON_H
#define ANALYSIS_REPORT_JSON_H

#include <jansson.h>
#include <stdio.h>

#include "base/err.h"

/* A number, or null for what is not finite, which JSON does not have. */
json_t *json_of_number(double number);

/* A text whose bytes that are no UTF-8 are '?'. NULL for NULL and "", so that "s:o*" of
 * json_pack() leaves out what is absent. */
json_t *json_of_text(const char *text);

/* Add to an array or an object and take the value over. Where there was no memory for one
 * of the two it becomes NULL and stays so: only the end has to be looked at. */
void json_add(json_t **array, json_t *value);
void json_put(json_t **object, const char *key, json_t *value);

/* Writes the value, which is taken over, in ASCII and with a newline at the end. NULL is
 * a value that there was no memory for. */
int json_write(json_t *value, FILE *out, struct err *err);

#endif
