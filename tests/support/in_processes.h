/* in_processes.h - parts of a test at the same time, where most of it is waiting. */
#ifndef TESTS_SUPPORT_IN_PROCESSES_H
#define TESTS_SUPPORT_IN_PROCESSES_H

#include <stddef.h>

/* Runs part(0) to part(count - 1), each in a process of its own; a part returns how much
 * failed. Returns how many parts did. Before any other thread is made. */
size_t in_processes(size_t count, int (*part)(size_t index));

#endif
