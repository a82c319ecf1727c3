/* descriptors.c - see descriptors.h. */
#include "base/descriptors.h"

#include <fcntl.h>
#include <unistd.h>

void descriptors_reserve(unsigned count)
{
    /* A table that has once held a high number never shrinks. If there is no such number
     * to be had, the table grows when it must; nothing is lost but time. */
    int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, (int)count);

    if (fd >= 0)
        (void)close(fd);
}
