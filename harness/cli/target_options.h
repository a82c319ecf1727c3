/* target_options.h - the options of `bench run` about what is fetched instead of the
 * embedded origin. */
#ifndef HARNESS_CLI_TARGET_OPTIONS_H
#define HARNESS_CLI_TARGET_OPTIONS_H

#include "harness/cli/options.h"
#include "harness/plan/plan.h"

enum { TARGET_SOURCES_MAX = 64, TARGET_HEADERS_MAX = 32 };

/* What was typed, and the site that it comes to; the target of the group. All texts are
 * borrowed. */
struct target_options {
    struct target_source {
        bool is_file;
        const char *text;
    } sources[TARGET_SOURCES_MAX];
    size_t source_count;
    const char *headers[TARGET_HEADERS_MAX];
    size_t header_count;
    const char *ca_file; /* NULL: those of the system */
    bool insecure;
    uint16_t expect_status; /* 0: any from 200 to 299 */
    int family;             /* AF_UNSPEC: any */
    bool yes;               /* load may go to other machines */
    const char *typed;      /* the last one that is nothing without an address; or NULL */
    struct target_site site; /* from target_options_complete() on */
};

extern const struct option_group target_option_group;

struct target_options target_options_default(void);

/* Reads the lists of addresses, looks up names and makes them the site of the plan, if
 * there is any. The plan borrows it. */
int target_options_complete(struct target_options *options, struct plan *plan,
                            struct err *err);

void target_options_free(struct target_options *options); /* fine for all zeros */

#endif
