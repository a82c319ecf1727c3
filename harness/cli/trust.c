/* trust.c - see trust.h. */
#include "harness/cli/trust.h"

#include "base/terminal.h"

/* The variables that the plan sets for its cells. Returns how many lines it printed.
 */
static size_t show_variables(const struct plan *plan, FILE *screen)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->variant_count; i++)
        for (size_t j = 0; j < plan->variants[i].setting_count; j++) {
            (void)fprintf(screen, "variant %s of the plan sets ", plan->variants[i].name);
            terminal_write(screen, plan->variants[i].settings[j]);
            (void)fprintf(screen, "\n");
            count++;
        }
    return count;
}

/* Its programs and plugins. */
static size_t show_models(const struct plan *plan, FILE *screen)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->outside.count; i++) {
        const struct outside_model *model = plan->outside.items[i];

        if (!model->from_file)
            continue;
        (void)fprintf(screen, "strategy %s of the plan %s ", model->name,
                      model->kind == OUTSIDE_PROGRAM ? "executes" : "loads");
        terminal_write(screen, model->source);
        (void)fprintf(screen, "\n");
        count++;
    }
    return count;
}

int trust_plan(const struct plan *plan, const char *path, bool variants_typed,
               bool private_file, bool trusted, FILE *screen, struct err *err)
{
    size_t variables = variants_typed ? 0 : show_variables(plan, screen);
    size_t models = show_models(plan, screen);

    if ((!variables && !models) || private_file || trusted)
        return 0;
    return err_set(
        err,
        "the plan in %s %s, and other users may write the file: check them and add "
        "--trust",
        path,
        models ? "names programs or plugins to execute"
               : "sets environment variables for the cells");
}
