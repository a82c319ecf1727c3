/* err.c - see err.h. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Formats into the text from offset `at`, which lies within it. */
__attribute__((format(printf, 3, 0))) static void
write_at(struct err *err, size_t at, const char *format, va_list args)
{
    (void)vsnprintf(err->text + at, sizeof(err->text) - at, format, args);
}

__attribute__((format(printf, 2, 3))) static void append(struct err *err,
                                                         const char *format, ...)
{
    va_list args;

    va_start(args, format);
    write_at(err, strlen(err->text), format, args);
    va_end(args);
}

void err_write(struct err *err, const char *format, ...)
{
    va_list args;

    if (!err)
        return;
    va_start(args, format);
    write_at(err, 0, format, args);
    va_end(args);
}

void err_write_errno(struct err *err, const char *format, ...)
{
    int code = errno;
    va_list args;

    if (!err)
        return;
    va_start(args, format);
    write_at(err, 0, format, args);
    va_end(args);
    append(err, ": %s", strerror(code));
}

void err_write_prefix(struct err *err, const char *format, ...)
{
    struct err before;
    va_list args;

    if (!err)
        return;
    before = *err;
    va_start(args, format);
    write_at(err, 0, format, args);
    va_end(args);
    append(err, ": %s", before.text);
}
