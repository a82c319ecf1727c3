/* test_program.c - splitting a command, the lines of a program, and its processes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/process_tree.h"
#include "base/random.h"
#include "strategies/outside/program_line.h"
#include "strategies/outside/program_usage.h"
#include "strategies/outside/words.h"
#include "tests/support/check.h"

/* -- words --------------------------------------------------------------------- */

/* All words, joined by '|', or the error. */
static const char *split(const char *command, char text[256])
{
    struct err err;
    size_t count;
    char *word = text;

    if (words_split(command, text, 64, &count, &err)) {
        (void)snprintf(text, 256, "%.255s", err.text);
        return text;
    }
    while (count-- > 1) {
        word += strlen(word);
        *word = '|';
    }
    return text;
}

static void test_words(void **state)
{
    static const struct {
        const char *command, *words;
    } cases[] = {
        {"a", "a"},
        {"  a\tb\n c  ", "a|b|c"},
        {"a 'b c' d", "a|b c|d"},
        {"a 'b\\' \"c'd\"", "a|b\\|c'd"},
        {"a \"b \\\"c\\\" \\$d \\`e \\\\ \\f\"", "a|b \"c\" $d `e \\ \\f"},
        {"a\\ b\\'c \\\"d", "a b'c|\"d"},
        {"a'b'\"c\"d", "abcd"},
        {"a '' \"\"", "a||"},
        {"a $HOME `x` *.c ~ # > b; c", "a|$HOME|`x`|*.c|~|#|>|b;|c"},
        {"a \\\n b", "a|b"},
        {"a b\\\nc \"d\\\ne\"", "a|bc|de"},
        {"a '\n'", "a|\n"},
        {"", "it names no program"},
        {" \t\n", "it names no program"},
        {"''", "it names no program"},
        {"a 'b", "a ' quote is not closed"},
        {"a \"b", "a \" quote is not closed"},
        {"a \"b\\", "a \" quote is not closed"},
        {"a b\\", "it ends with a backslash"},
        {"a23456789012345678901234567890123456789012345678901234567890123",
         "a23456789012345678901234567890123456789012345678901234567890123"},
        {"a234567890123456789012345678901234567890123456789012345678901234",
         "its words have more than 64 bytes"},
    };
    char text[256];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(split(cases[i].command, text), cases[i].words);
}

/* -- lines --------------------------------------------------------------------- */

static int parse(struct program_line *line, const char *text, struct err *err)
{
    return program_line_parse(line, text, strlen(text), err);
}

static void test_lines(void **state)
{
    struct program_line line;
    struct program_result *result = &line.result;

    (void)state;
    assert_int_equal(parse(&line, "ready 1", NULL), 0);
    assert_int_equal(line.kind, PROGRAM_READY);
    assert_int_equal(parse(&line, "done", NULL), 0);
    assert_int_equal(line.kind, PROGRAM_DONE);
    assert_int_equal(parse(&line, "end", NULL), 0);
    assert_int_equal(line.kind, PROGRAM_END);
    assert_int_equal(
        parse(&line, "4294967295 18446744073709551615 2 200 12 DeadBeef", NULL), 0);
    assert_int_equal(line.kind, PROGRAM_RESULT);
    assert_int_equal(result->index, 4294967295);
    assert_true(result->start_ns == UINT64_MAX && result->end_ns == 2);
    assert_true(result->has_stamps && result->has_status && result->has_bytes);
    assert_true(result->has_crc32 && result->body_crc32 == 0xdeadbeef);
    assert_int_equal(result->http_status, 200);
    assert_int_equal(result->body_bytes, 12);
    assert_int_equal(parse(&line, "0 - - - - -", NULL), 0);
    assert_false(result->has_stamps || result->has_status || result->has_bytes ||
                 result->has_crc32 || result->failed);
    assert_int_equal(parse(&line, "0 1 - 200 0 0", NULL), 0);
    assert_false(result->has_stamps);
    assert_int_equal(parse(&line, "1 2 3 error timeout after \033[1m", NULL), 0);
    assert_true(result->failed);
    assert_string_equal(result->error, "timeout after ?[1m");
    assert_int_equal(parse(&line, "1 2 3 error", NULL), 0);
    assert_string_equal(result->error, "");
}

