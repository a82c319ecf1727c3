/* run_options.c - see run_options.h. */
#include "harness/cli/run_options.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/parse.h"
#include "harness/cli/option_values.h"
#include "harness/cli/profile.h"
#include "harness/plan/selection.h"

const char run_default_levels[] = "1,3,5,...,500";

/* On two cores pinning takes half of them from the pools, and the noise stays: figures in
 * docs/design.md. */
static const char default_pin[] = "off";

/* -- values -------------------------------------------------------------------- */

static int set_strategy(void *target, const char *value, struct err *err)
{
    struct run_options *options = target;

    options->gate.picks_cells = false;
    return selection_parse(&options->plan, value, err);
}

static int set_levels(void *target, const char *value, struct err *err)
{
    struct run_options *options = target;

    options->gate.picks_cells = false;
    options->plan.pick_count = 0;
    return levels_parse(&options->plan.levels, value, err);
}

static int set_cells(void *target, const char *value, struct err *err)
{
    struct run_options *options = target;

    options->gate.picks_cells = false;
    return selection_parse_cells(&options->plan, value, err);
}

static int set_pin(void *target, const char *value, struct err *err)
{
    struct run_options *options = target;
    struct cpus allowed;

    options->pin_is_open = !strcmp(value, "auto");
    options->plan.pin = (struct pin){.words = "not pinned"};
    if (options->pin_is_open || !strcmp(value, "off"))
        return 0;
    if (value[0] < '0' || value[0] > '9')
        return err_set(err, "'%s' is none of auto, off or CPU lists such as 0-2:3",
                       value);
    return cpus_allowed(&allowed, err) ||
                   pin_parse(&options->plan.pin, value, &allowed, err)
               ? -1
               : 0;
}

static int set_requests(void *target, const char *value, struct err *err)
{
    struct run_options *options = target;

    return parse_count(value, 1, 1000000, &options->plan.requests, err);
}

static int set_rounds(void *target, const char *value, struct err *err)
{
    struct run_options *options = target;

    options->has_rounds = true;
    return option_unsigned(&options->plan.rounds, value, 1, ROUNDS_MAX, err);
}

static int set_memory_probe(void *target, const char *value, struct err *err)
{
    static const char *const words[] = {"once", "round", NULL};
    struct run_options *options = target;
    int word;

    if (option_word(&word, value, words, err))
        return -1;
    options->plan.probe_each_round = word == 1;
    return 0;
}

static int set_warmup(void *target, const char *value, struct err *err)
{
    struct run_options *options = target;

    return option_unsigned(&options->plan.warmup_rounds, value, 0, 100, err);
}

static int set_connections(void *target, const char *value, struct err *err)
{
    static const char *const words[] = {"fresh", "reuse", NULL};
    struct run_options *options = target;
    int word;

    if (option_word(&word, value, words, err))
        return -1;
    options->plan.reuse_connections = word == 1;
    return 0;
}

static int set_tls_sessions(void *target, const char *value, struct err *err)
{
    static const char *const words[] = {"off", "on", NULL};
    struct run_options *options = target;
    int word;

    if (option_word(&word, value, words, err))
        return -1;
    options->plan.tls_sessions = word == 1;
    return 0;
}

static int set_timeout(void *target, const char *value, struct err *err)
{
    struct run_options *options = target;

    if (parse_duration(value, &options->plan.timeout_ns, err))
        return -1;
    if (options->plan.timeout_ns < CLOCK_NS_PER_MS ||
        options->plan.timeout_ns > 24 * (3600 * CLOCK_NS_PER_S))
        return err_set(err, "'%s' is not from 1ms to 24h", value);
    return 0;
}

static int set_max_host_connections(void *target, const char *value, struct err *err)
{
    struct run_options *options = target;

    return option_unsigned(&options->plan.max_host_connections, value, 1, LEVEL_MAX, err);
}

/* The first one takes the place of the default one. */
static int set_variant(void *target, const char *value, struct err *err)
{
    struct run_options *options = target;
    struct plan *plan = &options->plan;
    size_t count = plan->variants == options->variants ? plan->variant_count : 0;
    struct variant *variant = &options->variants[count];

    if (count == RUN_VARIANTS_MAX)
        return err_set(err, "more than %d variants", RUN_VARIANTS_MAX);
    if (variant_parse(variant, value, err))
        return -1;
    for (size_t i = 0; i < count; i++) {
        bool same = variant_equal(&options->variants[i], variant);

        if (strcmp(options->variants[i].name, variant->name) != 0)
            continue;
        variant_free(variant);
        return same ? 0 : err_set(err, "the name of '%s' was given before", value);
    }
    plan->variants = options->variants;
    plan->variant_count = count + 1;
    return 0;
}

static int set_workers(void *target, const char *value, struct err *err)
{
    struct run_options *options = target;

    return option_unsigned(&options->plan.workers, value, 1, 1024, err);
}

static int set_order(void *target, const char *value, struct err *err)
{
    static const char *const words[] = {"shuffled", "grouped", NULL};
    struct run_options *options = target;
    int word;

    if (option_word(&word, value, words, err))
        return -1;
    options->plan.shuffled = word == 0;
    return 0;
}

