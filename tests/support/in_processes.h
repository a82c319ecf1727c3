/* in_processes.h - runs the parts of a test concurrently, since most of a test is
 * waiting. */
#ifndef TESTS_SUPPORT_IN_PROCESSES_H
#define TESTS_SUPPORT_IN_PROCESSES_H

#include <stddef.h>

/* Runs part(0) to part(count - 1), each in a separate process; a part returns its number
 * of failures. Returns the number of parts that failed. Call it before any thread exists.
 */
size_t in_processes(size_t count, int (*part)(size_t index));

#endif
