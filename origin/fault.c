/* fault.c - see fault.h. */
#include "origin/fault.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/parse.h"
#include "base/random.h"
#include "base/suggest.h"
#include "base/text.h"

static const char *const words[FAULT_KIND_COUNT] = {
    "none",
#define FAULT(name, word, outcome, wire) [FAULT_##name] = (word),
#include "origin/fault.def"
#undef FAULT
};

const char *fault_word(enum fault_kind kind)
{
    return words[kind];
}

static int unknown_fault(const char *word, size_t length, struct err *err)
{
    struct suggestion suggestion = suggest_begin(word, length);

    for (int kind = FAULT_NONE + 1; kind < FAULT_KIND_COUNT; kind++)
        suggest_offer(&suggestion, words[kind]);
    return suggest_unknown(err, "fault", &suggestion,
                           "bench serve --help lists the kinds");
}

static enum fault_kind find(const char *word, size_t length)
{
    for (int kind = FAULT_NONE + 1; kind < FAULT_KIND_COUNT; kind++)
        if (strlen(words[kind]) == length && !memcmp(words[kind], word, length))
            return (enum fault_kind)kind;
    return FAULT_NONE;
}

static void write_text(struct fault_rates *rates)
{
    rates->text[0] = '\0';
    for (int kind = FAULT_NONE + 1; kind < FAULT_KIND_COUNT; kind++)
        if (rates->percent[kind])
            (void)text_append(rates->text, FAULT_TEXT_SIZE, "%s%s:%u",
                              rates->text[0] ? " " : "", words[kind],
                              (unsigned)rates->percent[kind]);
}

int fault_parse(struct fault_rates *rates, const char *text, struct err *err)
{
    size_t length = strcspn(text, ":");
    enum fault_kind kind = find(text, length);
    struct fault_rates changed = *rates;
    uint64_t percent = 100;
    unsigned sum = 0;

    if (kind == FAULT_NONE)
        return unknown_fault(text, length, err);
    if (text[length] && parse_count(text + length + 1, 1, 100, &percent, err))
        return -1;
    changed.percent[kind] = (uint8_t)percent;
    for (int i = 0; i < FAULT_KIND_COUNT; i++)
        sum += changed.percent[i];
    if (sum > 100)
        return err_set(
            err,
            "'%s' raises the faults to %u %% of the pages; give rates, such as "
            "%s:10",
            text, sum, words[kind]);
    write_text(&changed);
    *rates = changed;
    return 0;
}

void fault_assign(struct fault_plan *plan, const struct fault_rates *rates, uint64_t seed)
{
    struct random random = {seed};
    size_t next = 1;

    *plan = (struct fault_plan){{0}};
    for (int kind = FAULT_NONE + 1; kind < FAULT_KIND_COUNT; kind++)
        for (unsigned i = 0; i < rates->percent[kind] && next <= PAGE_DETAIL_COUNT; i++)
            plan->of_page[next++] = (uint8_t)kind;
    for (size_t i = PAGE_DETAIL_COUNT; i > 1; i--) {
        size_t j = 1 + (size_t)random_below(&random, i);
        uint8_t other = plan->of_page[j];

        plan->of_page[j] = plan->of_page[i];
        plan->of_page[i] = other;
    }
}
