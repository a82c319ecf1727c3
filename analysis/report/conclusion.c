/* conclusion.c - see conclusion.h. */
#include "analysis/report/conclusion.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/explanation.h"
#include "analysis/report/found.h"
#include "analysis/report/held.h"
#include "analysis/report/knee.h"
#include "analysis/report/summary_query.h"
#include "base/terminal.h"
#include "base/text.h"

enum { NAME_SIZE = 128, INDENT = 2 };

const char *const goal_names[GOAL_COUNT + 1] = {
#define X(name, shown, best, others) #name,
    GOALS(X)
#undef X
        NULL};

bool goal_fits(const struct summary *summary, enum goal goal)
{
    if (goal == GOAL_time)
        return !summary->timed;
    return goal != GOAL_throughput || shown_default(summary) == SHOWN_throughput;
}

enum goal goal_that_fits(const struct summary *summary, enum goal goal)
{
    if (goal_fits(summary, goal))
        return goal;
    switch (shown_default(summary)) {
    case SHOWN_p99:
        return GOAL_p99;
    case SHOWN_throughput:
        return GOAL_throughput;
    default:
        return GOAL_time;
    }
}

static const struct goal_info {
    enum shown by;
    const char *best, *others;
} goals[GOAL_COUNT] = {
#define X(name, shown, best, others) {SHOWN_##shown, best, others},
    GOALS(X)
#undef X
};

/* -- parts of sentences ---------------------------------------------------------- */

static void write_name(const struct summary_cell *cell, FILE *out)
{
    char name[NAME_SIZE];

    (void)fputs(terminal_text(cell->strategy, name, sizeof(name)), out);
}

/* "event-loop 85.3ms", and the share of its requests that failed, if any did. */
static void write_figure(const struct summary_cell *cell, enum shown by, FILE *out)
{
    double failed = summary_failed_percent(cell);
    char figure[SHOWN_TEXT_SIZE];

    write_name(cell, out);
    (void)fprintf(out, " %s", shown_text(by, shown_median(cell, by), figure));
    if (failed > 0)
        (void)fprintf(out, " (%.3g%% failed)", failed);
}

/* The cells of one standing: "a 85.3ms, b 90.1ms". */
static void write_standing(const struct ranking *ranking, enum standing standing,
                           const char *separator, FILE *out)
{
    for (size_t i = 0; i < ranking->count; i++) {
        if (ranking->cells[i].standing != standing)
            continue;
        (void)fputs(separator, out);
        write_figure(ranking->cells[i].cell, ranking->by, out);
        separator = ", ";
    }
}

/* -- sentences --------------------------------------------------------------------- */

static size_t rounds_of(const struct ranking *ranking, const struct summary_cell *cell)
{
    return cell->spreads[shown_figures[ranking->by].figure].known;
}

/* The most rounds of a cell that could be ranked. */
static size_t most_rounds(const struct ranking *ranking)
{
    size_t most = 0;

    for (size_t i = 0; i < ranking->count; i++)
        if (ranking->cells[i].standing < STANDING_UNRANKED &&
            rounds_of(ranking, ranking->cells[i].cell) > most)
            most = rounds_of(ranking, ranking->cells[i].cell);
    return most;
}

/* The fewest rounds that place a cell behind the best; 0: rounds place no cell there. */
static size_t fewest_rounds_behind(const struct ranking *ranking)
{
    size_t fewest = 0;

    for (size_t i = 0; i < ranking->count; i++) {
        size_t rounds = rounds_of(ranking, ranking->cells[i].cell);

        if (ranking->cells[i].standing == STANDING_BEHIND &&
            ranking_has_rounds(ranking->cells[i].cell, ranking->by) &&
            (!fewest || rounds < fewest))
            fewest = rounds;
    }
    return fewest && rounds_of(ranking, ranking->best) < fewest
               ? rounds_of(ranking, ranking->best)
               : fewest;
}

/* Why nothing is said about a figure; NULL: it can be. */
static const char *silence(const struct ranking *ranking)
{
    if (!ranking->ranked)
        return "nothing can be ranked";
    return ranking->best ? NULL : "not enough rounds";
}

