/* variant.c - see variant.h. */
#include "harness/plan/variant.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char name_characters[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
static const char variable_characters[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

const struct variant variant_default = {.name = "default"};

/* The length of VAR in a text that begins with VAR=; 0 if it does not. */
static size_t variable_length(const char *text)
{
    size_t length = strspn(text, variable_characters);

    return text[length] == '=' && strchr("0123456789", text[0]) == NULL ? length : 0;
}

/* Skips a comma and the spaces after it. */
static const char *after(const char *comma)
{
    return comma + 1 + strspn(comma + 1, " ");
}

/* The comma that ends a setting, or the end of the text. */
static const char *setting_end(const char *setting)
{
    const char *comma = setting;

    while ((comma = strchr(comma, ',')) && !variable_length(after(comma)))
        comma++;
    return comma ? comma : setting + strlen(setting);
}

int variant_named(struct variant *variant, const char *name, struct err *err)
{
    size_t length = strspn(name, name_characters);

    *variant = (struct variant){0};
    if (!length || length > VARIANT_NAME_MAX || name[length])
        return err_set(
            err,
            "invalid name '%s' of a variant; use at most %d letters, digits, '.', "
            "'_' or '-'",
            name, VARIANT_NAME_MAX);
    variant->name = variant->owned_name = strdup(name);
    return variant->name ? 0 : err_errno(err, "no memory for a variant");
}

int variant_add(struct variant *variant, const char *setting, struct err *err)
{
    char *copy;

    if (!variable_length(setting))
        return err_set(err, "'%s' is not of the form VAR=VALUE", setting);
    if (variant->setting_count == VARIANT_SETTINGS_MAX)
        return err_set(err, "more than %d variables", VARIANT_SETTINGS_MAX);
    copy = strdup(setting);
    if (!copy)
        return err_errno(err, "no memory for a variant");
    variant->settings[variant->setting_count++] = copy;
    return 0;
}

static int parse_settings(struct variant *variant, const char *rest, struct err *err)
{
    while (*rest) {
        const char *end = setting_end(rest);
        char *setting = strndup(rest, (size_t)(end - rest));
        int result = setting ? variant_add(variant, setting, err)
                             : err_errno(err, "no memory for a variant");

        free(setting);
        if (result)
            return -1;
        rest = *end ? after(end) : end;
    }
    return 0;
}

int variant_parse(struct variant *variant, const char *text, struct err *err)
{
    size_t length = strcspn(text, ":");
    char *name = strndup(text, length);
    int result;

    *variant = (struct variant){0};
    if (!name)
        return err_errno(err, "no memory for a variant");
    result = variant_named(variant, name, err);
    free(name);
    if (result)
        return err_set(
            err,
            "'%s' is not of the form NAME:VAR=VALUE,VAR=VALUE with a name of at "
            "most %d letters, digits, '.', '_' or '-'",
            text, VARIANT_NAME_MAX);
    result = text[length] ? parse_settings(variant, text + length + 1, err) : 0;
    if (result)
        variant_free(variant);
    return result;
}

void variant_free(struct variant *variant)
{
    for (size_t i = 0; i < variant->setting_count; i++)
        free(variant->settings[i]);
    free(variant->owned_name);
    *variant = (struct variant){0};
}

bool variant_equal(const struct variant *a, const struct variant *b)
{
    if (strcmp(a->name, b->name) != 0 || a->setting_count != b->setting_count)
        return false;
    for (size_t i = 0; i < a->setting_count; i++)
        if (strcmp(a->settings[i], b->settings[i]) != 0)
            return false;
    return true;
}

const char *variant_program(const struct variant *variant)
{
    static const char variable[] = "BENCH_PROGRAM=";
    const char *program = NULL;

    for (size_t i = 0; i < variant->setting_count; i++)
        if (!strncmp(variant->settings[i], variable, strlen(variable)))
            program = variant->settings[i] + strlen(variable);
    return program;
}

int variant_check(const struct variant *variant, struct err *err)
{
    const char *program = variant_program(variant);
    struct stat status;

    if (!program)
        return 0;
    if (stat(program, &status) || access(program, X_OK))
        return err_errno(err, "variant %s: BENCH_PROGRAM %s", variant->name, program);
    if (!S_ISREG(status.st_mode))
        return err_set(err, "variant %s: BENCH_PROGRAM %s is not a regular file",
                       variant->name, program);
    return 0;
}

/* True when one of the settings is for the variable of `entry`, "VAR=VALUE". */
static bool is_set(const struct variant *variant, const char *entry)
{
    size_t length = strcspn(entry, "=");

    for (size_t i = 0; i < variant->setting_count; i++)
        if (!strncmp(variant->settings[i], entry, length) &&
            variant->settings[i][length] == '=')
            return true;
    return false;
}

char **variant_environment(const struct variant *variant, struct err *err)
{
    size_t count = 0;
    size_t used = 0;
    char **environment;

    while (environ[count])
        count++;
    environment = calloc(count + variant->setting_count + 1, sizeof(*environment));
    if (!environment) {
        (void)err_errno(err, "no memory for an environment");
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        if (!is_set(variant, environ[i]))
            environment[used++] = environ[i];
    for (size_t i = 0; i < variant->setting_count; i++)
        environment[used++] = variant->settings[i];
    return environment;
}
