/* output_file.h - which file a picture or page goes to; files that may be replaced. */
#ifndef HARNESS_CLI_OUTPUT_FILE_H
#define HARNESS_CLI_OUTPUT_FILE_H

#include <stddef.h>
#include <stdio.h>

#include "base/err.h"

/* A kind of file: its first bytes, and the name of such a file in a message. */
struct output_kind {
    const char *head;
    size_t head_bytes;
    const char *name;
};

/* The bytes of a string constant as the head of a kind. */
#define OUTPUT_KIND(head_, name_)                                         \
    {                                                                     \
        .head = (head_), .head_bytes = sizeof(head_) - 1, .name = (name_) \
    }

/* Writes the directory of a file, or the directory itself, with '/' behind it; nothing
 * for a file in the present one. */
void output_directory_write(FILE *out, const char *path);

/* The path that was typed, or, if it is NULL, `name` in the directory of `beside`. NULL:
 * no memory. Owner: the caller, free(). */
char *output_path(const char *typed, const char *beside, const char *name,
                  struct err *err);

/* Whether the file may be written: it does not exist, is empty, or is of this kind, since
 * a mistyped name must not cost a result. "-" is standard output. */
int output_check(const char *path, const struct output_kind *kind, struct err *err);

/* Replaces the file, or writes to standard output. */
int output_write(const char *path, const char *bytes, size_t size, struct err *err);

/* Prints the name of the file that was written; nothing of standard output. */
void output_print(const char *path);

#endif
