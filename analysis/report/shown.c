/* shown.c - see shown.h. */
#include "analysis/report/shown.h"

#include <math.h>
#include <string.h>

#include "base/word_list.h"

const struct shown_info shown_figures[SHOWN_COUNT] = {
#define SHOWN(word, figure, kind, title, label) \
    {#word, (enum summary_figure)(figure), title, label},
#include "analysis/report/shown.def"
#undef SHOWN
};

static const enum shown_kind kinds[SHOWN_COUNT] = {
#define SHOWN(word, figure, kind, title, label) SHOWN_##kind,
#include "analysis/report/shown.def"
#undef SHOWN
};

/* Units of one quantity, each with its size in the one that the figures have. */
struct unit {
    const char *name;
    double size;
};

static const struct unit time_units[] = {
    {"h", 3600}, {"min", 60}, {"s", 1}, {"ms", 1e-3}, {"us", 1e-6}};
static const struct unit byte_units[] = {
    {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}};
static const struct unit plain_units[] = {{"M", 1e6}, {"k", 1e3}, {"", 1}};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Digits behind the point that make three significant ones. A figure that rounding takes
 * to the next power of ten has one less of them. */
static int decimals_of(double value)
{
    double size = fabs(value);

    return size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
}

/* The largest unit of which the figure has one, else the smallest. A value that would be
 * printed as 1000 goes to the next unit: 999.7us is 1.00ms. */
static const struct unit *unit_for(const struct unit *units, size_t count, double value)
{
    size_t i = 0;

    while (i + 1 < count && fabs(value) < units[i].size * 0.9995)
        i++;
    return &units[i];
}

static void write_in_unit(const struct unit *units, size_t count, double value,
                          char text[SHOWN_TEXT_SIZE])
{
    const struct unit *unit = unit_for(units, count, value);
    double scaled = value / unit->size;

    if (scaled == 0)
        (void)snprintf(text, SHOWN_TEXT_SIZE, "0%s", unit->name);
    else
        (void)snprintf(text, SHOWN_TEXT_SIZE, "%.*f%s", decimals_of(scaled), scaled,
                       unit->name);
}

/* A count is whole where it can be: 500 threads, 2 processes. */
static void write_amount(double value, char text[SHOWN_TEXT_SIZE])
{
    if (value == floor(value) && fabs(value) < 1e4)
        (void)snprintf(text, SHOWN_TEXT_SIZE, "%.0f", value);
    else
        write_in_unit(plain_units, COUNT_OF(plain_units), value, text);
}

const char *shown_text(enum shown shown, double value, char text[SHOWN_TEXT_SIZE])
{
    text[0] = '\0';
    if (isinf(value))
        (void)snprintf(text, SHOWN_TEXT_SIZE, SHOWN_ENDLESS);
    if (!isfinite(value))
        return text;
    switch (kinds[shown]) {
    case SHOWN_SECONDS:
        write_in_unit(time_units, COUNT_OF(time_units), value, text);
        break;
    case SHOWN_MICROSECONDS:
        write_in_unit(time_units, COUNT_OF(time_units), value / 1e6, text);
        break;
    case SHOWN_BYTES:
        write_in_unit(byte_units, COUNT_OF(byte_units), value, text);
        break;
    case SHOWN_AMOUNT:
        write_amount(value, text);
        break;
    }
    return text;
}

enum shown_kind shown_kind_of(enum shown shown)
{
    return kinds[shown];
}

const char *shown_tick(enum shown_kind kind, double value, char text[SHOWN_TEXT_SIZE])
{
    const struct unit *units = time_units + 2; /* 100 s, not 1.67 minutes */
    size_t count = COUNT_OF(time_units) - 2;
    const struct unit *unit;

    if (kind == SHOWN_MICROSECONDS)
        value /= 1e6;
    if (kind == SHOWN_BYTES) {
        units = byte_units;
        count = COUNT_OF(byte_units);
    } else if (kind == SHOWN_AMOUNT) {
        units = plain_units;
        count = COUNT_OF(plain_units);
    }
    unit = unit_for(units, count, value);
    (void)snprintf(text, SHOWN_TEXT_SIZE, "%.4g%s%s", value / unit->size,
                   kind == SHOWN_AMOUNT ? "" : " ", unit->name);
    return text;
}

enum shown shown_default(const struct summary *summary)
{
    if (summary->kind == POINT_RATE)
        return SHOWN_p99;
    return summary->timed ? SHOWN_throughput : SHOWN_cost;
}

bool shown_more_is_better(enum shown shown)
{
    return shown == SHOWN_throughput || shown == SHOWN_reached;
}

const char *shown_time(const struct summary *summary)
{
    return summary->run_times ? "run time without setup" : "cost time";
}

const char *shown_title(const struct summary *summary, enum shown shown)
{
    if (summary->run_times && shown == SHOWN_cost)
        return "Run time without setup";
    if (summary->run_times && shown == SHOWN_overhead)
        return "Overhead (run time less the theoretical minimum)";
    return shown_figures[shown].title;
}

double shown_median(const struct summary_cell *cell, enum shown shown)
{
    return cell->spreads[shown_figures[shown].figure].median;
}

int shown_parse_list(struct shown_set *set, const char *list, struct err *err)
{
    static const char *const words[SHOWN_COUNT + 1] = {
#define SHOWN(word, figure, kind, title, label) #word,
#include "analysis/report/shown.def"
#undef SHOWN
    };

    return word_list_parse(
        &(struct word_list){.words = words, .kind = "figure", .all = true}, list,
        set->wanted, err);
}
