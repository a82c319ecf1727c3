/* test_build.c - the build type that a program reports. Compiled once per case, with the
 * flags of that case and the text that they must give. */
#include <string.h>

#include "harness/cell/build.h"
#include "tests/support/check.h"

static void test_build(void **state)
{
    char text[BUILD_TEXT_SIZE];

    (void)state;
    build_text(text);
    assert_string_equal(text, EXPECTED);
    assert_int_equal(build_is_slow(), strcmp(EXPECTED, "RelWithDebInfo") != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_build)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