static int set_seed(void *target, const char *value, struct err *err)
{
    struct run_options *options = target;

    options->has_seed = true;
    return parse_count(value, 0, UINT64_MAX, &options->plan.seed, err);
}

static int set_once_above(void *target, const char *value, struct err *err)
{
    struct run_options *options = target;

    return option_limit(&options->plan.once_above_ns, value, err);
}

static int set_max_cell(void *target, const char *value, struct err *err)
{
    struct run_options *options = target;

    return option_limit(&options->plan.max_cell_ns, value, err);
}

static int set_out(void *target, const char *value, struct err *err)
{
    struct run_options *options = target;

    options->out_dir = value;
    return value[0] ? 0 : err_set(err, "give a directory");
}

static int set_csv(void *target, const char *value, struct err *err)
{
    struct run_options *options = target;

    options->csv_path = value;
    return value[0] ? 0 : err_set(err, "give a file, or - for standard output");
}

static int set_raw(void *target, const char *value, struct err *err)
{
    (void)value;
    (void)err;
    ((struct run_options *)target)->raw = true;
    return 0;
}

static int set_label(void *target, const char *value, struct err *err)
{
    struct run_options *options = target;
    const char *equals = strchr(value, '=');

    if (!equals || equals == value)
        return err_set(err, "'%s' is not of the form key=value", value);
    if (options->label_count == RUN_LABELS_MAX)
        return err_set(err, "more than %d labels", RUN_LABELS_MAX);
    options->labels[options->label_count++] = value;
    return 0;
}

static int set_progress(void *target, const char *value, struct err *err)
{
    static const char *const words[] = {"auto", "always", "never", NULL};
    struct run_options *options = target;
    int word;

    if (option_word(&word, value, words, err))
        return -1;
    options->progress = (enum progress_mode)word;
    return 0;
}

static int set_dry_run(void *target, const char *value, struct err *err)
{
    struct run_options *options = target;

    (void)value;
    (void)err;
    options->dry_run = true;
    return 0;
}

static int set_resume(void *target, const char *value, struct err *err)
{
    struct run_options *options = target;

    (void)value;
    (void)err;
    options->resume = true;
    return 0;
}

static int set_quiet(void *target, const char *value, struct err *err)
{
    (void)value;
    (void)err;
    ((struct run_options *)target)->quiet = true;
    return 0;
}

static int set_profile(void *target, const char *value, struct err *err)
{
    return profile_apply(target, value, err);
}

/* -- the table ----------------------------------------------------------------- */

static const struct option_spec specs[] = {
    {"strategy", "LIST", "all, article, or names of `bench list` with commas  [all]",
     set_strategy},
    {"levels", "LIST",
     "requests in flight: 1,3,5,...,500 or 10-50:10; ... is\n"
     "the article's ladder between its neighbours  [1,3,5,...,500]",
     set_levels},
    {"requests", "N",
     "pages of every cell  [as many as the level; 10 times as\nmany where connections or "
     "TLS sessions are kept]",
     set_requests},
    {"cells", "LIST", "only these cells, STRATEGY@LEVEL with commas", set_cells},
    {"rounds", "N", "visits to every cell  [3, or what fits into the budget]",
     set_rounds},
    {"census", "once|round", "read memory in the first round, or in each  [once]",
     set_memory_probe},
    {"warmup", "N", "rounds before that are not recorded  [0]", set_warmup},
    {"connections", "fresh|reuse",
     "a new connection for every request, or kept ones  [fresh]", set_connections},
    {"tls-sessions", "off|on", "resume TLS sessions, where a handle has one  [off]",
     set_tls_sessions},
    {"timeout", "DURATION", "of one fetch  [30s, or ten times the longest wait]",
     set_timeout},
    {"max-host-connections", "N",
     "libcurl's own limit and queue, where there is a multi\nhandle  [off]",
     set_max_host_connections},
    {"variant", "NAME:VAR=VALUE",
     "run every cell also with these variables (with commas) in\n"
     "its environment; may be given more than once; NAME alone\n"
     "is the environment as it is; BENCH_PROGRAM=FILE is the\n"
     "build of bench that these cells run in",
     set_variant},
    {"pin", "auto|off|CPUS:CPUS",
     "CPUs of the client and of the origin, such as 0-2:3; auto: one\n"
     "for the origin, the rest for the client. With --url the\n"
     "client's alone  [off]",
     set_pin},
    {"workers", "N",
     "threads or processes with an event loop each, where a\nstrategy has such  [as many "
     "as cores, at least 2]",
     set_workers},
    {"order", "shuffled|grouped", "of the cells within a round  [shuffled]", set_order},
    {"seed", "N",
     "of the shuffling, of delays that are drawn, of which pages are\nspoilt  [a new "
     "one; recorded]",
     set_seed},
    {"once-above", "DURATION",
     "cells predicted to be longer are measured in the first\nround only  [2s; or off]",
     set_once_above},
    {"max-cell", "DURATION", "cells predicted to be longer are skipped  [off]",
     set_max_cell},
    {"out", "DIR", "where runs.csv and env.json go  [results/<UTC time>]", set_out},
    {"resume", NULL,
     "go on with the interrupted sweep in --out DIR; what else it\n"
     "was to measure is known from there",
     set_resume},
    {"csv", "FILE|-", "the rows go there instead, - is standard output", set_csv},
    {"raw", NULL, "one row a request as well: requests.csv beside runs.csv", set_raw},
    {"label", "KEY=VALUE", "kept in env.json; may be given more than once", set_label},
    {"progress", "WHEN", "a progress bar: auto, always or never  [auto]", set_progress},
    {"quiet", NULL, "print neither cells nor tables", set_quiet},
    {"dry-run", NULL, "print the cells and the predicted time, measure nothing",
     set_dry_run},
    {"profile", "quick|article|ci",
     "settings for a first look, the article's sweep, or a gate", set_profile},
};

