/* outside.c - see outside.h. */
#include "harness/plan/outside.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "harness/plan/plugin_table.h"
#include "strategies/outside/program.h"
#include "strategies/outside/words.h"

static const char name_characters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

/* -- names --------------------------------------------------------------------- */

static bool is_group(const char *name)
{
    for (size_t i = 0; strategies[i]; i++)
        if (strategies[i]->group && !strcmp(strategies[i]->group, name))
            return true;
    for (const struct shipped *shipped = shipped_programs; shipped->name; shipped++)
        if (!strcmp(shipped->group, name))
            return true;
    return false;
}

int outside_check_name(const char *name, struct err *err)
{
    size_t length = strspn(name, name_characters);

    if (!length || length > OUTSIDE_NAME_MAX || name[length] || name[0] == '-')
        return err_set(err, "invalid name '%.80s'; use at most %d of a-z, 0-9 and '-'",
                       name, OUTSIDE_NAME_MAX);
    if (strategy_find(name))
        return err_set(err, "'%s' is a strategy of bench; choose another name", name);
    if (is_group(name))
        return err_set(err, "'%s' is a group of strategies; choose another name", name);
    return strcmp(name, "all") != 0
               ? 0
               : err_set(err, "'all' means all strategies; choose another name");
}

static struct outside_model *find(struct outside_models *models, const char *name)
{
    for (size_t i = 0; i < models->count; i++)
        if (!strcmp(models->items[i]->name, name))
            return models->items[i];
    return NULL;
}

const struct outside_model *outside_of(const struct plan *plan,
                                       const struct strategy *strategy)
{
    for (size_t i = 0; i < plan->outside.count; i++)
        if (&plan->outside.items[i]->strategy == strategy)
            return plan->outside.items[i];
    return NULL;
}

bool outside_is_program(const struct plan *plan, const struct strategy *strategy)
{
    const struct outside_model *model = outside_of(plan, strategy);

    return model && model->kind == OUTSIDE_PROGRAM;
}

/* -- models -------------------------------------------------------------------- */

static void model_free(struct outside_model *model)
{
    free(model->name);
    free(model->source);
    free(model->text);
    free(model);
}

static struct outside_model *no_memory(struct err *err)
{
    (void)err_errno(err, "no memory for a model");
    return NULL;
}

/* Another source for a model that a file named, or the same source once more. */
static struct outside_model *replace(struct outside_model *model, enum outside_kind kind,
                                     const char *source, struct err *err)
{
    bool same = model->kind == kind && !strcmp(model->source, source);
    char *copy;

    if (!same && !model->from_file) {
        (void)err_set(err, "'%s' is already defined as '%.200s'; choose another name",
                      model->name, model->source);
        return NULL;
    }
    model->from_file = false;
    if (same)
        return model;
    copy = strdup(source);
    if (!copy)
        return no_memory(err);
    free(model->source);
    model->source = copy;
    model->kind = kind;
    model->is_loaded = false;
    return model;
}

struct outside_model *outside_add(struct plan *plan, enum outside_kind kind,
                                  const char *name, const char *source, struct err *err)
{
    struct outside_models *models = &plan->outside;
    struct outside_model *model;

    if (outside_check_name(name, err))
        return NULL;
    if (strlen(source) >= OUTSIDE_WORDS_SIZE) {
        (void)err_set(err, "%s has more than %d bytes", name, OUTSIDE_WORDS_SIZE - 1);
        return NULL;
    }
    model = find(models, name);
    if (model)
        return replace(model, kind, source, err);
    if (models->count == OUTSIDE_MODELS_MAX) {
        (void)err_set(err, "more than %d models from outside", OUTSIDE_MODELS_MAX);
        return NULL;
    }
    model = calloc(1, sizeof(*model));
    if (!model)
        return no_memory(err);
    *model = (struct outside_model){
        .kind = kind, .name = strdup(name), .source = strdup(source)};
    if (!model->name || !model->source) {
        model_free(model);
        return no_memory(err);
    }
    models->items[models->count++] = model;
    return model;
}

