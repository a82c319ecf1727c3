/* command_cell.c - `bench cell`, the process that bench starts for each cell. */
#include "base/parse.h"
#include "harness/cell/cell_process.h"
#include "harness/cli/command.h"

static int run(void *request, const struct typed *typed, struct err *err)
{
    uint64_t memory_fd;
    uint64_t work_fd;

    (void)request;
    if (typed->operand_count != 2 ||
        parse_count(typed->operands[0], 3, 1000000, &memory_fd, NULL) ||
        parse_count(typed->operands[1], 3, 1000000, &work_fd, NULL)) {
        (void)err_set(err, "bench cell is for internal use; see bench --help");
        return EXIT_USAGE;
    }
    return cell_main((int)memory_fd, (int)work_fd, err) ? EXIT_USAGE : EXIT_ALL_GOOD;
}

const struct command cell_command = {
    .name = "cell",
    .takes_operands = true,
    .run = run,
};
