/* value.c - see value.h. */
#include "base/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/parse.h"
#include "base/suggest.h"

/* -- texts --------------------------------------------------------------------- */

int texts_add(struct texts *texts, const char *text, struct err *err)
{
    char **items = realloc(texts->items, (texts->count + 1) * sizeof(*items));
    char *copy = strdup(text);

    if (items)
        texts->items = items;
    if (!items || !copy) {
        free(copy);
        return err_errno(err, "no memory for a list");
    }
    texts->items[texts->count++] = copy;
    return 0;
}

void texts_free(struct texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        free(texts->items[i]);
    free(texts->items);
    *texts = (struct texts){0};
}

json_t *texts_to_json(const struct texts *texts)
{
    json_t *list = json_array();

    for (size_t i = 0; i < texts->count; i++)
        json_add(&list, json_of_bytes(texts->items[i]));
    return list;
}

/* -- from text ----------------------------------------------------------------- */

/* The index of a word in its list. */
static int find_word(int *place, const char *text, const char *const *words,
                     struct err *err)
{
    for (int i = 0; words[i]; i++)
        if (!strcmp(words[i], text)) {
            *place = i;
            return 0;
        }
    return suggest_one_of(err, text, words);
}

static int parse_amount(uint64_t *out, const struct value_type *type, const char *text,
                        struct err *err)
{
    char least[DURATION_TEXT_SIZE];
    char most[DURATION_TEXT_SIZE];

    if (type->kind != VALUE_DURATION)
        return parse_count(text, type->min, type->max, out, err);
    if (parse_duration(text, out, err))
        return -1;
    if (!*out && type->min && type->zero && !strcmp(type->zero, "off"))
        return err_set(err, "'%s' is too short: give a longer duration", text);
    if (*out < type->min || *out > type->max)
        return err_set(err, "'%s' is out of range: give %s to %s", text,
                       duration_text(type->min, least), duration_text(type->max, most));
    return 0;
}

/* An amount, or the word for 0. */
static int parse_limited(uint64_t *out, const struct value_type *type, const char *text,
                         struct err *err)
{
    if (!type->zero)
        return parse_amount(out, type, text, err);
    if (!strcmp(text, type->zero)) {
        *out = 0;
        return 0;
    }
    if (!parse_amount(out, type, text, err))
        return 0;
    return suggest_also(err, text, type->kind == VALUE_DURATION ? "or" : "nor",
                        type->zero);
}

static int parse_share(double *out, const char *text, struct err *err)
{
    char number[32];
    size_t length = strlen(text);
    double divisor = 1;

    if (length && text[length - 1] == '%') {
        length--;
        divisor = 100;
    }
    (void)snprintf(number, sizeof(number), "%.*s", (int)length, text);
    if (length >= sizeof(number) || parse_number(number, out, NULL) || *out < 0 ||
        *out / divisor >= 10)
        return err_set(
            err,
            "'%s' is not a share: write a percentage or fraction, such as 5%% or 0.05",
            text);
    *out /= divisor;
    return 0;
}

static int parse_percent(double *out, const char *text, struct err *err)
{
    size_t length = strlen(text);
    char number[32];

    if (length && text[length - 1] == '%')
        length--;
    (void)snprintf(number, sizeof(number), "%.*s", (int)length, text);
    if (length >= sizeof(number) || parse_number(number, out, NULL) || *out < 0 ||
        *out >= 100)
        return err_set(err, "'%s' is not a percentage from 0 to below 100", text);
    *out /= 100;
    return 0;
}

/* The shortest text that is read back as the same share. */
static json_t *percent_to_json(double share)
{
    return json_sprintf("%.15g%%", share * 100);
}

static int parse_text(char **out, const char *text, const char *argument, struct err *err)
{
    char *copy;

    if (!text[0])
        return err_set(err, "the value is empty; give %s", argument);
    copy = strdup(text);
    if (!copy)
        return err_errno(err, "no memory for a text");
    free(*out);
    *out = copy;
    return 0;
}

int value_parse(void *object, const struct value_spec *spec, const char *text,
                struct err *err)
{
    void *at = (char *)object + spec->offset;
    const struct value_type *type = &spec->type;
    uint64_t number = 0;
    int place = 0;
    int result = 0;

    switch (type->kind) {
    case VALUE_FLAG:
        *(bool *)at = true;
        return 0;
    case VALUE_SWITCH:
        result = find_word(&place, text, type->words, err);
        *(bool *)at = place;
        return result;
    case VALUE_WORD:
        result = find_word(&place, text, type->words, err);
        *(int *)at = place;
        return result;
    case VALUE_UNSIGNED:
        result = parse_limited(&number, type, text, err);
        *(unsigned *)at = (unsigned)number;
        return result;
    case VALUE_COUNT:
    case VALUE_DURATION:
        return parse_limited(at, type, text, err);
    case VALUE_SHARE:
        return parse_share(at, text, err);
    case VALUE_PERCENT:
        return parse_percent(at, text, err);
    case VALUE_TEXT:
        return parse_text(at, text, spec->argument, err);
    case VALUE_TEXTS:
        return texts_add(at, text, err);
    case VALUE_OTHER:
        break;
    }
    return type->ops->parse(at, text, err);
}

/* -- to JSON and back ---------------------------------------------------------- */

