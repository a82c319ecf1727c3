/* program_process.c - see program_process.h. */
#include "strategies/outside/program_process.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/process_tree.h"
#include "base/terminal.h"
#include "strategies/outside/program_start.h"

/* How often to look for the end of a program whose output another process keeps open, and
 * for the end of the harness. */
#define LOOK_NS (50 * CLOCK_NS_PER_MS)

int program_process_start(struct program_process *process,
                          const struct outside_request *request, const char *job,
                          struct err *err)
{
    struct program_child child;
    int result = program_start(&child, request, job, err);

    *process = (struct program_process){.pid = child.pid,
                                        .harness = request->harness,
                                        .in_fd = child.in_fd,
                                        .out_fd = child.out_fd,
                                        .error_fd = child.error_fd,
                                        .tail_offset = lseek(STDERR_FILENO, 0, SEEK_CUR)};
    return result;
}

/* -- its standard error -------------------------------------------------------- */

/* Our own standard error is memory of the harness, which reads it even if this process is
 * killed: it always shows the tail. */
static void show_tail(const struct program_process *process)
{
    char shown[PROGRAM_TAIL_SIZE] = "";

    if (process->tail_offset < 0)
        return;
    memcpy(shown, process->tail, process->tail_bytes);
    if (pwrite(STDERR_FILENO, shown, sizeof(shown), process->tail_offset) < 0)
        return; /* it only explains */
}

/* Reads what there is of standard error. Returns whether there may be more. */
static bool read_error(struct program_process *process)
{
    char bytes[PROGRAM_TAIL_SIZE];
    ssize_t got = read(process->error_fd, bytes, sizeof(bytes));
    size_t dropped;

    if (got <= 0) {
        if (!got) {
            (void)close(process->error_fd);
            process->error_fd = -1;
        }
        return got < 0 && errno == EINTR;
    }
    dropped = process->tail_bytes + (size_t)got > sizeof(process->tail)
                  ? process->tail_bytes + (size_t)got - sizeof(process->tail)
                  : 0;
    if (dropped > process->tail_bytes)
        dropped = process->tail_bytes;
    memmove(process->tail, process->tail + dropped, process->tail_bytes - dropped);
    process->tail_bytes -= dropped;
    memcpy(process->tail + process->tail_bytes, bytes, (size_t)got);
    process->tail_bytes += (size_t)got;
    for (size_t i = 0; i < process->tail_bytes; i++)
        if (!process->tail[i])
            process->tail[i] = '?';
    show_tail(process);
    return true;
}

/* Reads as much as a pipe can hold, and no more: another process may go on writing. */
static void drain_error(struct program_process *process)
{
    enum { PIPE_READS = 16 };

    for (int i = 0; i < PIPE_READS && process->error_fd >= 0; i++)
        if (!read_error(process))
            return;
}

const char *program_process_last_line(const struct program_process *process,
                                      char line[PROGRAM_ERROR_SIZE])
{
    char copy[PROGRAM_TAIL_SIZE + 1];

    memcpy(copy, process->tail, process->tail_bytes);
    copy[process->tail_bytes] = '\0';
    return terminal_last_line(copy, line, PROGRAM_ERROR_SIZE);
}

/* -- its standard output ------------------------------------------------------- */

/* Whether it is a zombie. */
static bool is_dead(const struct program_process *process)
{
    siginfo_t info = {0};

    return !waitid(P_PID, (id_t)process->pid, &info, WEXITED | WNOHANG | WNOWAIT) &&
           info.si_pid == process->pid;
}

/* Reads as much of standard output as there is room for. Returns whether any came. */
static bool read_output(struct program_process *process)
{
    ssize_t got;

    if (process->returned) {
        memmove(process->lines, process->lines + process->returned,
                process->filled - process->returned);
        process->filled -= process->returned;
        process->returned = 0;
    }
    if (process->out_fd < 0 || process->filled == PROGRAM_LINE_MAX)
        return false;
    got = read(process->out_fd, process->lines + process->filled,
               PROGRAM_LINE_MAX - process->filled);
    if (got > 0) {
        process->read_ns = clock_ns();
        process->filled += (size_t)got;
        return true;
    }
    if (!got) {
        (void)close(process->out_fd);
        process->out_fd = -1;
        process->has_ended = true;
    }
    return false;
}

/* Takes a whole line out of those that were read; at the end also one without its line
 * end. */
static bool take_line(struct program_process *process, const char **line, size_t *length)
{
    char *begin = process->lines + process->returned;
    size_t left = process->filled - process->returned;
    char *end = memchr(begin, '\n', left);

    if (!end && !(process->has_ended && left && left < PROGRAM_LINE_MAX))
        return false;
    *line = begin;
    *length = end ? (size_t)(end - begin) : left;
    begin[*length] = '\0';
    process->returned += *length + (end != NULL);
    return true;
}

/* Waits for output until then, at most for LOOK_NS, and reads standard error. */
static void wait_for_output(struct program_process *process, uint64_t until_ns)
{
    uint64_t now_ns = clock_ns();
    uint64_t wait_ns = until_ns > now_ns ? until_ns - now_ns : 0;
    struct timespec timeout = {0, (long)(wait_ns < LOOK_NS ? wait_ns : LOOK_NS)};
    struct pollfd files[] = {{process->out_fd, POLLIN, 0},
                             {process->error_fd, POLLIN, 0}};

    if (ppoll(files, 2, &timeout, NULL) > 0 && files[1].revents)
        (void)read_error(process);
}

enum program_read program_process_read(struct program_process *process, uint64_t until_ns,
                                       const char **line, size_t *length)
{
    for (;;) {
        if (take_line(process, line, length))
            return PROGRAM_READ_LINE;
        if (process->filled - process->returned >= PROGRAM_LINE_MAX)
            return PROGRAM_READ_TOO_LONG;
        if (process->has_ended)
            return PROGRAM_READ_END;
        if (read_output(process))
            continue;
        if (getppid() != process->harness)
            return PROGRAM_READ_ALONE;
        if (clock_ns() >= until_ns)
            return PROGRAM_READ_LATE;
        /* Lines that it wrote before its end come first. */
        if (is_dead(process) && !read_output(process))
            process->has_ended = true;
        else
            wait_for_output(process, until_ns);
    }
}

bool program_process_has_written(struct program_process *process)
{
    (void)read_output(process);
    return process->filled > process->returned;
}

void program_process_write(struct program_process *process, const char *line)
{
    (void)file_write_all(process->in_fd, line, strlen(line));
}

/* -- its end ------------------------------------------------------------------- */

bool program_process_wait(struct program_process *process, uint64_t until_ns)
{
    struct timespec pause = {0, CLOCK_NS_PER_MS};

    while (!is_dead(process)) {
        struct pollfd file = {process->error_fd, POLLIN, 0};

        if (clock_ns() >= until_ns || getppid() != process->harness)
            return false;
        if (ppoll(&file, 1, &pause, NULL) > 0)
            (void)read_error(process);
    }
    drain_error(process);
    return true;
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

void program_process_close(struct program_process *process)
{
    const struct process_tree none = {.count = 0};

    if (process->pid)
        (void)process_tree_end_group(0, &none, PROCESS_TREE_LIMIT_NS);
    drain_error(process);
    close_fd(&process->in_fd);
    close_fd(&process->out_fd);
    close_fd(&process->error_fd);
    process->pid = 0;
}
