/* word_list.c - see word_list.h. */
#include "base/word_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "base/text.h"

static const char all_words[] = "all";

static int unknown(const struct word_list *list, const char *typed, struct err *err)
{
    struct suggestion suggestion = suggest_begin(typed, strlen(typed));

    if (!list->kind)
        return suggest_one_of(err, typed, list->words);
    if (list->all)
        suggest_offer(&suggestion, all_words);
    for (size_t i = 0; list->words[i]; i++)
        suggest_offer(&suggestion, list->words[i]);
    return suggest_unknown(err, list->kind, &suggestion, NULL);
}

static int set_word(const struct word_list *list, const char *typed, bool *wanted,
                    struct err *err)
{
    bool all = list->all && !strcmp(typed, all_words);
    bool found = all;

    for (size_t i = 0; list->words[i]; i++)
        if (all || !strcmp(list->words[i], typed))
            wanted[i] = found = true;
    return found ? 0 : unknown(list, typed, err);
}

int word_list_parse(const struct word_list *list, const char *text, bool *wanted,
                    struct err *err)
{
    char *copy = strdup(text);
    char *rest = copy;
    int result = 0;
    char *word;

    if (!copy)
        return err_errno(err, "no memory for a list");
    for (size_t i = 0; list->words[i]; i++)
        wanted[i] = false;
    while (!result && (word = text_take_item(&rest)))
        result = set_word(list, word, wanted, err);
    free(copy);
    return result;
}
