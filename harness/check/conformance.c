/* conformance.c - see conformance.h. */
#include "harness/check/conformance.h"
#include "harness/plan/plan_cells.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/clock.h"
#include "harness/cell/interrupt.h"
#include "harness/cell/memory_probe.h"
#include "harness/plan/plan_complete.h"
#include "harness/plan/plan_fields.h"
#include "harness/validity/validity.h"

enum { SETTINGS_MAX = 8 };

struct setting {
    const char *option, *value;
};

/* One requirement: a cell, and whether a program may do without. */
struct requirement {
    const char *name;
    struct setting settings[SETTINGS_MAX];
    const char *without; /* what cannot be measured then */
    bool optional;
    bool is_rate; /* optional: a program without rates gets a note */
    bool is_cut;  /* the last requests cannot end in time */
};

/* Of every cell, unless a requirement says otherwise. The seed decides which pages get a
 * fault. */
static const struct setting common[] = {
    {"rounds", "1"}, {"seed", "1"}, {"delay", "20ms"}, {"timeout", "2s"}, {NULL, NULL}};

#define ERRORS(fault)                                                                    \
    {                                                                                    \
        {"levels", "4"}, {"requests", "24"}, {"allow-errors", "99%"}, {"timeout", "1s"}, \
        {                                                                                \
            "fault", fault                                                               \
        }                                                                                \
    }

static const struct requirement requirements[] = {
    {.name = "one request at a time, ready to end",
     .settings = {{"levels", "1"}, {"requests", "3"}}},
    {.name = "fresh connections, several in flight",
     .settings = {{"levels", "4"}, {"requests", "24"}}},
    {.name = "kept connections",
     .settings = {{"levels", "4"}, {"requests", "40"}, {"connections", "reuse"}},
     .optional = true,
     .without = "--connections reuse"},
    {.name = "a level of 20, held",
     .settings = {{"levels", "20"}, {"requests", "20"}, {"delay", "500ms"}}},
    {.name = "fewer requests than the level",
     .settings = {{"levels", "8"}, {"requests", "3"}}},
    {.name = "500 requests",
     .settings = {{"levels", "50"}, {"requests", "500"}, {"delay", "5ms"}}},
    {.name = "no delay",
     .settings = {{"levels", "4"}, {"requests", "24"}, {"delay", "0"}}},
    {.name = "bodies in chunks",
     .settings = {{"levels", "4"}, {"requests", "8"}, {"body", "chunked"}}},
    {.name = "errors: status 500", .settings = ERRORS("500:40")},
    {.name = "errors: the connection is reset",
     .settings = ERRORS("reset-before-head:40")},
    {.name = "errors: the connection ends early", .settings = ERRORS("close-in-body:40")},
    {.name = "errors: no response within the timeout", .settings = ERRORS("stall:20")},
    {.name = "compressed bodies",
     .settings = {{"levels", "4"}, {"requests", "8"}, {"body", "gzip"}},
     .optional = true,
     .without = "--body gzip"},
    {.name = "TLS",
     .settings = {{"levels", "4"}, {"requests", "8"}, {"tls", NULL}},
     .optional = true,
     .without = "--tls"},
    {.name = "keeps the schedule of a rate",
     .settings = {{"rates", "50"}, {"duration", "1s"}, {"max-in-flight", "10"}},
     .is_rate = true},
    {.name = "ends when its time is over",
     .settings = {{"rates", "50"},
                  {"duration", "600ms"},
                  {"max-in-flight", "4"},
                  {"delay", "300ms"},
                  {"timeout", "700ms"}},
     .is_rate = true,
     .is_cut = true},
};

enum { REQUIREMENTS = sizeof(requirements) / sizeof(requirements[0]) };

struct checking {
    const char *definition;
    const struct contract_listener *listener;
    unsigned failed;
    bool is_told[NOTE_COUNT]; /* notes that were handed on */
    bool has_met;             /* a requirement: it starts, unless it refuses an option */
    bool is_interrupted, is_hopeless;
};

static void tell(struct checking *checking, const char *name,
                 enum contract_verdict verdict, const char *reason)
{
    checking->failed += verdict == CONTRACT_FAILED;
    checking->listener->on_verdict(checking->listener->user, name, verdict, reason);
}

/* -- one requirement ----------------------------------------------------------- */

static int set_all(struct plan *plan, const struct setting *settings, struct err *err)
{
    for (size_t i = 0; settings[i].option; i++)
        if (plan_set(plan, settings[i].option, settings[i].value, err))
            return -1;
    return 0;
}

/* Selects the program, whose name begins the definition. */
static int make_plan(struct plan *plan, const struct checking *checking,
                     const struct requirement *requirement, struct err *err)
{
    *plan = plan_defaults();
    if (plan_set(plan, "program", checking->definition, err) ||
        plan_set(plan, "strategy", plan->outside.items[0]->name, err))
        return -1;
    return set_all(plan, common, err) || set_all(plan, requirement->settings, err) ||
                   plan_complete(plan, err)
               ? -1
               : 0;
}

