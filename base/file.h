/* file.h - small files: reading what the kernel says in them, and replacing one whole. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"

/* Opens a file for reading, and its descriptor is not inherited. printf() makes the path
 * of the rest. NULL with errno: it cannot be opened, or the path is longer than PATH_MAX.
 */
FILE *file_open(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* opendir(). NULL with errno. */
DIR *file_open_directory(const char *path);

/* True when one of the two has ever failed since there was no memory. A reader for whom a
 * file that cannot be opened says nothing asks for it at the end of all that it reads. */
bool file_lacked_memory(void);

/* The first line that begins with `prefix`, which may be "", without its newline; a
 * longer one is cut off. False: there is none. */
bool file_line(const char *path, const char *prefix, char *line, size_t size);

/* Reads a whole file, of any kind. The caller frees `*bytes`, which are terminated by a
 * zero byte; it is NULL after -1. */
int file_read(const char *path, char **bytes, size_t *size, struct err *err);

/* Makes `size` bytes the content of a file: writes them aside and renames, so that
 * another program sees the old content or the new, and a failure leaves the old. Its
 * permissions stay. A link is followed, and what is no regular file is written to as it
 * is. */
int file_replace(const char *path, const char *bytes, size_t size, struct err *err);

#endif
