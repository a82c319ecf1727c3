/* file.h - small files: reading them, also in /proc and /sys, and replacing one as a
 * whole. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"

/* Opens a file for reading, close-on-exec. The path is formatted as by printf(). NULL
 * with errno: it cannot be opened, or the path is longer than PATH_MAX. */
FILE *file_open(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* opendir(). NULL with errno. */
DIR *file_open_directory(const char *path);

/* True if one of the two has ever failed for lack of memory. A reader that takes a file
 * it cannot open for an absent one checks this after its last file. */
bool file_lacked_memory(void);

/* Reads the first line that begins with `prefix`, which may be "", without its newline,
 * cut off to fit. False: there is none. */
bool file_line(const char *path, const char *prefix, char *line, size_t size);

/* Reads a whole file of any type. The caller frees `*bytes`, which ends with a zero byte;
 * it is NULL after -1. */
int file_read(const char *path, char **bytes, size_t *size, struct err *err);

/* Writes all bytes to a descriptor. -1 with errno. */
int file_write_all(int fd, const char *bytes, size_t size);

/* Replaces the content of a file by `size` bytes: writes a temporary file and renames it,
 * so that another program sees the old content or the new, and a failure leaves the old.
 * Its permissions are kept. A link is followed, and a file that is not regular is written
 * to directly. */
int file_replace(const char *path, const char *bytes, size_t size, struct err *err);

#endif
