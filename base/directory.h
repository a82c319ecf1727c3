/* directory.h - creating directories for output files. */
#ifndef BASE_DIRECTORY_H
#define BASE_DIRECTORY_H

#include "base/err.h"

/* Creates a directory and its parents; an existing one is fine. */
int directory_make(const char *path, struct err *err);

/* Creates the directories above a file; a name without a directory is fine. */
int directory_make_for(const char *file, struct err *err);

#endif
