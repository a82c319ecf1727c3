/* test_pin.c - sets of CPUs, and how client and origin are pinned to them. */
#include "base/cpus.h"
#include "harness/machine/pin.h"
#include "tests/support/check.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -- sets ---------------------------------------------------------------------- */

static struct cpus set_of(const char *list)
{
    struct cpus set;

    assert_int_equal(cpus_parse(&set, list, NULL), 0);
    return set;
}

static void expect_set(const struct cpus *set, const char *list)
{
    char *text = cpus_text(set);

    assert_string_equal(text, list);
    free(text);
}

static void test_lists(void **state)
{
    static const struct {
        const char *typed, *text;
        unsigned count;
    } good[] = {
        {"0", "0", 1},
        {"0-2", "0-2", 3},
        {"0,1,2,5", "0-2,5", 4},
        {"5,0-2", "0-2,5", 4},
        {"62-65,127,128", "62-65,127-128", 6}, /* across 64-bit boundaries */
        {"1500", "1500", 1},                   /* more than cpu_set_t holds */
        {"8191", "8191", 1},
        {"0-8191", "0-8191", 8192},
    };
    static const char *const bad[] = {"", "8192", "0-8192", "a", "0,", "2-1", "0:1"};
    struct cpus set;
    struct err err = {""};

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        set = set_of(good[i].typed);
        expect_set(&set, good[i].text);
        assert_int_equal(cpus_count(&set), good[i].count);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (!cpus_parse(&set, bad[i], &err))
            fail_msg("'%s' was taken for a list", bad[i]);
    set = (struct cpus){{0}};
    expect_set(&set, "");
}

static void test_sets(void **state)
{
    struct cpus few = set_of("3,70");
    struct cpus many = set_of("0-99");
    struct cpus others = set_of("71-99");

    (void)state;
    assert_true(cpus_within(&few, &many));
    assert_false(cpus_within(&many, &few));
    assert_true(cpus_has(&few, 70));
    assert_false(cpus_has(&few, 6));
    assert_false(cpus_has(&few, CPUS_MAX));
    cpus_remove(&few, 70);
    cpus_add(&few, 71);
    cpus_add(&few, CPUS_MAX); /* ignored: there is no such CPU */
    expect_set(&few, "3,71");
    assert_false(cpus_within(&few, &others));
}

static void *confine_to_one(void *argument)
{
    const struct cpus *one = argument;
    struct cpus now;

    assert_int_equal(cpus_confine(one, NULL), 0);
    assert_int_equal(cpus_allowed(&now, NULL), 0);
    assert_true(cpus_within(&now, one));
    return NULL;
}

static void test_confining_a_thread(void **state)
{
    struct cpus none = {{0}};
    struct cpus before, one, after;
    struct err err = {""};
    unsigned last = CPUS_MAX;
    pthread_t thread;

    (void)state;
    assert_int_equal(cpus_allowed(&before, NULL), 0);
    assert_true(cpus_count(&before) > 0);
    while (!cpus_has(&before, --last))
        ;
    one = none;
    cpus_add(&one, last);
    assert_int_equal(pthread_create(&thread, NULL, confine_to_one, &one), 0);
    (void)pthread_join(thread, NULL);
    assert_int_equal(cpus_allowed(&after, NULL), 0);
    assert_memory_equal(&before, &after, sizeof(before)); /* the caller is not confined */
    assert_int_equal(cpus_confine(&none, &err), -1);
    assert_non_null(strstr(err.text, "cannot set the CPU affinity"));
}

/* -- choosing ------------------------------------------------------------------ */

/* A machine with the CPUs `allowed` on `cores` cores; CPU n is on core n % cores, as on
 * most PCs with two threads per core. */
static struct pin_machine *machine_of(const char *allowed, unsigned cores, double quota)
{
    struct pin_machine *machine = calloc(1, sizeof(*machine));

    assert_non_null(machine);
    machine->allowed = set_of(allowed);
    machine->quota = quota;
    for (unsigned cpu = 0; cpu < CPUS_MAX; cpu++)
        machine->core[cpu] = (uint16_t)(cpu % cores);
    return machine;
}

