/* json.h - values of ours as jansson has them, the reading and the writing of them. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

/* -- putting together ---------------------------------------------------------- */

/* Add to an array or an object and take the value over. Where there was no memory for one
 * of the two it becomes NULL and stays so: only the end has to be looked at. */
void json_add(json_t **array, json_t *value);
void json_put(json_t **object, const char *key, json_t *value);

/* The same with a value as below. NULL and a number that is not finite are left out. */
void json_put_text(json_t **object, const char *key, const char *text);
void json_put_count(json_t **object, const char *key, uint64_t count);
void json_put_number(json_t **object, const char *key, double number);

/* The same with a text for people, whose bytes that are no UTF-8 are '?'. NULL and "" are
 * left out. */
void json_put_shown(json_t **object, const char *key, const char *text);

/* Any bytes: a string, or where they are no UTF-8 {"base64": "..."}. json_read_text()
 * gives back the same. NULL: no memory. */
json_t *json_of_bytes(const char *text);

/* A number, in decimal digits as a string where it is above 2^63-1. json_read_count()
 * gives back the same. */
json_t *json_of_count(uint64_t count);

/* A number, or null for what is not finite, which JSON does not have. */
json_t *json_of_number(double number);

/* -- taking apart -------------------------------------------------------------- */

/* -1: it is of another type; the message does not say what it is of. NULL is of no type.
 * The caller frees the text. */
int json_read_text(const json_t *value, char **text, struct err *err);
int json_read_count(const json_t *value, uint64_t *count, struct err *err);

/* The number there; NAN for anything else. */
double json_get_number(const json_t *object, const char *key);

/* -- files --------------------------------------------------------------------- */

/* The value as text, to be freed: keys sorted, without spaces. It is the same for equal
 * values. "absent" for NULL. NULL: no memory. */
char *json_text(const json_t *value);

/* What json_loadfd() of jansson does. Where there is no memory that would write over the
 * end of a block; here it is NULL, and `error` says so. */
json_t *json_parse_fd(int fd, json_error_t *error);

/* Reads a file that holds one object. The caller owns it. */
int json_read_file(json_t **object, const char *path, struct err *err);

/* These take the value over; NULL is one that there was no memory for. Twelve digits of a
 * number are written, and a newline at the end. json_write() writes ASCII.
 * json_replace_file() is file_replace(). */
int json_write(json_t *value, FILE *out, struct err *err);
int json_replace_file(json_t *value, const char *path, struct err *err);

#endif
