/* parse.c - see parse.h. */
#include "base/parse.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

/* In ascending order: duration_text() takes the largest that fits. */
static const struct unit {
    const char *name;
    uint64_t ns;
} units[] = {
    {"ns", 1},
    {"us", CLOCK_NS_PER_US},
    {"ms", CLOCK_NS_PER_MS},
    {"s", CLOCK_NS_PER_S},
    {"m", 60 * CLOCK_NS_PER_S},
    {"h", 3600 * CLOCK_NS_PER_S},
};

enum { UNIT_COUNT = sizeof(units) / sizeof(units[0]) };

static int not_a_count(const char *text, uint64_t min, uint64_t max, struct err *err)
{
    return err_set(err, "'%s' is not a whole number from %" PRIu64 " to %" PRIu64, text,
                   min, max);
}

int parse_count(const char *text, uint64_t min, uint64_t max, uint64_t *out,
                struct err *err)
{
    char *end = NULL;
    unsigned long long value;

    /* strtoull() accepts spaces and signs; a count has neither. */
    if (!isdigit((unsigned char)text[0]))
        return not_a_count(text, min, max, err);
    errno = 0;
    value = strtoull(text, &end, 10);
    if (errno || *end || value < min || value > max)
        return not_a_count(text, min, max, err);
    *out = value;
    return 0;
}

/* The digits at *at as a number up to `max`. */
static int parse_digits(const char **at, uint64_t max, uint64_t *value)
{
    char *end = NULL;

    if (!isdigit((unsigned char)**at))
        return -1;
    errno = 0;
    *value = strtoull(*at, &end, 10);
    *at = end;
    return errno || *value > max ? -1 : 0;
}

int parse_range(const char **cursor, uint64_t max, uint64_t *from, uint64_t *to,
                struct err *err)
{
    const char *at = *cursor;
    int result = parse_digits(&at, max, from);

    *to = *from;
    if (!result && *at == '-') {
        at++;
        result = parse_digits(&at, max, to);
    }
    /* An item must follow a comma. */
    if (!result && *at == ',') {
        at += 1 + strspn(at + 1, " ");
        result = *at ? 0 : -1;
    } else if (*at)
        result = -1;
    if (result || *from > *to)
        return err_set(err, "'%s' is not a list like 0-2,5 of numbers up to %" PRIu64,
                       *cursor, max);
    *cursor = at;
    return 0;
}

int parse_number(const char *text, double *out, struct err *err)
{
    char *end = NULL;
    double value;

    errno = 0;
    value = strtod(text, &end);
    if (end == text || *end || errno || !isfinite(value))
        return err_set(err, "'%s' is not a number", text);
    *out = value;
    return 0;
}

static int bad_duration(const char *text, struct err *err)
{
    return err_set(err,
                   "'%s' is not a duration: write a number and a unit, ns, us, ms, s, m "
                   "or h, as in 50ms or 1.5s",
                   text);
}

/* The digits at *cursor as whole and fractional part; `scale` is 10 to the power of the
 * number of fractional digits. */
static int parse_decimal(const char **cursor, uint64_t *whole, uint64_t *fraction,
                         uint64_t *scale)
{
    const char *at = *cursor;

    *whole = 0;
    *fraction = 0;
    *scale = 1;
    if (!isdigit((unsigned char)*at))
        return -1;
    for (; isdigit((unsigned char)*at); at++) {
        if (*whole > 1000000000000ull)
            return -1;
        *whole = *whole * 10 + (uint64_t)(*at - '0');
    }
    if (*at == '.') {
        at++;
        if (!isdigit((unsigned char)*at))
            return -1;
        for (; isdigit((unsigned char)*at); at++) {
            if (*scale > 100000000ull)
                return -1;
            *fraction = *fraction * 10 + (uint64_t)(*at - '0');
            *scale *= 10;
        }
    }
    *cursor = at;
    return 0;
}

int parse_duration(const char *text, uint64_t *out_ns, struct err *err)
{
    const char *unit = text;
    uint64_t whole, fraction, scale;

    if (parse_decimal(&unit, &whole, &fraction, &scale))
        return bad_duration(text, err);
    if (!*unit && !whole && !fraction) {
        *out_ns = 0;
        return 0;
    }
    for (size_t i = 0; i < UNIT_COUNT; i++) {
        if (strcmp(unit, units[i].name) != 0)
            continue;
        if (whole > UINT64_MAX / 2 / units[i].ns || fraction > UINT64_MAX / units[i].ns ||
            fraction * units[i].ns % scale)
            return bad_duration(text, err);
        *out_ns = whole * units[i].ns + fraction * units[i].ns / scale;
        return 0;
    }
    return bad_duration(text, err);
}

const char *duration_text(uint64_t ns, char text[DURATION_TEXT_SIZE])
{
    size_t best = 0;
    uint64_t fraction;
    int digits = 0;

    /* Seconds are the largest unit written: "90s" is clearer than "1.5m". */
    for (size_t i = 0; i <= 3; i++)
        if (ns >= units[i].ns)
            best = i;
    fraction = ns % units[best].ns;
    if (!fraction) {
        (void)snprintf(text, DURATION_TEXT_SIZE, "%" PRIu64 "%s", ns / units[best].ns,
                       ns ? units[best].name : "");
        return text;
    }
    for (uint64_t unit = units[best].ns; unit > 1; unit /= 10)
        digits++;
    while (fraction % 10 == 0) {
        fraction /= 10;
        digits--;
    }
    (void)snprintf(text, DURATION_TEXT_SIZE, "%" PRIu64 ".%0*" PRIu64 "%s",
                   ns / units[best].ns, digits, fraction, units[best].name);
    return text;
}
