/* descriptors.c - see descriptors.h. */
#include "base/descriptors.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

int descriptors_fill_standard(struct err *err)
{
    int fd;

    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd < 0)
        return err_errno(err, "cannot open /dev/null");
    (void)close(fd);
    return 0;
}

void descriptors_reserve(unsigned count)
{
    struct rlimit limit;
    int fd;

    if (getrlimit(RLIMIT_NOFILE, &limit))
        return;
    if (count >= limit.rlim_cur)
        count = (unsigned)limit.rlim_cur - 1;
    /* A table that once held a high number never shrinks. If this fails, the table grows
     * on demand, which only costs time. */
    fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, (int)count);
    if (fd >= 0)
        (void)close(fd);
}