static void test_choosing(void **state)
{
    static const struct {
        const char *allowed;
        unsigned cores;
        double quota;
        const char *text, *words;
    } machines[] = {
        {"0-1", 2, INFINITY, "0:1", "pinned: client on CPU 0, origin on CPU 1"},
        {"0-3", 4, INFINITY, "0-2:3", "pinned: client on CPUs 0-2, origin on CPU 3"},
        {"0-1", 1, INFINITY, "0:1", "pinned: client on CPU 0, origin on CPU 1"},
        {"0-7", 4, INFINITY, "0-2,4-6:7", "pinned: client on CPUs 0-2,4-6, origin"},
        {"0-2", 2, INFINITY, "0,2:1", "pinned"}, /* CPU 1 has a core to itself */
        {"4,6", 8, INFINITY, "4:6", "pinned"},
        {"0-1500", 2000, INFINITY, "0-1499:1500", "pinned"},
        {"0-3", 4, 2, "0-2:3", "pinned"},
        {"3", 4, INFINITY, "", "not pinned: only one CPU is available"},
        {"0-3", 4, 1.5, "", "not pinned: the control group has a quota of 1.5 CPUs"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
        struct pin_machine *machine = machine_of(machines[i].allowed, machines[i].cores,
                                                 machines[i].quota);
        struct pin pin;

        pin_choose(&pin, machine);
        assert_string_equal(pin.text, machines[i].text);
        assert_int_equal(pin.pinned, machines[i].text[0] != '\0');
        if (!strstr(pin.words, machines[i].words))
            fail_msg("'%s' does not say '%s'", pin.words, machines[i].words);
        free(machine);
    }
}

/* -- reading ------------------------------------------------------------------- */

static void test_reading(void **state)
{
    static const struct {
        const char *typed, *words;
    } bad[] = {
        {"0:4", "'4' is not among the available CPUs, 0-3"},
        {"2-5:0", "'2-5' is not among"},
        {"0:", "is not a list"},
        {":1", "is not a list"},
        {"", "is not a list"},
        {"0:1:2", "'1:2' is not a list"},
        {"0-:1", "is not a list"},
    };
    struct cpus allowed = set_of("0-3");
    struct err err;
    struct pin pin;

    (void)state;
    assert_int_equal(pin_parse(&pin, "2,0-1:3", NULL), 0);
    assert_true(pin.pinned);
    assert_string_equal(pin.text, "0-2:3");
    assert_string_equal(pin.words, "pinned: client on CPUs 0-2, origin on CPU 3");
    assert_int_equal(pin_parse(&pin, "0:0", NULL), 0); /* given explicitly, so accepted */
    assert_string_equal(pin.text, "0:0");
    assert_int_equal(pin_parse(&pin, "1", NULL), 0);
    assert_int_equal(cpus_count(&pin.origin), 0);
    assert_string_equal(pin.words, "pinned: client on CPU 1");
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        err = (struct err){""};
        assert_int_equal(
            pin_parse(&pin, bad[i].typed, &err) || pin_check(&pin, &allowed, &err), true);
        if (!strstr(err.text, bad[i].words))
            fail_msg("'%s' does not say '%s'", err.text, bad[i].words);
    }
}

static void test_too_long_a_list(void **state)
{
    struct pin_machine *machine = machine_of("0-8191", 8192, INFINITY);
    char list[4096] = "0";
    size_t used = 1;
    struct err err = {""};
    struct pin pin;

    (void)state;
    for (unsigned cpu = 2; cpu < 1000; cpu += 2)
        used += (size_t)snprintf(list + used, sizeof(list) - used, ",%u", cpu);
    assert_int_equal(pin_parse(&pin, list, &err), -1);
    assert_string_equal(err.text, "the list of CPUs is too long");
    machine->allowed = set_of(list); /* no list is better than half of one */
    pin_choose(&pin, machine);
    assert_false(pin.pinned);
    assert_string_equal(pin.text, "");
    free(machine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_sets),
        cmocka_unit_test(test_confining_a_thread),
        cmocka_unit_test(test_choosing),
        cmocka_unit_test(test_reading),
        cmocka_unit_test(test_too_long_a_list),
    };

    return cmocka_run_group_tests_name("pin", tests, NULL, NULL);
}
