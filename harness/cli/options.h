/* options.h - command lines: tables of typed values, and getopt_long() over them. */
#ifndef HARNESS_CLI_OPTIONS_H
#define HARNESS_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"
#include "base/value.h"

enum { OPTION_ANY_GROUP = -1, OPTIONS_MAX = 128 };

/* Options that belong together: those of a table that are of the group. */
struct option_part {
    const char *title; /* a heading in the help; NULL: none */
    const struct value_spec *specs;
    size_t count;
    size_t offset; /* of the struct that they are in within the request */
    int group;
};

#define OPTION_PART(title_, specs_, offset_, group_)                        \
    {                                                                       \
        .title = (title_), .specs = (specs_),                               \
        .count = sizeof(specs_) / sizeof((specs_)[0]), .offset = (offset_), \
        .group = (group_)                                                   \
    }

/* Is this option of the part's table one of the part? */
bool option_part_has(const struct option_part *part, const struct value_spec *spec);

/* "-o, " for --out, which has this short form in every command; else "". */
const char *option_short(const struct value_spec *spec);

/* The options of a command. A NULL list is an empty one. */
struct option_list {
    const struct option_part *parts;
    size_t part_count;
};

/* A list of one table, whose struct is the request itself. */
#define OPTIONS_OF(specs)                                                           \
    {                                                                               \
        &(const struct option_part)OPTION_PART(NULL, specs, 0, OPTION_ANY_GROUP), 1 \
    }

/* The options and operands that were typed. */
struct typed {
    const struct value_spec *specs[OPTIONS_MAX]; /* the options, each once */
    size_t count;
    char **operands; /* arguments that are not options; borrowed */
    size_t operand_count;
};

enum options_result { OPTIONS_OK, OPTIONS_HELP, OPTIONS_WRONG };

/* Reads argv[1] and on into `request`. With `early` only the options that are marked so.
 * The first time it is typed, an option replaces its initial value, unless it merges;
 * typed again it adds to it. Abbreviations are refused: a new option could
 * change the meaning of one; -o stands for --out in commands that have it. Options that
 * define a name are read before those that may use it. Wrong: one line in `err`, which
 * refers to the help of `command`. */
enum options_result options_parse(const struct option_list *list, const char *command,
                                  int argc, char **argv, bool early, void *request,
                                  struct typed *typed, struct err *err);

/* The option that is closest to a word without "--"; NULL: none. */
const char *options_suggest(const struct option_list *list, const char *word);

/* Was the option typed? */
bool options_typed(const struct typed *typed, const char *option);

/* Sets every option to its initial value; frees the values that options own. */
int options_begin(const struct option_list *list, void *request, struct err *err);
void options_end(const struct option_list *list, void *request);

void options_print_help(const struct option_list *list, FILE *out);

/* The same as a table in Markdown, for the docs. */
void options_print_markdown(const struct option_list *list, FILE *out);

#endif
