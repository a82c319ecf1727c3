/* plan_json.c - see plan_json.h. */
#include "harness/plan/plan_json.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/suggest.h"
#include "harness/plan/plan_fields.h"

enum { SCHEMA = 1 };

/* The largest plan.json that is read; it can have long lists of addresses. */
#define FILE_BYTES_MAX (256l << 20)

json_t *plan_to_json(const struct plan *plan)
{
    json_t *fields = json_object();
    json_t *object = json_object();

    for (size_t i = 0; i < PLAN_FIELD_COUNT; i++)
        if (plan_fields[i].key[0])
            json_put(&fields, plan_fields[i].key, value_to_json(plan, &plan_fields[i]));
    json_put_count(&object, "schema", SCHEMA);
    json_put(&object, "plan", fields);
    return object;
}

static const struct value_spec *find_key(const char *key)
{
    for (size_t i = 0; i < PLAN_FIELD_COUNT; i++)
        if (key[0] && !strcmp(plan_fields[i].key, key))
            return &plan_fields[i];
    return NULL;
}

static int unknown_key(const char *key, struct err *err)
{
    struct suggestion suggestion = suggest_begin(key, strlen(key));

    for (size_t i = 0; i < PLAN_FIELD_COUNT; i++)
        suggest_offer(&suggestion, plan_fields[i].key);
    return suggest_unknown(err, "plan field", &suggestion,
                           "leave it out, or make the plan again with bench plan");
}

static int check_keys(json_t *fields, struct err *err)
{
    const char *key;
    json_t *value;

    json_object_foreach(fields, key, value)
    {
        if (!find_key(key))
            return unknown_key(key, err);
    }
    return 0;
}

int plan_from_json(struct plan *plan, const json_t *json, struct err *err)
{
    json_t *fields = json_object_get(json, "plan");

    plan_free(plan);
    *plan = plan_defaults();
    if (json_integer_value(json_object_get(json, "schema")) != SCHEMA ||
        !json_is_object(fields))
        return err_set(err,
                       "not a plan of this version of bench: \"schema\" must be %d and "
                       "\"plan\" an object; 'bench plan' prints one",
                       SCHEMA);
    if (check_keys(fields, err))
        return -1;
    for (size_t i = 0; i < PLAN_FIELD_COUNT; i++) {
        const json_t *value = plan_fields[i].key[0]
                                  ? json_object_get(fields, plan_fields[i].key)
                                  : NULL;

        if (value && value_from_json(plan, &plan_fields[i], value, err))
            return err_prefix(err, "\"%s\"", plan_fields[i].key);
    }
    return 0;
}

/* Opens the file, or plan.json in the directory, only once: the file that is checked is
 * the one that is read. */
static int open_plan(const char *path, char **name, struct err *err)
{
    struct stat info;
    int fd;

    *name = NULL;
    if (!stat(path, &info) && S_ISDIR(info.st_mode) &&
        asprintf(name, "%s/plan.json", path) < 0)
        *name = NULL;
    else if (!*name)
        *name = strdup(path);
    if (!*name)
        return err_errno(err, "no memory for a path");
    fd = open(*name, O_RDONLY | O_CLOEXEC);
    return fd < 0 ? err_errno(err, "cannot read %s", *name) : fd;
}

int plan_read(struct plan *plan, const char *path, bool *private_file, struct err *err)
{
    json_error_t error;
    struct stat info;
    json_t *json = NULL;
    char *name;
    int fd = open_plan(path, &name, err);
    int result = -1;

    *private_file = false;
    if (fd < 0) {
        free(name);
        return -1;
    }
    if (fstat(fd, &info))
        (void)err_errno(err, "cannot read %s", name);
    else if (info.st_size > FILE_BYTES_MAX)
        (void)err_set(err, "%s is too large for a plan", name);
    else if (!(json = json_parse_fd(fd, &error)))
        (void)err_set(err, "%s:%d: %s", name, error.line, error.text);
    else if (plan_from_json(plan, json, err))
        (void)err_prefix(err, "%s", name);
    else
        result = 0;
    if (!result)
        *private_file = info.st_uid == geteuid() && !(info.st_mode & (S_IWGRP | S_IWOTH));
    json_decref(json);
    (void)close(fd);
    free(name);
    return result;
}
