/* output.c - see output.h. */
#include "harness/sweep/output.h"

#include <errno.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/directory.h"
#include "base/json.h"
#include "base/text.h"

/* How long to wait for a lock: when bench is killed, its origin keeps the lock until it
 * is killed, too. */
#define LOCK_WAIT_NS (CLOCK_NS_PER_S)

/* Two programs must not write into one file. */
static int lock(FILE *file, const char *path, struct err *err)
{
    uint64_t until_ns = clock_ns() + LOCK_WAIT_NS;
    int failed;

    while ((failed = flock(fileno(file), LOCK_EX | LOCK_NB)) && errno == EWOULDBLOCK &&
           clock_ns() < until_ns)
        clock_sleep_ns(10 * CLOCK_NS_PER_MS);
    if (!failed)
        return 0;
    return errno == EWOULDBLOCK
               ? err_set(err, "another bench is writing to %s; wait until it ends", path)
               : err_errno(err, "cannot lock %s", path);
}

/* The header as it stands in a file. Owner: the caller, free(). */
static char *header_text(size_t *size, struct err *err)
{
    struct text text;

    if (text_open(&text, err))
        return NULL;
    if (!row_write_header(text.out, err))
        return text_close(&text, size, err);
    text_drop(&text);
    return NULL;
}

/* Sets `*empty` if a file has no more than the header, or the beginning of it. */
static int find_empty(FILE *file, const char *path, bool *empty, struct err *err)
{
    size_t size = 0;
    char *header = header_text(&size, err);
    char *bytes = header ? malloc(size + 1) : NULL;
    ssize_t got = bytes ? pread(fileno(file), bytes, size + 1, 0) : -1;

    *empty = got >= 0 && (size_t)got <= size && !memcmp(bytes, header, (size_t)got);
    if (got < 0 && header)
        (void)err_errno(err, "cannot read %s", path);
    free(bytes);
    free(header);
    return got < 0 ? -1 : 0;
}

static int refuse_runs(const struct output *output, const char *path, struct err *err)
{
    char *env = NULL;
    bool resumable = asprintf(&env, "%s/env.json", output->dir) >= 0 &&
                     !access(env, F_OK);

    free(env);
    return err_set(err, "%s already exists; give another --out%s", path,
                   resumable ? ", or --resume to continue it" : "");
}

/* A sweep that was cut off before its first row leaves a file without rows. It is started
 * again; a file with rows is refused. */
static int begin_again(struct output *output, const char *path, struct err *err)
{
    bool empty;

    output->runs = fopen(path, "r+e");
    if (!output->runs)
        return err_errno(err, "cannot write %s", path);
    if (find_empty(output->runs, path, &empty, err))
        return -1;
    if (!empty)
        return refuse_runs(output, path, err);
    /* Checks again under the lock: another program may have written until now. */
    if (lock(output->runs, path, err) || find_empty(output->runs, path, &empty, err))
        return -1;
    if (!empty)
        return refuse_runs(output, path, err);
    if (ftruncate(fileno(output->runs), 0))
        return err_errno(err, "cannot write %s", path);
    output->begun_again = true;
    return row_write_header(output->runs, err);
}

static int begin_runs(struct output *output, const char *path, struct err *err)
{
    output->runs = fopen(path, "wxe");
    if (!output->runs && errno == EEXIST)
        return begin_again(output, path, err);
    if (!output->runs)
        return err_errno(err, "cannot write %s", path);
    return lock(output->runs, path, err) || row_write_header(output->runs, err) ? -1 : 0;
}

/* Cuts off an incomplete last line and continues after the complete ones. */
static int continue_runs(struct output *output, const char *path, int64_t whole_bytes,
                         struct err *err)
{
    char rest[4096];
    size_t got;

    output->runs = fopen(path, "r+e");
    if (!output->runs)
        return err_errno(err, "cannot write %s", path);
    if (lock(output->runs, path, err))
        return -1;
    if (fseek(output->runs, (long)whole_bytes, SEEK_SET))
        return err_errno(err, "cannot continue %s", path);
    got = fread(rest, 1, sizeof(rest), output->runs);
    if (got == sizeof(rest) || memchr(rest, '\n', got))
        return err_set(
            err, "%s grew after it was read; wait until no other bench writes to it",
            path);
    if (ftruncate(fileno(output->runs), (off_t)whole_bytes) ||
        fseek(output->runs, (long)whole_bytes, SEEK_SET))
        return err_errno(err, "cannot continue %s", path);
    return whole_bytes ? 0 : row_write_header(output->runs, err);
}

static int open_runs(struct output *output, const struct output_options *options,
                     struct err *err)
{
    char *path = NULL;
    int result;

    if (directory_make(output->dir, err))
        return -1;
    if (asprintf(&path, "%s/runs.csv", output->dir) < 0)
        return err_errno(err, "no memory for a path");
    result = options->earlier ? continue_runs(output, path, options->earlier_bytes, err)
                              : begin_runs(output, path, err);
    if (!result)
        output->whole_bytes = ftell(output->runs);
    free(path);
    return result;
}

static int open_csv(struct output *output, const struct runs *earlier, struct err *err)
{
    int result;

    output->csv = strcmp(output->csv_path, "-") ? fopen(output->csv_path, "we") : stdout;
    if (!output->csv)
        return err_errno(err, "cannot write %s", output->csv_path);
    result = row_write_header(output->csv, err);
    for (size_t i = 0; !result && earlier && i < earlier->count; i++)
        result = row_write(output->csv, &earlier->rows[i], err);
    return result;
}

static char *default_directory(const char *run_id)
{
    char *dir = NULL;

    return asprintf(&dir, "results/%s", run_id) < 0 ? NULL : dir;
}

int output_open(struct output *output, const struct output_options *options,
                struct err *err)
{
    const char *dir = options->dir;
    int result = 0;

    *output = (struct output){.csv_path = options->csv_path};
    if (options->csv_path)
        result = open_csv(output, options->earlier, err);
    /* Last, so that an earlier failure leaves no runs.csv that would block the corrected
     * command. */
    if (!result && (dir || !options->csv_path)) {
        output->dir = dir ? strdup(dir) : default_directory(options->run_id);
        result = output->dir ? open_runs(output, options, err)
                             : err_errno(err, "no memory for a path");
    }
    if (result)
        (void)output_close(output, NULL);
    return result;
}

/* Removes the part of a row that a failed write has left. */
static void take_back(struct output *output)
{
    __fpurge(output->runs); /* what stdio still holds of it */
    /* If that fails too, the line stays incomplete, and --resume cuts it off. */
    if (ftruncate(fileno(output->runs), output->whole_bytes))
        return;
    (void)fseek(output->runs, output->whole_bytes, SEEK_SET);
}

int output_row(struct output *output, const struct row *row, struct err *err)
{
    if (output->runs && row_write(output->runs, row, err)) {
        take_back(output);
        return err_prefix(err, "%s/runs.csv", output->dir);
    }
    if (output->runs)
        output->whole_bytes = ftell(output->runs);
    if (output->csv && row_write(output->csv, row, err))
        return err_prefix(err, "%s", output->csv_path);
    return 0;
}

int output_json(const struct output *output, const char *name, json_t *json,
                struct err *err)
{
    char *path = NULL;
    int result;

    if (!output->dir)
        return 0;
    if (asprintf(&path, "%s/%s", output->dir, name) < 0)
        return err_errno(err, "no memory for a path");
    result = json_replace_file(json_incref(json), path, err);
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
