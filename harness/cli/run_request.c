/* run_request.c - see run_request.h. */
#include "harness/cli/run_request.h"

#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/value_table.h"
#include "harness/plan/plan_fields.h"
#include "harness/plan/plan_json.h"

#define VALUE_OWNER struct run_request

/* The group of the options of run_specs that bench calibrate also has. */
enum { CONSENT_GROUP = 1 };

static const struct value_spec run_specs[] = {
    OPTION("plan", "FILE", "",
           "start from a plan that `bench plan` printed, or from the one in a\n"
           "run's directory; other options override its fields",
           TEXT(plan_path), .early = true),
    OPTION("out", "DIR", "",
           "directory for runs.csv, plan.json and env.json [results/<run id>]",
           TEXT(out_dir), .early = true),
    OPTION("resume", NULL, "",
           "continue the sweep in --out DIR by its plan; of the plan only\n"
           "--rounds may grow",
           FLAG(resume), .early = true),
    OPTION("csv", "FILE|-", "", "write only the rows, to this file; - is standard output",
           TEXT(csv_path)),
    OPTION("progress", "auto|always|never", "auto",
           "draw a progress line; auto: on a terminal",
           WORD(progress, "auto", "always", "never")),
    OPTION("quiet", NULL, "", "print neither cells nor tables", FLAG(quiet)),
    OPTION("verbose", NULL, "",
           "print a line for each cell also on a terminal, as in the article:\n"
           "Number: 500 Cost time: 0.085",
           FLAG(verbose)),
    OPTION("dry-run", NULL, "", "print the cells and the predicted time, measure nothing",
           FLAG(dry_run)),
    OPTION("yes", NULL, "", "allow load on remote hosts without asking", FLAG(yes),
           .group = CONSENT_GROUP),
    OPTION("trust", NULL, "",
           "accept programs, plugins and environment variables that a plan\n"
           "file names, although other users may write the file",
           FLAG(trust)),
};

#define PLAN_PART(title, group) \
    OPTION_PART(title, plan_fields, offsetof(struct run_request, plan), group)
/* The first is for measured_options alone, the last two for run_options. */
static const struct option_part parts[] = {
    OPTION_PART("Consent", run_specs, 0, CONSENT_GROUP),
    PLAN_PART("Measured cells", PLAN_GROUP_MEASURED),
    PLAN_PART("Rounds and order", PLAN_GROUP_SCHEDULE),
    PLAN_PART("The embedded origin", PLAN_GROUP_ORIGIN),
    PLAN_PART("Servers other than the embedded origin", PLAN_GROUP_TARGET),
    PLAN_PART("For a gate", PLAN_GROUP_GATE),
    PLAN_PART("Profile and notes", PLAN_GROUP_NOTES),
    OPTION_PART("Plan, results and terminal", run_specs, 0, OPTION_ANY_GROUP),
    OPTION_PART("Tables and conclusion", view_specs, offsetof(struct run_request, view),
                OPTION_ANY_GROUP),
};

enum { PART_COUNT = sizeof(parts) / sizeof(parts[0]) };

const struct option_list run_options = {parts + 1, PART_COUNT - 1};
const struct option_list measured_options = {parts, PART_COUNT - 2};

int run_request_begin(void *request, struct err *err)
{
    (void)err;
    ((struct run_request *)request)->plan = plan_defaults();
    return 0;
}

int first_look_begin(void *object, struct err *err)
{
    struct run_request *request = object;

    request->first_look = true;
    return run_request_begin(request, err) ||
                   plan_set(&request->plan, "profile", "quick", err)
               ? -1
               : 0;
}

/* A run of bench 0.1, which had its plan in env.json. */
static bool is_first_edition(const char *dir)
{
    char path[PATH_MAX];

    (void)snprintf(path, sizeof(path), "%s/plan.json", dir);
    if (!access(path, F_OK))
        return false;
    (void)snprintf(path, sizeof(path), "%s/env.json", dir);
    return !access(path, F_OK);
}

int run_request_prepare(void *object, struct err *err)
{
    struct run_request *request = object;
    const char *path = request->plan_path;

    if (request->resume && path)
        return err_set(err, "--resume takes the plan of --out DIR: drop --plan");
    if (request->resume && !request->out_dir)
        return err_set(
            err, "--resume needs --out DIR, the directory of the sweep to continue");
    if (request->resume)
        path = request->out_dir;
    if (!path)
        return 0;
    request->from_file = true;
    if (!plan_read(&request->plan, path, &request->private_file, err))
        return 0;
    if (!request->resume)
        return -1;
    return is_first_edition(path)
               ? err_prefix(err,
                            "%s is a run of bench 0.1, which cannot be resumed: "
                            "measure again with another --out",
                            path)
               : err_prefix(err, "--resume needs the --out of an earlier run");
}

void run_request_end(void *request)
{
    plan_free(&((struct run_request *)request)->plan);
}

int run_request_check(const struct run_request *request, const struct typed *typed,
                      struct err *err)
{
    if (!request->plan.target.source_count)
        return 0;
    for (size_t i = 0; i < typed->count; i++)
        if (typed->specs[i]->group == PLAN_GROUP_ORIGIN && typed->specs[i]->key)
            return err_set(err,
                           "--%s is for the embedded origin and has no effect with --url",
                           typed->specs[i]->option);
    return 0;
}
