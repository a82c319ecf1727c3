/* plan_complete.c - see plan_complete.h. */
#include "harness/plan/plan_complete.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/cpus.h"
#include "base/random.h"
#include "harness/plan/outside.h"
#include "harness/plan/plan_fields.h"
#include "harness/plan/selection.h"
#include "harness/target/target_resolve.h"

/* New seeds are below this: short enough to be typed again. */
enum { SEED_END = 1000000 };

/* Where a search begins and where it ends. */
#define DEFAULT_SEARCH "100,20000"

/* How long requests become due. */
#define DEFAULT_DURATION_NS (10 * CLOCK_NS_PER_S)

/* Cells are picked at rates, and those that come as a group must be able to hold one. */
static int choose_rates(struct plan *plan, struct err *err)
{
    if (!plan->duration_ns)
        plan->duration_ns = DEFAULT_DURATION_NS;
    if (plan_searches(plan)) { /* between the ends of the list */
        plan->rates.values[1] = plan->rates.values[plan->rates.count - 1];
        plan->rates.count = plan->rates.count > 1 ? 2 : 1;
    }
    if (!plan->pick_count || plan_searches(plan)) {
        selection_leave_out_serial(plan);
        return 0;
    }
    for (size_t i = 0; i < plan->pick_count; i++)
        if (!levels_have(&plan->rates, plan->picks[i].point))
            return err_set(err,
                           "--cells: %s@%u is at none of the --rates; add %u to them",
                           plan->picks[i].strategy->name, plan->picks[i].point,
                           plan->picks[i].point);
    plan->rates = plan->levels;
    plan->levels.count = 0;
    return 0;
}

int plan_choose_selection(struct plan *plan, struct err *err)
{
    if (plan->picks_calibrated && plan_has_rates(plan))
        return err_set(
            err,
            "--cells calibrated%s names levels, not rates; give --strategy, or "
            "--cells STRATEGY@RATE",
            plan->profile ? ", which --profile sets," : "");
    if (plan->picks_calibrated)
        return 0;
    if (!plan->strategy_count &&
        plan_set(plan, "strategy", plan_field_find("strategy")->initial, err))
        return -1;
    if (plan_searches(plan) && !plan_has_rates(plan) && !plan->levels.count &&
        plan_set(plan, "rates", DEFAULT_SEARCH, err))
        return -1;
    if (plan_has_rates(plan) && choose_rates(plan, err))
        return -1;
    return !plan_points(plan)->count &&
                   plan_set(plan, "levels", plan_field_find("levels")->initial, err)
               ? -1
               : 0;
}

/* The option of a field in this group that differs from its default; NULL: none. */
static const char *typed_in(const struct plan *plan, enum plan_group group)
{
    struct plan defaults = plan_defaults();

    for (size_t i = 0; i < PLAN_FIELD_COUNT; i++) {
        const struct value_spec *field = &plan_fields[i];
        json_t *was;
        json_t *is;
        bool same;

        if (field->group != (int)group || !field->key[0])
            continue;
        was = value_to_json(&defaults, field);
        is = value_to_json(plan, field);
        same = json_equal(was, is);
        json_decref(was);
        json_decref(is);
        if (!same)
            return field->option;
    }
    return NULL;
}

static int resolve_target(struct plan *plan, struct err *err)
{
    const char *typed = typed_in(plan, PLAN_GROUP_TARGET);

    if (!plan->target.source_count)
        return typed ? err_set(err, "--%s needs --url or --urls", typed) : 0;
    plan->site = calloc(1, sizeof(*plan->site));
    if (!plan->site)
        return err_errno(err, "no memory for the addresses");
    if (target_resolve(plan->site, &plan->target, err))
        return -1;
    plan->url = plan->site->name;
    return 0;
}

