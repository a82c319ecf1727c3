/* value.h - typed values inside a struct, described by a table: parsed from text, written
 * to JSON and read back.
 *
 * The table is the only place that knows a value's type, bounds and words, so that a
 * command line, its help and a file never disagree. */
#ifndef BASE_VALUE_H
#define BASE_VALUE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum value_kind {
    VALUE_FLAG,     /* bool; takes no argument and becomes true */
    VALUE_SWITCH,   /* bool; one of two words, the first is false */
    VALUE_WORD,     /* enum; its number is the index of the word in the list */
    VALUE_UNSIGNED, /* unsigned, from `min` to `max` */
    VALUE_COUNT,    /* uint64_t, likewise */
    VALUE_DURATION, /* uint64_t in nanoseconds, likewise; typed with a unit */
    VALUE_SHARE,    /* double, typed as 5% or 0.05, from 0 to below 10 */
    VALUE_PERCENT,  /* double, a share, typed in percent: 5 or 5%, from 0 to below 100 */
    VALUE_TEXT,     /* char *, owned; NULL: none; never empty when typed */
    VALUE_TEXTS,    /* struct texts; each time it is typed adds one */
    VALUE_OTHER,    /* handled by functions of the table's owner */
};

/* A list that owns its texts. All zeros: empty. */
struct texts {
    char **items;
    size_t count;
};

int texts_add(struct texts *texts, const char *text, struct err *err); /* a copy */
void texts_free(struct texts *texts);

/* The list as JSON. A new reference; NULL: no memory. */
json_t *texts_to_json(const struct texts *texts);

/* The functions of a VALUE_OTHER. `object` is at the offset of the value. */
struct value_ops {
    /* Adds to or replaces the value. */
    int (*parse)(void *object, const char *text, struct err *err);
    /* A new reference; NULL: no memory. */
    json_t *(*to_json)(const void *object);
    /* Reads into a value that was reset. NULL: `to_json` writes a string that `parse`
     * reads. */
    int (*from_json)(void *object, const json_t *json, struct err *err);
    /* Frees it and restores the state before anything was typed. NULL: `parse` replaces
     * all. */
    void (*reset)(void *object);
    /* Typed again it adds to the present value, also to one from a file. */
    bool merges;
    /* Values for completion, by index; NULL behind the last. NULL: there are no such. */
    const char *(*word)(size_t index);
    /* The help lists its words: the message about a wrong one refers to it. */
    bool listed_in_help;
};

/* Defines `parse` of a struct value_ops by a function that takes the value itself. */
#define VALUE_PARSER(name, function)                                 \
    static int name(void *object, const char *text, struct err *err) \
    {                                                                \
        return function(object, text, err);                          \
    }

struct value_type {
    enum value_kind kind;
    uint64_t min, max;
    const char *zero;         /* the word for 0, such as "off"; NULL: none */
    const char *const *words; /* of SWITCH and WORD, NULL-terminated */
    const struct value_ops *ops;
};

struct value_spec {
    const char *key;      /* in JSON; "": not written, it adds to the one before it */
    const char *option;   /* on the command line, without "--" */
    int kind_of_use;      /* for the owner of the table; not used here */
    int group;            /* likewise */
    const char *argument; /* its name in the help; NULL: it takes none */
    const char *initial;  /* as it would be typed; "": none */
    const char *help;     /* one line, or lines separated by '\n' */
    struct value_type type;
    size_t offset;     /* in the struct */
    bool early;        /* read before the others, which may depend on it */
    bool defines;      /* defines a name that others may use, also before it */
    const char *alias; /* a former name; NULL: none */
};

/* Sets the value from text (NULL for a flag). On -1 the message is about the text alone,
 * and the value may be partly set. */
int value_parse(void *object, const struct value_spec *spec, const char *text,
                struct err *err);

/* The value as it would be typed, as JSON: a flag is true or false, a whole number a
 * number, everything else a string. A new reference; NULL: no memory. */
json_t *value_to_json(const void *object, const struct value_spec *spec);

/* Sets the value from JSON that value_to_json() made. */
int value_from_json(void *object, const struct value_spec *spec, const json_t *json,
                    struct err *err);

/* Calls `parse` for each text of a JSON list, as if it had been typed. */
int value_each_text(const json_t *json, void *object,
                    int (*parse)(void *object, const char *text, struct err *err),
                    struct err *err);

/* Frees the memory of the value and sets it to zero. */
void value_reset(void *object, const struct value_spec *spec);

/* Resets every value of a table. */
void values_reset(void *object, const struct value_spec *specs, size_t count);

/* Sets every value of a table to its `initial`. */
int values_set_initial(void *object, const struct value_spec *specs, size_t count,
                       struct err *err);

#endif
