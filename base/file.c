/* file.c - see file.h. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_ROOM = 4096 };

/* One flag per process, since most readers treat a missing file as an answer and have no
 * `err`. */
static atomic_bool lacked_memory;

/* -- reading ------------------------------------------------------------------- */

/* Makes stdio allocate its buffer at once. Without one it reads byte by byte, and a file
 * below /proc/sys yields only its first byte. */
static FILE *open_buffered(const char *path)
{
    FILE *file = fopen(path, "re");
    int first = file ? getc(file) : EOF;

    if (first != EOF)
        (void)ungetc(first, file);
    if (file && __fbufsize(file) <= 1) {
        (void)fclose(file);
        file = NULL;
        errno = ENOMEM;
    }
    if (!file && errno == ENOMEM)
        atomic_store(&lacked_memory, true);
    return file;
}

FILE *file_open(const char *format, ...)
{
    char path[PATH_MAX];
    va_list args;
    int length;

    va_start(args, format);
    length = vsnprintf(path, sizeof(path), format, args);
    va_end(args);
    if (length < 0 || (size_t)length >= sizeof(path)) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    return open_buffered(path);
}

DIR *file_open_directory(const char *path)
{
    DIR *directory = opendir(path);

    if (!directory && errno == ENOMEM)
        atomic_store(&lacked_memory, true);
    return directory;
}

bool file_lacked_memory(void)
{
    return lacked_memory;
}

bool file_line(const char *path, const char *prefix, char *line, size_t size)
{
    FILE *file = file_open("%s", path);
    bool whole = true; /* `line` starts at the beginning of a line */
    bool found = false;

    while (file && !found && fgets(line, (int)size, file)) {
        size_t length = strcspn(line, "\n");

        found = whole && !strncmp(line, prefix, strlen(prefix));
        whole = line[length];
        line[length] = '\0';
    }
    if (file)
        (void)fclose(file);
    return found;
}

static int read_all(FILE *file, char **bytes, size_t *size)
{
    size_t room = FIRST_ROOM;
    char *grown = malloc(room);

    for (*size = 0; grown;) {
        *bytes = grown;
        *size += fread(*bytes + *size, 1, room - *size - 1, file);
        if (*size < room - 1)
            break;
        room *= 2;
        grown = realloc(*bytes, room);
    }
    if (!grown || ferror(file))
        return -1;
    (*bytes)[*size] = '\0';
    return 0;
}

int file_read(const char *path, char **bytes, size_t *size, struct err *err)
{
    FILE *file = file_open("%s", path);
    int result;

    *bytes = NULL;
    if (!file)
        return err_errno(err, "cannot open '%s'", path);
    result = read_all(file, bytes, size);
    if (result) {
        (void)err_errno(err, "cannot read '%s'", path);
        free(*bytes);
        *bytes = NULL;
    }
    (void)fclose(file);
    return result;
}

/* -- replacing ----------------------------------------------------------------- */

int file_write_all(int fd, const char *bytes, size_t size)
{
    while (size) {
        ssize_t written = write(fd, bytes, size);

        if (written < 0 && errno != EINTR)
            return -1;
        bytes += written > 0 ? written : 0;
        size -= written > 0 ? (size_t)written : 0;
    }
    return 0;
}

/* Opens a file with these flags, writes to it and closes it. */
static int write_to(const char *path, int flags, mode_t mode, const char *bytes,
                    size_t size)
{
    int fd = open(path, flags | O_WRONLY | O_CLOEXEC, mode);
    int result;

    if (fd < 0)
        return -1;
    result = file_write_all(fd, bytes, size);
    return close(fd) || result ? -1 : 0;
}

static int replace(const char *path, mode_t mode, const char *bytes, size_t size)
{
    char *aside = NULL;
    int result;

    if (asprintf(&aside, "%s.%ld.new", path, (long)getpid()) < 0)
        return -1;
    (void)unlink(aside); /* left by a killed process that had this pid */
    result = write_to(aside, O_CREAT | O_EXCL, mode ? mode : 0666, bytes, size);
    if (!result && mode)
        result = chmod(aside, mode);
    if (!result)
        result = rename(aside, path);
    if (result) {
        int code = errno;

        (void)unlink(aside);
        errno = code;
    }
    free(aside);
    return result;
}

int file_replace(const char *path, const char *bytes, size_t size, struct err *err)
{
    struct stat info;
    bool exists = !stat(path, &info);
    char *followed = NULL;
    int result = -1;

    if (!exists)
        result = replace(path, 0, bytes, size);
    else if (!S_ISREG(info.st_mode))
        result = write_to(path, O_NOCTTY, 0, bytes, size);
    else if ((followed = realpath(path, NULL)))
        result = replace(followed, info.st_mode & 07777, bytes, size);
    if (result)
        (void)err_errno(err, "cannot write '%s'", path);
    free(followed);
    return result;
}
