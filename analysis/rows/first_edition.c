/* first_edition.c - see first_edition.h. */
#include "analysis/rows/first_edition.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/parse.h"

/* The keys that both editions have, by the names of each. */
static const struct {
    const char *was, *is;
} keys[] = {
    {"strategies", "strategies"},
    {"levels", "levels"},
    {"cells", "cells"},
    {"variants", "variants"},
    {"requests", "requests"},
    {"connections", "connections"},
    {"tls_sessions", "tls_sessions"},
    {"max_host_connections", "max_host_connections"},
    {"pin", "pin"},
    {"workers", "workers"},
    {"delay", "delay"},
    {"capacity", "capacity"},
    {"overload", "overload"},
    {"body", "body"},
    {"page_bytes", "body_bytes"},
    {"url", "url"},
    {"headers", "header"},
    {"expect_status", "expect_status"},
    {"ca_crc32", "cacert"},
    {"insecure", "insecure"},
    {"seed", "seed"},
};

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

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        json_t *value = json_object_get(env_plan, keys[i].was);

        if (value && !json_is_null(value))
            json_put(&plan, keys[i].is, json_incref(value));
    }
    if (faults)
        json_put(&plan, "fault", words_of(faults));
    if (json_is_object(tls) || json_is_true(tls))
        json_put(&plan, "tls", json_true());
    put_timeout(&plan, env_plan);
    return plan;
}
