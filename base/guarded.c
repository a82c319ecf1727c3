/* guarded.c - see guarded.h. */
#include "base/guarded.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/clock.h"
#include "base/process_tree.h"
#include "base/shared.h"
#include "base/terminal.h"

enum { WROTE_SIZE = 4096, LINE_SIZE = 120 };

/* The shared memory begins with a byte that is 1 when run() has returned: foreign code
 * may exit, too, with any status. */
enum { FRAME_BYTES = 64 };

/* -- in the child -------------------------------------------------------------- */

/* Signals that end a process that has crashed; a sanitizer may handle them. */
static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

/* No terminal, and its own process group, so that its children end with it. */
static void isolate(const struct guarded *guarded, pid_t parent, int wrote_fd)
{
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

    (void)setpgid(0, 0);
    for (size_t i = 0; i < sizeof(crashes) / sizeof(crashes[0]); i++)
        (void)sigaction(crashes[i], &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
    if (guarded->mask)
        (void)sigprocmask(SIG_SETMASK, guarded->mask, NULL);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent || nothing < 0 ||
        dup2(nothing, STDIN_FILENO) < 0 || dup2(nothing, STDOUT_FILENO) < 0 ||
        dup2(wrote_fd, STDERR_FILENO) < 0)
        _exit(1);
}

/* -- in the parent ------------------------------------------------------------- */

/* This process while it is a subreaper: it inherits the descendants of the child whose
 * parents end, so that none of them escapes. */
struct reaper {
    int was_one;
    bool knows_spared;
    struct process_tree spared; /* our children before */
};

static void reaper_begin(struct reaper *reaper)
{
    *reaper = (struct reaper){.was_one = 0};
    if (!prctl(PR_GET_CHILD_SUBREAPER, &reaper->was_one) &&
        !prctl(PR_SET_CHILD_SUBREAPER, 1))
        reaper->knows_spared = !process_tree_read_children(&reaper->spared, getpid());
}

/* Ends the child's process group (0: there is no child), and the processes that have left
 * it. */
static void reaper_end(struct reaper *reaper, pid_t group)
{
    if (group)
        (void)process_tree_end_group(group, reaper->knows_spared ? &reaper->spared : NULL,
                                     PROCESS_TREE_LIMIT_NS);
    (void)prctl(PR_SET_CHILD_SUBREAPER, reaper->was_one);
    process_tree_free(&reaper->spared);
}

static void add_last_line(const char *memory, struct err *err)
{
    char wrote[WROTE_SIZE];
    char line[LINE_SIZE];
    struct err before;

    memcpy(wrote, memory, sizeof(wrote));
    wrote[sizeof(wrote) - 1] = '\0';
    if (!err || !terminal_last_line(wrote, line, sizeof(line))[0])
        return;
    before = *err;
    (void)err_set(err, "%.380s; it last wrote '%s'", before.text, line);
}

static enum guarded_end await(pid_t pid, const struct guarded *guarded,
                              const char *returned, const char *wrote, struct err *err)
{
    int status;
    enum child_wait end = child_wait(pid, clock_ns() + guarded->limit_ns, guarded->mask,
                                     &status);

    if (end != CHILD_ENDED)
        (void)kill(pid, SIGKILL); /* reaper_end() waits for its end, with a limit */
    if (end == CHILD_INTERRUPTED) {
        (void)err_set(err, "interrupted");
        return GUARDED_INTERRUPTED;
    }
    if (end == CHILD_ENDED && child_succeeded(status) && *returned)
        return GUARDED_RETURNED;
    if (end == CHILD_RUNNING)
        (void)err_set(err, "did not return within %.0f s",
                      clock_seconds(guarded->limit_ns));
    else if (WIFSIGNALED(status))
        (void)err_set(err, "crashed with signal %d (%s)", WTERMSIG(status),
                      strsignal(WTERMSIG(status)));
    else
        (void)err_set(err, "ended the process with status %d", WEXITSTATUS(status));
    add_last_line(wrote, err);
    return GUARDED_DIED;
}

/* Runs it in a child, over a frame and a standard error that both share. */
static enum guarded_end run_child(const struct guarded *guarded, char *frame,
                                  const struct shared *wrote, void *memory,
                                  struct err *err)
{
    enum guarded_end end = GUARDED_NOT_STARTED;
    pid_t parent = getpid();
    struct reaper reaper;
    pid_t pid;

    reaper_begin(&reaper);
    pid = fork();
    if (!pid) {
        isolate(guarded, parent, wrote->fd);
        guarded->run(frame + FRAME_BYTES, guarded->argument);
        *frame = 1;
        /* _exit() leaves inherited buffers and exit handlers to the parent. */
        _exit(0);
    }
    if (pid < 0) {
        (void)err_errno(err, "cannot start a process");
        reaper_end(&reaper, 0);
        return end;
    }
    (void)setpgid(pid, pid); /* the child may not have come to it yet */
    end = await(pid, guarded, frame, wrote->memory, err);
    reaper_end(&reaper, pid);
    memcpy(memory, frame + FRAME_BYTES, guarded->memory_bytes);
    return end;
}

enum guarded_end guarded_run(const struct guarded *guarded, void *memory, struct err *err)
{
    enum guarded_end end = GUARDED_NOT_STARTED;
    struct shared shared = {0};
    struct shared wrote = {0};

    if (!shared_create(&shared, "bench-guarded", FRAME_BYTES + guarded->memory_bytes,
                       err) &&
        !shared_create(&wrote, "bench-stderr", WROTE_SIZE, err))
        end = run_child(guarded, shared.memory, &wrote, memory, err);
    shared_close(&shared);
    shared_close(&wrote);
    return end;
}