/* Without the embedded origin its fields are no conditions: resets them. */
static int settle_origin(struct plan *plan, struct err *err)
{
    const struct behaviour *origin = &plan->origin;

    if (plan->url) {
        for (size_t i = 0; i < PLAN_FIELD_COUNT; i++)
            if (plan_fields[i].group == PLAN_GROUP_ORIGIN) {
                value_reset(plan, &plan_fields[i]);
                if (values_set_initial(plan, &plan_fields[i], 1, err))
                    return -1;
            }
    }
    plan->origin.seed = plan->seed;
    return behaviour_check(origin, err);
}

static void choose_seed(struct plan *plan)
{
    struct random random = {clock_ns() ^ (uint64_t)getpid() << 20};

    if (!plan->seed_known)
        plan->seed = random_below(&random, SEED_END);
    plan->seed_known = true;
}

/* Checks that CPUs for the origin are given exactly if there is one; resolves auto. */
static int choose_pin(struct plan *plan, struct err *err)
{
    struct pin *pin = &plan->pin;
    bool has_origin = cpus_count(&pin->origin);
    struct pin_machine *machine;
    int result;

    if (!pin->open && !pin->pinned)
        return 0;
    if (pin->pinned && plan->url && has_origin)
        return err_set(err, "--pin: with --url there is no origin to pin; give only the "
                            "CPUs of the client");
    if (pin->pinned && !plan->url && !has_origin)
        return err_set(err, "--pin: no CPUs for the origin; give those of the client and "
                            "of the origin, such as 0-2:3");
    if (pin->open && plan->url) {
        *pin = (struct pin){.words = "not pinned: bench does not run the server"};
        return 0;
    }
    machine = pin_machine_now(err);
    if (!machine)
        return -1;
    if (pin->open)
        pin_choose(pin, machine);
    result = pin_check(pin, &machine->allowed, err) ? err_prefix(err, "--pin") : 0;
    free(machine);
    return result;
}

/* As many as the client has CPUs, but at least two: on one CPU, two loops still show
 * their cost. */
static void choose_workers(struct plan *plan)
{
    struct cpus allowed;
    unsigned count = 0;

    if (plan->workers)
        return;
    if (plan->pin.pinned)
        count = cpus_count(&plan->pin.client);
    else if (!cpus_allowed(&allowed, NULL))
        count = cpus_count(&allowed);
    plan->workers = count > 2 ? count : 2;
}

/* Checks that programs from outside get a number of pages to fetch. */
static int check_programs(const struct plan *plan, struct err *err)
{
    for (size_t i = 0; i < plan->strategy_count; i++)
        if (plan_is_timed(plan) && !plan_has_rates(plan) &&
            outside_is_program(plan, plan->strategies[i]))
            return err_set(err,
                           "--duration with levels does not work for programs from "
                           "outside, such as %s: they fetch a given number of pages; "
                           "use --requests, or --rates",
                           plan->strategies[i]->name);
    return 0;
}

/* Levels say themselves how many requests are in flight. */
static int check_max_in_flight(const struct plan *plan, struct err *err)
{
    struct plan defaults = plan_defaults();
    bool given = plan->max_in_flight != defaults.max_in_flight;

    plan_free(&defaults);
    if (!given || plan_has_rates(plan))
        return 0;
    return err_set(err, "--max-in-flight needs --rates; --levels sets the requests in "
                        "flight without them");
}

int plan_complete(struct plan *plan, struct err *err)
{
    if (outside_load(plan, err) || plan_choose_selection(plan, err) ||
        resolve_target(plan, err))
        return -1;
    choose_seed(plan);
    if (settle_origin(plan, err) || choose_pin(plan, err))
        return -1;
    if (plan->tls_sessions && !plan->tls && !plan->url)
        return err_set(err, "--tls-sessions on needs --tls, or a --url with https");
    choose_workers(plan);
    if (check_programs(plan, err) || check_max_in_flight(plan, err) ||
        plan_check(plan, err))
        return -1;
    plan->timeout_ns = plan_timeout_ns(plan);
    return 0;
}
