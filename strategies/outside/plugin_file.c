/* plugin_file.c - see plugin_file.h. */
#include "strategies/outside/plugin_file.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "strategies/plugin.h"

/* -- the interface ------------------------------------------------------------- */

/* A change of these sizes needs another BENCH_PLUGIN_ABI: an object that was compiled
 * before would read the structs wrongly. Then the sizes here change with it. */
#if BENCH_PLUGIN_ABI != 1
#error "state the sizes of the new interface below"
#endif
#if __SIZEOF_POINTER__ == 8
#define SAME_SIZE(type, bytes) \
    _Static_assert(sizeof(struct type) == (bytes), "another BENCH_PLUGIN_ABI")
SAME_SIZE(bench_plugin, 16);
SAME_SIZE(strategy, 112);
SAME_SIZE(strategy_needs, 20);
SAME_SIZE(strategy_env, 40);
SAME_SIZE(work_item, 40);
SAME_SIZE(work_expectation, 24);
SAME_SIZE(fetch_result, 128);
SAME_SIZE(fetch_policy, 792);
SAME_SIZE(fetch_site, 28680);
SAME_SIZE(response, 72);
SAME_SIZE(url, 32);
SAME_SIZE(usage, 48);
SAME_SIZE(err, 512);
#endif

/* -- finding ------------------------------------------------------------------- */

/* -1 with errno. */
static int look_at(const char *path, struct plugin_file *file)
{
    struct stat info;

    if (stat(path, &info))
        return -1;
    file->device = info.st_dev;
    file->inode = info.st_ino;
    file->size_bytes = (uint64_t)info.st_size;
    file->changed_ns = (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
    return 0;
}

/* dlopen() also refuses other files, but with messages such as "invalid ELF header". */
static int check_is_elf(const struct plugin_file *file, const char *path, struct err *err)
{
    char magic[SELFMAG] = "";
    int fd = open(file->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    ssize_t got;

    if (fd < 0)
        return err_errno(err, "cannot open %.300s", path);
    got = read(fd, magic, sizeof(magic));
    (void)close(fd);
    if (got != sizeof(magic) || memcmp(magic, ELFMAG, SELFMAG) != 0)
        return err_set(err, "%.300s is not a shared object; build one with cc -shared",
                       path);
    return 0;
}

int plugin_file_find(struct plugin_file *file, const char *path, struct err *err)
{
    char *whole = realpath(path, NULL);

    *file = (struct plugin_file){.device = 0};
    if (!whole)
        return err_errno(err, "cannot open %.300s", path);
    if (strlen(whole) >= sizeof(file->path)) {
        free(whole);
        return err_set(err, "cannot open %.300s: its path is too long", path);
    }
    memcpy(file->path, whole, strlen(whole) + 1);
    free(whole);
    if (look_at(file->path, file))
        return err_errno(err, "cannot load %.300s", path);
    return check_is_elf(file, path, err);
}

/* -- loading ------------------------------------------------------------------- */

static int check_unchanged(const struct plugin_file *file, struct err *err)
{
    struct plugin_file now = {.device = 0};

    if (look_at(file->path, &now))
        return err_errno(err, "it cannot be loaded");
    if (now.device != file->device || now.inode != file->inode ||
        now.size_bytes != file->size_bytes || now.changed_ns != file->changed_ns)
        return err_set(err,
                       "the file has changed since this sweep began; start again, so "
                       "that all rows have the same model");
    return 0;
}

/* The loader's message, without the path that the caller names. */
static const char *loader_message(const struct plugin_file *file)
{
    const char *message = dlerror();
    size_t length = strlen(file->path);

    if (!message)
        return "the loader gives no reason";
    return strncmp(message, file->path, length) == 0 && message[length] == ':'
               ? message + length + 2
               : message;
}

static int check_table(const struct bench_plugin *plugin, struct err *err)
{
    if (!plugin)
        return err_set(err, "it exports no 'bench_plugin'; define it as in "
                            "<bench/plugin.h>, and in C++ include that file before");
    if (plugin->abi != BENCH_PLUGIN_ABI)
        return err_set(
            err,
            "it has plugin interface %u, and this bench has %d; rebuild it with "
            "the headers of this bench",
            plugin->abi, BENCH_PLUGIN_ABI);
    if (!plugin->strategy)
        return err_set(err, "its 'bench_plugin' has no strategy");
    if (!plugin->strategy->open || !plugin->strategy->run || !plugin->strategy->close)
        return err_set(err, "its strategy lacks one of open, run and close");
    return 0;
}

int plugin_file_load(const struct plugin_file *file, const struct strategy **strategy,
                     struct err *err)
{
    const struct bench_plugin *plugin;
    void *object;

    if (check_unchanged(file, err))
        return -1;
    object = dlopen(file->path, RTLD_NOW | RTLD_LOCAL);
    if (!object)
        return err_set(err, "it cannot be loaded: %.400s", loader_message(file));
    if (check_unchanged(file, err))
        return -1;
    plugin = dlsym(object, "bench_plugin");
    if (check_table(plugin, err))
        return -1;
    *strategy = plugin->strategy;
    return 0;
}
