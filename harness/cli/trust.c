/* trust.c - see trust.h. */
#include "harness/cli/trust.h"

#include "base/terminal.h"

int trust_plan(const struct plan *plan, const char *path, bool private_file, bool trusted,
               FILE *screen, struct err *err)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->variant_count; i++)
        for (size_t j = 0; j < plan->variants[i].setting_count; j++) {
            (void)fprintf(screen, "variant %s of the plan sets ", plan->variants[i].name);
            terminal_write(screen, plan->variants[i].settings[j]);
            (void)fprintf(screen, "\n");
            count++;
        }
    if (!count || private_file || trusted)
        return 0;
    return err_set(err,
                   "the plan in %s sets environment variables for the cells, and other "
                   "users may write the file: check them and add --trust",
                   path);
}
