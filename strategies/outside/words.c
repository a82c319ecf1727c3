/* words.c - see words.h. */
#include "strategies/outside/words.h"

#include <stdbool.h>
#include <string.h>

/* The part of the command that is being read, and its words so far. */
struct splitting {
    const char *at;
    char *words;
    size_t size, used;
    bool is_full;
};

static void put(struct splitting *splitting, char byte)
{
    if (splitting->used < splitting->size)
        splitting->words[splitting->used++] = byte;
    else
        splitting->is_full = true;
}

/* Reads up to the quote that ends '...'. False: there is none. */
static bool take_single(struct splitting *splitting)
{
    for (splitting->at++; *splitting->at != '\''; splitting->at++) {
        if (!*splitting->at)
            return false;
        put(splitting, *splitting->at);
    }
    splitting->at++;
    return true;
}

/* The same for "...". */
static bool take_double(struct splitting *splitting)
{
    for (splitting->at++; *splitting->at != '"'; splitting->at++) {
        if (*splitting->at == '\\' && splitting->at[1] &&
            strchr("\"\\$`\n", splitting->at[1])) {
            splitting->at++;
            if (*splitting->at == '\n')
                continue;
        }
        if (!*splitting->at)
            return false;
        put(splitting, *splitting->at);
    }
    splitting->at++;
    return true;
}

static bool take_backslash(struct splitting *splitting)
{
    splitting->at++;
    if (!*splitting->at)
        return false;
    if (*splitting->at != '\n')
        put(splitting, *splitting->at);
    splitting->at++;
    return true;
}

static int take_word(struct splitting *splitting, struct err *err)
{
    while (*splitting->at && !strchr(" \t\n", *splitting->at)) {
        char byte = *splitting->at;

        if (byte == '\'' || byte == '"') {
            if (!(byte == '"' ? take_double(splitting) : take_single(splitting)))
                return err_set(err, "a %c quote is not closed", byte);
        } else if (byte == '\\') {
            if (!take_backslash(splitting))
                return err_set(err, "it ends with a backslash");
        } else {
            put(splitting, byte);
            splitting->at++;
        }
    }
    put(splitting, '\0');
    return 0;
}

/* A quoted line end separates nothing and is nothing. */
static void skip_blanks(struct splitting *splitting)
{
    for (;;) {
        splitting->at += strspn(splitting->at, " \t\n");
        if (splitting->at[0] != '\\' || splitting->at[1] != '\n')
            return;
        splitting->at += 2;
    }
}

int words_split(const char *command, char *words, size_t size, size_t *count,
                struct err *err)
{
    struct splitting splitting = {.at = command, .size = size};

    splitting.words = words;
    *count = 0;
    for (skip_blanks(&splitting); *splitting.at; skip_blanks(&splitting)) {
        if (take_word(&splitting, err))
            return -1;
        (*count)++;
    }
    if (splitting.is_full)
        return err_set(err, "its words have more than %zu bytes", size);
    if (!*count || !splitting.words[0])
        return err_set(err, "it names no program");
    return 0;
}
