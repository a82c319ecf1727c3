/* env.c - see env.h. What cannot be found out is left out. */
#include "harness/sweep/env.h"

#include <curl/curl.h>
#include <event2/event.h>
#include <math.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <zlib.h>

#include "base/clock.h"
#include "base/cpus.h"
#include "fetch/options.h"
#include "harness/machine/cgroup.h"
#include "harness/target/http_header.h"
#include "harness/target/target_site_env.h"
#include "origin/certificate.h"

static void set_text(json_t *object, const char *key, const char *text)
{
    if (text && text[0])
        (void)json_object_set_new(object, key, json_string(text));
}

static void set_count(json_t *object, const char *key, uint64_t count)
{
    (void)json_object_set_new(object, key, json_integer((json_int_t)count));
}

static void set_seconds(json_t *object, const char *key, uint64_t ns)
{
    (void)json_object_set_new(object, key, json_real(clock_seconds(ns)));
}

/* The first line of a small file, as text. */
static void set_file(json_t *object, const char *key, const char *path)
{
    FILE *file = fopen(path, "re");
    char line[256];

    if (!file)
        return;
    if (fgets(line, sizeof(line), file)) {
        line[strcspn(line, "\n")] = '\0';
        set_text(object, key, line);
    }
    (void)fclose(file);
}

/* -- the machine --------------------------------------------------------------- */

static void set_cpu_model(json_t *object)
{
    FILE *file = fopen("/proc/cpuinfo", "re");
    char line[256];

    while (file && fgets(line, sizeof(line), file)) {
        const char *colon = strchr(line, ':');

        if (strncmp(line, "model name", 10) != 0 || !colon)
            continue;
        line[strcspn(line, "\n")] = '\0';
        set_text(object, "cpu_model", colon + 2);
        break;
    }
    if (file)
        (void)fclose(file);
}

static json_t *describe_hardware(void)
{
    json_t *object = json_object();
    struct utsname name;
    struct cpus allowed;
    long pages = sysconf(_SC_PHYS_PAGES);
    long page_bytes = sysconf(_SC_PAGESIZE);

    if (!uname(&name)) {
        set_text(object, "hostname", name.nodename);
        set_text(object, "system", name.sysname);
        set_text(object, "kernel", name.release);
        set_text(object, "architecture", name.machine);
    }
    set_cpu_model(object);
    set_count(object, "cpus_online", (uint64_t)sysconf(_SC_NPROCESSORS_ONLN));
    if (!cpus_allowed(&allowed, NULL)) {
        char *list = cpus_text(&allowed);

        set_count(object, "cpus_allowed", cpus_count(&allowed));
        set_text(object, "cpus_allowed_list", list);
        free(list);
    }
    if (pages > 0 && page_bytes > 0)
        set_count(object, "memory_bytes", (uint64_t)pages * (uint64_t)page_bytes);
    set_file(object, "load_average", "/proc/loadavg");
    set_file(object, "cpu_governor",
             "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    return object;
}

/* The tightest limit of its kind, and how much of it others have. */
static void set_limit(json_t *object, const char *key, const struct limit *limit)
{
    json_t *parts = json_object();

    if (limit->known) {
        set_text(parts, "limit", limit->name);
        set_count(parts, "max", limit->max);
        set_count(parts, "used", limit->used);
    }
    (void)json_object_set_new(object, key, parts);
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

    set_count(object, "descriptors", limits->descriptors);
    set_limit(object, "tasks", &limits->tasks);
    set_limit(object, "memory_bytes", &limits->memory);
    if (limits->ports)
        set_count(object, "ports", limits->ports);
    if (isfinite(quota))
        (void)json_object_set_new(object, "cgroup_cpus", json_real(quota));
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        set_file(object, files[i].key, files[i].path);
    return object;
}

static json_t *describe_libraries(void)
{
    const curl_version_info_data *curl = curl_version_info(CURLVERSION_NOW);
    json_t *object = json_object();

    set_text(object, "libcurl", curl->version);
    set_text(object, "libcurl_built_with", LIBCURL_VERSION);
    set_text(object, "tls", curl->ssl_version);
    set_text(object, "resolver",
             curl->ares                                ? "c-ares"
             : curl->features & CURL_VERSION_ASYNCHDNS ? "threaded"
                                                       : "blocking");
    set_text(object, "origin_openssl", OpenSSL_version(OPENSSL_VERSION_STRING));
    set_text(object, "libevent", event_get_version());
    set_text(object, "libevent_built_with", LIBEVENT_VERSION);
    set_text(object, "zlib", zlibVersion());
    set_text(object, "jansson", jansson_version_str());
    return object;
}

/* A checksum of the program itself: what tells two builds of one version apart. */
static void set_program_crc32(json_t *object)
{
    FILE *file = fopen("/proc/self/exe", "rbe");
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
        set_text(object, "program_crc32", text);
    }
    (void)fclose(file);
}

