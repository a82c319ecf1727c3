/* completion.c - see completion.h. */
#include "harness/cli/completion.h"

#include <stdbool.h>
#include <string.h>

#include "harness/cli/command.h"
#include "harness/cli/shell_quote.h"

/* The script first finds out what is typed: the command, the option whose value it is if
 * it is one, and the part of a word that is there. Readline takes '=' for a word. The
 * case that follows is written from the tables: it sets `words` to what may stand here,
 * and `files`, `folders` or `list` (words with commas between them). */
static const char script_head[] =
    "# Completion of bench for bash, written by bench reference --form bash.\n"
    "_bench()\n"
    "{\n"
    "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "    local command=${COMP_WORDS[1]} option='' start='' files='' folders='' list=''\n"
    "    local candidate i\n"
    "    local -a words=()\n"
    "    COMPREPLY=()\n"
    "    if [[ $word == = ]]; then\n"
    "        word='' option=$before\n"
    "    elif [[ $before == = ]]; then\n"
    "        option=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    elif [[ $before == --?* ]]; then\n"
    "        option=$before\n"
    "    elif [[ $before == -o ]]; then\n"
    "        option=--out\n"
    "    fi\n"
    "    [[ $command == -* ]] && command=run\n"
    "    for ((i = 2; i < COMP_CWORD; i++)); do\n"
    "        [[ ${COMP_WORDS[i]} == -- ]] && command+=' --' && break\n"
    "    done\n"
    "    ((COMP_CWORD > 1)) || command=''\n"
    "    case $command in\n";

static const char script_tail[] =
    "    esac\n"
    "    if [[ $list && $word == *,* ]]; then\n"
    "        start=${word%,*},\n"
    "    fi\n"
    "    for candidate in \"${words[@]}\"; do\n"
    "        [[ $start$candidate == \"$word\"* ]] && COMPREPLY+=(\"$start$candidate\")\n"
    "    done\n"
    "    [[ ! $list ]] || compopt -o nospace 2>/dev/null\n"
    "    if [[ $files || $folders ]]; then\n"
    "        compopt -o filenames 2>/dev/null\n"
    "        while IFS= read -r candidate; do\n"
    "            COMPREPLY+=(\"$candidate\")\n"
    "        done < <(compgen ${files:+-f} ${folders:+-d} -- \"$word\")\n"
    "    fi\n"
    "}\n"
    "complete -F _bench bench\n";

static void print_word(FILE *out, const char *prefix, const char *word)
{
    char text[96];

    (void)snprintf(text, sizeof(text), "%s%s", prefix, word);
    (void)fputc(' ', out);
    shell_quote(out, text);
}

/* -- the values of an option ---------------------------------------------------- */

/* One of the alternatives of an argument such as "FILE|-". */
static bool is_alternative(const char *argument, const char *wanted)
{
    size_t length = strlen(wanted);

    while (strncmp(argument, wanted, length) != 0 ||
           (argument[length] && !strchr("|.", argument[length]))) {
        argument = strchr(argument, '|');
        if (!argument++)
            return false;
    }
    return true;
}

