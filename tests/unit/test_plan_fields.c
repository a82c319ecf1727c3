/* test_plan_fields.c - the fields of a plan: every field of plan.def is written to
 * plan.json and read back unchanged. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/rows/plan_class.h"
#include "base/json.h"
#include "harness/plan/plan_fields.h"
#include "harness/plan/plan_json.h"
#include "tests/support/check.h"

/* Writes the plan to a file and reads it back, as another process would. */
static void round_trip(const struct plan *plan, struct plan *back)
{
    json_t *json = plan_to_json(plan);
    char *text = json_dumps(json, 0);
    json_t *read = json_loads(text, 0, NULL);
    struct err err = {""};

    assert_non_null(text);
    assert_non_null(read);
    if (plan_from_json(back, read, &err))
        fail_msg("%s", err.text);
    json_decref(json);
    json_decref(read);
    free(text);
}

static void expect_same_field(const struct plan *a, const struct plan *b,
                              const struct value_spec *field)
{
    json_t *was = value_to_json(a, field);
    json_t *is = value_to_json(b, field);

    if (!json_equal(was, is))
        fail_msg("%s: %s became %s", field->option,
                 json_dumps(was, JSON_ENCODE_ANY | JSON_COMPACT),
                 json_dumps(is, JSON_ENCODE_ANY | JSON_COMPACT));
    json_decref(was);
    json_decref(is);
}

static void expect_same(const struct plan *a, const struct plan *b)
{
    for (size_t i = 0; i < PLAN_FIELD_COUNT; i++)
        if (plan_fields[i].key[0])
            expect_same_field(a, b, &plan_fields[i]);
}

/* Values for each field, as typed; a field with several gets all of them. */
static const struct {
    const char *option, *texts[4];
} typed[] = {
    {"strategy", {"event-loop,sequential"}},
    {"levels", {"1,7,100000"}},
    {"rates", {"1,100,1000000"}},
    {"rates", {"100,200,...,5000"}},
    {"find-rate", {"p99<20ms"}},
    {"arrivals", {"poisson"}},
    {"duration", {"1ms"}},
    {"duration", {"1h"}},
    {"duration", {"auto"}},
    {"max-in-flight", {"1"}},
    {"max-in-flight", {"100000"}},
    {"per-host-rate", {"1"}},
    {"per-host-rate", {"1000000"}},
    {"cells", {"thread-pool@3,event-loop@50"}},
    {"cells", {"calibrated"}},
    {"variant", {"a", "b:X=1,Y=a,b", "c:Z=\xff\xfe=\x01"}},
    {"program", {"a=./x", "b-2=y 'z \xff' \\\n"}},
    {"requests", {"1"}},
    {"requests", {"1000000"}},
    {"requests", {"auto"}},
    {"connections", {"reuse"}},
    {"tls-sessions", {"on"}},
    {"timeout", {"1ms"}},
    {"timeout", {"24h"}},
    {"timeout", {"1.000000001s"}},
    {"max-host-connections", {"100000"}},
    {"allow-errors", {"5"}},
    {"allow-errors", {"0.1%"}},
    {"pin", {"auto"}},
    {"pin", {"0-2,5:3"}},
    {"pin", {"4"}},
    {"workers", {"1024"}},
    {"delay", {"0"}},
    {"delay", {"1ns"}},
    {"delay", {"uniform:20ms..80ms"}},
    {"delay", {"normal:50ms,10ms"}},
    {"delay", {"lognormal:50ms,0.5"}},
    {"delay", {"exponential:50ms"}},
    {"capacity", {"1000000"}},
    {"overload", {"slow"}},
    {"body", {"gzip,chunked"}},
    {"body-bytes", {"1048576"}},
    {"fault", {"stall:1", "500:99"}},
    {"tls", {NULL}},
    {"url", {"http://127.0.0.1/{1..3}", "http://127.0.0.1/\xe9\xff", "https://h/{id}"}},
    {"header", {"Accept: a", "X: \xff\x80", "accept: b"}},
    {"expect-status", {"2xx"}},
    {"expect-status", {"599"}},
    {"insecure", {NULL}},
    {"ipv4", {NULL}},
    {"ipv6", {NULL}},
    {"rounds", {"10000"}},
    {"warmup", {"100"}},
    {"memory-probe", {"round"}},
    {"order", {"grouped"}},
    {"seed", {"0"}},
    {"seed", {"9223372036854775808"}},
    {"seed", {"18446744073709551615"}},
    {"once-above", {"off"}},
    {"once-above", {"1ns"}},
    {"max-cell", {"1000000h"}},
    {"raw", {NULL}},
    {"budget", {"90s"}},
    {"budget", {"1ns/variant"}},
    {"stop", {"budget"}},
    {"calibration", {"off"}},
    {"calibration", {"/a/\xff\nb"}},
    {"profile", {"ci"}},
    {"profile", {"article"}},
    {"label", {"k=", "k=\xc0\x80", "a=b=c"}},
};