static const struct option_part parts[] = {
    {&origin_option_group, offsetof(struct run_options, origin)},
    {&target_option_group, offsetof(struct run_options, target)},
    {&gate_option_group, offsetof(struct run_options, gate)},
};

const struct command_spec run_command = {
    .usage = "bench [run] [options]",
    .summary = "Measures how long fetching pages takes with each strategy at each level.",
    .options = specs,
    .option_count = sizeof(specs) / sizeof(specs[0]),
    .parts = parts,
    .part_count = sizeof(parts) / sizeof(parts[0]),
    .notes =
        "Exit status: 0 every cell valid, skipped or infeasible; 2 usage, or nothing\n"
        "feasible; 4 some cell failed, was invalid or is missing; 130 interrupted.\n",
};

/* As many as the client has CPUs. With one, two loops still show what it costs to have
 * two. */
static unsigned default_workers(const struct pin *pin)
{
    struct cpus allowed;
    unsigned count = 0;

    if (pin->pinned)
        count = cpus_count(&pin->client);
    else if (!cpus_allowed(&allowed, NULL))
        count = cpus_count(&allowed);
    return count > 2 ? count : 2;
}

int run_options_defaults(struct run_options *options, struct err *err)
{
    *options = (struct run_options){.plan = plan_defaults(),
                                    .target = target_options_default(),
                                    .origin = origin_choice_default()};
    options->plan.workers = 0; /* by the CPUs, see run_options_complete() */
    return set_strategy(options, "all", err) ||
                   set_levels(options, run_default_levels, err) ||
                   set_pin(options, default_pin, err)
               ? -1
               : 0;
}

void run_options_free(struct run_options *options)
{
    for (size_t i = 0; i < RUN_VARIANTS_MAX; i++)
        variant_free(&options->variants[i]);
    target_options_free(&options->target);
}

/* What auto comes to here; and that there is an origin to pin, or none. */
static int complete_pin(struct run_options *options, struct err *err)
{
    struct pin *pin = &options->plan.pin;
    bool has_origin = cpus_count(&pin->origin);
    struct pin_machine *machine;

    if (!options->pin_is_open) {
        if (pin->pinned && options->plan.url && has_origin)
            return err_set(err, "--pin: with --url there is no origin to pin: give the "
                                "CPUs of the client alone");
        if (pin->pinned && !options->plan.url && !has_origin)
            return err_set(err, "--pin: give the CPUs of the client and of the origin, "
                                "such as 0-2:3");
        return 0;
    }
    if (options->plan.url) {
        *pin = (struct pin){.words = "not pinned: the server is not ours"};
        return 0;
    }
    machine = pin_machine_now(err);
    if (!machine)
        return -1;
    pin_choose(pin, machine);
    free(machine);
    return 0;
}

int run_options_complete(struct run_options *options, struct err *err)
{
    struct plan *plan = &options->plan;

    if (target_options_complete(&options->target, &options->plan, err))
        return -1;
    /* Short enough to be typed again. */
    if (!options->has_seed)
        options->plan.seed = (clock_ns() ^ (uint64_t)getpid() << 20) % 1000000;
    if (options->plan.url && options->origin.typed)
        return err_set(err, "%s is for the embedded origin; it means nothing with --url",
                       options->origin.typed);
    if (origin_choice_check(&options->origin, err))
        return -1;
    options->plan.origin = options->origin.behaviour;
    options->plan.origin.seed = options->plan.seed;
    options->plan.tls = options->origin.tls;
    if (plan->tls_sessions && !plan->tls && !plan->url)
        return err_set(err, "--tls-sessions on needs --tls, or a --url with https");
    if (options->raw && options->csv_path && !options->out_dir)
        return err_set(err, "--raw writes requests.csv into a directory, which --csv "
                            "alone does not make: give --out too");
    gate_options_complete(&options->gate, plan);
    if (plan->budget_ns && !options->has_rounds)
        plan->rounds = ROUNDS_MAX;
    if (complete_pin(options, err))
        return -1;
    if (!options->plan.workers)
        options->plan.workers = default_workers(&options->plan.pin);
    return plan_check(&options->plan, err);
}
