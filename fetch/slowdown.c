/* slowdown.c - see slowdown.h. */
#include "fetch/slowdown.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/parse.h"

/* More per request would be a hang, not a slowdown. */
#define AMOUNT_MAX (10 * CLOCK_NS_PER_S)

enum { AMOUNT_SIZE = 40 };

static int parse_amount(struct slowdown *slowdown, const char *text, struct err *err)
{
    if (slowdown->kind == SLOWDOWN_INSTRUCTIONS)
        return parse_count(text, 1, AMOUNT_MAX, &slowdown->amount, err);
    if (parse_duration(text, &slowdown->amount, err))
        return -1;
    if (!slowdown->amount || slowdown->amount > AMOUNT_MAX)
        return err_set(err, "'%s' is out of range: give more than 0 and at most 10s",
                       text);
    return 0;
}

/* Splits the setting into the amount and the cell after an @. */
static int split(struct slowdown *slowdown, const char *text, char amount[AMOUNT_SIZE],
                 struct err *err)
{
    size_t length = strcspn(text, "@");
    const char *cell = text[length] ? text + length + 1 : "";

    if (length >= AMOUNT_SIZE || strlen(cell) >= SLOWDOWN_CELL_SIZE)
        return err_set(err, "the value is too long");
    if (text[length] && !strchr(cell, '@'))
        return err_set(err, "'%s' is not of the form STRATEGY@LEVEL", cell);
    (void)snprintf(amount, AMOUNT_SIZE, "%.*s", (int)length, text);
    (void)snprintf(slowdown->cell, SLOWDOWN_CELL_SIZE, "%s", cell);
    return 0;
}

int slowdown_parse(struct slowdown *slowdown, const char *text, struct err *err)
{
    static const char *const words[] = {
#define X(name, word, example) [SLOWDOWN_##name] = word ":",
        SLOWDOWNS(X)
#undef X
    };

    static const char examples[] =
#define X(name, word, example) " " word ":" example
        SLOWDOWNS(X);
#undef X

    *slowdown = (struct slowdown){.kind = SLOWDOWN_NONE};
    if (!text)
        return 0;
    for (size_t kind = 1; kind < sizeof(words) / sizeof(words[0]); kind++) {
        size_t length = strlen(words[kind]);
        char amount[AMOUNT_SIZE];

        if (strncmp(text, words[kind], length) != 0)
            continue;
        slowdown->kind = (enum slowdown_kind)kind;
        if (split(slowdown, text + length, amount, err) ||
            parse_amount(slowdown, amount, err))
            return err_prefix(err, SLOWDOWN_VARIABLE "=%s", text);
        return 0;
    }
    return err_set(err, SLOWDOWN_VARIABLE "=%s is not valid; examples:%s", text,
                   examples);
}

static void burn(uint64_t ns)
{
    uint64_t end_ns = clock_thread_cpu_ns() + ns;

    while (clock_thread_cpu_ns() < end_ns)
        ;
}

/* An iteration is an addition, a comparison and a jump. The fence applies to the compiler
 * alone, which may not remove the iterations around it. */
static void execute(uint64_t instructions)
{
    for (uint64_t done = 0; done < instructions; done += 3)
        atomic_signal_fence(memory_order_seq_cst);
}

void slowdown_suffer(const struct slowdown *slowdown)
{
    switch (slowdown->kind) {
    case SLOWDOWN_CPU:
        burn(slowdown->amount);
        break;
    case SLOWDOWN_WAIT:
        clock_sleep_ns(slowdown->amount);
        break;
    case SLOWDOWN_INSTRUCTIONS:
        execute(slowdown->amount);
        break;
    case SLOWDOWN_NONE:
        break;
    }
}