/* Notes about figures that a program does not report, or about its use of the level. */
static void tell_notes(struct checking *checking, const char *notes)
{
    static const enum row_note own[] = {NOTE_NO_STAMPS,      NOTE_NO_STATUS,
                                        NOTE_NO_LENGTH,      NOTE_LENGTH_ONLY,
                                        NOTE_START_EXCLUDED, NOTE_LEVEL_NOT_HELD,
                                        NOTE_RATE_NOT_HELD,  NOTE_SPARE_CONNECTIONS};

    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        if (checking->is_told[own[i]] || !notes_have(notes, own[i]))
            continue;
        checking->is_told[own[i]] = true;
        tell(checking, note_word(own[i]), CONTRACT_NOTE, note_meaning(own[i]));
    }
}

/* Whether some requests ended in time and others did not. */
static bool is_cut_well(const struct measurement *measurement)
{
    size_t good = 0;
    size_t unfinished = 0;

    for (size_t i = 0; i < measurement->result_count; i++) {
        good += measurement->results[i].outcome == FETCH_OK;
        unfinished += measurement->results[i].outcome == FETCH_UNFINISHED;
    }
    return good && unfinished;
}

/* A program of protocol 1 is not wrong: it has levels. One that says that it speaks
 * protocol 2 must do so. */
static void judge_rate(struct checking *checking, const struct requirement *requirement,
                       const struct measurement *measurement,
                       const struct verdict *verdict)
{
    const char *name = requirement->name;

    if (measurement->report.stage < CELL_OPENED)
        tell(checking, name, CONTRACT_NOTE, verdict->reason);
    else if (verdict->status != STATUS_VALID)
        tell(checking, name, CONTRACT_FAILED, verdict->reason);
    else if (requirement->is_cut && !is_cut_well(measurement))
        tell(checking, name, CONTRACT_FAILED,
             "the first requests can end in time, and the last cannot: report these as "
             "unfinished");
    else
        tell(checking, name, CONTRACT_MET, "");
    if (verdict->status == STATUS_VALID && !requirement->is_cut)
        tell_notes(checking, verdict->notes);
}

static void judge(struct checking *checking, const struct requirement *requirement,
                  const struct measurement *measurement, const struct verdict *verdict)
{
    char reason[sizeof(verdict->reason) + 64];

    if (requirement->is_rate) {
        judge_rate(checking, requirement, measurement, verdict);
        return;
    }
    checking->is_hopeless = measurement->end == CELL_HUNG ||
                            (measurement->report.stage < CELL_OPENED &&
                             !checking->has_met);
    if (verdict->status == STATUS_VALID) {
        checking->has_met = true;
        tell(checking, requirement->name, CONTRACT_MET, "");
        tell_notes(checking, verdict->notes);
        return;
    }
    if (requirement->optional)
        (void)snprintf(reason, sizeof(reason), "needed for %s alone: %s",
                       requirement->without, verdict->reason);
    else
        (void)snprintf(reason, sizeof(reason), "%s", verdict->reason);
    tell(checking, requirement->name,
         requirement->optional ? CONTRACT_LEFT_OUT : CONTRACT_FAILED, reason);
}

static int measure(struct checking *checking, const struct requirement *requirement,
                   const struct plan *plan, struct measurer *measurer,
                   const struct cell *cell, struct err *err)
{
    struct measurement measurement;
    struct outcome outcome;
    struct verdict verdict;
    int result;

    if (measure_cell(measurer, cell, &measurement, err))
        return -1;
    checking->is_interrupted = measurement.end == CELL_INTERRUPTED;
    result = checking->is_interrupted
                 ? 0
                 : outcome_make(&outcome, plan, cell, &measurement, err);
    if (!result && !checking->is_interrupted) {
        validity_judge(&verdict, plan, cell, &measurement, &outcome);
        judge(checking, requirement, &measurement, &verdict);
    }
    measurement_free(&measurement);
    return result;
}

static int check(struct checking *checking, const struct requirement *requirement,
                 struct err *err)
{
    struct measurer measurer = {0};
    struct cell_list cells = {0};
    struct plan plan = {0};
    int result = -1;

    if (!make_plan(&plan, checking, requirement, err) &&
        !plan_cells(&plan, &cells, err) && !measurer_open(&measurer, &plan, err))
        result = measure(checking, requirement, &plan, &measurer, &cells.cells[0], err);
    measurer_close(&measurer);
    cell_list_free(&cells);
    plan_free(&plan);
    return result;
}

/* -- all of them --------------------------------------------------------------- */

int conformance_check(const char *definition, const struct contract_listener *listener,
                      unsigned *failed, struct err *err)
{
    struct checking checking = {.definition = definition, .listener = listener};

    *failed = 0;
    if (interrupt_install(err))
        return -1;
    if (prctl(PR_SET_CHILD_SUBREAPER, 1))
        return err_errno(err, "cannot become the reaper of orphaned processes");
    for (size_t i = 0; i < REQUIREMENTS; i++) {
        if (checking.is_hopeless) {
            tell(&checking, requirements[i].name, CONTRACT_LEFT_OUT,
                 "not tried after what failed above");
            continue;
        }
        if (check(&checking, &requirements[i], err))
            return -1;
        if (checking.is_interrupted)
            return 1;
    }
    *failed = checking.failed;
    return 0;
}
