/* shared.c - see shared.h. */
#include "base/shared.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int map(struct shared *shared, struct err *err)
{
    void *memory = mmap(NULL, shared->size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
                        shared->fd, 0);

    if (memory == MAP_FAILED)
        return err_errno(err, "cannot map %zu bytes of shared memory",
                         shared->size_bytes);
    shared->memory = memory;
    return 0;
}

int shared_create(struct shared *shared, const char *name, size_t size_bytes,
                  struct err *err)
{
    *shared = (struct shared){.size_bytes = size_bytes};
    shared->fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (shared->fd < 0)
        return err_errno(err, "cannot create shared memory");
    if (ftruncate(shared->fd, (off_t)size_bytes)) {
        (void)err_errno(err, "cannot create %zu bytes of shared memory", size_bytes);
        shared_close(shared);
        return -1;
    }
    if (fcntl(shared->fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)) {
        (void)err_errno(err, "cannot seal the size of shared memory");
        shared_close(shared);
        return -1;
    }
    if (map(shared, err)) {
        shared_close(shared);
        return -1;
    }
    return 0;
}

int shared_map(struct shared *shared, int fd, struct err *err)
{
    struct stat info;

    *shared = (struct shared){.fd = fd};
    if (fstat(fd, &info)) {
        *shared = (struct shared){0};
        return err_errno(err, "descriptor %d is not shared memory", fd);
    }
    shared->size_bytes = (size_t)info.st_size;
    if (map(shared, err)) {
        shared_close(shared);
        return -1;
    }
    return 0;
}

void shared_close(struct shared *shared)
{
    if (shared->memory)
        (void)munmap(shared->memory, shared->size_bytes);
    if (shared->size_bytes && shared->fd >= 0)
        (void)close(shared->fd);
    *shared = (struct shared){0};
}
