/* delay.c - see delay.h. */
#include "origin/delay.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/parse.h"
#include "base/random.h"
#include "base/suggest.h"

#define DELAY_MAX_NS (3600 * CLOCK_NS_PER_S)

/* With more than this the bound would cut off more than one draw in a hundred. */
#define SIGMA_MAX 2.0

#define TWO_PI 6.283185307179586

static const char *const kind_words[] = {
    [DELAY_FIXED] = "fixed",
    [DELAY_UNIFORM] = "uniform",
    [DELAY_NORMAL] = "normal",
    [DELAY_LOGNORMAL] = "lognormal",
    [DELAY_EXPONENTIAL] = "exponential",
};

/* -- from text and back -------------------------------------------------------- */

/* Cuts `text` at `separator`: copies the part before it and returns the part after it.
 * NULL: there is no separator, or the part before it is too long. */
static const char *cut(const char *text, const char *separator, char *before, size_t room)
{
    const char *found = strstr(text, separator);

    if (!found || (size_t)(found - text) >= room)
        return NULL;
    memcpy(before, text, (size_t)(found - text));
    before[found - text] = '\0';
    return found + strlen(separator);
}

/* At most an hour, so that no sum overflows. */
static int parse_short(const char *text, uint64_t *ns, struct err *err)
{
    if (parse_duration(text, ns, err))
        return -1;
    return *ns > DELAY_MAX_NS ? err_set(err, "'%s' is more than an hour", text) : 0;
}

static int parse_sigma(const char *text, double *sigma, struct err *err)
{
    if (parse_number(text, sigma, NULL) || !(*sigma > 0) || *sigma > SIGMA_MAX)
        return err_set(err, "'%s' is not a sigma; give a number above 0, at most %g",
                       text, SIGMA_MAX);
    return 0;
}

static int parse_uniform(struct delay_model *model, const char *least, const char *most,
                         struct err *err)
{
    uint64_t most_ns;

    if (parse_short(least, &model->ns, err) || parse_short(most, &most_ns, err))
        return -1;
    if (most_ns <= model->ns)
        return err_set(err,
                       "'%s..%s' is not a range; the second value must be above the "
                       "first",
                       least, most);
    model->spread_ns = most_ns - model->ns;
    return 0;
}

static int parse_normal(struct delay_model *model, const char *mean,
                        const char *deviation, struct err *err)
{
    if (parse_short(mean, &model->ns, err) ||
        parse_short(deviation, &model->spread_ns, err))
        return -1;
    if (!model->ns || !model->spread_ns)
        return err_set(err, "mean and standard deviation must be above 0");
    return 0;
}

static int parse_lognormal(struct delay_model *model, const char *median,
                           const char *sigma, struct err *err)
{
    if (parse_short(median, &model->ns, err) || parse_sigma(sigma, &model->sigma, err))
        return -1;
    return model->ns ? 0 : err_set(err, "the median must be above 0");
}

static int parse_exponential(struct delay_model *model, const char *mean,
                             const char *unused, struct err *err)
{
    (void)unused;
    if (parse_short(mean, &model->ns, err))
        return -1;
    return model->ns ? 0 : err_set(err, "the mean must be above 0");
}

/* The largest possible draw. */
static uint64_t bound_ns(const struct delay_model *model)
{
    switch (model->kind) {
    case DELAY_NORMAL:
        return model->ns + DELAY_NORMAL_BOUND * model->spread_ns;
    case DELAY_LOGNORMAL:
        return DELAY_LOGNORMAL_BOUND * model->ns;
    case DELAY_EXPONENTIAL:
        return DELAY_EXPONENTIAL_BOUND * model->ns;
    default:
        return model->ns + model->spread_ns;
    }
}

static void write_text(struct delay_model *model)
{
    const char *word = kind_words[model->kind];
    char first[DURATION_TEXT_SIZE];
    char second[DURATION_TEXT_SIZE];

    (void)duration_text(model->ns, first);
    switch (model->kind) {
    case DELAY_UNIFORM:
        (void)snprintf(model->text, DELAY_TEXT_SIZE, "%s:%s..%s", word, first,
                       duration_text(model->ns + model->spread_ns, second));
        break;
    case DELAY_NORMAL:
        (void)snprintf(model->text, DELAY_TEXT_SIZE, "%s:%s,%s", word, first,
                       duration_text(model->spread_ns, second));
        break;
    case DELAY_LOGNORMAL:
        (void)snprintf(model->text, DELAY_TEXT_SIZE, "%s:%s,%.15g", word, first,
                       model->sigma);
        break;
    case DELAY_EXPONENTIAL:
        (void)snprintf(model->text, DELAY_TEXT_SIZE, "%s:%s", word, first);
        break;
    default:
        (void)snprintf(model->text, DELAY_TEXT_SIZE, "%s", first);
        break;
    }
}

struct delay_model delay_fixed(uint64_t ns)
{
    struct delay_model model = {.kind = DELAY_FIXED, .ns = ns};

    write_text(&model);
    return model;
}

/* Splits what follows the kind's word into the kind's one or two values. Returns the
 * second, "" if the kind has one value, NULL if `text` does not have this form. */
