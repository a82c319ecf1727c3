/* cell.c - see cell.h: the harness's side. */
#include "harness/cell/cell.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "harness/cell/interrupt.h"
#include "harness/machine/procfs.h"

/* How often the progress of a cell is checked within the time after which it counts as
 * hung; seldom, since each check wakes the harness. */
enum { LOOKS = 8 };

/* The longest time between two checks, to notice stopped processes. */
#define LOOK_NS CLOCK_NS_PER_S

/* Starts the cell's program in a new process group with a clean signal state. */
static int spawn(const struct running_cell *running, char *const *environment, pid_t *pid,
                 struct err *err)
{
    const char *program = running->program ? running->program : "/proc/self/exe";
    int memory_fd = running->memory.fd;
    int work = work_fd(running->work);
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
    (void)snprintf(work_text, sizeof(work_text), "%d", work);
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
        !(code = posix_spawn_file_actions_adddup2(&files, work, work)) &&
        !(code = posix_spawn_file_actions_adddup2(&files, running->wrote.fd,
                                                  STDERR_FILENO)) &&
        !(code = posix_spawnattr_setsigmask(&attributes, interrupt_wait_mask())) &&
        !(code = posix_spawnattr_setsigdefault(&attributes, &all)) &&
        !(code = posix_spawnattr_setpgroup(&attributes, 0)) &&
        !(code = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP |
                                                           POSIX_SPAWN_SETSIGMASK |
                                                           POSIX_SPAWN_SETSIGDEF)))
        code = posix_spawn(pid, program, &files, &attributes, arguments, environment);
    (void)posix_spawn_file_actions_destroy(&files);
    (void)posix_spawnattr_destroy(&attributes);
    return code ? err_set(err, "cannot start %s: %s", program, strerror(code)) : 0;
}

/* Copies the standard error of the cell so far. */
static void copy_wrote(const struct running_cell *running,
                       char text[CELL_LINES_BYTES + 1])
{
    size_t length = strnlen(running->wrote.memory, CELL_LINES_BYTES);

    memcpy(text, running->wrote.memory, length);
    text[length] = '\0';
}

static const char *stage_text(uint32_t stage)
{
    static const char *const texts[] = {
        [CELL_NOT_STARTED] = "before it began",
        [CELL_STARTED] = "while it opened the strategy",
        [CELL_OPENED] = "while the strategy ran",
        [CELL_RAN] = "while it closed the strategy",
        [CELL_CLOSED] = "after the strategy was closed",
    };

    return stage <= CELL_CLOSED ? texts[stage] : "with an invalid report";
}

/* Kills all processes of a cell: its group, in which the harness inherits workers whose
 * parent has died. One from outside may have sent some out of its group; the harness
 * inherits these too, and has only `spared` beside them. */
static struct process_tree_end clear(struct running_cell *running)
{
    struct process_tree_end ended = process_tree_end_group(
        running->pid, running->is_outside ? &running->spared : NULL,
        PROCESS_TREE_LIMIT_NS);

    running->pid = 0;
    return ended;
}

/* Adds the processes that could not be ended to the reason. */
static void add_left(size_t left, struct err *end_text)
{
    struct err reason;

    if (!left || !end_text)
        return;
    reason = *end_text;
    (void)err_set(end_text, "%.400s; bench could not end %zu of its processes",
                  reason.text, left);
}

static enum cell_end finish(struct running_cell *running, enum cell_end end,
                            struct err *end_text)
{
    add_left(clear(running).left, end_text);
    return end;
}

/* Explains, if it can, why another program than this one ended before it began. */
static void explain_program(const struct running_cell *running, struct err *end_text)
{
    const struct cell_memory *memory = running->memory.memory;
    uint64_t cell_bytes = memory->handshake.cell_memory_bytes;
    uint32_t cell_protocol = memory->handshake.cell_protocol;

    if (!running->program || memory->report.stage != CELL_NOT_STARTED)
        return;
    if (!cell_bytes)
        (void)err_prefix(end_text,
                         "BENCH_PROGRAM %s is not bench, or is a version that does not "
                         "state its protocol",
                         running->program);
    else if (cell_protocol != CELL_PROTOCOL || cell_bytes != sizeof(struct cell_memory))
        (void)err_set(
            end_text,
            "BENCH_PROGRAM %s is another version of bench: it speaks protocol %" PRIu32
            " in %" PRIu64 " bytes, this one %d in %zu",
            running->program, cell_protocol, cell_bytes, CELL_PROTOCOL,
            sizeof(struct cell_memory));
}