/* A number, or the word that stands for 0. */
static json_t *limited_to_json(uint64_t number, const struct value_type *type)
{
    char text[DURATION_TEXT_SIZE];

    if (!number && type->zero)
        return json_string(type->zero);
    if (type->kind == VALUE_DURATION)
        return json_string(duration_text(number, text));
    return json_of_count(number);
}

json_t *value_to_json(const void *object, const struct value_spec *spec)
{
    const void *at = (const char *)object + spec->offset;
    const struct value_type *type = &spec->type;

    switch (type->kind) {
    case VALUE_FLAG:
        return json_boolean(*(const bool *)at);
    case VALUE_SWITCH:
        return json_string(type->words[*(const bool *)at]);
    case VALUE_WORD:
        return json_string(type->words[*(const int *)at]);
    case VALUE_UNSIGNED:
        return limited_to_json(*(const unsigned *)at, type);
    case VALUE_COUNT:
    case VALUE_DURATION:
        return limited_to_json(*(const uint64_t *)at, type);
    case VALUE_SHARE:
        return json_real(*(const double *)at);
    case VALUE_PERCENT:
        return percent_to_json(*(const double *)at);
    case VALUE_TEXT:
        return *(char *const *)at ? json_of_bytes(*(char *const *)at) : json_null();
    case VALUE_TEXTS:
        return texts_to_json(at);
    case VALUE_OTHER:
        break;
    }
    return type->ops->to_json(at);
}

/* Reads a text, UTF-8 or not, by the parser for typed text. */
static int from_text(void *object, const struct value_spec *spec, const json_t *json,
                     struct err *err)
{
    char *text;
    int result;

    if (json_read_text(json, &text, err))
        return -1;
    result = value_parse(object, spec, text, err);
    free(text);
    return result;
}

static int from_number(void *object, const struct value_spec *spec, const json_t *json,
                       struct err *err)
{
    char text[32];
    uint64_t number;

    if (json_is_string(json))
        return from_text(object, spec, json, err);
    if (json_read_count(json, &number, err))
        return -1;
    (void)snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
    return value_parse(object, spec, text, err);
}

VALUE_PARSER(add_text, texts_add)

int value_each_text(const json_t *json, void *object,
                    int (*parse)(void *object, const char *text, struct err *err),
                    struct err *err)
{
    if (!json_is_array(json))
        return err_set(err, "it is not a list");
    for (size_t i = 0; i < json_array_size(json); i++) {
        char *text;
        int result;

        if (json_read_text(json_array_get(json, i), &text, err))
            return -1;
        result = parse(object, text, err);
        free(text);
        if (result)
            return -1;
    }
    return 0;
}

int value_from_json(void *object, const struct value_spec *spec, const json_t *json,
                    struct err *err)
{
    void *at = (char *)object + spec->offset;

    value_reset(object, spec);
    switch (spec->type.kind) {
    case VALUE_FLAG:
        *(bool *)at = json_is_true(json);
        return json_is_boolean(json) ? 0 : err_set(err, "it is neither true nor false");
    case VALUE_UNSIGNED:
    case VALUE_COUNT:
        return from_number(object, spec, json, err);
    case VALUE_SHARE:
        *(double *)at = json_number_value(json);
        return json_is_number(json) ? 0 : err_set(err, "it is not a number");
    case VALUE_TEXT:
        return json_is_null(json) ? 0 : from_text(object, spec, json, err);
    case VALUE_TEXTS:
        return value_each_text(json, at, add_text, err);
    case VALUE_OTHER:
        if (spec->type.ops->from_json)
            return spec->type.ops->from_json(at, json, err);
        break;
    default:
        break;
    }
    return from_text(object, spec, json, err);
}

/* -- tables -------------------------------------------------------------------- */

/* The size of a value of each kind; 0: only its owner knows. */
static const size_t kind_bytes[] = {
    [VALUE_FLAG] = sizeof(bool),
    [VALUE_SWITCH] = sizeof(bool),
    [VALUE_WORD] = sizeof(int),
    [VALUE_UNSIGNED] = sizeof(unsigned),
    [VALUE_COUNT] = sizeof(uint64_t),
    [VALUE_DURATION] = sizeof(uint64_t),
    [VALUE_SHARE] = sizeof(double),
    [VALUE_PERCENT] = sizeof(double),
    [VALUE_TEXT] = sizeof(char *),
    [VALUE_TEXTS] = sizeof(struct texts),
    [VALUE_OTHER] = 0,
};

void value_reset(void *object, const struct value_spec *spec)
{
    void *at = (char *)object + spec->offset;
    enum value_kind kind = spec->type.kind;

    if (kind == VALUE_TEXT)
        free(*(char **)at);
    else if (kind == VALUE_TEXTS)
        texts_free(at);
    else if (kind == VALUE_OTHER && spec->type.ops->reset)
        spec->type.ops->reset(at);
    memset(at, 0, kind_bytes[kind]);
}

void values_reset(void *object, const struct value_spec *specs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        value_reset(object, &specs[i]);
}

int values_set_initial(void *object, const struct value_spec *specs, size_t count,
                       struct err *err)
{
    for (size_t i = 0; i < count; i++)
        if (specs[i].initial && specs[i].initial[0] &&
            value_parse(object, &specs[i], specs[i].initial, err))
            return err_prefix(err, "--%s", specs[i].option);
    return 0;
}
