/* options.c - see options.h. */
#include "harness/cli/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Values that getopt_long() gives back for the option at index i, and for --help. */
enum { FIRST_OPTION = 1000, HELP_OPTION = 999 };

/* -- all options of a command -------------------------------------------------- */

/* One option with the struct that it is in. */
struct option_at {
    const struct value_spec *spec, *owner; /* owner: whose value it adds to */
    size_t offset;
};

static bool is_in(const struct option_part *part, const struct value_spec *spec)
{
    return part->group == OPTION_ANY_GROUP || part->group == spec->group;
}

/* All options in their order; at most OPTIONS_MAX. */
static size_t collect(const struct option_list *list, struct option_at all[OPTIONS_MAX])
{
    size_t count = 0;

    for (size_t i = 0; list && i < list->part_count; i++) {
        const struct option_part *part = &list->parts[i];
        const struct value_spec *owner = NULL;

        for (size_t j = 0; j < part->count; j++) {
            const struct value_spec *spec = &part->specs[j];

            if (!spec->key || spec->key[0])
                owner = spec;
            if (!is_in(part, spec))
                continue;
            if (count < OPTIONS_MAX)
                all[count++] = (struct option_at){spec, owner, part->offset};
        }
    }
    return count;
}

static int unknown_option(const struct option_at *all, size_t count, const char *typed,
                          struct err *err)
{
    char names[640] = "";

    for (size_t i = 0; i < count; i++)
        (void)text_append_item(names, sizeof(names), "--%s", all[i].spec->option);
    return err_set(err, "unknown option %s; there are %s", typed,
                   count ? names : "none but --help");
}

/* -- reading a command line ---------------------------------------------------- */

/* Notes that the option was typed. True: for the first time. */
static bool note(struct typed *typed, const struct value_spec *spec)
{
    for (size_t i = 0; i < typed->count; i++)
        if (typed->specs[i] == spec)
            return false;
    typed->specs[typed->count++] = spec;
    return true;
}

static bool merges(const struct value_spec *spec)
{
    return spec->type.kind == VALUE_OTHER && spec->type.ops->merges;
}

static enum options_result set(const struct option_at *option, const char *value,
                               void *request, struct typed *typed, struct err *err)
{
    void *object = (char *)request + option->offset;
    bool is_first = note(typed, option->owner);

    if (option->spec != option->owner)
        (void)note(typed, option->spec);
    if (is_first && !merges(option->owner))
        value_reset(object, option->owner);
    if (!value_parse(object, option->spec, value, err))
        return OPTIONS_OK;
    (void)err_prefix(err, "--%s", option->spec->option);
    return OPTIONS_WRONG;
}

static enum options_result refuse(const struct option_at *all, size_t count, int value,
                                  char **argv, struct err *err)
{
    const char *typed = argv[optind - 1];
    char short_name[] = {'-', (char)optopt, '\0'};

    if (value == ':')
        (void)err_set(err, "%s needs a value; see bench --help", typed);
    else if (optopt >=
             HELP_OPTION) /* it is known, but has a value that it does not take */
        (void)err_set(err, "%s takes no value", typed);
    else
        (void)unknown_option(all, count, optopt ? short_name : typed, err);
    return OPTIONS_WRONG;
}

static void make_table(const struct option_at *all, size_t count,
                       struct option table[2 * OPTIONS_MAX])
{
    size_t used = 0;

    for (size_t i = 0; i < count; i++) {
        const struct value_spec *spec = all[i].spec;
        struct option one = {
            .name = spec->option,
            .has_arg = spec->argument ? required_argument : no_argument,
            .val = FIRST_OPTION + (int)i,
        };

        table[used++] = one;
        one.name = spec->alias;
        if (spec->alias)
            table[used++] = one;
    }
    table[used++] = (struct option){
        .name = "help", .has_arg = no_argument, .val = HELP_OPTION};
    table[used] = (struct option){.name = NULL};
}

enum options_result options_parse(const struct option_list *list, int argc, char **argv,
                                  bool early, void *request, struct typed *typed,
                                  struct err *err)
{
    struct option_at all[OPTIONS_MAX];
    struct option table[2 * OPTIONS_MAX];
    enum options_result result = OPTIONS_OK;
    size_t count = collect(list, all);
    int value;

