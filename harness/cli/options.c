/* options.c - see options.h. */
#include "harness/cli/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "base/text.h"

/* Values that getopt_long() gives back for the option at index i, and for --help. */
enum { FIRST_OPTION = 1000, HELP_OPTION = 999, OUT_LETTER = 'o' };

/* An option of every command. */
static const struct value_spec help_spec = {.option = "help"};

/* -- all options of a command -------------------------------------------------- */

/* One option with the struct that it is in. */
struct option_at {
    const struct value_spec *spec, *owner; /* owner: whose value it adds to */
    size_t offset;
};

bool option_part_has(const struct option_part *part, const struct value_spec *spec)
{
    return part->group == OPTION_ANY_GROUP || part->group == spec->group;
}

const char *option_short(const struct value_spec *spec)
{
    return strcmp(spec->option, "out") ? "" : "-o, ";
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
            if (!option_part_has(part, spec))
                continue;
            if (count < OPTIONS_MAX)
                all[count++] = (struct option_at){spec, owner, part->offset};
        }
    }
    return count;
}

static bool is_named(const struct value_spec *spec, const char *name, size_t length)
{
    const char *const names[] = {spec->option, spec->alias};

    for (size_t i = 0; i < 2; i++)
        if (names[i] && strlen(names[i]) == length && !memcmp(names[i], name, length))
            return true;
    return false;
}

/* Is "--NAME" or "--NAME=VALUE" an option? getopt_long() also accepts abbreviations. */
static bool is_whole(const struct option_at *all, size_t count, const char *typed)
{
    const char *name = typed + strlen("--");
    size_t length = strcspn(name, "=");

    for (size_t i = 0; i < count; i++)
        if (is_named(all[i].spec, name, length))
            return true;
    return is_named(&help_spec, name, length);
}

/* -- unknown options ------------------------------------------------------------ */

static const char *closest(const struct option_at *all, size_t count, const char *name,
                           size_t length)
{
    struct suggestion suggestion = suggest_begin(name, length);

    for (size_t i = 0; i < count; i++)
        suggest_offer(&suggestion, all[i].spec->option);
    suggest_offer(&suggestion, help_spec.option);
    return suggestion.best;
}

static void unknown_option(const struct option_at *all, size_t count, const char *command,
                           const char *typed, struct err *err)
{
    size_t dashes = strspn(typed, "-");
    size_t length = strcspn(typed, "=");
    const char *best = closest(all, count, typed + dashes, length - dashes);

    if (length > SUGGEST_LENGTH_MAX)
        (void)err_set(err, "unknown option '%.*s...'; see bench %s --help",
                      SUGGEST_LENGTH_MAX, typed, command);
    else if (best)
        (void)err_set(err, "unknown option '%.*s'; did you mean '--%s'?", (int)length,
                      typed, best);
    else
        (void)err_set(err, "unknown option '%.*s'; see bench %s --help", (int)length,
                      typed, command);
}