/* Frees the models of one kind, and takes them out of the selection. */
static void reset(struct plan *plan, enum outside_kind kind)
{
    struct outside_models *models = &plan->outside;
    size_t kept = 0;

    for (size_t i = 0; i < models->count; i++) {
        struct outside_model *model = models->items[i];
        size_t strategy_count = 0;
        size_t pick_count = 0;

        if (model->kind != kind) {
            models->items[kept++] = model;
            continue;
        }
        for (size_t j = 0; j < plan->strategy_count; j++)
            if (plan->strategies[j] != &model->strategy) {
                plan->by_group[strategy_count] = plan->by_group[j];
                plan->strategies[strategy_count++] = plan->strategies[j];
            }
        for (size_t j = 0; j < plan->pick_count; j++)
            if (plan->picks[j].strategy != &model->strategy)
                plan->picks[pick_count++] = plan->picks[j];
        plan->strategy_count = strategy_count;
        plan->pick_count = pick_count;
        model_free(model);
    }
    models->count = kept;
}

void outside_request_make(const struct plan *plan, const struct strategy *strategy,
                          struct outside_request *request)
{
    const struct outside_model *model = outside_of(plan, strategy);
    size_t count = 0;

    memset(request, 0, sizeof(*request));
    if (!model)
        return;
    request->kind = model->kind;
    /* Neither fails: outside_add() has refused what does not fit. */
    if (model->kind == OUTSIDE_PROGRAM)
        (void)words_split(model->source, request->words, sizeof(request->words), &count,
                          NULL);
    else
        request->plugin = model->file;
    request->count = (uint32_t)count;
}

bool outside_is_unloaded(const struct plan *plan)
{
    for (size_t i = 0; i < plan->outside.count; i++)
        if (!plan->outside.items[i]->is_loaded)
            return true;
    return false;
}

/* -- --program ----------------------------------------------------------------- */

/* What is known of a program that ships with bench, if its file is the one that is run.
 */
static void adopt_shipped(struct outside_model *model)
{
    for (const struct shipped *shipped = shipped_programs; shipped->name; shipped++) {
        char *command = NULL;

        if (strcmp(shipped->name, model->name) != 0 ||
            shipped_command(shipped, &command, NULL))
            continue;
        if (!strcmp(command, model->source)) {
            model->strategy.summary = shipped->summary;
            model->strategy.group = shipped->group;
            model->strategy.level_limit = shipped->level_limit;
            model->strategy.fresh_only = shipped->fresh_only;
        }
        free(command);
    }
}

/* Refuses a command that could not be started in words. */
static int add_program(struct plan *plan, const char *name, const char *command,
                       struct outside_model **model, struct err *err)
{
    char words[OUTSIDE_WORDS_SIZE];
    size_t count;

    if (words_split(command, words, sizeof(words), &count, err))
        return err_prefix(err, "%.80s", name);
    *model = outside_add(plan, OUTSIDE_PROGRAM, name, command, err);
    if (!*model)
        return -1;
    (*model)->strategy = program_strategy;
    (*model)->strategy.name = (*model)->name;
    (*model)->is_loaded = true;
    adopt_shipped(*model);
    return 0;
}

int outside_add_shipped(struct plan *plan, const struct shipped *shipped, struct err *err)
{
    struct outside_model *model;
    char *command;
    int result;

    if (shipped_command(shipped, &command, err))
        return -1;
    result = add_program(plan, shipped->name, command, &model, err);
    free(command);
    return result;
}

static int parse_program(void *object, const char *text, struct err *err)
{
    const char *equals = strchr(text, '=');
    struct outside_model *model;
    char *name;
    int result;

    if (!equals || equals == text)
        return err_set(err, "'%.80s' is not of the form NAME=COMMAND", text);
    name = strndup(text, (size_t)(equals - text));
    if (!name)
        return err_errno(err, "no memory for a model");
    result = add_program(object, name, equals + 1, &model, err);
    free(name);
    return result;
}

