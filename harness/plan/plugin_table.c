/* plugin_table.c - see plugin_table.h. */
#include "harness/plan/plugin_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/guarded.h"
#include "base/terminal.h"

/* The time for constructors: the cell has no longer. */
#define LOAD_NS (10 * CLOCK_NS_PER_S)

enum { TEXT_SIZE = 160 };

/* The texts of a table, and what stands for one that is absent. */
static const struct {
    size_t offset;
    const char *absent;
} texts[] = {
    {offsetof(struct strategy, name), ""},
    {offsetof(struct strategy, summary), "a model from a plugin"},
    {offsetof(struct strategy, waits), "not stated"},
    {offsetof(struct strategy, shared), "not stated"},
    {offsetof(struct strategy, sessions), "not stated"},
};

enum { TEXT_COUNT = sizeof(texts) / sizeof(texts[0]) };

enum stage { STAGE_LOADING, STAGE_LOADED, STAGE_READ, STAGE_REFUSED };

/* The result of the child, in shared memory. */
struct reading {
    uint32_t stage;
    struct err refusal;
    struct strategy strategy; /* its pointers mean nothing here */
    char texts[TEXT_COUNT][TEXT_SIZE];
};

static const char **text_of(struct strategy *strategy, size_t i)
{
    return (const char **)(void *)((char *)strategy + texts[i].offset);
}

/* -- in the child -------------------------------------------------------------- */

/* The texts come last: one of them may be a pointer to nowhere. */
static void copy_table(struct reading *reading, const struct strategy *strategy)
{
    struct strategy copy;

    memcpy(&copy, strategy, sizeof(copy));
    memcpy(&reading->strategy, &copy, sizeof(copy));
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        const char *text = *text_of(&copy, i) ? *text_of(&copy, i) : texts[i].absent;

        memcpy(reading->texts[i], text, strnlen(text, TEXT_SIZE - 1));
    }
}

static void read_table(void *memory, const void *file)
{
    struct reading *reading = memory;
    const struct strategy *strategy;

    if (plugin_file_load(file, &strategy, &reading->refusal)) {
        reading->stage = STAGE_REFUSED;
        return;
    }
    reading->stage = STAGE_LOADED;
    copy_table(reading, strategy);
    reading->stage = STAGE_READ;
}

/* -- in the parent ------------------------------------------------------------- */

static int read_in_child(const struct plugin_file *file, struct reading *reading,
                         struct err *err)
{
    struct guarded guarded = {.run = read_table,
                              .argument = file,
                              .memory_bytes = sizeof(*reading),
                              .limit_ns = LOAD_NS};

    switch (guarded_run(&guarded, reading, err)) {
    case GUARDED_RETURNED:
        reading->refusal.text[sizeof(reading->refusal.text) - 1] = '\0';
        return reading->stage == STAGE_READ ? 0
                                            : err_set(err, "%s", reading->refusal.text);
    case GUARDED_DIED: {
        struct err before = *err;

        return err_set(err, "%s %.480s",
                       reading->stage == STAGE_LOADING ? "its constructor"
                                                       : "reading its table",
                       before.text);
    }
    default:
        return -1;
    }
}

/* A flag that may hold any byte. */
static bool is_set(const bool *flag)
{
    unsigned char byte;

    memcpy(&byte, flag, 1);
    return byte != 0;
}

/* Makes a strategy of the copy. Its group is left out: a plugin is selected by its
 * name, or by "all". */
static int adopt(const struct reading *reading, struct plugin_table *table,
                 struct err *err)
{
    const struct strategy *read = &reading->strategy;

    if ((unsigned)read->workers > STRATEGY_WORKERS_SHARE)
        return err_set(err, "its strategy has an invalid `workers`: %u",
                       (unsigned)read->workers);
    table->strategy = (struct strategy){
        .workers = read->workers,
        .level_limit = read->level_limit,
        .multi = is_set(&read->multi),
        .reference = is_set(&read->reference),
        .fresh_only = is_set(&read->fresh_only),
        .plain_http_only = is_set(&read->plain_http_only),
        .needs = {.descriptors = read->needs.descriptors,
                  .threads = read->needs.threads,
                  .processes = read->needs.processes,
                  .memory_bytes = read->needs.memory_bytes,
                  .pidfds = is_set(&read->needs.pidfds)},
    };
    table->text = calloc(TEXT_COUNT, TEXT_SIZE);
    if (!table->text)
        return err_errno(err, "no memory for its table");
    for (size_t i = 0; i < TEXT_COUNT; i++)
        *text_of(&table->strategy, i) = terminal_text(
            reading->texts[i], table->text + i * TEXT_SIZE, TEXT_SIZE);
    return 0;
}

int plugin_table_read(struct plugin_table *table, const char *path, struct err *err)
{
    struct reading reading;

    table->text = NULL;
    if (plugin_file_find(&table->file, path, err))
        return -1;
    return read_in_child(&table->file, &reading, err) || adopt(&reading, table, err)
               ? err_prefix(err, "%.200s", path)
               : 0;
}