static const char *split_values(int kind, const char *text, char *first, size_t room)
{
    static const char *const separators[] = {
        [DELAY_UNIFORM] = "..", [DELAY_NORMAL] = ",", [DELAY_LOGNORMAL] = ","};
    const char *second;

    if (kind == DELAY_EXPONENTIAL)
        return snprintf(first, room, "%s", text) < (int)room ? "" : NULL;
    second = cut(text, separators[kind], first, room);
    return second ? second + strspn(second, " ") : NULL;
}

int delay_parse(struct delay_model *model, const char *text, struct err *err)
{
    static const char *const drawn_words[] = {"uniform", "normal", "lognormal",
                                              "exponential", NULL};
    static int (*const parsers[])(struct delay_model *, const char *, const char *,
                                  struct err *) = {
        [DELAY_UNIFORM] = parse_uniform,
        [DELAY_NORMAL] = parse_normal,
        [DELAY_LOGNORMAL] = parse_lognormal,
        [DELAY_EXPONENTIAL] = parse_exponential,
    };
    char word[16];
    char first[DURATION_TEXT_SIZE];
    const char *rest = cut(text, ":", word, sizeof(word));
    const char *second = NULL;
    int kind = DELAY_EXPONENTIAL;

    *model = (struct delay_model){.kind = DELAY_FIXED};
    if (!strchr(text, ':')) {
        if (parse_short(text, &model->ns, err))
            return -1;
        write_text(model);
        return 0;
    }
    while (kind > DELAY_FIXED && (!rest || strcmp(kind_words[kind], word) != 0))
        kind--;
    if (kind != DELAY_FIXED)
        second = split_values(kind, rest, first, sizeof(first));
    if (!second) {
        (void)err_set(err,
                      "'%s' is not a delay such as 50ms, uniform:20ms..80ms, "
                      "normal:50ms,10ms, lognormal:50ms,0.5 or exponential:50ms",
                      text);
        return suggest_append(err, rest && kind == DELAY_FIXED ? word : "", drawn_words);
    }
    model->kind = (enum delay_kind)kind;
    if (parsers[kind](model, first, second, err))
        return -1;
    if (bound_ns(model) > DELAY_MAX_NS)
        return err_set(err, "'%s' can draw delays of more than an hour", text);
    write_text(model);
    return 0;
}

/* -- draws --------------------------------------------------------------------- */

/* From 0 to below 1. */
static double draw_unit(struct random *random)
{
    return (double)(random_next(random) >> 11) * 0x1p-53;
}

/* Of the exponential distribution with mean 1, by inversion; 36.8 at most, since a draw
 * of the unit interval is a multiple of 2^-53. */
static double draw_exponential(struct random *random)
{
    return -log1p(-draw_unit(random));
}

/* Of the standard normal distribution (Box and Muller, 1958). */
static double draw_normal(struct random *random)
{
    double radius = sqrt(-2 * log(1 - draw_unit(random)));

    return radius * cos(TWO_PI * draw_unit(random));
}

static double draw_ns(const struct delay_model *model, struct random *random)
{
    double ns = (double)model->ns;

    switch (model->kind) {
    case DELAY_UNIFORM:
        return ns + draw_unit(random) * (double)model->spread_ns;
    case DELAY_NORMAL:
        return ns + draw_normal(random) * (double)model->spread_ns;
    case DELAY_LOGNORMAL:
        return ns * exp(draw_normal(random) * model->sigma);
    case DELAY_EXPONENTIAL:
        return ns * draw_exponential(random);
    default:
        return ns;
    }
}

static uint64_t draw(const struct delay_model *model, uint64_t seed, uint64_t number)
{
    struct random by_seed = {seed};
    struct random by_number = {random_next(&by_seed) + number};
    /* Seeded through the generator twice: neighbouring seeds would give the same
     * stream, one step apart. */
    struct random random = {random_next(&by_number)};
    double bound = (double)bound_ns(model);
    double ns;

    do
        ns = draw_ns(model, &random);
    while (!(ns >= 0 && ns <= bound));
    return (uint64_t)ns;
}

uint64_t delay_of(const struct delay_model *model, uint64_t seed, uint64_t number)
{
    return model->kind == DELAY_FIXED ? model->ns : draw(model, seed, number);
}

uint64_t delay_longest_ns(const struct delay_model *model, uint64_t seed, uint64_t count)
{
    uint64_t longest_ns = 0;

    if (model->kind == DELAY_FIXED)
        return count ? model->ns : 0;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t ns = delay_of(model, seed, i);

        longest_ns = ns > longest_ns ? ns : longest_ns;
    }
    return longest_ns;
}

uint64_t delay_least_ns(const struct delay_model *model)
{
    return model->kind == DELAY_FIXED || model->kind == DELAY_UNIFORM ? model->ns : 0;
}

uint64_t delay_median_ns(const struct delay_model *model)
{
    switch (model->kind) {
    case DELAY_UNIFORM:
        return model->ns + model->spread_ns / 2;
    case DELAY_EXPONENTIAL:
        return (uint64_t)((double)model->ns * M_LN2);
    default:
        return model->ns;
    }
}
