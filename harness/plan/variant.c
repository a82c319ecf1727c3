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

/* The comma that ends a setting, or the end of the text. */
static char *setting_end(char *setting)
{
    char *comma = setting;

    while ((comma = strchr(comma, ',')) && !variable_length(comma + 1))
        comma++;
    return comma ? comma : setting + strlen(setting);
}

static int parse_settings(struct variant *variant, char *rest, struct err *err)
{
    while (*rest) {
        char *end = setting_end(rest);

        if (!variable_length(rest))
            return err_set(err, "'%s' is not of the form VAR=VALUE", rest);
        if (variant->setting_count == VARIANT_SETTINGS_MAX)
            return err_set(err, "more than %d variables", VARIANT_SETTINGS_MAX);
        variant->settings[variant->setting_count++] = rest;
        rest = *end ? end + 1 : end;
        *end = '\0';
    }
    return 0;
}

int variant_parse(struct variant *variant, const char *text, struct err *err)
{
    size_t length = strspn(text, name_characters);
    int result;

    *variant = (struct variant){0};
    if (!length || length > VARIANT_NAME_MAX || (text[length] && text[length] != ':'))
        return err_set(err,
                       "'%s' is not of the form NAME:VAR=VALUE,VAR=VALUE with a name of "
                       "letters, digits, '.', '_' and '-', at most %d of them",
                       text, VARIANT_NAME_MAX);
    variant->text = strdup(text);
    if (!variant->text)
        return err_errno(err, "no memory for a variant");
    variant->name = variant->text;
    result = text[length] ? parse_settings(variant, variant->text + length + 1, err) : 0;
    variant->text[length] = '\0';
    if (result)
        variant_free(variant);
    return result;
}

void variant_free(struct variant *variant)
{
    free(variant->text);
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
        return err_set(err, "variant %s: BENCH_PROGRAM %s is no file", variant->name,
                       program);
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
        environment[used++] = (char *)variant->settings[i]; /* as environ(7) has it */
    return environment;
}
