/* output.c - see output.h. */
#include "harness/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

/* Makes a directory and those above it. */
static int make_directory(const char *path, struct err *err)
{
    char *copy = strdup(path);
    int result = 0;

    if (!copy)
        return err_errno(err, "no memory for a path");
    for (char *slash = copy + 1; !result && *slash; slash++) {
        if (*slash != '/')
            continue;
        *slash = '\0';
        if (mkdir(copy, 0777) && errno != EEXIST)
            result = err_errno(err, "cannot make the directory %s", copy);
        *slash = '/';
    }
    if (!result && mkdir(copy, 0777) && errno != EEXIST)
        result = err_errno(err, "cannot make the directory %s", copy);
    free(copy);
    return result;
}

static int open_runs(struct output *output, struct err *err)
{
    char *path = NULL;
    int result = 0;

    if (make_directory(output->dir, err))
        return -1;
    if (asprintf(&path, "%s/runs.csv", output->dir) < 0)
        return err_errno(err, "no memory for a path");
    output->runs = fopen(path, "wxe");
    if (!output->runs && errno == EEXIST)
        result = err_set(err, "%s is there already: give another --out", path);
    else if (!output->runs)
        result = err_errno(err, "cannot write %s", path);
    else
        result = row_write_header(output->runs, err);
    free(path);
    return result;
}

static int open_csv(struct output *output, struct err *err)
{
    output->csv = strcmp(output->csv_path, "-") ? fopen(output->csv_path, "we") : stdout;
    if (!output->csv)
        return err_errno(err, "cannot write %s", output->csv_path);
    return row_write_header(output->csv, err);
}

static char *default_directory(int64_t wall_s)
{
    char time[CLOCK_TEXT_SIZE];
    char *dir = NULL;

    clock_compact_utc(wall_s, time);
    return asprintf(&dir, "results/%s", time) < 0 ? NULL : dir;
}

int output_open(struct output *output, const char *dir, const char *csv_path,
                int64_t wall_s, struct err *err)
{
    int result = 0;

    *output = (struct output){.csv_path = csv_path};
    if (csv_path)
        result = open_csv(output, err);
    /* Last, so that what fails before leaves no runs.csv, which would be in the way of
     * the corrected command. */
    if (!result && (dir || !csv_path)) {
        output->dir = dir ? strdup(dir) : default_directory(wall_s);
        result = output->dir ? open_runs(output, err)
                             : err_errno(err, "no memory for a path");
    }
    if (result)
        (void)output_close(output, NULL);
    return result;
}

int output_row(struct output *output, const struct row *row, struct err *err)
{
    if (output->runs && row_write(output->runs, row, err))
        return err_prefix(err, "%s/runs.csv", output->dir);
    if (output->csv && row_write(output->csv, row, err))
        return err_prefix(err, "%s", output->csv_path);
    return 0;
}

int output_env(const struct output *output, const json_t *env, struct err *err)
{
    char *path = NULL;
    char *new_path = NULL;
    int result = 0;

    if (!output->dir)
        return 0;
    if (asprintf(&path, "%s/env.json", output->dir) < 0)
        return err_errno(err, "no memory for a path");
    if (asprintf(&new_path, "%s.new", path) < 0) {
        free(path);
        return err_errno(err, "no memory for a path");
    }
    if (json_dump_file(env, new_path, JSON_INDENT(2) | JSON_REAL_PRECISION(9)) ||
        rename(new_path, path)) {
        result = err_errno(err, "cannot write %s", path);
        (void)unlink(new_path);
    }
    free(new_path);
    free(path);
    return result;
}

static int close_file(FILE *file, const char *name, struct err *err)
{
    if (!file)
        return 0;
    if (file == stdout ? fflush(file) : fclose(file))
        return err_errno(err, "cannot write %s", name);
    return 0;
}

int output_close(struct output *output, struct err *err)
{
    int result = close_file(output->runs, "runs.csv", err);

    if (close_file(output->csv, output->csv_path, err))
        result = -1;
    free(output->dir);
    *output = (struct output){0};
    return result;
}