static void test_bad_lines(void **state)
{
    static const char *const lines[] = {
        "",
        " ",
        "ready",
        "ready ",
        "ready 01x",
        "ready 3",
        "ready1",
        "done ",
        "done 1",
        "END",
        "end.",
        "x",
        "\033[2J",
        "- 1 2 200 0 0",
        "-1 1 2 200 0 0",
        "0",
        "0 1",
        "0 1 2",
        "0 1 2 200",
        "0 1 2 200 0",
        "0 1 2 200 0 ",
        "0 1 2 200 0 0 0",
        "0  1 2 200 0 0",
        "0 1 2 1000 0 0",
        "0 1 2 200 0 123456789",
        "0 1 2 200 0 g",
        "0 1 2 200 -1 0",
        "0 1.5 2 200 0 0",
        "0 1 2e9 200 0 0",
        "4294967296 1 2 200 0 0",
        "0 18446744073709551616 2 200 0 0",
        "0 1 2 errors x",
        "0 error x",
        "0 1 2 200 0 0x0",
        "0\t1\t2\t200\t0\t0",
        "0 1 2 200 0 0\r",
    };
    struct program_line line;

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct err err = {""};

        if (!parse(&line, lines[i], &err))
            fail_msg("'%s' was read", lines[i]);
        assert_null(strchr(err.text, '\033'));
        assert_true(strlen(err.text) > 10);
    }
    assert_int_equal(program_line_parse(&line, "0 \0", 3, NULL), -1);
}

/* Any bytes, and lines that are nearly right. */
static void test_random_lines(void **state)
{
    static const char *const parts[] = {"ready ",
                                        "1",
                                        "done",
                                        "end",
                                        "0 ",
                                        "- ",
                                        "error ",
                                        "200 ",
                                        "ffffffff",
                                        " ",
                                        "\xff\xc0",
                                        "\n",
                                        "18446744073709551616",
                                        "\033",
                                        "e\xcc\x81"};
    struct random random = {1};
    char text[PROGRAM_LINE_MAX + 1];

    (void)state;
    for (int i = 0; i < 200000; i++) {
        struct program_line line;
        struct err err = {""};
        size_t length = 0;

        while (length + 32 < sizeof(text) && random_below(&random, 12)) {
            const char *part =
                parts[random_below(&random, sizeof(parts) / sizeof(*parts))];

            if (!random_below(&random, 3)) {
                text[length++] = (char)random_below(&random, 256);
                continue;
            }
            memcpy(text + length, part, strlen(part));
            length += strlen(part);
        }
        text[length] = '\0';
        if (program_line_parse(&line, text, length, &err))
            assert_true(err.text[0] && !strchr(err.text, '\033'));
        else
            assert_true(line.kind <= PROGRAM_END);
    }
    memset(text, 0xff, PROGRAM_LINE_MAX);
    text[PROGRAM_LINE_MAX] = '\0';
    assert_int_equal(
        program_line_parse(&(struct program_line){0}, text, PROGRAM_LINE_MAX, NULL), -1);
}

/* -- processes ----------------------------------------------------------------- */

/* A child that has a child that has left its session; both stay. */
static pid_t start_family(int ready_fd)
{
    pid_t child = fork();

    assert_true(child >= 0);
    if (child)
        return child;
    if (!fork()) {
        (void)setsid();
        if (write(ready_fd, "x", 1) != 1)
            _exit(1);
        (void)sleep(600);
        _exit(0);
    }
    (void)sleep(600);
    _exit(0);
}

static void assert_ended(const struct process_tree *spared, size_t killed)
{
    struct process_tree_end end = process_tree_end_group(0, spared,
                                                         PROCESS_TREE_LIMIT_NS);

    assert_int_equal(end.killed, killed);
    assert_int_equal(end.left, 0);
}

