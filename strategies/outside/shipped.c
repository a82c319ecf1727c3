/* shipped.c - see shipped.h. */
#include "strategies/outside/shipped.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct shipped shipped_programs[] = {
#define SHIPPED(name, group, words, level_limit, fresh_only, summary) \
    {name, group, words, level_limit, fresh_only, summary},
#include "strategies/outside/shipped.def"
#undef SHIPPED
    {.name = NULL},
};

/* The directory of this program; "" if it is not known. */
static void own_directory(char path[PATH_MAX])
{
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
    char *slash;

    path[length > 0 ? length : 0] = '\0';
    slash = strrchr(path, '/');
    if (slash)
        *slash = '\0';
}

/* Writes the command if its file is in this folder. */
static bool is_in(const char *folder, const struct shipped *shipped, char **command)
{
    int file = (int)strcspn(shipped->words, " ");
    char *path = NULL;
    bool found;

    *command = NULL;
    if (asprintf(&path, "%s/%.*s", folder, file, shipped->words) < 0)
        return false;
    found = !access(path, X_OK) && !strchr(path, '\'');
    free(path);
    if (found && asprintf(command, "'%s/%.*s'%s", folder, file, shipped->words,
                          shipped->words + file) < 0)
        *command = NULL;
    return found;
}

int shipped_command(const struct shipped *shipped, char **command, struct err *err)
{
    char own[PATH_MAX];
    char installed[PATH_MAX + 32];
    char built[PATH_MAX + 48]; /* of build/PRESET/bench in a checkout */

    own_directory(own);
    (void)snprintf(built, sizeof(built), "%s/../../strategies/outside/programs", own);
    (void)snprintf(installed, sizeof(installed), "%s/../share/bench/programs", own);
    if (!is_in(installed, shipped, command) && !is_in(built, shipped, command))
        return err_set(err,
                       "the program of '%s' is not in %.300s; install bench with cmake "
                       "--install",
                       shipped->name, installed);
    return *command ? 0 : err_errno(err, "no memory for a command");
}
