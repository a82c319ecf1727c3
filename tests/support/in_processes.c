/* in_processes.c - see in_processes.h. */
#include "tests/support/in_processes.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

size_t in_processes(size_t count, int (*part)(size_t index))
{
    size_t started = 0;
    size_t failures = 0;
    int status;

    (void)fflush(NULL);
    for (size_t i = 0; i < count; i++) {
        pid_t pid = fork();

        if (!pid)
            exit(part(i) ? 1 : 0); /* not _exit(): the leak sanitizer runs at exit() */
        if (pid < 0)
            failures++;
        else
            started++;
    }
    while (started--)
        failures += wait(&status) < 0 || status;
    return failures;
}