static void test_tree(void **state)
{
    const struct process_tree none = {.count = 0};
    struct process_tree before;
    struct process_tree tree;
    int ready[2];
    pid_t spared;
    char byte;

    (void)state;
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    assert_int_equal(pipe(ready), 0);
    spared = start_family(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(process_tree_read_children(&before, getpid()), 0);
    assert_int_equal(before.count, 1);
    assert_int_equal(before.entries[0].pid, spared);
    (void)start_family(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(process_tree_read(&tree, getpid()), 0);
    assert_int_equal(process_tree_alive(&tree), 4);
    process_tree_free(&tree);
    assert_ended(&before, 2);
    assert_int_equal(process_tree_read(&tree, getpid()), 0);
    assert_int_equal(tree.count, 2);
    process_tree_free(&tree);
    assert_ended(&none, 2);
    assert_ended(&none, 0);
    process_tree_free(&before);
    (void)close(ready[0]);
    (void)close(ready[1]);
}

/* The group alone, whose members are not counted, and then a process that has left it. */
static void test_group(void **state)
{
    const struct process_tree none = {.count = 0};
    struct process_tree_end end;
    int ready[2];
    char byte;
    pid_t pid;

    (void)state;
    assert_int_equal(pipe(ready), 0);
    pid = start_family(ready[1]);
    assert_int_equal(setpgid(pid, pid), 0);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    end = process_tree_end_group(pid, NULL, PROCESS_TREE_LIMIT_NS);
    assert_int_equal(end.killed, 0);
    assert_int_equal(end.left, 0);
    assert_int_equal(waitpid(pid, NULL, WNOHANG), -1);
    /* This process has inherited the member that has left the session. */
    end = process_tree_end_group(pid, &none, PROCESS_TREE_LIMIT_NS);
    assert_int_equal(end.killed, 1);
    assert_int_equal(end.left, 0);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    (void)close(ready[0]);
    (void)close(ready[1]);
}

/* Ends `group` (0: all children) of this process, one of which must refuse that, within
 * the limit. Exits with the number of those that are left. */
static _Noreturn void end_and_exit(pid_t group)
{
    const struct process_tree none = {.count = 0};
    uint64_t start_ns = clock_ns();
    struct process_tree_end end = process_tree_end_group(group, group ? NULL : &none,
                                                         50 * CLOCK_NS_PER_MS);

    _exit(clock_ns() - start_ns < 5 * CLOCK_NS_PER_S ? (int)end.left : 99);
}

/* Like a process that runs a setuid program, root's child gives a user EPERM. */
static void test_unkillable(void **state)
{
    (void)state;
    if (geteuid())
        skip();
    for (int has_group = 0; has_group < 2; has_group++) {
        struct process_tree_end end;
        int hold[2];
        int status;
        pid_t user;

        assert_int_equal(pipe(hold), 0);
        user = fork();
        assert_true(user >= 0);
        if (!user) {
            pid_t child = fork();
            char byte;

            (void)close(hold[1]);
            if (!child)
                _exit((int)read(hold[0], &byte, 1)); /* until the test has ended */
            if (setpgid(child, child) || setresuid(65534, 65534, 65534))
                _exit(98);
            end_and_exit(has_group ? child : 0);
        }
        assert_int_equal(waitpid(user, &status, 0), user);
        assert_int_equal(status, 1 << 8);
        (void)close(hold[1]);
        (void)close(hold[0]);
        end = process_tree_end_group(0, &(struct process_tree){.count = 0},
                                     PROCESS_TREE_LIMIT_NS);
        assert_int_equal(end.left, 0);
    }
}

/* Killed, but the process that traces it keeps it from being reaped. */
static void test_unreapable(void **state)
{
    struct process_tree tracer;
    struct process_tree_end end;
    int ready[2];
    char byte;
    pid_t child;
    pid_t pid;

    (void)state;
    assert_int_equal(pipe(ready), 0);
    child = fork();
    if (!child) {
        (void)prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
        (void)sleep(600);
        _exit(0);
    }
    pid = fork();
    if (!pid) {
        byte = ptrace(PTRACE_SEIZE, child, NULL, NULL) ? 'n' : 'y';
        if (write(ready[1], &byte, 1) == 1)
            (void)sleep(600);
        _exit(0);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    tracer = (struct process_tree){&(struct process_entry){pid, getpid(), false}, 1};
    end = process_tree_end_group(0, &tracer, 50 * CLOCK_NS_PER_MS);
    assert_int_equal(end.killed, 1);
    assert_int_equal(end.left, byte == 'y'); /* a sandbox may forbid tracing */
    assert_ended(&(struct process_tree){.count = 0}, 1);
    (void)close(ready[0]);
    (void)close(ready[1]);
}

static void work_for(uint64_t ns)
{
    uint64_t until_ns = clock_cpu_ns() + ns;

    while (clock_cpu_ns() < until_ns)
        ;
}

/* A process that works itself, and has a child that works and ends. */
static void work_as_family(int go_fd, int done_fd)
{
    char byte;
    pid_t child;

    if (read(go_fd, &byte, 1) != 1)
        _exit(1);
    work_for(15 * CLOCK_NS_PER_MS);
    child = fork();
    if (!child) {
        work_for(25 * CLOCK_NS_PER_MS);
        _exit(0);
    }
    (void)waitpid(child, NULL, 0);
    if (write(done_fd, "x", 1) != 1 || read(go_fd, &byte, 1) != 1)
        _exit(1);
    work_for(200 * CLOCK_NS_PER_MS); /* after `done`: not counted */
    _exit(0);
}

/* Exact where /proc has ticks of 10 ms, with the child that was reaped. */
static void test_usage(void **state)
{
    struct program_reading at_go;
    struct program_reading at_done;
    struct usage usage;
    siginfo_t info;
    int done[2];
    int go[2];
    int status;
    char byte;
    pid_t pid;

    (void)state;
    assert_int_equal(pipe(go), 0);
    assert_int_equal(pipe(done), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (!pid)
        work_as_family(go[0], done[1]);
    at_go = program_usage_read(pid);
    assert_int_equal(write(go[1], "x", 1), 1);
    assert_int_equal(read(done[0], &byte, 1), 1);
    at_done = program_usage_read(pid);
    assert_true(at_done.peak_rss_bytes > 0);
    assert_int_equal(write(go[1], "x", 1), 1);
    assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
    usage = program_usage_between(&at_go, &at_done, pid, &status);
    assert_int_equal(status, 0);
    /* At least the 40 ms until then, to the microsecond, and not the 200 ms after it. */
    assert_in_range(usage.user_us + usage.system_us, 39990, 100000);
    assert_true(usage.voluntary_switches >= 2);
    assert_true(usage.minor_faults > 0);
    for (int i = 0; i < 2; i++) {
        (void)close(go[i]);
        (void)close(done[i]);
    }
}

/* Workers that were made before `go` and are reaped before `done`: their time from before
 * `go` is in both readings, though in different places, and not between them. */
static void test_reaped_workers(void **state)
{
    const struct program_reading go = {.cpu_ns = 100 * CLOCK_NS_PER_MS,
                                       .main_ns = 10 * CLOCK_NS_PER_MS,
                                       .user_ns = 100 * CLOCK_NS_PER_MS};
    const struct program_reading done = {.cpu_ns = 12 * CLOCK_NS_PER_MS,
                                         .main_ns = 12 * CLOCK_NS_PER_MS,
                                         .reaped_ns = 110 * CLOCK_NS_PER_MS,
                                         .main_reaped_ns = 110 * CLOCK_NS_PER_MS,
                                         .user_ns = 120 * CLOCK_NS_PER_MS};
    struct usage usage = program_usage_between(&go, &done, 0, NULL);

    (void)state;
    assert_int_equal(usage.user_us, 22000);
    assert_int_equal(usage.system_us, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),      cmocka_unit_test(test_lines),
        cmocka_unit_test(test_bad_lines),  cmocka_unit_test(test_random_lines),
        cmocka_unit_test(test_tree),       cmocka_unit_test(test_group),
        cmocka_unit_test(test_unkillable), cmocka_unit_test(test_unreapable),
        cmocka_unit_test(test_usage),      cmocka_unit_test(test_reaped_workers),
    };

    return cmocka_run_group_tests_name("program", tests, NULL, NULL);
}
