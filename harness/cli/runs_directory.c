/* runs_directory.c - see runs_directory.h. */
#include "harness/cli/runs_directory.h"

#include <string.h>
#include <sys/stat.h>

void runs_directory_write(FILE *out, const char *runs)
{
    const char *slash = strrchr(runs, '/');
    struct stat info;

    if (!stat(runs, &info) && S_ISDIR(info.st_mode))
        (void)fprintf(out, "%s/", runs);
    else if (slash)
        (void)fprintf(out, "%.*s/", (int)(slash - runs), runs);
}