/* The alternatives that are words: those without a capital letter. */
static void print_alternatives(FILE *out, const char *argument)
{
    while (*argument) {
        size_t length = strcspn(argument, "|");
        char word[64];

        (void)snprintf(word, sizeof(word), "%.*s", (int)length, argument);
        if (!strpbrk(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
            print_word(out, "", word);
        argument += length + (argument[length] == '|');
    }
}

static void print_value_words(FILE *out, const struct value_spec *spec)
{
    const struct value_type *type = &spec->type;
    bool has_words = type->kind == VALUE_SWITCH || type->kind == VALUE_WORD;
    const char *word;

    for (size_t i = 0; has_words && type->words[i]; i++)
        print_word(out, "", type->words[i]);
    if (has_words)
        return;
    print_alternatives(out, spec->argument);
    if (type->zero && !is_alternative(spec->argument, type->zero))
        print_word(out, "", type->zero);
    if (type->kind != VALUE_OTHER || !type->ops->word)
        return;
    for (size_t i = 0; (word = type->ops->word(i)); i++)
        print_word(out, "", word);
}

/* Behind an option whose value has no words, nothing is offered. */
static void print_value(FILE *out, const struct value_spec *spec)
{
    (void)fprintf(out, "        --%s) words=(", spec->option);
    print_value_words(out, spec);
    (void)fprintf(out, ")");
    if (is_alternative(spec->argument, "FILE"))
        (void)fprintf(out, " files=yes");
    if (is_alternative(spec->argument, "DIR"))
        (void)fprintf(out, " folders=yes");
    if (is_alternative(spec->argument, "LIST"))
        (void)fprintf(out, " list=yes");
    (void)fprintf(out, " ;;\n");
}

/* -- the options of a command --------------------------------------------------- */

typedef void visit_fn(FILE *out, const struct value_spec *spec);

static void each_option(FILE *out, const struct option_list *list, visit_fn *visit)
{
    for (size_t i = 0; list && i < list->part_count; i++) {
        const struct option_part *part = &list->parts[i];

        for (size_t j = 0; j < part->count; j++)
            if (option_part_has(part, &part->specs[j]))
                visit(out, &part->specs[j]);
    }
}

static void print_value_if_any(FILE *out, const struct value_spec *spec)
{
    if (spec->argument)
        print_value(out, spec);
}

static void print_name(FILE *out, const struct value_spec *spec)
{
    print_word(out, "--", spec->option);
}

/* Words that are not the value of an option. */
static void print_operands(FILE *out, const struct command *command)
{
    const char *word;

    if (command->operand)
        for (size_t i = 0; (word = command->operand(i)); i++)
            print_word(out, "", word);
}

/* The case of a command; or of the options that it takes behind "--". A shell offers
 * files instead of options unless a '-' was typed. */
static void print_case(FILE *out, const struct option_list *list, bool takes_files,
                       const struct command *command)
{
    (void)fprintf(out, ")\n        case $option in\n");
    each_option(out, list, print_value_if_any);
    (void)fprintf(out, "        *) words=(");
    if (command)
        print_operands(out, command);
    each_option(out, list, print_name);
    print_word(out, "", "--help");
    (void)fprintf(out, ")%s ;;\n        esac\n        ;;\n",
                  takes_files ? "\n            [[ $word == -* ]] || words=() files=yes"
                              : "");
}

/* Does the command read what another one in front of it reads? */
static bool is_alike(const struct command *command, const struct command *other)
{
    return command->usage && other->usage && command->options &&
           command->options == other->options && !command->takes_operands &&
           !other->takes_operands;
}

static bool has_earlier(size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (is_alike(commands[i], commands[at]))
            return true;
    return false;
}

static void print_command(FILE *out, size_t at)
{
    const struct command *command = commands[at];
    char behind[64];

    (void)fprintf(out, "    ");
    shell_quote(out, command->name);
    for (size_t i = at + 1; commands[i]; i++)
        if (is_alike(command, commands[i])) {
            (void)fprintf(out, " | ");
            shell_quote(out, commands[i]->name);
        }
    print_case(out, command->options, command->takes_operands && !command->operand,
               command);
    if (!command->behind)
        return;
    (void)snprintf(behind, sizeof(behind), "%s --", command->name);
    (void)fprintf(out, "    ");
    shell_quote(out, behind);
    print_case(out, command->behind, false, NULL);
}

static void print_commands(FILE *out)
{
    for (size_t i = 0; commands[i]; i++)
        if (commands[i]->usage)
            print_word(out, "", commands[i]->name);
}

void completion_print(FILE *out)
{
    (void)fputs(script_head, out);
    for (size_t i = 0; commands[i]; i++)
        if (commands[i]->usage && !has_earlier(i))
            print_command(out, i);
    (void)fprintf(out, "    help) words=(");
    print_commands(out);
    (void)fprintf(out, ") ;;\n    '')\n        words=(");
    print_commands(out);
    print_word(out, "", "help");
    (void)fprintf(out, ")\n        [[ $word != -* ]] || words=(");
    each_option(out, run_command.options, print_name);
    print_word(out, "", "--help");
    print_word(out, "", "--version");
    (void)fprintf(out, ")\n        ;;\n");
    (void)fputs(script_tail, out);
}