/* The models of one kind, as {"name": ..., KEY: source}. */
static json_t *to_json(const struct plan *plan, enum outside_kind kind, const char *key)
{
    json_t *list = json_array();

    for (size_t i = 0; i < plan->outside.count; i++) {
        const struct outside_model *model = plan->outside.items[i];
        json_t *item = json_object();

        if (model->kind != kind) {
            json_decref(item);
            continue;
        }
        json_put_text(&item, "name", model->name);
        json_put(&item, key, json_of_bytes(model->source));
        json_add(&list, item);
    }
    return list;
}

static json_t *programs_to_json(const void *object)
{
    return to_json(object, OUTSIDE_PROGRAM, "command");
}

static json_t *plugins_to_json(const void *object)
{
    return to_json(object, OUTSIDE_PLUGIN, "file");
}

static int from_json(struct plan *plan, enum outside_kind kind, const char *key,
                     const json_t *json, struct err *err)
{
    if (!json_is_array(json))
        return err_set(err, "must be a list");
    for (size_t i = 0; i < json_array_size(json); i++) {
        const json_t *item = json_array_get(json, i);
        struct outside_model *model = NULL;
        char *source = NULL;
        char *name;
        int result;

        if (json_read_text(json_object_get(item, "name"), &name, err))
            return err_prefix(err, "name");
        result = json_read_text(json_object_get(item, key), &source, err)
                     ? err_prefix(err, "%s", key)
                     : 0;
        if (!result && kind == OUTSIDE_PROGRAM)
            result = add_program(plan, name, source, &model, err);
        else if (!result)
            result = (model = outside_add(plan, kind, name, source, err)) ? 0 : -1;
        free(name);
        free(source);
        if (result)
            return -1;
        model->from_file = true;
        model->strategy.name = model->name;
    }
    return 0;
}

static int programs_from_json(void *object, const json_t *json, struct err *err)
{
    return from_json(object, OUTSIDE_PROGRAM, "command", json, err);
}

static int plugins_from_json(void *object, const json_t *json, struct err *err)
{
    return from_json(object, OUTSIDE_PLUGIN, "file", json, err);
}

static void reset_programs(void *object)
{
    reset(object, OUTSIDE_PROGRAM);
}

static void reset_plugins(void *object)
{
    reset(object, OUTSIDE_PLUGIN);
}

const struct value_ops plan_programs_ops = {.parse = parse_program,
                                            .to_json = programs_to_json,
                                            .from_json = programs_from_json,
                                            .reset = reset_programs,
                                            .merges = true};

/* -- --plugin ------------------------------------------------------------------ */

/* Fills the model with the strategy of its table, and takes ownership of that. */
static void adopt(struct outside_model *model, const struct plugin_table *table)
{
    free(model->text);
    model->text = table->text;
    model->file = table->file;
    model->strategy = table->strategy;
    model->strategy.name = model->name;
    model->is_loaded = true;
}

static int parse_plugin(void *object, const char *path, struct err *err)
{
    struct plugin_table table;
    struct outside_model *model;

    if (plugin_table_read(&table, path, err))
        return -1;
    model = outside_add(object, OUTSIDE_PLUGIN, table.strategy.name, path, err);
    if (!model) {
        free(table.text);
        return err_prefix(err, "%.200s", path);
    }
    adopt(model, &table);
    return 0;
}

const struct value_ops plan_plugins_ops = {.parse = parse_plugin,
                                           .to_json = plugins_to_json,
                                           .from_json = plugins_from_json,
                                           .reset = reset_plugins,
                                           .merges = true};

static int load(struct outside_model *model, struct err *err)
{
    struct plugin_table table;

    if (plugin_table_read(&table, model->source, err))
        return -1;
    if (strcmp(table.strategy.name, model->name) != 0) {
        (void)err_set(err, "%.200s: its strategy is '%.40s' now, the plan names it '%s'",
                      model->source, table.strategy.name, model->name);
        free(table.text);
        return -1;
    }
    adopt(model, &table);
    return 0;
}

int outside_load(struct plan *plan, struct err *err)
{
    for (size_t i = 0; i < plan->outside.count; i++)
        if (!plan->outside.items[i]->is_loaded && load(plan->outside.items[i], err))
            return err_prefix(err, "--plugin");
    return 0;
}
