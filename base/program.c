/* program.c - see program.h. */
#include "base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/child.h"
#include "base/file.h"

/* The standard streams of the program are files in memory, so that neither side ever
 * waits for the other. */
enum { STREAM_COUNT = 3 };

static int open_streams(int fds[STREAM_COUNT], const char *bytes, size_t size)
{
    for (int i = 0; i < STREAM_COUNT; i++)
        if ((fds[i] = memfd_create("bench-stream", MFD_CLOEXEC)) < 0)
            return -1;
    return file_write_all(fds[0], bytes, size) || lseek(fds[0], 0, SEEK_SET) ? -1 : 0;
}

static void close_streams(const int fds[STREAM_COUNT])
{
    for (int i = 0; i < STREAM_COUNT; i++)
        if (fds[i] >= 0)
            (void)close(fds[i]);
}

/* All that the program wrote to a stream, terminated. Owner: the caller, free(). NULL
 * with errno. */
static char *read_stream(int fd, size_t *size)
{
    off_t length = lseek(fd, 0, SEEK_END);
    char *bytes = length < 0 ? NULL : malloc((size_t)length + 1);
    size_t got = 0;

    while (bytes && got < (size_t)length) {
        ssize_t part = pread(fd, bytes + got, (size_t)length - got, (off_t)got);

        if (part <= 0 && !(part < 0 && errno == EINTR))
            break;
        got += part > 0 ? (size_t)part : 0;
    }
    if (bytes)
        bytes[got] = '\0';
    *size = got;
    return bytes;
}

/* -1 with errno: it could not be started. */
static int spawn(pid_t *pid, const char *const argv[], const int fds[STREAM_COUNT])
{
    char *const *arguments;
    posix_spawn_file_actions_t files;
    int code = posix_spawn_file_actions_init(&files);

    /* posix_spawnp() changes no argument, but its type does not promise that. */
    memcpy(&arguments, &argv, sizeof(arguments));
    if (!code) {
        for (int i = 0; i < STREAM_COUNT && !code; i++)
            code = posix_spawn_file_actions_adddup2(&files, fds[i], i);
        if (!code)
            code = posix_spawnp(pid, argv[0], &files, NULL, arguments, environ);
        (void)posix_spawn_file_actions_destroy(&files);
    }
    errno = code;
    return code ? -1 : 0;
}

/* Appends the last line that it wrote to standard error. */
static int failed(const char *program, int status, int errors, struct err *err)
{
    char end[CHILD_END_SIZE];
    size_t size;
    char *text = read_stream(errors, &size);
    char *last;

    while (text && size && strchr("\r\n", text[size - 1]))
        text[--size] = '\0';
    last = text ? strrchr(text, '\n') : NULL;
    last = last ? last + 1 : text;
    (void)err_set(err, "%s %s%s%.200s", program, child_end_text(status, end),
                  last && *last ? ": " : "", last ? last : "");
    free(text);
    return -1;
}

static int run(const char *const argv[], const char *package, const int fds[STREAM_COUNT],
               struct program_output *output, struct err *err)
{
    int status = 0;
    pid_t pid;

    if (spawn(&pid, argv, fds))
        return errno == ENOENT ? err_set(err, "%s is not installed; apt-get install %s",
                                         argv[0], package)
                               : err_errno(err, "cannot run %s", argv[0]);
    while (child_wait(pid, UINT64_MAX, NULL, &status) == CHILD_INTERRUPTED)
        continue;
    if (!child_succeeded(status))
        return failed(argv[0], status, fds[2], err);
    output->bytes = read_stream(fds[1], &output->size);
    return output->bytes ? 0 : err_errno(err, "cannot read the output of %s", argv[0]);
}

int program_filter(const char *const argv[], const char *package, const char *bytes,
                   size_t size, struct program_output *output, struct err *err)
{
    int fds[STREAM_COUNT] = {-1, -1, -1};
    int result;

    *output = (struct program_output){.bytes = NULL};
    result = open_streams(fds, bytes, size)
                 ? err_errno(err, "no memory for %zu bytes for %s", size, argv[0])
                 : run(argv, package, fds, output, err);
    close_streams(fds);
    return result;
}
