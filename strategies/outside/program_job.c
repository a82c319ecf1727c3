/* program_job.c - see program_job.h. */
#include "strategies/outside/program_job.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "fetch/site.h"
#include "strategies/outside/program_rate.h"

static void path_of(int fd, char path[PROGRAM_PATH_SIZE])
{
    (void)snprintf(path, PROGRAM_PATH_SIZE, "/proc/%ld/fd/%d", (long)getpid(), fd);
}

/* A file of these bytes that no process can change. -1: see `err`. */
static int make_file(const char *name, const char *bytes, size_t size, struct err *err)
{
    int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (fd < 0 || file_write_all(fd, bytes, size) ||
        fcntl(fd, F_ADD_SEALS,
              F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)) {
        (void)err_errno(err, "cannot write the job of the program");
        if (fd >= 0)
            (void)close(fd);
        return -1;
    }
    return fd;
}

/* -- its content --------------------------------------------------------------- */

static json_t *list_urls(const struct work *work)
{
    json_t *list = json_array();
    size_t count;

    (void)work_results(work, &count);
    for (size_t i = 0; i < count; i++)
        json_add(&list, json_of_bytes(work_url(work, i)));
    return list;
}

/* {"host": "address"} of lines "host:port:address"; an IPv6 address is in brackets. */
static json_t *map_hosts(const char *pins)
{
    json_t *hosts = json_object();

    for (const char *line = pins; *line;) {
        size_t length = strcspn(line, "\n");
        const char *colon = memchr(line, ':', length);
        const char *second =
            colon ? memchr(colon + 1, ':', length - (size_t)(colon + 1 - line)) : NULL;

        if (second) {
            const char *address = second + 1 + (second[1] == '[');
            size_t rest = length - (size_t)(address - line);
            char host[256];

            rest -= rest && address[rest - 1] == ']';
            (void)snprintf(host, sizeof(host), "%.*s", (int)(colon - line), line);
            json_put(&hosts, host, json_stringn(address, rest));
        }
        line += length + (line[length] == '\n');
    }
    return hosts;
}

/* When each request is due, after `go`. */
static json_t *list_moments(const struct work *work)
{
    json_t *list = json_array();
    size_t count;

    (void)work_results(work, &count);
    for (size_t i = 0; i < count; i++)
        json_add(&list, json_integer((json_int_t)work_due_ns(work, i)));
    return list;
}

static json_t *list_lines(const char *lines)
{
    json_t *list = json_array();

    while (*lines) {
        size_t length = strcspn(lines, "\n");
        char *line = strndup(lines, length);

        json_add(&list, line ? json_of_bytes(line) : NULL);
        free(line);
        lines += length + (lines[length] == '\n');
    }
    return list;
}

static json_t *expected_status(const struct work *work)
{
    uint16_t status = work_expected(work, 0)->http_status;

    return status ? json_integer(status) : json_string("2xx");
}

/* The certificates to trust; null: those of the system. */
static json_t *ca_file(const struct program_job *job, const struct fetch_site *site)
{
    char path[PROGRAM_PATH_SIZE];

    if (job->ca_fd >= 0) {
        path_of(job->ca_fd, path);
        return json_string(path);
    }
    return site && site->ca_file[0] ? json_of_bytes(site->ca_file) : json_null();
}

static json_t *describe(const struct program_job *job, const struct strategy_env *env)
{
    const struct fetch_policy *policy = env->policy;
    const struct fetch_site *site = policy->site;
    json_t *object = json_object();
    size_t count;

    (void)work_results(env->work, &count);
    json_put_count(&object, "protocol",
                   work_has_moments(env->work) ? PROGRAM_PROTOCOL_RATES
                                               : PROGRAM_PROTOCOL);
    json_put_count(&object, "requests", count);
    json_put_count(&object, "level", env->level);
    json_put(&object, "urls", list_urls(env->work));
    json_put_text(&object, "connections", policy->reuse_connections ? "reuse" : "fresh");
    json_put_number(&object, "timeout_s", policy->timeout_ms / 1000.0);
    json_put(&object, "expect_status", expected_status(env->work));
    json_put(&object, "ca_file", ca_file(job, site));
    json_put(&object, "insecure", json_boolean(site && site->insecure));
    json_put(&object, "resolve", map_hosts(site ? site->pins : ""));
    json_put(&object, "headers", list_lines(site ? site->headers : ""));
    json_put(&object, "gzip", json_boolean(policy->accept_gzip));
    if (work_has_moments(env->work)) {
        json_put(&object, "due_ns", list_moments(env->work));
        json_put_count(&object, "stop_ns", program_rate_stop_ns(env));
    }
    return object;
}

int program_job_make(struct program_job *job, const struct strategy_env *env,
                     struct err *err)
{
    const char *ca = env->policy->ca;
    json_t *object;
    char *text;

    *job = (struct program_job){.fd = -1, .ca_fd = -1};
    if (ca[0] && (job->ca_fd = make_file("bench-ca", ca, strlen(ca), err)) < 0)
        return -1;
    object = describe(job, env);
    text = object ? json_dumps(object, JSON_PRESERVE_ORDER | JSON_ENSURE_ASCII |
                                           JSON_REAL_PRECISION(12))
                  : NULL;
    json_decref(object);
    if (!text)
        return err_set(err, "no memory for the job of the program");
    job->fd = make_file("bench-job", text, strlen(text), err);
    free(text);
    if (job->fd < 0)
        return -1;
    path_of(job->fd, job->path);
    return 0;
}

void program_job_close(struct program_job *job)
{
    if (job->fd >= 0)
        (void)close(job->fd);
    if (job->ca_fd >= 0)
        (void)close(job->ca_fd);
    *job = (struct program_job){.fd = -1, .ca_fd = -1};
}
