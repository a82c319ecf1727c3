/* commands.c - the small subcommands, and what all of them share. */
#include "harness/cli/commands.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/parse.h"
#include "harness/cell/cell.h"
#include "harness/cli/origin_options.h"
#include "harness/sweep/env.h"
#include "origin/server.h"
#include "strategies/strategy.h"

bool command_line(const struct command_spec *command, int argc, char **argv, void *target,
                  int *first, int *status, struct err *err)
{
    int behind_options = argc;

    *status = EXIT_USAGE;
    switch (options_parse(command, argc, argv, target, &behind_options, err)) {
    case OPTIONS_HELP:
        options_print_help(command, stdout);
        *status = EXIT_ALL_GOOD;
        return false;
    case OPTIONS_WRONG:
        return false;
    case OPTIONS_OK:
        break;
    }
    if (first) {
        *first = behind_options;
        return true;
    }
    if (behind_options < argc) {
        (void)err_set(err, "'%s' is no option; see %s --help", argv[behind_options],
                      command->usage);
        return false;
    }
    return true;
}

/* -- bench list ---------------------------------------------------------------- */

const struct command_spec list_command = {
    .usage = "bench list",
    .summary = "Lists the strategies.",
};

int command_list(int argc, char **argv, struct err *err)
{
    int status;

    if (!command_line(&list_command, argc, argv, NULL, NULL, &status, err))
        return status;
    for (size_t i = 0; strategies[i]; i++) {
        char costs[STRATEGY_TEXT_SIZE];
        char limit[STRATEGY_TEXT_SIZE];

        (void)printf("%-20s %s\n", strategies[i]->name, strategies[i]->summary);
        (void)printf("    waits            %s\n", strategies[i]->waits);
        (void)printf("    requests share   %s\n", strategies[i]->shared);
        (void)printf("    TLS session      %s\n", strategies[i]->sessions);
        (void)printf("    costs            %s\n", strategy_costs(strategies[i], costs));
        (void)printf("    limit            %s\n", strategy_limits(strategies[i], limit));
    }
    (void)printf(
        "\nA TLS session is resumed with --tls-sessions on only; else libcurl's cache of "
        "them is off.\n");
    return EXIT_ALL_GOOD;
}

/* -- bench env ----------------------------------------------------------------- */

const struct command_spec env_command = {
    .usage = "bench env",
    .summary =
        "Prints what a run would record about this machine and this build, as JSON.",
};

int command_env(int argc, char **argv, struct err *err)
{
    struct machine_limits limits;
    json_t *env;
    int status;

    if (!command_line(&env_command, argc, argv, NULL, NULL, &status, err))
        return status;
    limits = machine_limits_now();
    env = env_machine(&limits, err);
    if (!env)
        return EXIT_INCOMPLETE;
    status = json_dumpf(env, stdout, JSON_INDENT(2)) ? EXIT_INCOMPLETE : EXIT_ALL_GOOD;
    (void)printf("\n");
    json_decref(env);
    return status;
}

/* -- bench serve --------------------------------------------------------------- */

struct serve_options {
    const char *tls_ca; /* NULL: nowhere */
    struct origin_options server;
    struct origin_choice origin;
};

static int set_address(void *target, const char *value, struct err *err)
{
    (void)err;
    ((struct serve_options *)target)->server.address = value;
    return 0;
}

static int set_port(void *target, const char *value, struct err *err)
{
    uint64_t port;

    if (parse_count(value, 0, 65535, &port, err))
        return -1;
    ((struct serve_options *)target)->server.port = (uint16_t)port;
    return 0;
}

static int set_seed(void *target, const char *value, struct err *err)
{
    return parse_count(value, 0, UINT64_MAX,
                       &((struct serve_options *)target)->origin.behaviour.seed, err);
}

static int set_tls_ca(void *target, const char *value, struct err *err)
{
    ((struct serve_options *)target)->tls_ca = value;
    return value[0] ? 0 : err_set(err, "give a file");
}

static const struct option_spec serve_specs[] = {
    {"address", "IPV4", "where to listen; others can reach it if you let it  [127.0.0.1]",
     set_address},
    {"port", "N", "the port; 0 takes a free one  [0]", set_port},
    {"seed", "N", "of delays that are drawn, and of which pages are spoilt  [0]",
     set_seed},
    {"tls-ca", "FILE",
     "with --tls: write the authority of the certificate there, for\ncurl --cacert",
     set_tls_ca},
};

static const struct option_part serve_parts[] = {
    {&origin_option_group, offsetof(struct serve_options, origin)},
};

/* Each kind of fault and what it is. */
#define FAULT(name, word, outcome, wire) "  " word "\n      " wire "\n"
static const char serve_notes[] =
    "Pages: / and /detail/1 to /detail/100. What the origin has seen: /stats\n"
    "\n"
    "KINDs of --fault, and what goes over the wire; the index page is never spoilt:\n"
