/* err.h - a message that says why a call failed, owned by the caller.
 *
 * A function that can fail returns 0 or -1 and takes a `struct err *` last. On -1 it has
 * written one line there; on 0 it has not touched it. No globals, no exits: only main()
 * prints and chooses an exit status. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/strict_math.h" /* here, since nearly every file includes this one */

#ifdef __cplusplus
extern "C" {
#endif

struct err {
    char text[512]; /* one line, no newline, always terminated */
};

/* The three macros below write the message and evaluate to -1, so that `return
 * err_set(...)` works and both a reader and a static analyzer see the -1. `err` may be
 * NULL if the caller does not want the message. */

/* err_set(err, format, ...): the message, as printf() formats it. */
#define err_set(...) (err_write(__VA_ARGS__), -1)

/* err_errno(err, format, ...): the same, followed by ": " and strerror(errno). */
#define err_errno(...) (err_write_errno(__VA_ARGS__), -1)

/* err_prefix(err, format, ...): puts text and ": " in front of the present message. */
#define err_prefix(...) (err_write_prefix(__VA_ARGS__), -1)

void err_write(struct err *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void err_write_errno(struct err *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void err_write_prefix(struct err *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#ifdef __cplusplus
}
#endif

#endif