enum { TYPED_COUNT = sizeof(typed) / sizeof(typed[0]) };

static void type(struct plan *plan, size_t i)
{
    const struct value_spec *field = plan_field_find(typed[i].option);
    struct err err = {""};

    assert_non_null(field);
    value_reset(plan, field);
    for (size_t j = 0; !j || typed[i].texts[j]; j++)
        if (value_parse(plan, field, typed[i].texts[j], &err))
            fail_msg("--%s: %s", field->option, err.text);
}

static void test_each_field_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < TYPED_COUNT; i++) {
        struct plan plan = plan_defaults();
        struct plan back = {.url = NULL};

        type(&plan, i);
        round_trip(&plan, &back);
        expect_same(&plan, &back);
        plan_free(&plan);
        plan_free(&back);
    }
}

/* Every field of plan.def has values above or comes from a file. */
static void test_every_field_is_typed(void **state)
{
    static const char *const from_files[] = {"urls", "cacert", "plugin"};

    (void)state;
    for (size_t i = 0; i < PLAN_FIELD_COUNT; i++) {
        bool found = false;

        for (size_t j = 0; j < TYPED_COUNT; j++)
            found |= !strcmp(typed[j].option, plan_fields[i].option);
        for (size_t j = 0; j < 3; j++)
            found |= !strcmp(from_files[j], plan_fields[i].option);
        if (!found)
            fail_msg("--%s is not tried", plan_fields[i].option);
    }
}

/* Every default of plan.def can be given explicitly and changes nothing. */
static void test_defaults(void **state)
{
    struct plan defaults = plan_defaults();
    struct plan plan = plan_defaults();

    (void)state;
    for (size_t i = 0; i < PLAN_FIELD_COUNT; i++) {
        const struct value_spec *field = &plan_fields[i];
        struct err err = {""};

        if (field->initial[0] && value_parse(&plan, field, field->initial, &err))
            fail_msg("--%s: %s", field->option, err.text);
        if (field->kind_of_use != PLAN_SELECTION && field->key[0])
            expect_same_field(&defaults, &plan, field);
    }
    assert_true(plan.strategy_count > 0);
    assert_true(plan.levels.count > 0);
    plan_free(&plan);
}

static void write_file(const char *path, const char *text, size_t size, mode_t mode)
{
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

/* Lists of addresses and CAs come from files; the plan holds their content, so the file
 * is not needed later. */
static void test_fields_from_files(void **state)
{
    static const char list[] =
        "\xef\xbb\xbfhttp://127.0.0.1/a\n# b\n\nhttp://127.0.0.1/\xff\n";
    static const char pem[] = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n";
    struct plan plan = plan_defaults();
    struct plan back = {.url = NULL};
    struct err err = {""};

    (void)state;
    write_file("list", list, sizeof(list) - 1, 0600);
    write_file("pem", pem, sizeof(pem) - 1, 0600);
    if (plan_set(&plan, "urls", "list", &err) ||
        plan_set(&plan, "url", "http://127.0.0.1/last", &err) ||
        plan_set(&plan, "cacert", "pem", &err))
        fail_msg("%s", err.text);
    assert_int_equal(unlink("list"), 0);
    round_trip(&plan, &back);
    expect_same(&plan, &back);
    assert_int_equal(back.target.source_count, 2);
    assert_int_equal(back.target.sources[0].urls.count, 2);
    assert_string_equal(back.target.sources[0].urls.items[0], "http://127.0.0.1/a");
    assert_string_equal(back.target.sources[0].urls.items[1], "http://127.0.0.1/\xff");
    assert_string_equal(back.target.ca_file, "pem");
    assert_int_equal(unlink("pem"), 0);
    plan_free(&plan);
    plan_free(&back);
}

/* All fields together, with texts of 64 KiB. */
static void test_long_texts(void **state)
{
    size_t size = 64 << 10;
    char *text = malloc(size + 1);
    struct plan plan = plan_defaults();
    struct plan back = {.url = NULL};
    struct err err = {""};

    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < TYPED_COUNT; i++)
        type(&plan, i);
    for (size_t i = 0; i < size; i++)
        text[i] = (char)(1 + i % 255);
    text[0] = 'k';
    text[1] = '=';
    text[size] = '\0';
    if (plan_set(&plan, "label", text, &err) ||
        plan_set(&plan, "calibration", text, &err))
        fail_msg("%s", err.text);
    round_trip(&plan, &back);
    expect_same(&plan, &back);
    assert_string_equal(back.calibration, text);
    assert_string_equal(back.labels.items[back.labels.count - 1], text);
    plan_free(&plan);
    plan_free(&back);
    free(text);
}

