/* test_conditions.c - which differences of plan and machine forbid comparing, resuming or
 * tabulating runs together. */
#include "analysis/rows/conditions.h"
#include "analysis/rows/plan_class.h"
#include "base/file.h"
#include "base/json.h"
#include "tests/support/check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *key;
    enum plan_class class;
    const char *fallback;
} fields[] = {
#define FIELD(key, option, class, group, argument, fallback, help, ...) \
    {#key, PLAN_##class, fallback},
#include "analysis/rows/plan.def"
#undef FIELD
};

enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };

/* Two runs, as JSON with ' instead of ". */
struct pair {
    struct conditions a, b;
};

static json_t *json_of(const char *text)
{
    char *copy = strdup(text);
    json_t *value;

    assert_non_null(copy);
    for (char *at = copy; *at; at++)
        if (*at == '\'')
            *at = '"';
    value = json_loads(copy, JSON_DECODE_ANY, NULL);
    assert_non_null(value);
    free(copy);
    return value;
}

static struct pair pair_of(const char *plan_a, const char *plan_b)
{
    return (struct pair){
        .a = {.plan = json_of(plan_a), .env = json_of("{}")},
        .b = {.plan = json_of(plan_b), .env = json_of("{}")},
    };
}

static void pair_free(struct pair *pair)
{
    conditions_free(&pair->a);
    conditions_free(&pair->b);
}

static bool differs(const struct pair *pair, enum conditions_purpose purpose,
                    struct difference *difference)
{
    assert_int_equal(conditions_differ(&pair->a, &pair->b, purpose, difference, NULL), 0);
    return difference->key[0];
}

static bool plans_differ(const char *plan_a, const char *plan_b,
                         enum conditions_purpose purpose)
{
    struct pair pair = pair_of(plan_a, plan_b);
    struct difference difference;
    bool result = differs(&pair, purpose, &difference);

    pair_free(&pair);
    return result;
}

/* -- the plan ------------------------------------------------------------------ */

/* The rule of plan_class.h for plans with equal delays and without faults. */
static bool is_refused(enum plan_class class, enum conditions_purpose purpose)
{
    if (purpose == CONDITIONS_RESUME)
        return class != PLAN_ANNOTATION;
    return class == PLAN_CONDITION;
}

static void test_every_field(void **state)
{
    size_t conditions = 0;

    (void)state;
    for (size_t i = 0; i < FIELDS; i++) {
        if (!fields[i].key[0])
            continue;
        for (int purpose = CONDITIONS_RESUME; purpose <= CONDITIONS_SUMMARY; purpose++) {
            bool expected = is_refused(fields[i].class, (enum conditions_purpose)purpose);
            struct pair pair = pair_of("{}", "{}");
            struct difference difference;

            json_put(&pair.b.plan, fields[i].key, json_string("another"));
            if (differs(&pair, (enum conditions_purpose)purpose, &difference) != expected)
                fail_msg("%s for purpose %d", fields[i].key, purpose);
            if (expected) {
                char shown[DIFFERENCE_SIZE];

                (void)snprintf(shown, sizeof(shown), "\"%s\"", fields[i].fallback);
                assert_string_equal(difference.key, fields[i].key);
                assert_string_equal(difference.a, shown);
                assert_string_equal(difference.b, "\"another\"");
            }
            pair_free(&pair);
        }
        conditions += fields[i].class == PLAN_CONDITION;
    }
    assert_true(conditions > 15);
}

