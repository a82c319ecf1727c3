/* directory.c - see directory.h. */
#include "base/directory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int make_one(const char *path, struct err *err)
{
    if (mkdir(path, 0777) && errno != EEXIST)
        return err_errno(err, "cannot create directory '%s'", path);
    return 0;
}

/* Creates the parents of `path`, which is modified temporarily. */
static int make_parents(char *path, struct err *err)
{
    int result = 0;

    for (char *slash = path + 1; !result && *path && *slash; slash++) {
        if (*slash != '/')
            continue;
        *slash = '\0';
        result = make_one(path, err);
        *slash = '/';
    }
    return result;
}

int directory_make_for(const char *file, struct err *err)
{
    char *copy = strdup(file);
    int result;

    if (!copy)
        return err_errno(err, "no memory for a path");
    result = make_parents(copy, err);
    free(copy);
    return result;
}

int directory_make(const char *path, struct err *err)
{
    return directory_make_for(path, err) ? -1 : make_one(path, err);
}