static json_t *describe_build(void)
{
    json_t *object = json_object();

    set_text(object, "version", BENCH_VERSION);
    set_text(object, "type", BENCH_BUILD_TYPE);
    set_text(object, "compiler", BENCH_COMPILER);
    set_program_crc32(object);
    return object;
}

static void add_option(void *object, const char *name, const char *value)
{
    (void)json_object_set_new(object, name, value ? json_string(value) : json_null());
}

json_t *env_machine(const struct machine_limits *limits, struct err *err)
{
    json_t *object = json_object();
    json_t *options = json_object();

    (void)json_object_set_new(object, "bench", describe_build());
    (void)json_object_set_new(object, "machine", describe_hardware());
    (void)json_object_set_new(object, "limits", describe_limits(limits));
    (void)json_object_set_new(object, "libraries", describe_libraries());
    options_describe(add_option, options);
    if (json_object_set_new(object, "libcurl_options", options)) {
        json_decref(object);
        (void)err_set(err, "no memory to describe the machine");
        return NULL;
    }
    return object;
}

/* -- the plan ------------------------------------------------------------------ */

static json_t *list_strategies(const struct plan *plan)
{
    json_t *list = json_array();

    for (size_t i = 0; i < plan->strategy_count; i++)
        (void)json_array_append_new(list, json_string(plan->strategies[i]->name));
    return list;
}

/* What makes the comparison fair, or not: who waits, what is shared, what it takes. */
static json_t *describe_strategies(const struct plan *plan)
{
    json_t *list = json_object();

    for (size_t i = 0; i < plan->strategy_count; i++) {
        const struct strategy *strategy = plan->strategies[i];
        json_t *object = json_object();
        char text[STRATEGY_TEXT_SIZE];

        set_text(object, "model", strategy->summary);
        set_text(object, "waits", strategy->waits);
        set_text(object, "requests_share", strategy->shared);
        set_text(object, "tls_session", strategy->sessions);
        set_text(object, "costs", strategy_costs(strategy, text));
        set_text(object, "limit", strategy_limits(strategy, text));
        (void)json_object_set_new(list, strategy->name, object);
    }
    return list;
}

static json_t *list_levels(const struct plan *plan)
{
    json_t *list = json_array();

    for (size_t i = 0; i < plan->levels.count; i++)
        (void)json_array_append_new(list, json_integer(plan->levels.values[i]));
    return list;
}

static json_t *list_cells(const struct plan *plan)
{
    json_t *list = json_array();

    for (size_t i = 0; i < plan->pick_count; i++)
        (void)json_array_append_new(
            list,
            json_sprintf("%s@%u", plan->picks[i].strategy->name, plan->picks[i].level));
    return list;
}

static json_t *list_variants(const struct plan *plan)
{
    json_t *object = json_object();

    for (size_t i = 0; i < plan->variant_count; i++) {
        const struct variant *variant = &plan->variants[i];
        json_t *settings = json_object();

        for (size_t j = 0; j < variant->setting_count; j++) {
            size_t length = strcspn(variant->settings[j], "=");

            (void)json_object_setn_new(settings, variant->settings[j], length,
                                       json_string(variant->settings[j] + length + 1));
        }
        (void)json_object_set_new(object, variant->name, settings);
    }
    return object;
}

