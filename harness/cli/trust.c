/* trust.c - see trust.h. */
#include "harness/cli/trust.h"

/* Prints a text of a file, so that it cannot steer the terminal. */
static void print_text(const char *text, FILE *screen)
{
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;

        (void)fprintf(screen, byte < ' ' || byte >= 0x7f ? "\\x%02x" : "%c", byte);
    }
}

int trust_plan(const struct plan *plan, const char *path, bool private_file, bool trusted,
               FILE *screen, struct err *err)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->variant_count; i++)
        for (size_t j = 0; j < plan->variants[i].setting_count; j++) {
            (void)fprintf(screen, "variant %s of the plan sets ", plan->variants[i].name);
            print_text(plan->variants[i].settings[j], screen);
            (void)fprintf(screen, "\n");
            count++;
        }
    if (!count || private_file || trusted)
        return 0;
    return err_set(err,
                   "the plan in %s sets environment variables for the cells, and others "
                   "than you may write the file: check them and give --trust",
                   path);
}
