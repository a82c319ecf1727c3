/* gnuplot.c - see gnuplot.h. */
#include "analysis/report/gnuplot.h"

#include <stdlib.h>
#include <string.h>

#include "base/program.h"
#include "base/terminal.h"

/* Digits are escaped too: gnuplot would read them as part of an octal escape before them.
 */
static void write_byte(FILE *out, unsigned char byte)
{
    if ((byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == ' ' ||
        byte == '-')
        (void)fputc(byte, out);
    else
        (void)fprintf(out, "\\%03o", byte);
}

void gnuplot_text(FILE *out, const char *text)
{
    char copy[GNUPLOT_TEXT_SIZE];

    (void)fputc('"', out);
    for (const char *at = terminal_text(text, copy, sizeof(copy)); *at; at++)
        write_byte(out, (unsigned char)*at);
    (void)fputc('"', out);
}

/* -- the program ------------------------------------------------------------------- */

/* Numbers have a decimal point, and no terminal is opened at the start: gnuplot without
 * X11 fails if the user's one is of X11. */
static const struct {
    const char *name, *value;
} variables[] = {{"LC_ALL", "C"}, {"GNUTERM", "unknown"}};

enum { VARIABLE_COUNT = sizeof(variables) / sizeof(variables[0]) };

/* Sets the variables; the values before are `before`, NULL where there was none. */
static int set_environment(char *before[VARIABLE_COUNT])
{
    int result = 0;

    for (size_t i = 0; i < VARIABLE_COUNT; i++) {
        const char *value = getenv(variables[i].name);

        before[i] = value ? strdup(value) : NULL;
        if ((value && !before[i]) || setenv(variables[i].name, variables[i].value, 1))
            result = -1;
    }
    return result;
}

static void restore_environment(char *before[VARIABLE_COUNT])
{
    for (size_t i = 0; i < VARIABLE_COUNT; i++) {
        if (before[i])
            (void)setenv(variables[i].name, before[i], 1);
        else
            (void)unsetenv(variables[i].name);
        free(before[i]);
    }
}

int gnuplot_run(const char *script, size_t script_size, char **picture, size_t *size,
                struct err *err)
{
    static const char *const argv[] = {"gnuplot", "--default-settings", NULL};
    struct program_output output;
    char *before[VARIABLE_COUNT];
    int result = set_environment(before) ? err_errno(err, "no memory to run gnuplot")
                                         : program_filter(argv, "gnuplot-nox", script,
                                                          script_size, &output, err);

    restore_environment(before);
    if (result)
        return -1;
    *picture = output.bytes;
    *size = output.size;
    return 0;
}
