/* test_consent.c - which addresses belong to another machine, and the load announced for
 * them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "harness/cli/consent.h"
#include "harness/plan/plan_cells.h"
#include "harness/plan/plan_fields.h"
#include "harness/target/lookup.h"
#include "tests/support/check.h"

static struct sockaddr_storage address_of(const char *host)
{
    struct sockaddr_storage found;
    struct address address = {.port = 80};

    (void)snprintf(address.host, sizeof(address.host), "%s", host);
    if (!address_is_literal(&address, &found))
        fail_msg("'%s' is no address", host);
    return found;
}

static void test_which_addresses_need_consent(void **state)
{
    static const struct {
        const char *host;
        bool due, loopback;
    } cases[] = {
        {"127.0.0.1", false, true},
        {"127.255.255.254", false, true},
        {"[::1]", false, true},
        {"[::ffff:127.0.0.1]", false, true},
        {"192.0.2.7", false, false}, /* an address of an interface */
        {"[2001:db8::7]", false, false},
        {"192.0.2.1", true, false},
        {"128.0.0.1", true, false},
        {"126.255.255.255", true, false},
        {"[2001:db8::1]", true, false},
        {"[::2]", true, false},
        {"[::ffff:192.0.2.1]", true, false},
        {"[7f00:1::]", true, false},
    };
    struct sockaddr_storage own[] = {address_of("127.0.0.1"), address_of("192.0.2.7"),
                                     address_of("[2001:db8::7]")};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sockaddr_storage peer = address_of(cases[i].host);

        if (consent_is_due(&peer, own, 3) != cases[i].due)
            fail_msg("%s", cases[i].host);
        assert_int_equal(address_is_loopback(&peer), cases[i].loopback);
    }
}

static void test_own_addresses(void **state)
{
    struct sockaddr_storage loopback = address_of("127.0.0.1");
    struct sockaddr_storage *own = NULL;
    size_t count;
    bool found = false;

    (void)state;
    assert_int_equal(consent_own_addresses(&own, &count, NULL), 0);
    for (size_t i = 0; i < count; i++)
        found |= address_equal(&own[i], &loopback);
    free(own);
    assert_true(found || !count); /* a new network namespace has none */
}

/* Asks for consent to a plan with levels 10 and 30 and three rounds, changed by `change`
 * if it is not NULL; `said` gets its announcement, "" if none. Returns the result of
 * consent_require(). */
static int demand_changed(const char *urls, void change(struct plan *plan),
                          enum consent_mode mode, char said[512])
{
    static const struct strategy multi = {.name = "multi", .multi = true};
    static struct target_site site;
    struct plan plan = plan_defaults();
    struct session session = {.plan = &plan, .limits = {.descriptors = 1000000}};
    FILE *screen = fmemopen(said, 512, "w");
    int result;

    assert_non_null(screen);
    said[0] = '\0';
    target_site_begin(&site);
    assert_int_equal(target_site_add_template(&site, urls, NULL), 0);
    assert_int_equal(lookup_servers(&site, AF_UNSPEC, NULL), 0);
    plan.strategies[plan.strategy_count++] = &multi;
    assert_int_equal(levels_parse(&plan.levels, &levels_kind, "10,30", NULL), 0);
    plan.site = &site;
    plan.url = site.name;
    if (change)
        change(&plan);
    assert_int_equal(plan_cells(&plan, &session.cells, NULL), 0);
    result = consent_require(&session, mode, screen, NULL);
    assert_int_equal(fclose(screen), 0);
    cell_list_free(&session.cells);
    target_site_free(&site);
    return result;
}

static int demand(const char *urls, enum consent_mode mode, char said[512])
{
    return demand_changed(urls, NULL, mode, said);
}

static void test_announced_load(void **state)
{
    char said[512];

    (void)state;
    assert_int_equal(demand("http://127.0.0.1:{1..9}/", CONSENT_ASK, said), 0);
    assert_string_equal(said, "");
    assert_int_equal(demand("http://198.51.100.1/{1..9}", CONSENT_GIVEN, said), 0);
    assert_string_equal(said, "up to 120 requests, at most 30 at a time, go to a remote "
                              "host: 198.51.100.1:80\n");
    assert_int_equal(
        demand("https://{127.0.0.1,198.51.100.1,198.51.100.2}/", CONSENT_SHOW, said), 0);
    assert_string_equal(said, "up to 120 requests, at most 30 at a time, go to remote "
                              "hosts: 198.51.100.1:443, 198.51.100.2:443\n");
    assert_int_equal(demand("http://198.51.100.{1..6}/", CONSENT_SHOW, said), 0);
    assert_non_null(strstr(said, "198.51.100.4:80 and 2 more\n"));
    assert_null(strstr(said, "198.51.100.5"));
}

static void for_10_s(struct plan *plan)
{
    plan->duration_ns = 10 * CLOCK_NS_PER_S;
}

static void for_10_s_per_host(struct plan *plan)
{
    plan->duration_ns = 10 * CLOCK_NS_PER_S;
    plan->per_host_rate = 4;
}

static void at_rates(struct plan *plan)
{
    plan->levels.count = 0;
    assert_int_equal(levels_parse(&plan->rates, &rates_kind, "5,10", NULL), 0);
    plan->duration_ns = 10 * CLOCK_NS_PER_S;
}

/* How many requests a remote server answers within a duration is not known. */
static void test_announced_load_of_a_duration(void **state)
{
    char said[512];

    (void)state;
    assert_int_equal(demand_changed("http://198.51.100.1/", for_10_s, CONSENT_SHOW, said),
                     0);
    assert_string_equal(said, "as many requests as fit into 10s per cell, in 6 cells, at "
                              "most 30 at a time, go to a remote host: "
                              "198.51.100.1:80\n");
    /* Two hosts, 41 requests each per cell. */
    assert_int_equal(
        demand_changed("http://198.51.100.{1,2}/", for_10_s_per_host, CONSENT_SHOW, said),
        0);
    assert_non_null(strstr(said, "up to 492 requests, at most 30 at a time, go to"));
    assert_int_equal(demand_changed("http://198.51.100.1/", at_rates, CONSENT_SHOW, said),
                     0);
    assert_non_null(strstr(said, "up to 450 requests, at most 100 at a time, go to"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_which_addresses_need_consent),
        cmocka_unit_test(test_own_addresses),
        cmocka_unit_test(test_announced_load),
        cmocka_unit_test(test_announced_load_of_a_duration),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
