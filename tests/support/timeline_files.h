/* timeline_files.h - timelines from the text of a requests.csv. */
#ifndef TESTS_SUPPORT_TIMELINE_FILES_H
#define TESTS_SUPPORT_TIMELINE_FILES_H

#include "analysis/report/timeline_read.h"

#define TIMELINE_HEADER                                                         \
    "run_id,variant,round,strategy,level,request,url,worker,begin_us,start_us," \
    "first_byte_us,end_us,queue_us,connect_us,tls_us,outcome\n"

/* The known strategies: one, two, three. */
extern const char *const timeline_order[];

/* Reads a directory with these files; `runs` may be NULL. -1: the message is in `err`. */
int timeline_files_read(struct timeline *timeline, const char *requests, const char *runs,
                        struct timeline_choice choice, struct err *err);

/* The same; a failure fails the test. */
struct timeline timeline_files_good(const char *requests, const char *runs,
                                    struct timeline_choice choice);

/* A panel of requests that last 10 us. `workers` may be NULL. Owner of its requests: the
 * caller, free(). */
struct timeline_panel timeline_files_panel(const double *begins, const unsigned *workers,
                                           size_t count);

/* Two rounds, three levels, two variants; one strategy without a row. */
extern const char timeline_many[], timeline_many_rows[];

#endif
