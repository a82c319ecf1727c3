/* env.c - see env.h. Facts that cannot be determined are left out. */
#include "harness/sweep/env.h"

#include <curl/curl.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <zlib.h>

#include "base/cpus.h"
#include "base/file.h"
#include "base/json.h"
#include "fetch/options.h"
#include "harness/machine/cgroup.h"
#include "harness/machine/cpu_model.h"
#include "harness/sweep/libraries.h"
#include "harness/target/target_site_env.h"
#include "origin/certificate.h"

/* The first line of a small file, as text. */
static void put_line(json_t **object, const char *key, const char *path,
                     const char *prefix)
{
    char line[256];

    if (file_line(path, prefix, line, sizeof(line)))
        json_put_text(object, key, line);
}

/* -- the machine --------------------------------------------------------------- */

static json_t *describe_hardware(void)
{
    json_t *object = json_object();
    struct utsname name;
    char model[CPU_MODEL_SIZE];
    struct cpus allowed;
    long pages = sysconf(_SC_PHYS_PAGES);
    long page_bytes = sysconf(_SC_PAGESIZE);

    if (!uname(&name)) {
        json_put_text(&object, "hostname", name.nodename);
        json_put_text(&object, "system", name.sysname);
        json_put_text(&object, "kernel", name.release);
        json_put_text(&object, "architecture", name.machine);
    }
    if (cpu_model("", model)[0])
        json_put_text(&object, "cpu_model", model);
    json_put_count(&object, "cpus_online", (uint64_t)sysconf(_SC_NPROCESSORS_ONLN));
    if (!cpus_allowed(&allowed, NULL)) {
        char *list = cpus_text(&allowed);

        json_put_count(&object, "cpus_allowed", cpus_count(&allowed));
        json_put(&object, "cpus_allowed_list", json_string(list)); /* NULL stays NULL */
        free(list);
    }
    if (pages > 0 && page_bytes > 0)
        json_put_count(&object, "memory_bytes", (uint64_t)pages * (uint64_t)page_bytes);
    put_line(&object, "load_average", "/proc/loadavg", "");
    put_line(&object, "cpu_governor",
             "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "");
    return object;
}

/* The tightest limit of its kind, and how much of it is in use. */
static void put_limit(json_t **object, const char *key, const struct limit *limit)
{
    json_t *parts = json_object();

    if (limit->known) {
        json_put_text(&parts, "limit", limit->name);
        json_put_count(&parts, "max", limit->max);
        json_put_count(&parts, "used", limit->used);
    }
    json_put(object, key, parts);
}

static json_t *describe_limits(const struct machine_limits *limits)
{
    static const struct {
        const char *key, *path;
    } files[] = {
        {"somaxconn", "/proc/sys/net/core/somaxconn"},
        {"tcp_max_syn_backlog", "/proc/sys/net/ipv4/tcp_max_syn_backlog"},
        {"ip_local_port_range", "/proc/sys/net/ipv4/ip_local_port_range"},
        {"ip_local_reserved_ports", "/proc/sys/net/ipv4/ip_local_reserved_ports"},
        {"tcp_tw_reuse", "/proc/sys/net/ipv4/tcp_tw_reuse"},
        {"tcp_timestamps", "/proc/sys/net/ipv4/tcp_timestamps"},
        {"pid_max", "/proc/sys/kernel/pid_max"},
        {"threads_max", "/proc/sys/kernel/threads-max"},
        {"max_map_count", "/proc/sys/vm/max_map_count"},
        {"overcommit_memory", "/proc/sys/vm/overcommit_memory"},
        {"randomize_va_space", "/proc/sys/kernel/randomize_va_space"},
    };
    json_t *object = json_object();
    double quota = cgroup_cpu_quota("");

    json_put_count(&object, "descriptors", limits->descriptors);
    put_limit(&object, "tasks", &limits->tasks);
    put_limit(&object, "memory_bytes", &limits->memory);
    if (limits->ports)
        json_put_count(&object, "ports", limits->ports);
    json_put_number(&object, "cgroup_cpus", quota);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        put_line(&object, files[i].key, files[i].path, "");
    return object;
}

static json_t *describe_libraries(void)
{
    struct libraries libraries = libraries_in_use();
    json_t *object = json_object();

    json_put_text(&object, "libcurl", libraries.libcurl);
    json_put_text(&object, "libcurl_built_with", LIBCURL_VERSION);
    json_put_text(&object, "tls", libraries.tls);
    json_put_text(&object, "resolver", libraries.resolver);
    json_put_text(&object, "origin_openssl", libraries.openssl);
    json_put_text(&object, "libevent", libraries.libevent);
    json_put_text(&object, "libevent_built_with", LIBEVENT_VERSION);
    json_put_text(&object, "zlib", libraries.zlib);
    json_put_text(&object, "libdeflate_built_with", libraries.libdeflate);
    json_put_text(&object, "jansson", libraries.jansson);
    return object;
}

/* A checksum of a program or a library, which tells two builds of one version apart. */
static void put_crc32(json_t **object, const char *key, const char *path)
{
    FILE *file = file_open("%s", path);
    unsigned char block[16384];
    uLong crc = crc32(0, NULL, 0);
    char text[16];
    size_t got;

    if (!file)
        return;
    while ((got = fread(block, 1, sizeof(block), file)) > 0)
        crc = crc32(crc, block, (uInt)got);
    if (!ferror(file)) {
        (void)snprintf(text, sizeof(text), "%08lx", crc);
        json_put_text(object, key, text);
    }
    (void)fclose(file);
}

static json_t *describe_build(void)
{
    json_t *object = json_object();

    json_put_text(&object, "version", BENCH_VERSION);
    json_put_text(&object, "type", BENCH_BUILD_TYPE);
    json_put_text(&object, "compiler", BENCH_COMPILER);
    put_crc32(&object, "program_crc32", "/proc/self/exe");
    return object;
}

static void add_option(void *options, const char *name, const char *value)
{
    json_put(options, name, value ? json_string(value) : json_null());
}

json_t *env_facts(const struct machine_limits *limits)
{
    json_t *object = json_object();
    json_t *options = json_object();

    options_describe(add_option, &options);
    json_put(&object, "bench", describe_build());
    json_put(&object, "machine", describe_hardware());
    json_put(&object, "limits", describe_limits(limits));
    json_put(&object, "libraries", describe_libraries());
    json_put(&object, "libcurl_options", options);
    if (!file_lacked_memory())
        return object;
    json_decref(object); /* the limits may be wrong, too */
    return NULL;
}

/* -- what follows from the plan ------------------------------------------------ */

/* The properties that make a comparison fair or not: who waits, which parts are shared,
 * which resources a strategy takes. */
static json_t *describe_strategies(const struct plan *plan)
{
    json_t *list = json_object();

    for (size_t i = 0; i < plan->strategy_count; i++) {
        const struct strategy *strategy = plan->strategies[i];
        json_t *object = json_object();
        char text[STRATEGY_TEXT_SIZE];

        json_put_text(&object, "model", strategy->summary);
        json_put_text(&object, "waits", strategy->waits);
        json_put_text(&object, "requests_share", strategy->shared);
        json_put_text(&object, "tls_session", strategy->sessions);
        json_put_text(&object, "costs", strategy_costs(strategy, text));
        json_put_text(&object, "limit", strategy_limits(strategy, text));
        json_put(&list, strategy->name, object);
    }
    return list;
}

/* The trusted CA is in no file: it is made for this sweep alone. */
static json_t *describe_tls(void)
{
    json_t *object = json_object();

    json_put_text(&object, "key", CERTIFICATE_KEY_TYPE);
    json_put_text(&object, "trusted", "a CA made for this sweep alone");
    return object;
}

/* By the name of the strategy. The cells load the same content: they check it. */
static json_t *describe_plugins(const struct plan *plan)
{
    json_t *object = json_object();

    for (size_t i = 0; i < plan->outside.count; i++) {
        const struct outside_model *model = plan->outside.items[i];

        if (model->kind == OUTSIDE_PLUGIN)
            put_crc32(&object, model->name, model->file.path);
    }
    return object;
}

void env_add_plan(json_t **env, const struct plan *plan)
{
    json_put(env, "plugin_crc32", describe_plugins(plan));
    json_put(env, "strategies", describe_strategies(plan));
    json_put_text(env, "pinned", plan->pin.words);
    if (plan->site)
        json_put(env, "target", target_site_describe(plan->site));
    if (plan->tls)
        json_put(env, "tls", describe_tls());
}
