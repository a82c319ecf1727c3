/* program_process.c - see program_process.h. */
#include "strategies/outside/program_process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/process_tree.h"
#include "base/terminal.h"

#define JOB_VARIABLE "BENCH_JOB"

/* How often to look for the end of a program whose output another process keeps open, and
 * for the end of the harness. */
#define LOOK_NS (50 * CLOCK_NS_PER_MS)

/* -- starting ------------------------------------------------------------------ */

/* Proxies would be measured instead of the origin, and TLS keys are not to be written. */
static bool is_hidden(const char *entry)
{
    static const char proxy[] = "_proxy";
    size_t length = strcspn(entry, "=");

    return !strncmp(entry, "SSLKEYLOGFILE=", 14) ||
           !strncmp(entry, JOB_VARIABLE "=", sizeof(JOB_VARIABLE)) ||
           (length >= strlen(proxy) &&
            !strncasecmp(entry + length - strlen(proxy), proxy, strlen(proxy)));
}

/* This environment, in which `job_entry` takes the place of what is hidden. The caller
 * frees the array. */
static char **make_environment(char *job_entry)
{
    size_t count = 0;
    size_t used = 0;
    char **environment;

    while (environ[count])
        count++;
    environment = calloc(count + 2, sizeof(*environment));
    if (!environment)
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (!is_hidden(environ[i]))
            environment[used++] = environ[i];
    environment[used] = job_entry;
    return environment;
}

static char **make_words(const struct outside_request *request)
{
    char **words = calloc((size_t)request->count + 1, sizeof(*words));
    const char *word = request->words;

    for (size_t i = 0; words && i < request->count; i++) {
        words[i] = (char *)word;
        word += strlen(word) + 1;
    }
    return words;
}

/* Every descriptor but the standard streams: the results that the cell shares with the
 * harness are not for the program. */
static void hide_descriptors(void)
{
    enum { FEW = 1024 };

    if (!close_range(3, UINT_MAX, CLOSE_RANGE_CLOEXEC))
        return;
    for (int fd = 3; fd < FEW; fd++) /* before Linux 5.11 */
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
}

struct streams {
    int in[2], out[2], error[2], failure[2]; /* pipes: for reading, for writing */
};

/* In the child: never returns. What fails is told by its errno. */
static _Noreturn void become(char **words, char **environment,
                             const struct streams *streams, pid_t parent)
{
    const struct sigaction usual = {.sa_handler = SIG_DFL};
    const struct rlimit no_core = {0, 0};
    sigset_t none;
    int code;

    (void)sigemptyset(&none);
    for (int number = 1; number < NSIG; number++)
        (void)sigaction(number, &usual, NULL);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)setrlimit(RLIMIT_CORE, &no_core);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent ||
        dup2(streams->in[0], STDIN_FILENO) < 0 ||
        dup2(streams->out[1], STDOUT_FILENO) < 0 ||
        dup2(streams->error[1], STDERR_FILENO) < 0)
        _exit(EXIT_FAILURE);
    hide_descriptors();
    (void)execvpe(words[0], words, environment);
    code = errno;
    if (write(streams->failure[1], &code, sizeof(code)) < 0)
        _exit(EXIT_FAILURE);
    _exit(EXIT_FAILURE);
}

static void close_pair(int pair[2])
{
    for (int i = 0; i < 2; i++)
        if (pair[i] >= 0)
            (void)close(pair[i]);
}

static int open_streams(struct streams *streams, struct err *err)
{
    *streams = (struct streams){{-1, -1}, {-1, -1}, {-1, -1}, {-1, -1}};
    if (!pipe2(streams->in, O_CLOEXEC) && !pipe2(streams->out, O_CLOEXEC) &&
        !pipe2(streams->error, O_CLOEXEC) && !pipe2(streams->failure, O_CLOEXEC) &&
        !fcntl(streams->out[0], F_SETFL, O_NONBLOCK) &&
        !fcntl(streams->error[0], F_SETFL, O_NONBLOCK))
        return 0;
    return err_errno(err, "cannot make pipes to the program");
}

/* The errno of its exec, 0 if that worked. */
static int exec_failure(struct streams *streams)
{
    int code = 0;
    ssize_t got;

    (void)close(streams->failure[1]);
    streams->failure[1] = -1;
    do
        got = read(streams->failure[0], &code, sizeof(code));
    while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof(code) ? code : 0;
}

static int take(int *fd)
{
    int taken = *fd;

    *fd = -1;
    return taken;
}

static int start(struct program_process *process, char **words, char **environment,
                 struct streams *streams, struct err *err)
{
    pid_t self = getpid();
    int code;

    process->pid = fork();
    if (process->pid < 0) {
        process->pid = 0;
        return err_errno(err, "cannot start %s", words[0]);
    }
    if (!process->pid)
        become(words, environment, streams, self);
    code = exec_failure(streams);
    if (code)
        return err_set(err, "cannot start '%.200s': %s", words[0], strerror(code));
    process->in_fd = take(&streams->in[1]);
    process->out_fd = take(&streams->out[0]);
    process->error_fd = take(&streams->error[0]);
    return 0;
}

int program_process_start(struct program_process *process,
                          const struct outside_request *request, const char *job,
                          struct err *err)
{
    char job_entry[sizeof(JOB_VARIABLE) + 80];
    char **environment;
    struct streams streams;
    char **words;
    int result;

    *process = (struct program_process){.harness = request->harness,
                                        .in_fd = -1,
                                        .out_fd = -1,
                                        .error_fd = -1,
                                        .tail_offset = lseek(STDERR_FILENO, 0, SEEK_CUR)};
    (void)snprintf(job_entry, sizeof(job_entry), JOB_VARIABLE "=%s", job);
    environment = make_environment(job_entry);
    words = make_words(request);
    result = open_streams(&streams, err);
    if (!result && (!environment || !words || !request->count))
        result = err_set(err, "no memory for the command of the program");
    if (!result)
        result = start(process, words, environment, &streams, err);
    close_pair(streams.in);
    close_pair(streams.out);
    close_pair(streams.error);
    close_pair(streams.failure);
    free(environment);
    free(words);
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