static void explain_death(const struct running_cell *running, int status, uint32_t stage,
                          struct err *end_text)
{
    char wrote[CELL_LINES_BYTES + 1];
    char line[CELL_LINE_SIZE];
    char text[CHILD_END_SIZE];

    copy_wrote(running, wrote);
    (void)cell_lines_last(wrote, line);
    (void)err_set(end_text, "the cell's process %s %s%s%s%s",
                  child_end_text(status, text), stage_text(stage),
                  line[0] ? "; it last wrote '" : "", line, line[0] ? "'" : "");
    explain_program(running, end_text);
}

/* Judges the end of the cell's own process, which was reaped. */
static enum cell_end judge_end(struct running_cell *running, int status,
                               struct err *end_text)
{
    struct cell_report report = cell_report_copy(running);
    bool has_group = !kill(-running->pid, 0) || errno == EPERM;
    struct process_tree_end ended = clear(running);

    if (!child_succeeded(status) || (report.stage != CELL_CLOSED && !report.failed)) {
        explain_death(running, status, report.stage, end_text);
        add_left(ended.left, end_text);
        return CELL_CRASHED;
    }
    if (!has_group && !ended.killed && !ended.left)
        return CELL_ENDED;
    (void)err_set(end_text, ended.left ? "the strategy left processes behind"
                                       : "the strategy left processes behind; they were "
                                         "killed");
    add_left(ended.left, end_text);
    return CELL_LEFT_PROCESSES;
}

int cell_start(struct running_cell *running, const struct cell_request *request,
               const char *program, char *const *environment, const struct work *work,
               struct err *err)
{
    size_t size = sizeof(struct cell_memory) + request->level * sizeof(struct usage);
    struct cell_memory *memory;

    *running = (struct running_cell){
        .program = program, .work = work, .started_ns = clock_ns()};
    if (shared_create(&running->memory, "bench-cell", size, err) ||
        shared_create(&running->wrote, "bench-stderr", CELL_LINES_BYTES, err)) {
        cell_close(running);
        return -1;
    }
    memory = running->memory.memory;
    memory->handshake = (struct cell_handshake){
        .memory_bytes = sizeof(struct cell_memory),
        .magic = CELL_MAGIC,
        .protocol = CELL_PROTOCOL,
    };
    (void)sem_init(&memory->released, 1, 0); /* fails only for a value too large */
    memory->request = *request;
    memory->request.harness = memory->request.outside.harness = getpid();
    running->is_outside = request->outside.kind != OUTSIDE_NOT;
    if (running->is_outside && process_tree_read_children(&running->spared, getpid())) {
        cell_close(running);
        return err_set(err, "cannot read /proc");
    }
    if (spawn(running, environment, &running->pid, err)) {
        cell_close(running);
        return -1;
    }
    running->stops[CELL_PART_ITSELF].pid = running->pid;
    return 0;
}

int cell_set_origin(struct running_cell *running, pid_t origin, struct err *err)
{
    running->stops[CELL_PART_ORIGIN].pid = origin;
    return running->is_outside ? process_tree_add(&running->spared, origin, err) : 0;
}

void cell_release(struct running_cell *running)
{
    struct cell_memory *memory = running->memory.memory;

    /* It fails only if the cell has overwritten it, which then makes no progress. */
    (void)sem_post(&memory->released);
}

enum cell_end cell_poll(struct running_cell *running, uint64_t until_ns,
                        struct err *end_text)
{
    int status;

