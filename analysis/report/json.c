/* json.c - see json.h. */
#include "analysis/report/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/utf8.h"

/* Twelve digits hold the nine decimals of a row, and 0.1 stays 0.1. */
enum { DIGITS = 12 };

json_t *json_of_number(double number)
{
    return isfinite(number) ? json_real(number) : json_null();
}

json_t *json_of_text(const char *text)
{
    char *copy = text && text[0] ? strdup(text) : NULL;
    json_t *value;

    for (char *at = copy; at && *at;) {
        size_t length = utf8_length(at);

        if (!length)
            *at = '?';
        at += length ? length : 1;
    }
    value = copy ? json_string(copy) : NULL;
    free(copy);
    return value;
}

void json_add(json_t **array, json_t *value)
{
    if (json_array_append_new(*array, value)) {
        json_decref(*array);
        *array = NULL;
    }
}

void json_put(json_t **object, const char *key, json_t *value)
{
    if (json_object_set_new(*object, key, value)) {
        json_decref(*object);
        *object = NULL;
    }
}

int json_write(json_t *value, FILE *out, struct err *err)
{
    int result;

    if (!value)
        return err_set(err, "no memory to put JSON together");
    result = json_dumpf(value, out,
                        JSON_INDENT(2) | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(DIGITS));
    json_decref(value);
    (void)fputc('\n', out);
    return result || ferror(out) ? err_errno(err, "cannot write JSON") : 0;
}