/* plan.json has several ways to write one value; they are equal. */
static void test_equivalent_plans(void **state)
{
    static const char *const same[][2] = {
        {"{}",
         "{'delay': '50ms', 'tls': false, 'header': [], 'url': null, 'cacert': ''}"},
        {"{}", "{'expect_status': 200, 'capacity': 'off', 'fault': []}"},
        {"{'capacity': 7}", "{'capacity': '7'}"},
        {"{'url': ['http://a/1', 'http://a/2']}",
         "{'url': [{'file': 'x', 'urls': ['http://a/1', 'http://a/2']}]}"},
        {"{'url': ['http://a/1', {'file': 'x', 'urls': ['http://a/2']}]}",
         "{'url': [{'file': 'y', 'urls': ['http://a/1']}, 'http://a/2']}"},
        {"{'url': ['http://a/1']}", "{'url': 'http://a/1'}"},
        {"{'cacert': {'file': 'x', 'crc32': 7}}",
         "{'cacert': {'file': 'y', 'crc32': 7}}"},
    };
    static const char *const other[][2] = {
        {"{'delay': '50ms'}", "{'delay': '20ms'}"},
        {"{}", "{'tls': true}"},
        {"{'url': ['http://a/1', 'http://a/2']}",
         "{'url': ['http://a/2', 'http://a/1']}"},
        {"{'url': [{'file': 'x', 'urls': ['http://a/1']}]}",
         "{'url': [{'file': 'x', 'urls': ['http://a/2']}]}"},
        {"{'cacert': {'file': 'x', 'crc32': 7}}",
         "{'cacert': {'file': 'x', 'crc32': 8}}"},
        {"{'cacert': {'file': 'x', 'crc32': 7}}", "{}"},
        {"{'header': ['A: 1', 'B: 2']}", "{'header': ['A: 1']}"},
        {"{'expect_status': '2xx'}", "{}"},
    };
    char hashes[2][CONDITIONS_HASH_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        struct pair pair = pair_of(same[i][0], same[i][1]);
        struct difference difference;

        if (differs(&pair, CONDITIONS_RESUME, &difference))
            fail_msg("same %zu: %s", i, difference.key);
        assert_int_equal(conditions_hash(pair.a.plan, pair.a.env, hashes[0], NULL), 0);
        assert_int_equal(conditions_hash(pair.b.plan, pair.b.env, hashes[1], NULL), 0);
        assert_string_equal(hashes[0], hashes[1]);
        pair_free(&pair);
    }
    for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
        for (int purpose = CONDITIONS_RESUME; purpose <= CONDITIONS_SUMMARY; purpose++)
            if (!plans_differ(other[i][0], other[i][1], (enum conditions_purpose)purpose))
                fail_msg("other %zu", i);
}

/* The seed counts as a condition only where something is drawn. */
static void test_seed(void **state)
{
    static const struct {
        const char *a, *b;
        bool differ;
    } cases[] = {
        {"{'seed': 1}", "{'seed': 2}", false},
        {"{'seed': 1, 'delay': '20ms'}", "{'seed': 2, 'delay': '20ms'}", false},
        {"{'seed': 1, 'delay': 'uniform:1ms..2ms'}",
         "{'seed': 2, 'delay': 'uniform:1ms..2ms'}", true},
        {"{'seed': 1, 'delay': 'uniform:1ms..2ms'}",
         "{'seed': 1, 'delay': 'uniform:1ms..2ms'}", false},
        {"{'seed': 1, 'fault': ['reset:5']}", "{'seed': 2, 'fault': ['reset:5']}", true},
        {"{'seed': 1, 'fault': []}", "{'seed': 2, 'fault': []}", false},
        {"{'seed': '18446744073709551615', 'fault': 'reset'}",
         "{'seed': '18446744073709551614', 'fault': 'reset'}", true},
    };
    char hashes[2][CONDITIONS_HASH_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        json_t *a = json_of(cases[i].a);
        json_t *b = json_of(cases[i].b);

        assert_int_equal(plans_differ(cases[i].a, cases[i].b, CONDITIONS_COMPARE),
                         cases[i].differ);
        assert_int_equal(plans_differ(cases[i].a, cases[i].b, CONDITIONS_SUMMARY),
                         cases[i].differ);
        assert_int_equal(conditions_hash(a, NULL, hashes[0], NULL), 0);
        assert_int_equal(conditions_hash(b, NULL, hashes[1], NULL), 0);
        assert_int_equal(strcmp(hashes[0], hashes[1]) != 0, cases[i].differ);
        json_decref(a);
        json_decref(b);
    }
    assert_true(plans_differ("{'seed': 1}", "{'seed': 2}", CONDITIONS_RESUME));
}

