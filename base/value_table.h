/* value_table.h - initializers for a table of struct value_spec, one line per value. Only
 * for the file that has the table, which first defines the struct that holds the values:
 * #define VALUE_OWNER struct request */
#ifndef BASE_VALUE_TABLE_H
#define BASE_VALUE_TABLE_H

#include <stddef.h>

#include "base/value.h"

/* An option that is not written to files. `argument` is NULL if it takes none, `initial`
 * is "" if it has none; a type follows, then other members if needed. */
#define OPTION(option_, argument_, initial_, help_, ...)                     \
    {                                                                        \
        .option = (option_), .argument = (argument_), .initial = (initial_), \
        .help = (help_), __VA_ARGS__                                         \
    }

/* Types: the member, and how it is read and written. `zero` is the word for 0, or NULL.
 */
#define VALUE_AT(member)                 .offset = offsetof(VALUE_OWNER, member)
#define FLAG(member)                     .type = {.kind = VALUE_FLAG}, VALUE_AT(member)
#define SWITCH(member, ...)              WORDS_AS(VALUE_SWITCH, member, __VA_ARGS__)
#define WORD(member, ...)                WORDS_AS(VALUE_WORD, member, __VA_ARGS__)
#define UNSIGNED(member, min, max, zero) LIMITED(VALUE_UNSIGNED, member, min, max, zero)
#define COUNT(member, min, max, zero)    LIMITED(VALUE_COUNT, member, min, max, zero)
#define DURATION(member, min, max, zero) LIMITED(VALUE_DURATION, member, min, max, zero)
#define SHARE(member)                    .type = {.kind = VALUE_SHARE}, VALUE_AT(member)
#define PERCENT(member)                  .type = {.kind = VALUE_PERCENT}, VALUE_AT(member)
#define TEXT(member)                     .type = {.kind = VALUE_TEXT}, VALUE_AT(member)

/* By functions of the table's owner: at a member, or at the whole struct. */
#define OTHER(member, ops_) \
    .type = {.kind = VALUE_OTHER, .ops = &(ops_)}, VALUE_AT(member)
#define WHOLE(ops_) .type = {.kind = VALUE_OTHER, .ops = &(ops_)}, .offset = 0

#define WORDS_AS(kind_, member, ...)                                              \
    .type = {.kind = (kind_), .words = (const char *const[]){__VA_ARGS__, NULL}}, \
    VALUE_AT(member)
#define LIMITED(kind_, member, min_, max_, zero_)                             \
    .type = {.kind = (kind_), .min = (min_), .max = (max_), .zero = (zero_)}, \
    VALUE_AT(member)

#endif
