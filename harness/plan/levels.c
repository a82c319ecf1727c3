/* levels.c - see levels.h. */
#include "harness/plan/levels.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/parse.h"
#include "base/text.h"

const struct levels_kind levels_kind = {"level", "levels", LEVEL_MAX};
const struct levels_kind rates_kind = {"rate", "rates", RATE_MAX};

static const unsigned ladder[] = {1,     3,     5,     10,     15,     30,     50,
                                  75,    100,   200,   500,    1000,   2000,   5000,
                                  10000, 20000, 50000, 100000, 200000, 500000, 1000000};

enum { LADDER_COUNT = sizeof(ladder) / sizeof(ladder[0]) };

int levels_add(struct levels *levels, unsigned level, struct err *err)
{
    size_t place = levels->count;

    while (place && levels->values[place - 1] > level)
        place--;
    if (place && levels->values[place - 1] == level)
        return 0;
    if (levels->count == LEVELS_MAX)
        return err_set(err, "more than %d numbers", LEVELS_MAX);
    memmove(&levels->values[place + 1], &levels->values[place],
            (levels->count - place) * sizeof(levels->values[0]));
    levels->values[place] = level;
    levels->count++;
    return 0;
}

/* A list while it is read. */
struct reading {
    struct levels *levels;
    const struct levels_kind *kind;
    unsigned last; /* the number before; 0: none */
    bool open;     /* "..." stands between that and the next one */
};

static int parse_level(const struct reading *reading, const char *text, unsigned *level,
                       struct err *err)
{
    uint64_t value;

    if (parse_count(text, 1, reading->kind->max, &value, err)) {
        if (err)
            (void)text_append(err->text, sizeof(err->text),
                              "; give %s such as 1,10,100 or 1,3,5,...,500",
                              reading->kind->several);
        return -1;
    }
    *level = (unsigned)value;
    return 0;
}

/* "A-B" or "A-B:STEP"; the dash is at `dash`. Modifies the text. */
static int add_range(struct reading *reading, char *text, char *dash, struct err *err)
{
    char *colon = strchr(dash, ':');
    unsigned from, to;
    uint64_t step = 1;

    *dash = '\0';
    if (colon) {
        *colon = '\0';
        /* A step is no level: an example of levels would not help. */
        if (parse_count(colon + 1, 1, reading->kind->max, &step, err))
            return err_prefix(err, "the step of a range");
    }
    if (parse_level(reading, text, &from, err) ||
        parse_level(reading, dash + 1, &to, err))
        return -1;
    if (from > to)
        return err_set(err, "the range '%u-%u' goes down; give the lower %s first", from,
                       to, reading->kind->one);
    for (unsigned level = from; level <= to; level += (unsigned)step)
        if (levels_add(reading->levels, level, err))
            return -1;
    reading->last = to;
    return 0;
}

static int add_ladder(const struct reading *reading, unsigned above, unsigned below,
                      struct err *err)
{
    if (below <= above)
        return err_set(err,
                       "'...' needs a lower %s before it and a higher one after it, "
                       "not %u and %u",
                       reading->kind->one, above, below);
    for (size_t i = 0; i < LADDER_COUNT; i++)
        if (ladder[i] > above && ladder[i] < below &&
            levels_add(reading->levels, ladder[i], err))
            return -1;
    return 0;
}

static int ladder_needs_neighbours(const struct reading *reading, struct err *err)
{
    return err_set(err, "'...' needs a %s on each side, as in 1,3,5,...,500",
                   reading->kind->one);
}

/* One element of the list. */
static int add_element(struct reading *reading, char *text, struct err *err)
{
    unsigned before = reading->last;
    unsigned first;
    char *dash;

    if (!strcmp(text, "...")) {
        if (!reading->last || reading->open)
            return ladder_needs_neighbours(reading, err);
        reading->open = true;
        return 0;
    }
    dash = strchr(text, '-');
    if (dash && dash != text) {
        if (add_range(reading, text, dash, err) ||
            parse_level(reading, text, &first, err))
            return -1;
    } else {
        if (parse_level(reading, text, &reading->last, err) ||
            levels_add(reading->levels, reading->last, err))
            return -1;
        first = reading->last;
    }
    if (reading->open && add_ladder(reading, before, first, err))
        return -1;
    reading->open = false;
    return 0;
}

int levels_parse(struct levels *levels, const struct levels_kind *kind, const char *text,
                 struct err *err)
{
    struct reading reading = {levels, kind, 0, false};
    char *copy = strdup(text);
    char *rest = copy;
    int result = 0;
    char *element;

    if (!copy)
        return err_errno(err, "no memory for the %s", kind->several);
    *levels = (struct levels){.count = 0};
    while (!result && (element = text_take_item(&rest)))
        result = add_element(&reading, element, err);
    if (!result && reading.open)
        result = ladder_needs_neighbours(&reading, err);
    free(copy);
    return result;
}

bool levels_have(const struct levels *levels, unsigned level)
{
    for (size_t i = 0; i < levels->count; i++)
        if (levels->values[i] == level)
            return true;
    return false;
}

void levels_write(const struct levels *levels, FILE *out)
{
    for (size_t i = 0; i < levels->count; i++)
        (void)fprintf(out, "%s%u", i ? "," : "", levels->values[i]);
}
