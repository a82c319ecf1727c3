/* directory.h - directories for what is to be written. */
#ifndef BASE_DIRECTORY_H
#define BASE_DIRECTORY_H

#include "base/err.h"

/* Makes a directory and those above it; one that is there already is fine. */
int directory_make(const char *path, struct err *err);

/* The same for the directory that a file is to be in; none in its name is fine. */
int directory_make_for(const char *file, struct err *err);

#endif
