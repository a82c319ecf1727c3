/* cell.c - see cell.h: the harness's side. */
#include "harness/cell.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "harness/interrupt.h"

/* Starts this program again, in a process group of its own, with a clean signal state. */
static int spawn(int memory_fd, int work_fd, pid_t *pid, struct err *err)
{
    char program[] = "/proc/self/exe";
    char name[] = "bench";
    char command[] = "cell";
    char memory_text[16];
    char work_text[16];
    char *arguments[] = {name, command, memory_text, work_text, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t all;
    int code;

    (void)snprintf(memory_text, sizeof(memory_text), "%d", memory_fd);
    (void)snprintf(work_text, sizeof(work_text), "%d", work_fd);
    (void)sigfillset(&all);
    code = posix_spawn_file_actions_init(&files);
    if (code)
        return err_set(err, "cannot start a cell: %s", strerror(code));
    code = posix_spawnattr_init(&attributes);
    if (code) {
        (void)posix_spawn_file_actions_destroy(&files);
        return err_set(err, "cannot start a cell: %s", strerror(code));
    }
    /* Onto itself, a descriptor just loses its close-on-exec flag. */
    if (!(code = posix_spawn_file_actions_adddup2(&files, memory_fd, memory_fd)) &&
        !(code = posix_spawn_file_actions_adddup2(&files, work_fd, work_fd)) &&
        !(code = posix_spawnattr_setsigmask(&attributes, interrupt_wait_mask())) &&
        !(code = posix_spawnattr_setsigdefault(&attributes, &all)) &&
        !(code = posix_spawnattr_setpgroup(&attributes, 0)) &&
        !(code = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP |
                                                           POSIX_SPAWN_SETSIGMASK |
                                                           POSIX_SPAWN_SETSIGDEF)))
        code = posix_spawn(pid, program, &files, &attributes, arguments, environ);
    (void)posix_spawn_file_actions_destroy(&files);
    (void)posix_spawnattr_destroy(&attributes);
    return code ? err_set(err, "cannot start a cell: %s", strerror(code)) : 0;
}

/* Kills what is left of the cell's process group and reaps what of it is our child: the
 * harness is the reaper of orphans, so also workers whose parent has died. */
static void clear_group(pid_t group)
{
    (void)kill(-group, SIGKILL);
    while (waitpid(-group, NULL, 0) > 0 || errno == EINTR)
        ;
}

static enum cell_end wait_for_cell(pid_t pid, uint64_t deadline_ns, struct err *end_text)
{
    char text[CHILD_END_SIZE];
    int status;

    for (;;) {
        if (interrupt_requested())
            break;
        switch (child_wait(pid, deadline_ns, interrupt_wait_mask(), &status)) {
        case CHILD_ENDED:
            if (child_succeeded(status))
                return CELL_ENDED;
            (void)err_set(end_text, "the cell's process %s",
                          child_end_text(status, text));
            clear_group(pid);
            return CELL_CRASHED;
        case CHILD_RUNNING:
            (void)err_set(end_text,
                          "the cell's process did not end in time and was killed");
            clear_group(pid);
            return CELL_HUNG;
        case CHILD_INTERRUPTED:
            break; /* look at the flag again */
        }
    }
    (void)err_set(end_text, "interrupted");
    clear_group(pid);
    return CELL_INTERRUPTED;
}

int cell_run(const struct cell_request *request, const struct work *work,
             uint64_t deadline_ns, struct shared *memory, enum cell_end *end,
             struct err *end_text, struct err *err)
{
    size_t size = sizeof(struct cell_memory) + request->level * sizeof(struct usage);
    struct cell_memory *cell;
    pid_t pid;

    if (shared_create(memory, "bench-cell", size, err))
        return -1;
    cell = memory->memory;
    cell->request = *request;
    cell->request.memory_bytes = sizeof(struct cell_memory);
    cell->request.harness = getpid();
    if (spawn(memory->fd, work_fd(work), &pid, err)) {
        shared_close(memory);
        return -1;
    }
    *end = wait_for_cell(pid, deadline_ns, end_text);
    return 0;
}
