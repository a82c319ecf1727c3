/* arguments.c - see arguments.h. */
#include "harness/cli/arguments.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void fail(struct arguments *arguments)
{
    arguments_free(arguments);
    arguments->count = -1;
}

void arguments_add(struct arguments *arguments, const char *format, ...)
{
    size_t room;
    va_list values;
    char **items;
    int length;

    if (arguments->count < 0)
        return;
    room = (size_t)arguments->count + 2;
    items = realloc(arguments->items, room * sizeof(*items));
    if (!items) {
        fail(arguments);
        return;
    }
    arguments->items = items;
    va_start(values, format);
    length = vasprintf(&items[arguments->count], format, values);
    va_end(values);
    if (length < 0) {
        fail(arguments);
        return;
    }
    items[++arguments->count] = NULL;
}

void arguments_add_json(struct arguments *arguments, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *text = json_string_value(json_array_get(list, i));

        if (text)
            arguments_add(arguments, "%s", text);
    }
}

int arguments_check(const struct arguments *arguments, struct err *err)
{
    return arguments->count < 0 ? err_set(err, "no memory for a command line") : 0;
}

void arguments_free(struct arguments *arguments)
{
    for (int i = 0; i < arguments->count; i++)
        free(arguments->items[i]);
    free(arguments->items);
    *arguments = (struct arguments){0};
}
