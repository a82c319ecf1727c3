/* timeline_choice.c - see timeline_choice.h. */
#include "analysis/report/timeline_choice.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/rows/grouping.h"
#include "base/suggest.h"
#include "base/text.h"

/* The values that the panels have in common. */
struct wanted {
    const char *variant;
    uint64_t point; /* 0: open */
};

static bool is_usable(const struct timeline_cell *cell)
{
    return cell->has_row && cell->taken;
}

static int unknown_variant(const struct timeline_cells *cells, const char *variant,
                           struct err *err)
{
    struct suggestion close = suggest_begin(variant, strlen(variant));

    for (size_t i = 0; i < cells->count; i++)
        suggest_offer(&close, cells->items[i].variant);
    return suggest_unknown(err, "variant", &close, "no request of the file has it");
}

/* Whether no cell before it has the same variant. Neighbours mostly have. */
static bool is_new_variant(const struct timeline_cells *cells, size_t index)
{
    for (size_t i = index; i > 0; i--)
        if (cells->items[i - 1].variant == cells->items[index].variant)
            return false;
    return true;
}

static int choose_variant(const struct timeline_cells *cells, struct wanted *wanted,
                          struct err *err)
{
    const char *typed = cells->choice->variant;
    char *others = cells->timeline->variants;
    size_t size = sizeof(cells->timeline->variants);

    for (size_t i = 0; i < cells->count && !wanted->variant; i++)
        if (is_usable(&cells->items[i]) &&
            (!typed || !strcmp(cells->items[i].variant, typed)))
            wanted->variant = cells->items[i].variant;
    if (!wanted->variant)
        return unknown_variant(cells, typed ? typed : "", err);
    for (size_t i = 0; i < cells->count; i++)
        if (cells->items[i].variant != wanted->variant && is_new_variant(cells, i))
            (void)text_append_item(others, size, "%s", cells->items[i].variant);
    return 0;
}

static bool is_candidate(const struct timeline_cells *cells,
                         const struct timeline_cell *cell, const struct wanted *wanted,
                         const char *strategy)
{
    return is_usable(cell) && cell->variant == wanted->variant &&
           (!strategy || cell->strategy == strategy) &&
           (!wanted->point || cell->point == wanted->point) &&
           (!cells->choice->point || cell->kind == cells->choice->kind);
}

/* The cell of a strategy, NULL for none: the first of the round, or the first valid one,
 * else the first. */
static struct timeline_cell *choose_cell(const struct timeline_cells *cells,
                                         const struct wanted *wanted,
                                         const char *strategy)
{
    struct timeline_cell *first = NULL;

    for (size_t i = 0; i < cells->count; i++) {
        struct timeline_cell *cell = &cells->items[i];

        if (!is_candidate(cells, cell, wanted, strategy) ||
            (cells->choice->round && cell->round != cells->choice->round))
            continue;
        if (cells->choice->round || cell->status == STATUS_VALID)
            return cell;
        if (!first)
            first = cell;
    }
    return first;
}

/* The distinct strategies of the file, or those that were typed, NULL-terminated. */
struct strategies {
    const char **names;
    size_t count;
};

static bool has_name(const struct strategies *strategies, const char *name)
{
    for (size_t i = 0; i < strategies->count; i++)
        if (strategies->names[i] == name)
            return true;
    return false;
}

/* Inserts by the order of the known strategies; others stay behind them as they come. */
static void insert_name(struct strategies *strategies, const char *name,
                        const char *const *order)
{
    size_t at = strategies->count;

    for (; at &&
           strategy_rank(strategies->names[at - 1], order) > strategy_rank(name, order);
         at--)
        strategies->names[at] = strategies->names[at - 1];
    strategies->names[at] = name;
    strategies->count++;
}

static int strategies_of_file(const struct timeline_cells *cells,
                              struct strategies *strategies, struct err *err)
{
    const char *last = NULL;

    strategies->names = calloc(cells->count + 1, sizeof(*strategies->names));
    if (!strategies->names)
        return err_errno(err, "no memory for the strategies");
    for (size_t i = 0; i < cells->count; i++) {
        const char *name = cells->items[i].strategy;

        if (name != last && !has_name(strategies, name))
            insert_name(strategies, name, cells->choice->order);
        last = name;
    }
    return 0;
}

static int unknown_strategy(const struct strategies *strategies, const char *typed,
                            struct err *err)
{
    struct suggestion close = suggest_begin(typed, strlen(typed));
    char hint[200] = "the file has ";
    size_t start = strlen(hint);