/* Whether a cell that could be ranked has too few requests for its 99th percentile. */
static bool lacks_requests(const struct ranking *ranking)
{
    for (size_t i = 0; i < ranking->count && ranking->by == SHOWN_p99; i++) {
        const struct summary_cell *cell = ranking->cells[i].cell;

        if (cell->valid_rounds && ranking_admits(cell) && !cell->notes[NOTE_NO_STAMPS] &&
            !rounds_of(ranking, cell))
            return true;
    }
    return false;
}

/* Why no cell can be ranked. */
static const char *why_unranked(const struct ranking *ranking)
{
    if (lacks_requests(ranking))
        return ranking->cells[0].cell->kind == POINT_RATE
                   ? "p99 latency needs 100 good requests per cell; raise --duration"
                   : "p99 latency needs 100 good requests per cell; raise --requests or "
                     "--duration";
    for (size_t i = 0; i < ranking->count; i++)
        if (ranking->cells[i].cell->notes[NOTE_RATE_NOT_HELD])
            return "no strategy that could be ranked held the rate";
    if (ranking_count(ranking, STANDING_UNRANKED))
        return "each strategy with this figure is a reference, or its notes forbid it";
    for (size_t i = 0; i < ranking->count; i++)
        if (rounds_of(ranking, ranking->cells[i].cell))
            return "only resident memory is known, which counts shared pages in each "
                   "process";
    return "no strategy has a valid round with this figure";
}

/* "a 73.7ms", or all that cannot be told apart from it. */
static void write_best(const struct ranking *ranking, FILE *out)
{
    write_figure(ranking->best, ranking->by, out);
    write_standing(ranking, STANDING_TIED, ", ", out);
    if (ranking_count(ranking, STANDING_TIED))
        (void)fputs(" (cannot be told apart)", out);
}

/* The same in fewer words: "a 81.7us (3 others cannot be told apart)". */
static void write_best_of_many(const struct ranking *ranking, FILE *out)
{
    size_t tied = ranking_count(ranking, STANDING_TIED);

    if (tied < 2) {
        write_best(ranking, out);
        return;
    }
    write_figure(ranking->best, ranking->by, out);
    (void)fprintf(out, " (%zu others cannot be told apart)", tied);
}

static void write_ideal(const struct ranking *ranking, FILE *out)
{
    const struct summary_cell *best = ranking->best;
    double ideal_s = best->ideal_s;
    char text[SHOWN_TEXT_SIZE];

    if (ranking->by == SHOWN_cost && ideal_s > 0)
        (void)fprintf(out, "; theoretical minimum %s",
                      shown_text(SHOWN_cost, ideal_s, text));
}

/* "Level 500" or "Rate 2000/s". */
static void write_point(const struct ranking *ranking, FILE *out)
{
    enum point_kind kind = ranking->count ? ranking->cells[0].cell->kind : POINT_LEVEL;
    const char *word = point_word(kind);
    char point[POINT_TEXT_SIZE];

    (void)fprintf(out, "%c%s %s", word[0] - 'a' + 'A', word + 1,
                  point_text(kind, ranking->point, point));
}

static void write_headline(const struct ranking *ranking, const struct goal_info *goal,
                           FILE *out)
{
    const char *why_not = silence(ranking);

    write_point(ranking, out);
    (void)fprintf(out, ", %s: ", goal->best);
    if (!ranking->ranked) {
        (void)fprintf(out, "%s: %s.\n", why_not, why_unranked(ranking));
    } else if (why_not) {
        size_t rounds = most_rounds(ranking);

        (void)fprintf(out, "%s: %zu of the %d that a conclusion needs; raise --rounds.\n",
                      why_not, rounds, RANKING_ROUNDS);
    } else {
        write_best(ranking, out);
        write_ideal(ranking, out);
        (void)fputs(ranking->ranked > 1 ? ".\n" : "; no other strategy was ranked.\n",
                    out);
    }
}

/* How far few rounds are to be trusted: two equal cells with 3 rounds each do not overlap
 * once in C(6, 3) / 2 = 10 times, with 4 once in 35. */
static void write_odds(const struct ranking *ranking, FILE *out)
{
    static const struct {
        size_t rounds;
        unsigned odds;
    } few[] = {{3, 10}, {4, 35}};
    size_t rounds = fewest_rounds_behind(ranking);

    if (ranking->by == SHOWN_memory)
        return;
    for (size_t i = 0; i < sizeof(few) / sizeof(few[0]); i++)
        if (few[i].rounds == rounds)
            (void)fprintf(out,
                          "With %zu rounds, 1 of %u pairs of equals differs by chance; "
                          "with 5, 1 of 126.\n",
                          rounds, few[i].odds);
}

