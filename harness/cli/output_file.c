/* output_file.c - see output_file.h. */
#include "harness/cli/output_file.h"

#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/terminal.h"
#include "base/text.h"

static bool is_stdout(const char *path)
{
    return !strcmp(path, "-");
}

void output_directory_write(FILE *out, const char *path)
{
    const char *slash = strrchr(path, '/');
    struct stat info;

    if (!stat(path, &info) && S_ISDIR(info.st_mode))
        (void)fprintf(out, "%s/", path);
    else if (slash)
        (void)fprintf(out, "%.*s/", (int)(slash - path), path);
}

char *output_path(const char *typed, const char *beside, const char *name,
                  struct err *err)
{
    struct text text;

    if (text_open(&text, err))
        return NULL;
    if (!typed)
        output_directory_write(text.out, beside);
    (void)fputs(typed ? typed : name, text.out);
    return text_close(&text, NULL, err);
}

static bool begins_with(FILE *file, const struct output_kind *kind)
{
    size_t i = 0;

    while (i < kind->head_bytes && getc(file) == (unsigned char)kind->head[i])
        i++;
    return i == kind->head_bytes;
}

int output_check(const char *path, const struct output_kind *kind, struct err *err)
{
    struct stat info;
    FILE *file;
    bool is_ours;

    if (is_stdout(path) || stat(path, &info) || !S_ISREG(info.st_mode) || !info.st_size)
        return 0;
    file = file_open("%s", path);
    if (!file)
        return err_errno(err, "cannot read '%s'", path);
    is_ours = begins_with(file, kind);
    (void)fclose(file);
    return is_ours ? 0
                   : err_set(err, "'%s' exists and is not %s; give another --out", path,
                             kind->name);
}

int output_write(const char *path, const char *bytes, size_t size, struct err *err)
{
    if (!is_stdout(path))
        return file_replace(path, bytes, size, err);
    return fwrite(bytes, 1, size, stdout) == size && !fflush(stdout)
               ? 0
               : err_errno(err, "cannot write to standard output");
}

void output_print(const char *path)
{
    if (is_stdout(path))
        return;
    terminal_write(stdout, path);
    (void)fputc('\n', stdout);
}