const char *options_suggest(const struct option_list *list, const char *word)
{
    struct option_at all[OPTIONS_MAX];

    return closest(all, collect(list, all), word, strlen(word));
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

/* Refers to the help where it lists the values, unless one of them is suggested. */
static void add_hint(const struct value_spec *spec, const char *command, struct err *err)
{
    if (spec->type.kind == VALUE_OTHER && spec->type.ops->listed_in_help &&
        !strstr(err->text, "; did you mean '"))
        (void)text_append(err->text, sizeof(err->text), "; see bench %s --help", command);
}

static enum options_result set(const struct option_at *option, const char *value,
                               const char *command, void *request, struct typed *typed,
                               struct err *err)
{
    void *object = (char *)request + option->offset;
    bool is_first = note(typed, option->owner);

    if (option->spec != option->owner)
        (void)note(typed, option->spec);
    if (is_first && !merges(option->owner))
        value_reset(object, option->owner);
    if (!value_parse(object, option->spec, value, err))
        return OPTIONS_OK;
    add_hint(option->spec, command, err);
    (void)err_prefix(err, "--%s", option->spec->option);
    return OPTIONS_WRONG;
}

/* The word of the option that getopt_long() has just read. A separate value follows it,
 * and optind does not pass a word like "-xy" before its last letter. */
static const char *word_read(char **argv, int value)
{
    const char *last = argv[optind - 1];
    bool is_short = value == '?' && optopt && optopt < HELP_OPTION;

    if (is_short && (last[0] != '-' || last[1] == '-' || !strchr(last, optopt)))
        return argv[optind];
    return optarg && optarg == last ? argv[optind - 2] : last;
}

static enum options_result refuse(const struct option_at *all, size_t count,
                                  const char *command, int value, const char *typed,
                                  struct err *err)
{
    if (value == ':' && optopt == OUT_LETTER)
        (void)err_set(err, "-%c needs a value; see bench %s --help", OUT_LETTER, command);
    else if (typed[1] != '-' || !is_whole(all, count, typed))
        unknown_option(all, count, command, typed, err);
    else if (value == ':')
        (void)err_set(err, "%s needs a value; see bench %s --help", typed, command);
    else
        (void)err_set(err, "%.*s takes no value", (int)strcspn(typed, "="), typed);
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

/* The option that -o stands for. NULL: the command has none. */
static const struct option_at *find_out(const struct option_at *all, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(all[i].spec->option, "out"))
            return &all[i];
    return NULL;
}

/* The options of one reading of a command line: those that others depend on first, then
 * those that define a name, then the rest. */
enum reading { READ_EARLY, READ_DEFINITIONS, READ_REST };

static bool is_read(const struct value_spec *spec, enum reading reading)
{
    return reading == READ_EARLY ? spec->early
                                 : spec->defines == (reading == READ_DEFINITIONS);
}

/* A command line, and the command whose options it has. */
struct command_line {
    const char *command;
    int argc;
    char **argv;
};

static enum options_result read_all(const struct option_at *all, size_t count,
                                    const struct command_line *line, enum reading reading,
                                    void *request, struct typed *typed, struct err *err)
{
    struct option table[2 * OPTIONS_MAX];
    enum options_result result = OPTIONS_OK;
    const struct option_at *out = find_out(all, count);
    int value;

    make_table(all, count, table);
    opterr = 0;
    optind = 0; /* glibc: begin anew */
    while (result == OPTIONS_OK &&
           (value = getopt_long(line->argc, line->argv, out ? ":ho:" : ":h", table,
                                NULL)) >= 0) {
        const char *word = word_read(line->argv, value);

        if (value == 'h' || (value == HELP_OPTION && is_whole(all, count, word)))
            result = OPTIONS_HELP;
        else if (value == OUT_LETTER && out)
            result = is_read(out->spec, reading)
                         ? set(out, optarg, line->command, request, typed, err)
                         : result;
        else if (value < FIRST_OPTION || !is_whole(all, count, word))
            result = refuse(all, count, line->command, value, word, err);
        else if (is_read(all[value - FIRST_OPTION].spec, reading))
            result = set(&all[value - FIRST_OPTION], optarg, line->command, request,
                         typed, err);
    }
    return result;
}

enum options_result options_parse(const struct option_list *list, const char *command,
                                  int argc, char **argv, bool early, void *request,
                                  struct typed *typed, struct err *err)
{
    struct command_line line = {command, argc, argv};
    struct option_at all[OPTIONS_MAX];
    size_t count = collect(list, all);
    enum options_result result;

    *typed = (struct typed){.count = 0};
    result = read_all(all, count, &line, early ? READ_EARLY : READ_DEFINITIONS, request,
                      typed, err);
    if (result == OPTIONS_OK && !early)
        result = read_all(all, count, &line, READ_REST, request, typed, err);
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

    (void)snprintf(name, sizeof(name), "%s--%s%s%s", option_short(spec), spec->option,
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
            if (option_part_has(part, &part->specs[j]))
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

            if (!option_part_has(part, spec))
                continue;
            (void)fprintf(out, "| `%s--%s%s", option_short(spec), spec->option,
                          spec->argument ? " " : "");
            print_cell(spec->argument ? spec->argument : "", out);
            (void)fprintf(out, "` | %s%s%s | ", has_initial ? "`" : "",
                          has_initial ? spec->initial : "", has_initial ? "`" : "");
            print_cell(spec->help, out);
            (void)fprintf(out, " |\n");
        }
    }
}