    for (size_t i = 0; i < strategies->count; i++) {
        suggest_offer(&close, strategies->names[i]);
        (void)text_append_item(hint + start, sizeof(hint) - start, "%s",
                               strategies->names[i]);
    }
    return suggest_unknown(err, "strategy", &close, hint);
}

/* Keeps those that are in the list that was typed, in its order. */
static int keep_typed(const struct timeline_cells *cells, struct strategies *strategies,
                      struct err *err)
{
    struct strategies typed = {
        .names = calloc(strategies->count + 1, sizeof(*typed.names))};
    char *list = strdup(cells->choice->strategies);
    char *rest = list;
    const char *item = NULL;
    int result = list && typed.names ? 0 : err_errno(err, "no memory for a list");

    while (!result && (item = text_take_item(&rest))) {
        size_t i = 0;

        while (i < strategies->count && strcmp(strategies->names[i], item) != 0)
            i++;
        if (i == strategies->count)
            result = unknown_strategy(strategies, item, err);
        else if (!has_name(&typed, strategies->names[i]))
            typed.names[typed.count++] = strategies->names[i];
    }
    free(list);
    free(strategies->names);
    *strategies = typed;
    return result;
}

/* The level or rate of the panels: the typed one, else the highest of these strategies.
 */
static void choose_point(const struct timeline_cells *cells, struct wanted *wanted,
                         const struct strategies *strategies)
{
    uint64_t highest = 0;

    for (size_t i = 0; i < cells->count && !cells->choice->point; i++)
        if (is_candidate(cells, &cells->items[i], wanted, NULL) &&
            has_name(strategies, cells->items[i].strategy) &&
            cells->items[i].point > highest)
            highest = cells->items[i].point;
    wanted->point = cells->choice->point ? cells->choice->point : highest;
}

static void add_panel(struct timeline_cells *cells, struct timeline_cell *cell)
{
    struct timeline *timeline = cells->timeline;

    cell->panel = timeline->count;
    timeline->panels[timeline->count++] = (struct timeline_panel){
        .run_id = cell->run_id,
        .variant = cell->variant,
        .strategy = cell->strategy,
        .kind = cell->kind,
        .point = cell->point,
        .level = cell->level,
        .round = cell->round,
        .status = cell->status,
        .reason = cell->reason,
    };
}

static int nothing_chosen(const struct wanted *wanted, const struct timeline_cells *cells,
                          struct err *err)
{
    enum point_kind measured = cells->items[0].kind;
    enum point_kind kind = cells->choice->point ? cells->choice->kind : measured;
    char point[POINT_TEXT_SIZE];

    (void)point_text(kind, wanted->point, point);
    if (cells->choice->round)
        return err_set(err,
                       "no requests at %s %s in round %" PRIu64
                       "; drop --round for the first valid round",
                       point_word(kind), point, cells->choice->round);
    return err_set(err, "no requests at %s %s; drop --%s for the highest %s",
                   point_word(kind), point, point_word(kind), point_word(measured));
}

static int choose_cells(struct timeline_cells *cells, const struct strategies *strategies,
                        struct wanted *wanted, struct err *err)
{
    struct timeline *timeline = cells->timeline;

    choose_point(cells, wanted, strategies);
    timeline->panels = calloc(strategies->count + 1, sizeof(*timeline->panels));
    if (!timeline->panels)
        return err_errno(err, "no memory for the panels");
    for (size_t i = 0; i < strategies->count; i++) {
        struct timeline_cell *cell = choose_cell(cells, wanted, strategies->names[i]);

        if (cell)
            add_panel(cells, cell);
        else
            (void)text_append_item(timeline->missing, sizeof(timeline->missing), "%s",
                                   strategies->names[i]);
    }
    return timeline->count ? 0 : nothing_chosen(wanted, cells, err);
}

int timeline_choose(struct timeline_cells *cells, struct err *err)
{
    struct strategies strategies = {.names = NULL};
    struct wanted wanted = {.variant = NULL};
    bool any = false;
    int result = -1;

    for (size_t i = 0; i < cells->count; i++)
        any |= is_usable(&cells->items[i]);
    if (!any)
        return err_set(err, "no request to draw: no cell was measured to its end; "
                            "measure with bench run --raw");
    if (!choose_variant(cells, &wanted, err) &&
        !strategies_of_file(cells, &strategies, err) &&
        !(cells->choice->strategies && keep_typed(cells, &strategies, err)))
        result = choose_cells(cells, &strategies, &wanted, err);
    free(strategies.names);
    return result;
}
