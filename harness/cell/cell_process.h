/* cell_process.h - the cell's side of cell.h, in the process of the cell. */
#ifndef HARNESS_CELL_CELL_PROCESS_H
#define HARNESS_CELL_CELL_PROCESS_H

#include "base/err.h"

/* The whole life of `bench cell MEMORY_FD WORK_FD`; returns its exit status. */
int cell_main(int memory_fd, int work_fd, struct err *err);

#endif
