/* test_cpu_model.c - the name of the CPU, from synthetic files of several machines. */
#include "harness/machine/cpu_model.h"
#include "tests/support/check.h"
#include "tests/support/tree.h"

#include <string.h>

static const char two_sizes[] = "processor\t: 0\nBogoMIPS\t: 48.00\n"
                                "CPU implementer\t: 0x41\nCPU architecture: 8\n"
                                "CPU variant\t: 0x0\nCPU part\t: 0xd03\n\n"
                                "processor\t: 1\nCPU implementer\t: 0x41\n"
                                "CPU part\t: 0xd03\n\n"
                                "processor\t: 2\nCPU implementer\t: 0x41\n"
                                "CPU part\t: 0xd09\n";

static const struct {
    const char *cpuinfo, *board, *board_path, *model;
} machines[] = {
    {"processor\t: 0\nmodel\t\t: 85\nmodel name\t: Intel(R) Xeon(R) CPU\n", NULL, NULL,
     "Intel(R) Xeon(R) CPU"},
    {"model name :  AMD: EPYC  \n", NULL, NULL, "AMD: EPYC  "},
    /* Some arm64 kernels have a model name too; it is the most specific. */
    {"model name\t: ARMv8 Processor rev 3\nCPU implementer\t: 0x41\n", "Board",
     "/proc/device-tree/model", "ARMv8 Processor rev 3"},
    {two_sizes, NULL, NULL,
     "CPU implementer 0x41 part 0xd03, CPU implementer 0x41 part 0xd09"},
    {two_sizes, "Odroid N2\n", "/proc/device-tree/model",
     "Odroid N2 (CPU implementer 0x41 part 0xd03, CPU implementer 0x41 part 0xd09)"},
    {two_sizes, "Odroid N2", "/sys/firmware/devicetree/base/model",
     "Odroid N2 (CPU implementer 0x41 part 0xd03, CPU implementer 0x41 part 0xd09)"},
    {"processor\t: 0\n", "Some board", "/proc/device-tree/model", "Some board"},
    {"CPU part\t: 0xd08\n", NULL, NULL, ""},
    {"model name\nmodel name:\n", NULL, NULL, ""},
    {"", NULL, NULL, ""},
    {NULL, NULL, NULL, ""},
};

static void test_machines(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
        char text[CPU_MODEL_SIZE];
        struct tree tree;

        tree_make(&tree);
        if (machines[i].cpuinfo)
            tree_write(&tree, "/proc/cpuinfo", machines[i].cpuinfo);
        if (machines[i].board)
            tree_write(&tree, machines[i].board_path, machines[i].board);
        assert_string_equal(cpu_model(tree.root, text), machines[i].model);
        tree_remove(&tree);
    }
}

/* Names longer than the buffer are cut. */
static void test_long_names(void **state)
{
    char long_line[2000];
    char text[CPU_MODEL_SIZE];
    struct tree tree;

    (void)state;
    memset(long_line, 'x', sizeof(long_line) - 1);
    long_line[sizeof(long_line) - 1] = '\0';
    tree_make(&tree);
    tree_write(&tree, "/proc/device-tree/model", long_line);
    memcpy(long_line, "CPU implementer : ", 18);
    tree_write(&tree, "/proc/cpuinfo", long_line);
    assert_true(strlen(cpu_model(tree.root, text)) < CPU_MODEL_SIZE);
    assert_non_null(strstr(text, "xxx"));
    tree_remove(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_machines),
        cmocka_unit_test(test_long_names),
    };

    return cmocka_run_group_tests_name("cpu_model", tests, NULL, NULL);
}