/* "Slower: thread-pool 1.31 times, ...", and those that cannot be placed. */
static void write_others(const struct ranking *ranking, const struct goal_info *goal,
                         FILE *out)
{
    const char *separator = ": ";
    char ratio[SHOWN_TEXT_SIZE];

    if (ranking_count(ranking, STANDING_BEHIND))
        (void)fputs(goal->others, out);
    for (size_t i = 0; i < ranking->count; i++) {
        const struct ranked *ranked = &ranking->cells[i];

        if (ranked->standing != STANDING_BEHIND || isnan(ranked->ratio))
            continue;
        (void)fputs(separator, out);
        write_name(ranked->cell, out);
        (void)fprintf(out, " %s%s", shown_text(SHOWN_switches, ranked->ratio, ratio),
                      isinf(ranked->ratio) ? "" : " times");
        separator = ", ";
    }
    if (ranking_count(ranking, STANDING_BEHIND))
        (void)fputs(".\n", out);
    write_odds(ranking, out);
    if (!ranking->best || !ranking_count(ranking, STANDING_UNDECIDED))
        return;
    (void)fputs("Not enough rounds to place", out);
    write_standing(ranking, STANDING_UNDECIDED, " ", out);
    (void)fputs(".\n", out);
}

/* The goals that were not asked for, one line together. A goal without figures is left
 * out: no percentile of ten requests, no memory of a foreign server. */
static void write_other_goals(const struct conclusion *conclusion,
                              const struct summary *summary, FILE *out)
{
    const char *separator = "";

    for (int i = 0; i < GOAL_COUNT; i++) {
        const struct ranking *ranking = &conclusion->rankings[i];
        const char *best = goals[i].best;

        if ((enum goal)i == conclusion->goal || !ranking->ranked ||
            !goal_fits(summary, (enum goal)i))
            continue;
        (void)fprintf(out, "%s%c%s: ", separator, best[0] - 'a' + 'A', best + 1);
        if (ranking->best)
            write_best_of_many(ranking, out);
        else
            (void)fputs(silence(ranking), out);
        separator = ". ";
    }
    if (separator[0])
        (void)fputs(".\n", out);
}

/* Strategies by the level at which they bend. */
static void write_knees(const struct summary *summary, const struct ranking *ranking,
                        const char *variant, FILE *out)
{
    const char *separator = "Knee: ";

    for (size_t i = 0; i < ranking->count; i++) {
        const struct summary_cell *cell = ranking->cells[i].cell;
        uint64_t knee = cell->spreads[SUMMARY_inflight_peak].max == 1
                            ? 0
                            : knee_of(summary, variant, cell->strategy);

        if (!knee || ranking->cells[i].standing >= STANDING_UNRANKED)
            continue;
        (void)fputs(separator, out);
        write_name(cell, out);
        (void)fprintf(out, " at %" PRIu64, knee);
        separator = ", ";
    }
    if (separator[0] == ',')
        (void)fputs("; from there to the next level, throughput grows less than half as "
                    "fast as the level.\n",
                    out);
}

/* -- the whole ----------------------------------------------------------------------- */

/* The ranking where the best bends, if that is below the highest level. */
static int write_at_knee(const struct conclusion *conclusion,
                         const struct summary *summary, FILE *out, struct err *err)
{
    enum goal goal = conclusion->goal;
    const struct ranking *highest = &conclusion->rankings[goal];
    struct ranking at_knee;
    uint64_t knee = highest->best
                        ? knee_of(summary, conclusion->variant, highest->best->strategy)
                        : 0;

    if (!knee || knee == highest->point)
        return 0;
    if (ranking_make(&at_knee, summary, conclusion->variant, knee, goals[goal].by, err))
        return -1;
    write_headline(&at_knee, &goals[goal], out);
    ranking_free(&at_knee);
    return 0;
}

/* The rates that were held, and at the highest ones those that did not hold them. */
static void write_held(const struct conclusion *conclusion, const struct summary *summary,
                       FILE *out)
{
    const struct ranking *ranking = &conclusion->rankings[conclusion->goal];
    const char *variant = conclusion->variant;
    uint64_t highest = summary_highest_point(summary, variant);
    char point[POINT_TEXT_SIZE];

    held_write_origin_bound(summary, variant, ranking->point, out);
    held_write_failures(summary, variant, ranking->point, out);
    if (highest > ranking->point) {
        (void)fprintf(out, "Rate %s: no strategy that could be ranked held it.\n",
                      point_text(POINT_RATE, highest, point));
        held_write_origin_bound(summary, variant, highest, out);
        held_write_failures(summary, variant, highest, out);
    }
    held_write_highest(summary, variant, out);
}

