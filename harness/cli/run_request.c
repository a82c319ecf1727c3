/* run_request.c - see run_request.h. */
#include "harness/cli/run_request.h"

#include <stddef.h>
#include <string.h>

#include "harness/plan/plan_fields.h"
#include "harness/plan/plan_json.h"

#define AT(member) .offset = offsetof(struct run_request, member)

static const struct value_spec run_specs[] = {
    {.option = "plan",
     .argument = "FILE",
     .help = "start from a plan that `bench plan` printed, or from that of a\n"
             "run's directory; options typed beside it override its fields",
     .type = {.kind = VALUE_TEXT},
     .early = true,
     AT(plan_path)},
    {.option = "out",
     .argument = "DIR",
     .help = "where runs.csv, plan.json and env.json go [results/<run id>]",
     .type = {.kind = VALUE_TEXT},
     .early = true,
     AT(out_dir)},
    {.option = "resume",
     .help = "go on with the interrupted sweep in --out DIR; its plan is\n"
             "known from there, and only --rounds may grow",
     .type = {.kind = VALUE_FLAG},
     .early = true,
     AT(resume)},
    {.option = "csv",
     .argument = "FILE|-",
     .help = "write the rows there instead; - is standard output",
     .type = {.kind = VALUE_TEXT},
     AT(csv_path)},
    {.option = "progress",
     .argument = "auto|always|never",
     .initial = "auto",
     .help = "draw a progress bar; auto: on a terminal",
     .type = {.kind = VALUE_WORD,
              .words = (const char *const[]){"auto", "always", "never", NULL}},
     AT(progress)},
    {.option = "quiet",
     .help = "print neither cells nor tables",
     .type = {.kind = VALUE_FLAG},
     AT(quiet)},
    {.option = "dry-run",
     .help = "print the cells and the predicted time, measure nothing",
     .type = {.kind = VALUE_FLAG},
     AT(dry_run)},
    {.option = "yes",
     .help = "allow load on remote hosts without asking",
     .type = {.kind = VALUE_FLAG},
     AT(yes)},
    {.option = "trust",
     .help = "accept environment variables that a plan's file sets for the\n"
             "cells although others may write the file",
     .type = {.kind = VALUE_FLAG},
     AT(trust)},
};

#define PART(group_, title_)                                                \
    {                                                                       \
        .title = (title_), .specs = plan_fields, .count = PLAN_FIELD_COUNT, \
        .offset = offsetof(struct run_request, plan), .group = (group_)     \
    }
static const struct option_part run_parts[] = {
    PART(PLAN_GROUP_MEASURED, "Measured cells"),
    PART(PLAN_GROUP_SCHEDULE, "Rounds and order"),
    PART(PLAN_GROUP_ORIGIN, "The embedded origin"),
    PART(PLAN_GROUP_TARGET, "Other servers than the embedded origin"),
    PART(PLAN_GROUP_GATE, "For a gate"),
    PART(PLAN_GROUP_NOTES, "Profile and notes"),
    {.title = "Plan, results and terminal",
     .specs = run_specs,
     .count = sizeof(run_specs) / sizeof(run_specs[0]),
     .group = OPTION_ANY_GROUP},
};

const struct option_list run_options = {run_parts,
                                        sizeof(run_parts) / sizeof(run_parts[0])};
int run_request_begin(void *request, struct err *err)
{
    (void)err;
    ((struct run_request *)request)->plan = plan_defaults();
    return 0;
}

int run_request_prepare(void *object, struct err *err)
{
    struct run_request *request = object;
    const char *path = request->plan_path;

    if (request->resume && path)
        return err_set(err, "--resume takes the plan of --out DIR: leave out --plan");
    if (request->resume && !request->out_dir)
        return err_set(err, "--resume needs --out DIR: which sweep is to go on?");
    if (request->resume)
        path = request->out_dir;
    if (!path)
        return 0;
    request->from_file = true;
    return plan_read(&request->plan, path, &request->private_file, err);
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
                           "--%s is for the embedded origin; it means nothing with --url",
                           typed->specs[i]->option);
    return 0;
}
