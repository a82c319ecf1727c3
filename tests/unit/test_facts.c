/* test_facts.c - which facts of env.json forbid comparing runs, and that facts.def
 * classes all of them. */
#include "analysis/rows/conditions.h"
#include "base/json.h"
#include "harness/sweep/env.h"
#include "tests/support/check.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *path;
    enum fact_class class;
} facts[] = {
#define FACT(path, class) {path, FACT_##class},
#include "analysis/rows/facts.def"
#undef FACT
};

static json_t *env_with(const char *path, json_t *value)
{
    const char *dot = strchr(path, '.');
    json_t *inner = json_object();
    json_t *env = json_object();

    if (!dot) {
        json_put(&inner, "some_key", value);
        json_put(&env, path, inner);
    } else {
        char *group = strndup(path, (size_t)(dot - path));

        json_put(&inner, dot + 1, value);
        json_put(&env, group, inner);
        free(group);
    }
    assert_non_null(env);
    return env;
}

static bool facts_differ(json_t *a, json_t *b, enum conditions_purpose purpose)
{
    struct conditions one = {.plan = json_object(), .env = a};
    struct conditions other = {.plan = json_object(), .env = b};
    struct difference difference;

    assert_int_equal(conditions_differ(&one, &other, purpose, &difference, NULL), 0);
    conditions_free(&one);
    conditions_free(&other);
    return difference.key[0];
}

static void test_every_fact(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
        for (int purpose = CONDITIONS_RESUME; purpose <= CONDITIONS_SUMMARY; purpose++) {
            const char *path = facts[i].path;
            enum fact_class class = facts[i].class;
            bool other = class != FACT_CONTEXT &&
                         (class != FACT_SUBJECT || purpose == CONDITIONS_RESUME);
            bool absent = other && class != FACT_KNOWN;

            if (facts_differ(env_with(path, json_integer(100)),
                             env_with(path, json_integer(200)),
                             (enum conditions_purpose)purpose) != other)
                fail_msg("%s for purpose %d", path, purpose);
            if (facts_differ(env_with(path, json_integer(100)), json_object(),
                             (enum conditions_purpose)purpose) != absent)
                fail_msg("%s absent in b for purpose %d", path, purpose);
            if (facts_differ(json_object(), env_with(path, json_integer(100)),
                             (enum conditions_purpose)purpose) != absent)
                fail_msg("%s absent in a for purpose %d", path, purpose);
            assert_false(facts_differ(env_with(path, json_integer(100)),
                                      env_with(path, json_integer(100)),
                                      (enum conditions_purpose)purpose));
        }
}

static void test_memory(void **state)
{
    static const char path[] = "machine.memory_bytes";

    (void)state;
    assert_false(facts_differ(env_with(path, json_integer(100)),
                              env_with(path, json_integer(96)), CONDITIONS_COMPARE));
    assert_true(facts_differ(env_with(path, json_integer(100)),
                             env_with(path, json_integer(94)), CONDITIONS_COMPARE));
    assert_true(facts_differ(env_with(path, json_integer(94)),
                             env_with(path, json_integer(100)), CONDITIONS_COMPARE));
}

/* Containers on one machine, with and without a CPU quota. */
static void test_containers(void **state)
{
    (void)state;
    assert_false(
        facts_differ(json_loads("{\"machine\": {\"hostname\": \"a\", \"kernel\": \"6\"}, "
                                "\"limits\": {\"tasks\": 1}}",
                                0, NULL),
                     json_loads("{\"machine\": {\"hostname\": \"b\", \"kernel\": \"6\"}, "
                                "\"limits\": {\"tasks\": 2}}",
                                0, NULL),
                     CONDITIONS_COMPARE));
    assert_true(facts_differ(
        json_loads("{\"limits\": {\"tasks\": 1}}", 0, NULL),
        json_loads("{\"limits\": {\"tasks\": 1, \"cgroup_cpus\": 1.5}}", 0, NULL),
        CONDITIONS_COMPARE));
}

/* A fact that env.json has and facts.def lacks would never be compared. */
static void assert_listed(const json_t *object, const char *prefix)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)object, key, value)
    {
        bool listed;
        char path[128];

        (void)snprintf(path, sizeof(path), "%s%s%s", prefix, prefix[0] ? "." : "", key);
        (void)fact_class_of(path, &listed);
        if (!listed && !json_object_size(value))
            fail_msg("facts.def does not have %s", path);
        assert_listed(value, path);
    }
}

static void test_facts_are_complete(void **state)
{
    struct machine_limits limits = machine_limits_now();
    json_t *env = env_facts(&limits);
    bool listed;

    (void)state;
    assert_non_null(env);
    assert_listed(env, "");
    assert_int_equal(fact_class_of("machine.kernels", &listed), FACT_CONTEXT);
    assert_false(listed);
    json_decref(env);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_fact),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_containers),
        cmocka_unit_test(test_facts_are_complete),
    };

    return cmocka_run_group_tests_name("facts", tests, NULL, NULL);
}