    make_table(all, count, table);
    *typed = (struct typed){.count = 0};
    opterr = 0;
    optind = 0; /* glibc: begin anew */
    while (result == OPTIONS_OK &&
           (value = getopt_long(argc, argv, ":h", table, NULL)) >= 0) {
        if (value == HELP_OPTION || value == 'h')
            result = OPTIONS_HELP;
        else if (value < FIRST_OPTION)
            result = refuse(all, count, value, argv, err);
        else if (!early || all[value - FIRST_OPTION].spec->early)
            result = set(&all[value - FIRST_OPTION], optarg, request, typed, err);
    }
    typed->operands = argv + optind;
    typed->operand_count = (size_t)(argc - optind);
    return result;
}

bool options_typed(const struct typed *typed, const char *option)
{
    for (size_t i = 0; i < typed->count; i++)
        if (!strcmp(typed->specs[i]->option, option))
            return true;
    return false;
}

int options_begin(const struct option_list *list, void *request, struct err *err)
{
    struct option_at all[OPTIONS_MAX];
    size_t count = collect(list, all);

    for (size_t i = 0; i < count; i++)
        if (values_set_initial((char *)request + all[i].offset, all[i].spec, 1, err))
            return -1;
    return 0;
}

void options_end(const struct option_list *list, void *request)
{
    struct option_at all[OPTIONS_MAX];
    size_t count = collect(list, all);

    for (size_t i = 0; i < count; i++)
        value_reset((char *)request + all[i].offset, all[i].spec);
}

/* -- the help ------------------------------------------------------------------ */

static void print_option(const struct value_spec *spec, FILE *out)
{
    const char *line = spec->help;
    char name[64];

    (void)snprintf(name, sizeof(name), "--%s%s%s", spec->option,
                   spec->argument ? " " : "", spec->argument ? spec->argument : "");
    (void)fprintf(out, strlen(name) >= 28 ? "  %s\n%-30s" : "  %-28s%s", name, "");
    for (;;) {
        size_t length = strcspn(line, "\n");

        (void)fprintf(out, "%.*s", (int)length, line);
        if (!line[length])
            break;
        line += length + 1;
        (void)fprintf(out, "\n%-30s", "");
    }
    if (spec->initial && spec->initial[0])
        (void)fprintf(out, " [%s]", spec->initial);
    (void)fprintf(out, "\n");
}

void options_print_help(const struct option_list *list, FILE *out)
{
    for (size_t i = 0; list && i < list->part_count; i++) {
        const struct option_part *part = &list->parts[i];

        if (part->title)
            (void)fprintf(out, "%s%s:\n", i ? "\n" : "", part->title);
        for (size_t j = 0; j < part->count; j++)
            if (is_in(part, &part->specs[j]))
                print_option(&part->specs[j], out);
    }
}

/* In a table a line end is a space and '|' would end the cell. */
static void print_cell(const char *text, FILE *out)
{
    for (; *text; text++)
        if (*text == '|')
            (void)fputs("\\|", out);
        else
            (void)fputc(*text == '\n' ? ' ' : *text, out);
}

void options_print_markdown(const struct option_list *list, FILE *out)
{
    for (size_t i = 0; list && i < list->part_count; i++) {
        const struct option_part *part = &list->parts[i];

        if (part->title)
            (void)fprintf(out, "\n### %s\n", part->title);
        (void)fprintf(out, "\n| option | default | meaning |\n|---|---|---|\n");
        for (size_t j = 0; j < part->count; j++) {
            const struct value_spec *spec = &part->specs[j];
            bool has_initial = spec->initial && spec->initial[0];

            if (!is_in(part, spec))
                continue;
            (void)fprintf(out, "| `--%s%s", spec->option, spec->argument ? " " : "");
            print_cell(spec->argument ? spec->argument : "", out);
            (void)fprintf(out, "` | %s%s%s | ", has_initial ? "`" : "",
                          has_initial ? spec->initial : "", has_initial ? "`" : "");
            print_cell(spec->help, out);
            (void)fprintf(out, " |\n");
        }
    }
}

void options_print_names(const struct option_list *list, FILE *out)
{
    struct option_at all[OPTIONS_MAX];
    size_t count = collect(list, all);

    for (size_t i = 0; i < count; i++)
        (void)fprintf(out, "--%s ", all[i].spec->option);
    (void)fprintf(out, "--help");
}
