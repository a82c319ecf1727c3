/* program_start.c - see program_start.h. */
#include "strategies/outside/program_start.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define JOB_VARIABLE "BENCH_JOB"

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

static int start(struct program_child *child, char **words, char **environment,
                 struct streams *streams, struct err *err)
{
    pid_t self = getpid();
    int code;

    child->pid = fork();
    if (child->pid < 0) {
        child->pid = 0;
        return err_errno(err, "cannot start %s", words[0]);
    }
    if (!child->pid)
        become(words, environment, streams, self);
    code = exec_failure(streams);
    if (code)
        return err_set(err, "cannot start '%.200s': %s", words[0], strerror(code));
    child->in_fd = take(&streams->in[1]);
    child->out_fd = take(&streams->out[0]);
    child->error_fd = take(&streams->error[0]);
    return 0;
}

int program_start(struct program_child *child, const struct outside_request *request,
                  const char *job, struct err *err)
{
    char job_entry[sizeof(JOB_VARIABLE) + 80];
    char **environment;
    struct streams streams;
    char **words;
    int result;

    *child = (struct program_child){.in_fd = -1, .out_fd = -1, .error_fd = -1};
    (void)snprintf(job_entry, sizeof(job_entry), JOB_VARIABLE "=%s", job);
    environment = make_environment(job_entry);
    words = make_words(request);
    result = open_streams(&streams, err);
    if (!result && (!environment || !words || !request->count))
        result = err_set(err, "no memory for the command of the program");
    if (!result)
        result = start(child, words, environment, &streams, err);
    close_pair(streams.in);
    close_pair(streams.out);
    close_pair(streams.error);
    close_pair(streams.failure);
    free(environment);
    free(words);
    return result;
}