    while (!interrupt_requested()) {
        switch (child_wait_watching(running->pid, until_ns, interrupt_wait_mask(),
                                    running->stops, CELL_PART_WORKERS, &status)) {
        case CHILD_ENDED:
            return judge_end(running, status, end_text);
        case CHILD_RUNNING:
            return CELL_STILL_RUNNING;
        case CHILD_INTERRUPTED:
            break; /* check the flag again */
        }
    }
    (void)err_set(end_text, "interrupted");
    return finish(running, CELL_INTERRUPTED, end_text);
}

/* The farthest that a cell has come. It only grows, up to a limit: a cell that
 * moves its counters back and forth makes no progress. */
struct progress {
    uint32_t stage;
    size_t taken;
    uint64_t witnessed;
};

static bool has_advanced(const struct running_cell *running, struct progress *progress)
{
    const volatile uint32_t *shared_stage =
        &((const struct cell_memory *)running->memory.memory)->report.stage;
    uint32_t stage = *shared_stage;
    size_t taken = work_taken(running->work);
    uint64_t witnessed = running->witness
                             ? running->witness->requests + running->witness->responses
                             : 0;
    bool advanced = taken > progress->taken || witnessed > progress->witnessed ||
                    (stage > progress->stage && stage <= CELL_CLOSED);

    if (taken > progress->taken)
        progress->taken = taken;
    if (witnessed > progress->witnessed)
        progress->witnessed = witnessed;
    if (stage > progress->stage && stage <= CELL_CLOSED)
        progress->stage = stage;
    return advanced;
}

/* The kernel reports a stop only to the parent, so the harness has to search for stopped
 * workers itself: only while there is no progress that this could disturb. */
static void look_at_workers(struct running_cell *running)
{
    struct child_stops *stops = &running->stops[CELL_PART_WORKERS];
    uint64_t now_ns = clock_ns();

    if (!running->stops[CELL_PART_ITSELF].since_ns &&
        procfs_has_stopped_child(running->pid)) {
        stops->count += !stops->since_ns;
        stops->since_ns = stops->since_ns ? stops->since_ns : now_ns;
        return;
    }
    stops->stopped_ns = child_stopped_ns(stops, now_ns);
    stops->since_ns = 0;
}

static void explain_silence(const struct running_cell *running, uint64_t patience_ns,
                            uint32_t stage, struct err *end_text)
{
    char wrote[CELL_LINES_BYTES + 1];
    char line[CELL_LINE_SIZE];

    copy_wrote(running, wrote);
    (void)cell_lines_last(wrote, line);
    (void)err_set(
        end_text,
        "the cell's process made no progress for %.1f s %s, and was killed%s%s%s",
        clock_seconds(patience_ns), stage_text(stage), line[0] ? "; it last wrote '" : "",
        line, line[0] ? "'" : "");
}

enum cell_end cell_wait(struct running_cell *running, uint64_t patience_ns,
                        struct err *end_text)
{
    uint64_t look_ns = patience_ns / LOOKS < LOOK_NS ? patience_ns / LOOKS : LOOK_NS;
    uint64_t hung_ns = clock_ns() + patience_ns;
    struct progress progress = {CELL_NOT_STARTED, 0, 0};

    while (clock_ns() < hung_ns) {
        enum cell_end end = cell_poll(running, clock_ns() + look_ns, end_text);

        if (end != CELL_STILL_RUNNING)
            return end;
        if (has_advanced(running, &progress))
            hung_ns = clock_ns() + patience_ns;
        else
            look_at_workers(running);
    }
    explain_silence(running, patience_ns, progress.stage, end_text);
    return finish(running, CELL_HUNG, end_text);
}

struct cell_report cell_report_copy(const struct running_cell *running)
{
    return ((const struct cell_memory *)running->memory.memory)->report;
}

static void pass_on_lines(const struct running_cell *running)
{
    char text[CELL_LINES_BYTES + 1];

    copy_wrote(running, text);
    cell_lines_add(running->lines, text);
}

void cell_close(struct running_cell *running)
{
    if (running->pid)
        (void)clear(running);
    process_tree_free(&running->spared);
    if (running->lines && running->wrote.memory)
        pass_on_lines(running);
    shared_close(&running->wrote);
    shared_close(&running->memory);
    *running = (struct running_cell){0};
}
