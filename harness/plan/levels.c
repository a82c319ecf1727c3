/* levels.c - see levels.h. */
#include "harness/plan/levels.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/parse.h"
#include "base/text.h"

static const unsigned ladder[] = {1,    3,    5,     10,    15,    30,
                                  50,   75,   100,   200,   500,   1000,
                                  2000, 5000, 10000, 20000, 50000, 100000};

enum { LADDER_COUNT = sizeof(ladder) / sizeof(ladder[0]) };

int levels_add(struct levels *levels, unsigned level, struct err *err)
{
    size_t place = levels->count;

    while (place && levels->values[place - 1] > level)
        place--;
    if (place && levels->values[place - 1] == level)
        return 0;
    if (levels->count == LEVELS_MAX)
        return err_set(err, "more than %d levels", LEVELS_MAX);
    memmove(&levels->values[place + 1], &levels->values[place],
            (levels->count - place) * sizeof(levels->values[0]));
    levels->values[place] = level;
    levels->count++;
    return 0;
}

static int parse_level(const char *text, unsigned *level, struct err *err)
{
    uint64_t value;

    if (parse_count(text, 1, LEVEL_MAX, &value, err)) {
        if (err)
            (void)text_append(err->text, sizeof(err->text),
                              "; give levels such as 1,10,100 or 1,3,5,...,500");
        return -1;
    }
    *level = (unsigned)value;
    return 0;
}

/* "A-B" or "A-B:STEP"; the dash is at `dash`. Modifies the text. */
static int add_range(struct levels *levels, char *text, char *dash, unsigned *last,
                     struct err *err)
{
    char *colon = strchr(dash, ':');
    unsigned from, to;
    uint64_t step = 1;

    *dash = '\0';
    if (colon) {
        *colon = '\0';
        if (parse_count(colon + 1, 1, LEVEL_MAX, &step, err))
            return err_prefix(err, "the step of a range");
    }
    if (parse_level(text, &from, err) || parse_level(dash + 1, &to, err))
        return -1;
    if (from > to)
        return err_set(err, "the range '%u-%u' goes down; give the lower level first",
                       from, to);
    for (unsigned level = from; level <= to; level += (unsigned)step)
        if (levels_add(levels, level, err))
            return -1;
    *last = to;
    return 0;
}

static int add_ladder(struct levels *levels, unsigned above, unsigned below,
                      struct err *err)
{
    if (below <= above)
        return err_set(err,
                       "'...' needs a lower level before it and a higher one after it, "
                       "not %u and %u",
                       above, below);
    for (size_t i = 0; i < LADDER_COUNT; i++)
        if (ladder[i] > above && ladder[i] < below && levels_add(levels, ladder[i], err))
            return -1;
    return 0;
}

static int ladder_needs_neighbours(struct err *err)
{
    return err_set(err, "'...' needs a level on each side, as in 1,3,5,...,500");
}

/* One element of the list. `*last` is the level before it (0: none); `*open` says that
 * "..." stands between the two. */
static int add_element(struct levels *levels, char *text, unsigned *last, bool *open,
                       struct err *err)
{
    unsigned before = *last;
    unsigned first;
    char *dash;

    if (!strcmp(text, "...")) {
        if (!*last || *open)
            return ladder_needs_neighbours(err);
        *open = true;
        return 0;
    }
    dash = strchr(text, '-');
    if (dash && dash != text) {
        if (add_range(levels, text, dash, last, err) || parse_level(text, &first, err))
            return -1;
    } else {
        if (parse_level(text, last, err) || levels_add(levels, *last, err))
            return -1;
        first = *last;
    }
    if (*open && add_ladder(levels, before, first, err))
        return -1;
    *open = false;
    return 0;
}

int levels_parse(struct levels *levels, const char *text, struct err *err)
{
    char *copy = strdup(text);
    char *rest = copy;
    unsigned last = 0;
    bool open = false;
    int result = 0;
    char *element;

    if (!copy)
        return err_errno(err, "no memory for the levels");
    *levels = (struct levels){.count = 0};
    while (!result && (element = text_take_item(&rest)))
        result = add_element(levels, element, &last, &open, err);
    if (!result && open)
        result = ladder_needs_neighbours(err);
    free(copy);
    return result;
}

void levels_write(const struct levels *levels, FILE *out)
{
    for (size_t i = 0; i < levels->count; i++)
        (void)fprintf(out, "%s%u", i ? "," : "", levels->values[i]);
}