static json_t *list_labels(const struct run_options *options)
{
    json_t *object = json_object();

    for (size_t i = 0; i < options->label_count; i++) {
        const char *equals = strchr(options->labels[i], '=');

        (void)json_object_setn_new(object, options->labels[i],
                                   (size_t)(equals - options->labels[i]),
                                   json_string(equals + 1));
    }
    return object;
}

static json_t *list_arguments(int argc, char **argv)
{
    json_t *list = json_array();

    for (int i = 1; i < argc; i++) {
        char *argument = http_header_masked(argv[i]);

        (void)json_array_append_new(list, argument ? json_string(argument) : json_null());
        free(argument);
    }
    return list;
}

/* Who is trusted is in no file: a CA made for this sweep, and nobody else. */
static json_t *describe_tls(void)
{
    json_t *object = json_object();

    set_text(object, "key", CERTIFICATE_KEY_TYPE);
    set_text(object, "trusted", "an authority made for this sweep alone");
    return object;
}

static void describe_origin(json_t *object, const struct plan *plan)
{
    const struct behaviour *origin = &plan->origin;

    if (plan->site) {
        target_site_env_describe(object, plan->site);
        return;
    }
    set_text(object, "delay", origin->delay.text);
    set_seconds(object, "delay_s", delay_median_ns(&origin->delay));
    set_text(object, "body", body_word(&origin->body));
    if (origin->body.bytes)
        set_count(object, "page_bytes", origin->body.bytes);
    if (origin->capacity) {
        set_count(object, "capacity", origin->capacity);
        set_text(object, "overload", overload_word(origin->overload));
    }
    if (origin->faults.text[0])
        set_text(object, "faults", origin->faults.text);
    if (plan->tls)
        (void)json_object_set_new(object, "tls", describe_tls());
}

json_t *env_plan(const struct run_options *options, int argc, char **argv,
                 struct err *err)
{
    const struct plan *plan = &options->plan;
    json_t *object = json_object();

    (void)json_object_set_new(object, "arguments", list_arguments(argc, argv));
    set_text(object, "profile", options->profile);
    (void)json_object_set_new(object, "strategies", list_strategies(plan));
    (void)json_object_set_new(object, "strategies_described", describe_strategies(plan));
    (void)json_object_set_new(object, "levels", list_levels(plan));
    if (plan->pick_count)
        (void)json_object_set_new(object, "cells", list_cells(plan));
    (void)json_object_set_new(object, "variants", list_variants(plan));
    set_count(object, "rounds", plan->rounds);
    set_count(object, "warmup_rounds", plan->warmup_rounds);
    set_count(object, "workers", plan->workers);
    set_text(object, "order", plan->shuffled ? "shuffled" : "grouped");
    set_count(object, "seed", plan->seed);
    if (plan->requests)
        set_count(object, "requests", plan->requests);
    describe_origin(object, plan);
    set_text(object, "connections", plan->reuse_connections ? "reuse" : "fresh");
    set_text(object, "tls_sessions", plan->tls_sessions ? "on" : "off");
    set_text(object, "pin", plan->pin.pinned ? plan->pin.text : "off");
    set_text(object, "pin_words", plan->pin.words);
    set_seconds(object, "timeout_s", plan_timeout_ns(plan));
    if (options->raw)
        (void)json_object_set_new(object, "raw", json_true());
    if (plan->max_host_connections)
        set_count(object, "max_host_connections", plan->max_host_connections);
    if (plan->budget_ns)
        set_seconds(object, "budget_s", plan->budget_ns);
    if (plan_analyses(plan) > 1)
        set_count(object, "looks", plan_analyses(plan));
    if (plan->probe_each_round)
        set_text(object, "census", "round");
    if (plan->once_above_ns)
        set_seconds(object, "once_above_s", plan->once_above_ns);
    if (plan->max_cell_ns)
        set_seconds(object, "max_cell_s", plan->max_cell_ns);
    if (json_object_set_new(object, "labels", list_labels(options))) {
        json_decref(object);
        (void)err_set(err, "no memory to describe the plan");
        return NULL;
    }
    return object;
}