/* The only exception: the value of a secret header is never written. */
static void test_secret_headers(void **state)
{
    struct plan plan = plan_defaults();
    struct plan back = {.url = NULL};
    json_t *json;
    char *text;

    (void)state;
    assert_int_equal(plan_set(&plan, "header", "Authorization: Bearer hunter2", NULL), 0);
    assert_int_equal(plan_set(&plan, "header", "Accept: text/html", NULL), 0);
    json = plan_to_json(&plan);
    text = json_dumps(json, 0);
    assert_null(strstr(text, "hunter2"));
    round_trip(&plan, &back);
    assert_string_equal(back.target.headers.items[0], "Authorization: ****");
    assert_string_equal(back.target.headers.items[1], "Accept: text/html");
    free(text);
    json_decref(json);
    plan_free(&plan);
    plan_free(&back);
}

static void test_invalid_plan_files(void **state)
{
    static const struct {
        const char *json, *message;
    } cases[] = {
        {"[]", "not a plan of this version of bench"},
        {"{}", "not a plan of this version of bench"},
        {"{\"schema\": 2, \"plan\": {}}", "not a plan of this version of bench"},
        {"{\"schema\": 1, \"plan\": []}", "not a plan of this version of bench"},
        {"{\"schema\": 1, \"plan\": {\"dealy\": \"1ms\"}}",
         "unknown plan field 'dealy'; did you mean 'delay'?"},
        {"{\"schema\": 1, \"plan\": {\"\": 1}}", "unknown plan field ''"},
        {"{\"schema\": 1, \"plan\": {\"delay\": 5}}", "\"delay\": "},
        {"{\"schema\": 1, \"plan\": {\"delay\": \"5\"}}", "\"delay\": '5' is not a"},
        {"{\"schema\": 1, \"plan\": {\"tls\": \"yes\"}}", "\"tls\": it is neither"},
        {"{\"schema\": 1, \"plan\": {\"rounds\": 10001}}", "\"rounds\": '10001' is not"},
        {"{\"schema\": 1, \"plan\": {\"rounds\": -1}}", "\"rounds\": "},
        {"{\"schema\": 1, \"plan\": {\"levels\": [5, 1]}}",
         "\"levels\": levels must be ascending"},
        {"{\"schema\": 1, \"plan\": {\"levels\": \"1,5\"}}",
         "\"levels\": must be a list"},
        {"{\"schema\": 1, \"plan\": {\"strategies\": [\"nope\"]}}",
         "unknown strategy 'nope'"},
        {"{\"schema\": 1, \"plan\": {\"cells\": [\"event-loop\"]}}",
         "form STRATEGY@LEVEL"},
        {"{\"schema\": 1, \"plan\": {\"variants\": []}}",
         "must be a list of at least one variant"},
        {"{\"schema\": 1, \"plan\": {\"variants\": [{\"name\": \"a b\"}]}}",
         "invalid name 'a b'"},
        {"{\"schema\": 1, \"plan\": {\"seed\": \"x\"}}", "\"seed\": "},
        {"{\"schema\": 1, \"plan\": {\"url\": [{\"file\": \"f\", \"urls\": []}]}}",
         "empty"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        json_t *json = json_loads(cases[i].json, 0, NULL);
        struct plan plan = {.url = NULL};
        struct err err = {""};

        assert_non_null(json);
        if (!plan_from_json(&plan, json, &err))
            fail_msg("%s was taken", cases[i].json);
        if (!strstr(err.text, cases[i].message))
            fail_msg("'%s' does not say '%s'", err.text, cases[i].message);
        plan_free(&plan);
        json_decref(json);
    }
}

/* Only a file that no other user may write is trusted. */
static void test_private_files(void **state)
{
    static const char json[] = "{\"schema\": 1, \"plan\": {\"delay\": \"7ms\"}}";
    static const struct {
        mode_t mode;
        bool is_private;
    } cases[] = {{0600, true}, {0644, true}, {0664, false}, {0646, false}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct plan plan = {.url = NULL};
        bool is_private;

        write_file("a.json", json, sizeof(json) - 1, cases[i].mode);
        assert_int_equal(plan_read(&plan, "a.json", &is_private, NULL), 0);
        assert_int_equal(is_private, cases[i].is_private);
        assert_string_equal(plan.origin.delay.text, "7ms");
        plan_free(&plan);
    }
    assert_int_equal(unlink("a.json"), 0);
}

static char dir[] = "bench-test-plan-XXXXXX";

static int enter_dir(void **state)
{
    (void)state;
    return mkdtemp(dir) && !chdir(dir) ? 0 : -1;
}

static int leave_dir(void **state)
{
    (void)state;
    return chdir("..") || rmdir(dir) ? -1 : 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_field_alone),
        cmocka_unit_test(test_every_field_is_typed),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_fields_from_files),
        cmocka_unit_test(test_long_texts),
        cmocka_unit_test(test_secret_headers),
        cmocka_unit_test(test_invalid_plan_files),
        cmocka_unit_test(test_private_files),
    };

    return cmocka_run_group_tests_name("plan fields", tests, enter_dir, leave_dir);
}
