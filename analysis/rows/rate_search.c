/* rate_search.c - see rate_search.h. */
#include "analysis/rows/rate_search.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/rows/grouping.h"
#include "analysis/rows/words.h"
#include "base/clock.h"
#include "base/parse.h"
#include "base/suggest.h"

/* -- the bound ----------------------------------------------------------------- */

static const struct {
    const char *word;
    enum column column;
    double requests; /* the fewest that have it: see columns.def */
} quantiles[] = {
    {"p50", COLUMN_latency_p50_us, 1},
    {"p90", COLUMN_latency_p90_us, 10},
    {"p99", COLUMN_latency_p99_us, 100},
    {"p999", COLUMN_latency_p999_us, 10000},
};

enum { QUANTILE_COUNT = sizeof(quantiles) / sizeof(quantiles[0]) };

static int find_quantile(const char *word, size_t *found, struct err *err)
{
    const char *words[QUANTILE_COUNT + 1] = {NULL};

    for (size_t i = 0; i < QUANTILE_COUNT; i++) {
        words[i] = quantiles[i].word;
        if (!strcmp(quantiles[i].word, word)) {
            *found = i;
            return 0;
        }
    }
    return suggest_one_of(err, word, words);
}

int rate_bound_parse(struct rate_bound *bound, const char *text, struct err *err)
{
    const char *sign = strchr(text, '<');
    char word[RATE_BOUND_TEXT_SIZE];
    size_t quantile = 0;
    uint64_t ns = 0;

    if (!sign || strlen(text) >= sizeof(bound->text))
        return err_set(err,
                       "'%.40s' is no bound; write p50, p90, p99 or p999, '<' and a "
                       "duration, as in 'p99<20ms'",
                       text);
    (void)snprintf(word, sizeof(word), "%.*s", (int)(sign - text), text);
    if (find_quantile(word, &quantile, err) || parse_duration(sign + 1, &ns, err))
        return -1;
    if (!ns)
        return err_set(err, "no latency is below 0");
    *bound = (struct rate_bound){
        .quantile = quantiles[quantile].column,
        .requests = quantiles[quantile].requests,
        .us = (double)ns / (double)CLOCK_NS_PER_US,
    };
    (void)snprintf(bound->text, sizeof(bound->text), "%s", text);
    return 0;
}

bool rate_bound_is_kept(const struct rate_bound *bound, const struct row *row)
{
    return row_is_valid(row) &&
           !notes_have(row_text(row, COLUMN_notes), NOTE_RATE_NOT_HELD) &&
           row_number(row, bound->quantile) < bound->us; /* not where it is absent */
}

/* -- the search ---------------------------------------------------------------- */

void rate_search_begin(struct rate_search *search, const struct rate_bound *bound,
                       unsigned lowest, unsigned highest, unsigned rounds)
{
    *search = (struct rate_search){
        .bound = bound,
        .lowest = lowest,
        .highest = highest,
        .rounds = rounds,
        .rate = lowest,
    };
}

unsigned rate_search_round(const struct rate_search *search)
{
    return search->kept_rounds + search->missed_rounds + 1;
}

/* To three digits, as long as that stays between the two. */
static unsigned round_between(unsigned low, unsigned high, double exact)
{
    double step = pow(10, floor(log10(exact)) - 2);
    unsigned rounded = (unsigned)(step > 1 ? round(exact / step) * step : round(exact));

    return rounded > low && rounded < high ? rounded : low + (high - low) / 2;
}

/* The rate to try after one was decided; 0: the search is over. */
static unsigned next_rate(const struct rate_search *search)
{
    if (!search->kept)
        return 0;
    if (!search->missed) {
        if (search->kept == search->highest)
            return 0;
        return search->kept < search->highest / 2 ? 2 * search->kept : search->highest;
    }
    if (search->missed - search->kept <= 1 ||
        search->missed <= search->kept * RATE_SEARCH_RESOLUTION)
        return 0;
    return round_between(search->kept, search->missed,
                         sqrt((double)search->kept * search->missed));
}

/* A limit of the machine is the same in every round. */
static bool is_final(const struct row *row)
{
    enum row_status status = row_status_of(row);

    return status == STATUS_INFEASIBLE || status == STATUS_SKIPPED;
}

void rate_search_add(struct rate_search *search, const struct row *row)
{
    if (rate_bound_is_kept(search->bound, row))
        search->kept_rounds++;
    else
        search->missed_rounds += is_final(row) ? search->rounds : 1;
    if (2 * search->kept_rounds > search->rounds)
        search->kept = search->rate;
    else if (2 * search->missed_rounds >= search->rounds)
        search->missed = search->rate;
    else
        return;
    search->kept_rounds = search->missed_rounds = 0;
    search->rate = next_rate(search);
}

unsigned rate_search_steps(unsigned lowest, unsigned highest)
{
    double doublings = ceil(log2((double)highest / lowest));
    double halvings = highest > lowest ? ceil(log2(log(2) / log(RATE_SEARCH_RESOLUTION)))
                                       : 0;

    return (unsigned)(1 + doublings + halvings);
}