/* The ranking at the highest rate that two candidates held, if one alone held a higher
 * one. */
static int write_at_rate_of_two(const struct conclusion *conclusion,
                                const struct summary *summary, FILE *out, struct err *err)
{
    const struct goal_info *goal = &goals[conclusion->goal];
    uint64_t rate = held_by_candidates(summary, conclusion->variant, 2);
    struct ranking ranking;

    if (!rate || rate == conclusion->rankings[conclusion->goal].point)
        return 0;
    if (ranking_make(&ranking, summary, conclusion->variant, rate, goal->by, err))
        return -1;
    write_headline(&ranking, goal, out);
    write_others(&ranking, goal, out);
    ranking_free(&ranking);
    return 0;
}

static int write_sentences(const struct conclusion *conclusion,
                           const struct summary *summary, FILE *out, struct err *err)
{
    const struct goal_info *goal = &goals[conclusion->goal];
    const struct ranking *ranking = &conclusion->rankings[conclusion->goal];

    if (found_is_search(summary)) /* each strategy has its own rates */
        return found_write_sentence(summary, conclusion->variant, out, err);
    write_headline(ranking, goal, out);
    write_others(ranking, goal, out);
    write_other_goals(conclusion, summary, out);
    explanation_write(ranking, out);
    if (summary->kind == POINT_RATE) {
        write_held(conclusion, summary, out);
        return write_at_rate_of_two(conclusion, summary, out, err);
    }
    write_knees(summary, ranking, conclusion->variant, out);
    return write_at_knee(conclusion, summary, out, err);
}

/* The point that a conclusion is about; 0: no row is valid. */
static uint64_t point_of(const struct summary *summary, const char *variant)
{
    uint64_t held = summary->kind == POINT_RATE ? held_by_candidates(summary, variant, 1)
                                                : 0;

    return held ? held : summary_highest_point(summary, variant);
}

int conclusion_make(struct conclusion *conclusion, const struct summary *summary,
                    const char *variant, enum goal goal, struct err *err)
{
    uint64_t point = point_of(summary, variant);
    struct text text;
    int result = 0;

    *conclusion = (struct conclusion){.variant = variant,
                                      .goal = goal_that_fits(summary, goal)};
    if (text_open(&text, err))
        return -1;
    for (int i = 0; i < GOAL_COUNT && !result; i++)
        result = ranking_make(&conclusion->rankings[i], summary, variant, point,
                              goals[i].by, err);
    if (!result && point)
        result = write_sentences(conclusion, summary, text.out, err);
    else if (!result)
        (void)fputs("No row is valid: there is nothing to conclude.\n", text.out);
    conclusion->sentences = text_close(&text, NULL, result ? NULL : err);
    if (!result && conclusion->sentences)
        return 0;
    conclusion_free(conclusion);
    return -1;
}

void conclusion_free(struct conclusion *conclusion)
{
    for (int i = 0; i < GOAL_COUNT; i++)
        ranking_free(&conclusion->rankings[i]);
    free(conclusion->sentences);
    *conclusion = (struct conclusion){.variant = NULL};
}

static int print_one(const struct summary *summary, const char *variant,
                     const struct view *view, FILE *out, struct err *err)
{
    struct conclusion conclusion;

    if (conclusion_make(&conclusion, summary, variant, view->goal, err))
        return -1;
    (void)fputs("\nConclusion", out);
    if (summary_has_variants(summary)) {
        (void)fputs(", variant ", out);
        terminal_write(out, variant);
    }
    (void)fputc('\n', out);
    terminal_wrap(out, conclusion.sentences, view->columns, INDENT);
    conclusion_free(&conclusion);
    return 0;
}

int conclusion_print(const struct summary *summary, const struct view *view, FILE *out,
                     struct err *err)
{
    for (size_t i = 0; i < summary->count; i = summary_variant_end(summary, i))
        if (print_one(summary, summary->cells[i].variant, view, out, err))
            return -1;
    return 0;
}