static void test_more_rounds(void **state)
{
    static const struct {
        const char *was, *is;
        bool differ;
    } cases[] = {
        {"{'rounds': 3}", "{'rounds': 3}", false},
        {"{'rounds': 3}", "{'rounds': 5}", false},
        {"{'rounds': 9}", "{'rounds': 10}", false},
        {"{'rounds': 5}", "{'rounds': 3}", true},
        {"{'rounds': 'auto'}", "{}", false},
        {"{}", "{'rounds': 5}", false},
        {"{'rounds': 5}", "{}", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (plans_differ(cases[i].was, cases[i].is, CONDITIONS_RESUME) != cases[i].differ)
            fail_msg("case %zu", i);
}

/* The hash covers the conditions that the runs of one table must share, and no others. */
static void test_hash(void **state)
{
    char empty[CONDITIONS_HASH_SIZE];
    char hash[CONDITIONS_HASH_SIZE];
    json_t *env = json_of(
        "{'machine': {'kernel': '6', 'memory_bytes': 5, 'hostname': 'x'}}");
    json_t *host = json_of(
        "{'machine': {'kernel': '6', 'memory_bytes': 6, 'hostname': 'y'}}");
    json_t *kernel = json_of("{'machine': {'kernel': '7'}}");

    (void)state;
    assert_int_equal(conditions_hash(NULL, NULL, empty, NULL), 0);
    assert_int_equal(strlen(empty), 16);
    assert_int_equal(strspn(empty, "0123456789abcdef"), 16);
    for (size_t i = 0; i < FIELDS; i++) {
        json_t *plan = json_pack("{s:s}", fields[i].key, "another");

        assert_int_equal(conditions_hash(plan, NULL, hash, NULL), 0);
        if ((strcmp(hash, empty) != 0) !=
            (fields[i].class == PLAN_CONDITION && fields[i].key[0]))
            fail_msg("the hash of %s", fields[i].key);
        json_decref(plan);
    }
    assert_int_equal(conditions_hash(NULL, env, empty, NULL), 0);
    assert_int_equal(conditions_hash(NULL, host, hash, NULL), 0);
    assert_string_equal(hash, empty);
    assert_int_equal(conditions_hash(NULL, kernel, hash, NULL), 0);
    assert_string_not_equal(hash, empty);
    json_decref(env);
    json_decref(host);
    json_decref(kernel);
}

static void test_selection(void **state)
{
    struct pair pair = pair_of("{'levels': '1', 'variants': {'a': {}}}",
                               "{'levels': '1', 'variants': {'b': {}}}");

    bool same;

    (void)state;
    assert_int_equal(conditions_same_selection(&pair.a, &pair.b, &same, NULL), 0);
    assert_true(same);
    json_put(&pair.b.plan, "levels", json_string("1,3"));
    assert_int_equal(conditions_same_selection(&pair.a, &pair.b, &same, NULL), 0);
    assert_false(same);
    pair_free(&pair);
}

/* -- files --------------------------------------------------------------------- */

static char dir[] = "bench-test-conditions-XXXXXX";

static int make_dir(void **state)
{
    (void)state;
    return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
    (void)state;
    return rmdir(dir);
}

static void write_file(const char *name, const char *text)
{
    char path[64];
    json_t *value = json_of(text);

    (void)snprintf(path, sizeof(path), "%s/%s", dir, name);
    assert_int_equal(json_replace_file(value, path, NULL), 0);
}

static void delete_file(const char *name)
{
    char path[64];

    (void)snprintf(path, sizeof(path), "%s/%s", dir, name);
    assert_int_equal(unlink(path), 0);
}

static void test_reading(void **state)
{
    struct conditions conditions;
    struct err err = {""};
    char rows[64];

    (void)state;
    (void)snprintf(rows, sizeof(rows), "%s/runs.csv", dir);
    assert_int_equal(conditions_read(&conditions, dir, &err), 0);
    assert_null(conditions.plan);
    assert_null(conditions.env);
    assert_int_equal(conditions_analyses(&conditions), 1);
    write_file("plan.json", "{'schema': 1, 'plan': {'delay': '1s'}}");
    write_file("env.json", "{'machine': {}, 'plan': {'looks': 3}, "
                           "'budget': {'planned_analyses': 5}}");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(conditions_read(&conditions, i ? dir : rows, &err), 0);
        assert_false(conditions.first_edition);
        assert_string_equal(json_string_value(json_object_get(conditions.plan, "delay")),
                            "1s");
        assert_int_equal(conditions_analyses(&conditions), 5);
        conditions_free(&conditions);
    }
    write_file("plan.json", "{'schema': 2, 'plan': {}}");
    assert_int_equal(conditions_read(&conditions, dir, &err), -1);
    assert_non_null(strstr(err.text, "plan.json"));
    delete_file("plan.json");
    delete_file("env.json");
}

/* A directory of bench 0.1 equals one that is written now. */
static void test_first_edition(void **state)
{
    static const char now[] =
        "{'connections': 'reuse', 'delay': '20ms', 'body_bytes': 9, 'capacity': 5, "
        "'fault': ['reset:5', 'stall:1'], 'tls': true, 'timeout': '1.5s', 'url': "
        "['http://a/{id}'], "
        "'header': ['A: 1'], 'cacert': {'file': 'x', 'crc32': 7}, 'seed': 3, "
        "'workers': 2, 'expect_status': '2xx'}";
    struct conditions plan = {.plan = json_of(now), .env = json_object()};
    struct conditions first;
    struct difference difference;

    (void)state;
    write_file("env.json",
               "{'plan': {'connections': 'reuse', 'delay': '20ms', 'delay_s': 0.02, "
               "'page_bytes': 9, 'capacity': 5, 'overload': 'queue', 'workers': 2, "
               "'faults': 'reset:5 stall:1', 'tls': {'key': 'x'}, 'timeout_s': 1.5, "
               "'url': 'http://a/{id}', 'headers': ['A: 1'], 'ca_crc32': 7, 'seed': 3, "
               "'expect_status': '2xx', 'looks': 5, 'hostname': 'h', 'requests': null}}");
    assert_int_equal(conditions_read(&first, dir, NULL), 0);
    delete_file("env.json");
    assert_true(first.first_edition);
    assert_int_equal(conditions_analyses(&first), 5);
    assert_int_equal(
        conditions_differ(&first, &plan, CONDITIONS_COMPARE, &difference, NULL), 0);
    assert_string_equal(difference.key, "");
    json_put(&plan.plan, "timeout", json_string("2s"));
    assert_int_equal(
        conditions_differ(&first, &plan, CONDITIONS_COMPARE, &difference, NULL), 0);
    assert_string_equal(difference.a, "\"1.5s\"");
    conditions_free(&first);
    conditions_free(&plan);
}

/* bench 0.1 recorded timeouts, and their defaults, as numbers; plan.json records their
 * text. */
static void test_first_edition_defaults(void **state)
{
    static const struct {
        const char *was;
        const char *timeout;
    } cases[] = {
        {"{'plan': {'timeout_s': 30, 'delay_s': 0.05}}", "30s"},
        {"{'plan': {'timeout_s': 50, 'delay_s': 5}}", "50s"},
        {"{'plan': {'timeout_s': 0.25, 'url': 'x'}}", "250ms"},
        {"{'plan': {'timeout_s': 30, 'delay_s': 5}}", "30s"},
        {"{'plan': {}}", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        json_t *env = json_of(cases[i].was);
        struct conditions conditions;
        const char *timeout;

        assert_int_equal(conditions_from(&conditions, NULL, env, NULL), 0);
        timeout = json_string_value(json_object_get(conditions.plan, "timeout"));
        if (cases[i].timeout)
            assert_string_equal(timeout, cases[i].timeout);
        else
            assert_null(timeout);
        conditions_free(&conditions);
        json_decref(env);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_field),
        cmocka_unit_test(test_equivalent_plans),
        cmocka_unit_test(test_seed),
        cmocka_unit_test(test_more_rounds),
        cmocka_unit_test(test_hash),
        cmocka_unit_test(test_selection),
        cmocka_unit_test(test_reading),
        cmocka_unit_test(test_first_edition),
        cmocka_unit_test(test_first_edition_defaults),
    };

    return cmocka_run_group_tests_name("conditions", tests, make_dir, remove_dir);
}
