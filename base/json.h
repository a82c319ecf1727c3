/* json.h - building, reading and writing JSON with jansson. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

/* -- building ------------------------------------------------------------------ */

/* Add a value to an array or an object and take ownership of it. If there was no memory
 * for either, the container becomes NULL and stays NULL: only the end result has to be
 * checked. */
void json_add(json_t **array, json_t *value);
void json_put(json_t **object, const char *key, json_t *value);

/* The same for a value as made below. NULL and a number that is not finite are left
 * out. */
void json_put_text(json_t **object, const char *key, const char *text);
void json_put_count(json_t **object, const char *key, uint64_t count);
void json_put_number(json_t **object, const char *key, double number);

/* The same for a text for people: bytes that are not UTF-8 become '?'. NULL and "" are
 * left out. */
void json_put_shown(json_t **object, const char *key, const char *text);

/* Writes such a text as a string, in quotes, for JSON that is written piece by piece. */
int json_write_shown(FILE *out, const char *text, struct err *err);

/* A string, or {"base64": "..."} if the bytes are not UTF-8. json_read_text() reverses
 * it. NULL: no memory. */
json_t *json_of_bytes(const char *text);

/* A number, or above 2^63-1 a string of decimal digits. json_read_count() reverses it. */
json_t *json_of_count(uint64_t count);

/* A number, or null if it is not finite, which JSON cannot express. */
json_t *json_of_number(double number);

/* -- reading ------------------------------------------------------------------- */

/* -1: the value is NULL or of another type; the message does not name the value. The
 * caller frees the text. */
int json_read_text(const json_t *value, char **text, struct err *err);
int json_read_count(const json_t *value, uint64_t *count, struct err *err);

/* The number at `key`; NAN if there is none. */
double json_get_number(const json_t *object, const char *key);

/* -- files --------------------------------------------------------------------- */

/* The value as compact text with sorted keys, so that equal values have equal texts;
 * "absent" for NULL. The caller frees it. NULL: no memory. */
char *json_text(const json_t *value);

/* Like json_loadfd() of jansson, which writes past the end of a block when memory runs
 * out; this returns NULL, and `error` says so. */
json_t *json_parse_fd(int fd, json_error_t *error);

/* Reads a file that holds one object. The caller owns it. */
int json_read_file(json_t **object, const char *path, struct err *err);

/* These take ownership of the value; NULL means that there was no memory to build it.
 * They write twelve digits of a number, and a newline at the end. json_write() writes
 * ASCII. json_replace_file() writes as file_replace() does. */
int json_write(json_t *value, FILE *out, struct err *err);
int json_replace_file(json_t *value, const char *path, struct err *err);

#endif
