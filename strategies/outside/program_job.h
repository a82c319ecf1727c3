/* program_job.h - the JSON file that tells a program its work. */
#ifndef STRATEGIES_OUTSIDE_PROGRAM_JOB_H
#define STRATEGIES_OUTSIDE_PROGRAM_JOB_H

#include "strategies/strategy.h"

enum { PROGRAM_PATH_SIZE = 64 };

/* The files have no name in a directory, so nothing has to be removed when the cell is
 * killed: `path` leads through /proc to this process's descriptor, for every process of
 * this user. */
struct program_job {
    int fd, ca_fd; /* owned; -1: none */
    char path[PROGRAM_PATH_SIZE];
};

/* Close it also on -1. */
int program_job_make(struct program_job *job, const struct strategy_env *env,
                     struct err *err);
void program_job_close(struct program_job *job);

#endif
