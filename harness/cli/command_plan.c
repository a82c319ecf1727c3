/* command_plan.c - `bench plan`: prints a plan for `bench run --plan`. */
#include "base/json.h"
#include "harness/cli/command.h"
#include "harness/cli/run_request.h"
#include "harness/plan/plan_complete.h"
#include "harness/plan/plan_json.h"

static int run(void *object, const struct typed *typed, struct err *err)
{
    struct run_request *request = object;

    /* The seed, the CPUs and the addresses are left to the run. */
    if (run_request_check(request, typed, err) ||
        plan_choose_selection(&request->plan, err))
        return EXIT_USAGE;
    return json_write(plan_to_json(&request->plan), stdout, err) ? EXIT_INCOMPLETE
                                                                 : EXIT_ALL_GOOD;
}

const struct command plan_command = {
    .name = "plan",
    .usage = "bench plan [options of bench run]",
    .summary = "Prints a plan as JSON, for bench run --plan FILE.",
    .notes = "Header values that are secrets are printed as ****.\n",
    .options = &run_options,
    .request_bytes = sizeof(struct run_request),
    .begin = run_request_begin,
    .prepare = run_request_prepare,
    .run = run,
    .end = run_request_end,
};