#include "origin/fault.def"
    ;
#undef FAULT

const struct command_spec serve_command = {
    .usage = "bench serve [options]",
    .summary = "Runs the embedded origin alone until Ctrl-C.",
    .options = serve_specs,
    .option_count = sizeof(serve_specs) / sizeof(serve_specs[0]),
    .parts = serve_parts,
    .part_count = sizeof(serve_parts) / sizeof(serve_parts[0]),
    .notes = serve_notes,
};

/* A descriptor that becomes readable at Ctrl-C and its relatives. */
static int watch_signals(struct err *err)
{
    sigset_t stop;
    int fd;

    (void)sigemptyset(&stop);
    (void)sigaddset(&stop, SIGINT);
    (void)sigaddset(&stop, SIGTERM);
    (void)sigaddset(&stop, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &stop, NULL))
        return err_errno(err, "cannot block signals");
    fd = signalfd(-1, &stop, SFD_CLOEXEC);
    return fd < 0 ? err_errno(err, "cannot watch for signals") : fd;
}

/* The one file that `bench serve` writes, and only when it is asked for it. */
static int write_ca(const struct ca *ca, const char *path, struct err *err)
{
    FILE *file = fopen(path, "we");
    bool written;

    if (!file)
        return err_errno(err, "cannot write %s", path);
    written = fputs(ca_pem(ca), file) >= 0;
    if (fclose(file) || !written)
        return err_errno(err, "cannot write %s", path);
    return 0;
}

static int prepare_tls(struct serve_options *options, struct ca **ca, struct err *err)
{
    if (!options->origin.tls)
        return options->tls_ca ? err_set(err, "--tls-ca is for --tls") : 0;
    if (ca_create(ca, err))
        return -1;
    options->server.ca = *ca;
    options->server.tls_sessions = true; /* a client that wants none need not resume */
    return options->tls_ca ? write_ca(*ca, options->tls_ca, err) : 0;
}

static void say_where(const struct serve_options *options, uint16_t port)
{
    const struct origin_options *server = &options->server;
    char behaviour[BEHAVIOUR_TEXT_SIZE];

    (void)printf("listening on %s://%s:%u/ with %s",
                 options->origin.tls ? "https" : "http", server->address, port,
                 behaviour_text(&server->behaviour, behaviour));
    if (options->tls_ca)
        (void)printf(", for curl --cacert %s", options->tls_ca);
    (void)printf("; Ctrl-C ends it\n");
    (void)fflush(stdout);
}

static int serve(const struct serve_options *options, struct origin_stats *stats,
                 int listen_fd, uint16_t port, struct err *err)
{
    struct page_set *pages = NULL;
    int result = -1;
    int stop_fd = watch_signals(err);

    if (stop_fd < 0)
        return -1;
    if (!page_set_create(&pages, &options->server.behaviour.body, err)) {
        say_where(options, port);
        result = origin_serve(&options->server, pages, listen_fd, stop_fd, -1, stats,
                              err);
    }
    page_set_destroy(pages);
    (void)close(stop_fd);
    return result;
}

int command_serve(int argc, char **argv, struct err *err)
{
    struct serve_options options = {.server = {.address = "127.0.0.1"},
                                    .origin = origin_choice_default()};
    struct ca *ca = NULL;
    struct origin_stats *stats;
    uint16_t port;
    int listen_fd;
    int status;

    if (!command_line(&serve_command, argc, argv, &options, NULL, &status, err))
        return status;
    if (origin_choice_check(&options.origin, err))
        return EXIT_USAGE;
    options.server.behaviour = options.origin.behaviour;
    stats = calloc(1, origin_stats_bytes(0));
    if (!stats) {
        (void)err_errno(err, "no memory for statistics");
        return EXIT_INCOMPLETE;
    }
    (void)machine_limits_now(); /* a server wants all the descriptors it may have */
    status = EXIT_USAGE;
    if (!origin_listen(&options.server, &listen_fd, &port, err)) {
        /* Only now: the file may be of the server that has the port. */
        if (!prepare_tls(&options, &ca, err))
            status = serve(&options, stats, listen_fd, port, err) ? EXIT_INCOMPLETE
                                                                  : EXIT_ALL_GOOD;
        (void)close(listen_fd);
    }
    ca_destroy(ca);
    free(stats);
    return status;
}

/* -- bench cell, which bench starts itself ------------------------------------- */

int command_cell(int argc, char **argv, struct err *err)
{
    uint64_t memory_fd;
    uint64_t work_fd;

    if (argc != 3 || parse_count(argv[1], 3, 1000000, &memory_fd, NULL) ||
        parse_count(argv[2], 3, 1000000, &work_fd, NULL)) {
        (void)err_set(err, "bench cell is for bench itself; see bench --help");
        return EXIT_USAGE;
    }
    return cell_main((int)memory_fd, (int)work_fd, err) ? EXIT_USAGE : EXIT_ALL_GOOD;
}
