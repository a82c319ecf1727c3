/* palette.c - see palette.h. */
#include "analysis/report/palette.h"

#include <stdint.h>
#include <string.h>

const struct palette_colour palette[PALETTE_COUNT] = {
    {"#0072b2", "#4c9be8"}, /* blue */
    {"#d55e00", "#f0803c"}, /* vermilion */
    {"#009e73", "#2fbf93"}, /* bluish green */
    {"#cc79a7", "#dda0c4"}, /* reddish purple */
    {"#b97c00", "#e69f00"}, /* orange */
    {"#3490cc", "#8ccbf2"}, /* sky blue */
    {"#882255", "#d0608f"}, /* wine */
    {"#8c564b", "#c08a7d"}, /* brown */
    {"#7f7f00", "#bdbd3a"}, /* olive */
    {"#332288", "#9a8cf0"}, /* indigo */
    {"#117733", "#5cb879"}, /* green */
    {"#aa4499", "#d070c0"}, /* purple */
    {"#cc6677", "#ee99aa"}, /* rose */
    {"#2e9483", "#66ccb8"}, /* teal */
    {"#6b6b6b", "#bbbbbb"}, /* grey */
    {"#8f7d1f", "#ddcc77"}, /* sand */
};

const struct palette_colour palette_paper = {"#ffffff", "#16181c"},
                            palette_ink = {"#1b1f24", "#e6e8eb"},
                            palette_muted = {"#5b626b", "#a3abb5"},
                            palette_grid = {"#d9dde2", "#3a3f46"};

/* FNV-1a (Fowler, Noll, Vo): the same on every machine. */
static uint32_t hash(const char *text)
{
    uint32_t sum = 2166136261U;

    for (; *text; text++)
        sum = (sum ^ (unsigned char)*text) * 16777619U;
    return sum;
}

struct palette_colour palette_of(const char *strategy, const char *const *order)
{
    size_t known = 0, first;

    for (; order[known]; known++)
        if (!strcmp(order[known], strategy))
            return palette[known % PALETTE_COUNT];
    first = known < PALETTE_COUNT ? known : 0;
    return palette[first + hash(strategy) % (PALETTE_COUNT - first)];
}
