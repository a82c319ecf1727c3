/* option_values.c - see option_values.h. */
#include "harness/cli/option_values.h"

#include <stdio.h>
#include <string.h>

#include "base/parse.h"

int option_unsigned(unsigned *out, const char *value, unsigned min, unsigned max,
                    struct err *err)
{
    uint64_t count;

    if (parse_count(value, min, max, &count, err))
        return -1;
    *out = (unsigned)count;
    return 0;
}

int option_word(int *out, const char *value, const char *const *words, struct err *err)
{
    char list[120] = "";
    size_t used = 0;

    for (int i = 0; words[i]; i++) {
        if (!strcmp(words[i], value)) {
            *out = i;
            return 0;
        }
        if (used < sizeof(list))
            used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s",
                                     i ? ", " : "", words[i]);
    }
    return err_set(err, "'%s' is none of %s", value, list);
}

int option_limit(uint64_t *out_ns, const char *value, struct err *err)
{
    if (!strcmp(value, "off")) {
        *out_ns = 0;
        return 0;
    }
    if (parse_duration(value, out_ns, err))
        return -1;
    return *out_ns ? 0
                   : err_set(err, "0 would leave nothing: write off to switch it off");
}

int option_share(double *out, const char *value, struct err *err)
{
    char number[32];
    size_t length = strlen(value);
    double divisor = 1;

    if (length && value[length - 1] == '%') {
        length--;
        divisor = 100;
    }
    (void)snprintf(number, sizeof(number), "%.*s", (int)length, value);
    if (length >= sizeof(number) || parse_number(number, out, NULL) || *out < 0 ||
        *out / divisor >= 10)
        return err_set(err, "'%s' is no share such as 5%% or 0.05", value);
    *out /= divisor;
    return 0;
}
