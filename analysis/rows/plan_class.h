/* plan_class.h - the classes of the fields of a plan: what may differ when rows are put
 * together. */
#ifndef ANALYSIS_ROWS_PLAN_CLASS_H
#define ANALYSIS_ROWS_PLAN_CLASS_H

enum plan_class {
    /*                  --resume        bench compare    one table of bench summary */
    PLAN_SELECTION,  /* equal           the intersection the union                 */
    PLAN_CONDITION,  /* equal           equal            equal over all rows       */
    PLAN_EFFECTIVE,  /* equal           as CONDITION, but by its effective value, in the
                        column of this name in runs.csv: equal per level           */
    PLAN_SEED,       /* a CONDITION where delays are drawn or faults injected, else a
                        SCHEDULE                                                   */
    PLAN_SCHEDULE,   /* equal           may differ       may differ                */
    PLAN_GROWING,    /* may grow        may differ       may differ                */
    PLAN_ANNOTATION, /* recorded, never compared                                   */
};

#endif
