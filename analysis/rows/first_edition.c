/* first_edition.c - see first_edition.h. */
#include "analysis/rows/first_edition.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/parse.h"

/* The keys that mean the same in both editions, and those that were renamed. */
static const char *const kept[] = {
    "strategies", "levels",      "cells",        "variants",
    "requests",   "connections", "tls_sessions", "max_host_connections",
    "pin",        "workers",     "delay",        "capacity",
    "overload",   "body",        "url",          "expect_status",
    "insecure",   "seed",
};
static const char *const renamed[][2] = {
    {"page_bytes", "body_bytes"}, {"headers", "header"}, {"ca_crc32", "cacert"}};

static void put_same(json_t **plan, const char *is, const json_t *env_plan,
                     const char *was)
{
    json_t *value = json_object_get(env_plan, was);

    if (value && !json_is_null(value))
        json_put(plan, is, json_incref(value));
}

static json_t *words_of(const char *text)
{
    json_t *list = json_array();

    while (*text) {
        size_t length = strcspn(text, " ");

        json_add(&list, json_stringn(text, length));
        text += length + (text[length] == ' ');
    }
    return list;
}

static void put_timeout(json_t **plan, const json_t *env_plan)
{
    double timeout_s = json_get_number(env_plan, "timeout_s");
    char text[DURATION_TEXT_SIZE];

    if (timeout_s > 0 && timeout_s < (double)UINT32_MAX)
        json_put_text(plan, "timeout",
                      duration_text((uint64_t)llround(timeout_s * CLOCK_NS_PER_S), text));
}

json_t *first_edition_plan(const json_t *env_plan)
{
    const char *faults = json_string_value(json_object_get(env_plan, "faults"));
    const json_t *tls = json_object_get(env_plan, "tls");
    json_t *plan = json_object();

    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
        put_same(&plan, kept[i], env_plan, kept[i]);
    for (size_t i = 0; i < sizeof(renamed) / sizeof(renamed[0]); i++)
        put_same(&plan, renamed[i][1], env_plan, renamed[i][0]);
    if (faults)
        json_put(&plan, "fault", words_of(faults));
    if (json_is_object(tls) || json_is_true(tls))
        json_put(&plan, "tls", json_true());
    put_timeout(&plan, env_plan);
    return plan;
}
