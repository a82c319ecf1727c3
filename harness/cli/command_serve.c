/* command_serve.c - `bench serve`: the embedded origin alone. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/file.h"
#include "base/terminal.h"
#include "base/value_table.h"
#include "harness/cli/command.h"
#include "harness/machine/limits.h"
#include "harness/plan/plan_fields.h"
#include "origin/server.h"

struct request {
    struct plan plan; /* only its fields of the origin are used */
    char *address;
    unsigned port;
    uint64_t seed;
    char *tls_ca; /* NULL: nowhere */
    struct origin_options server;
};

#define VALUE_OWNER struct request

static const struct value_spec specs[] = {
    OPTION("address", "IPV4", "127.0.0.1",
           "address to listen on; unless it is loopback, other hosts can\nconnect",
           TEXT(address)),
    OPTION("port", "N", "0", "port to listen on; 0 takes a free one",
           UNSIGNED(port, 0, 65535, NULL)),
    OPTION("seed", "N", "0", "seed of drawn delays, and of the pages that get a fault",
           COUNT(seed, 0, UINT64_MAX, NULL)),
    OPTION("tls-ca", "FILE", "",
           "with --tls: write the CA of the certificate there, for\ncurl --cacert",
           TEXT(tls_ca)),
};

static const struct option_part parts[] = {
    OPTION_PART(NULL, specs, 0, OPTION_ANY_GROUP),
    OPTION_PART("The embedded origin", plan_fields, offsetof(struct request, plan),
                PLAN_GROUP_ORIGIN),
};
static const struct option_list options = {parts, sizeof(parts) / sizeof(parts[0])};

/* Each kind of fault and its behaviour on the wire. */
#define FAULT(name, word, outcome, wire) "  " word "\n      " wire "\n"
static const char serve_notes[] =
    "Pages: / and /detail/1 to /detail/100; /stats has the counters of the origin\n"
    "\n"
    "KINDs of --fault, and what goes over the wire; the index page never has a fault:\n"
#include "origin/fault.def"
    ;
#undef FAULT

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

/* The only file that `bench serve` writes, and only with --tls-ca. */
static int write_ca(const struct ca *ca, const char *path, struct err *err)
{
    const char *pem = ca_pem(ca);

    return file_replace(path, pem, strlen(pem), err);
}

static int prepare_tls(struct request *request, struct ca **ca, struct err *err)
{
    if (!request->plan.tls)
        return request->tls_ca ? err_set(err, "--tls-ca needs --tls") : 0;
    if (ca_create(ca, err))
        return -1;
    request->server.ca = *ca;
    request->server.tls_sessions = true; /* a client that wants none need not resume */
    return request->tls_ca ? write_ca(*ca, request->tls_ca, err) : 0;
}

static void say_where(const struct request *request, uint16_t port)
{
    const struct origin_options *server = &request->server;
    char behaviour[BEHAVIOUR_TEXT_SIZE];

    (void)printf("listening on %s://%s:%u/ with %s", request->plan.tls ? "https" : "http",
                 server->address, port, behaviour_text(&server->behaviour, behaviour));
    if (request->tls_ca) {
        (void)printf(", for curl --cacert ");
        terminal_write(stdout, request->tls_ca);
    }
    (void)printf("; Ctrl-C ends it\n");
    (void)fflush(stdout);
}

static int serve(const struct request *request, struct origin_stats *stats, int listen_fd,
                 uint16_t port, struct err *err)
{
    struct page_set *pages = NULL;
    int result = -1;
    int stop_fd = watch_signals(err);

    if (stop_fd < 0)
        return -1;
    if (!page_set_create(&pages, &request->server.behaviour.body, err)) {
        say_where(request, port);
        result = origin_serve(&request->server, pages, listen_fd, stop_fd, -1, stats,
                              err);
    }
    page_set_destroy(pages);
    (void)close(stop_fd);
    return result;
}

/* The CA file is written only once the port is ours: until then it may belong to the
 * server that has the port. */
static int listen_and_serve(struct request *request, struct origin_stats *stats,
                            struct err *err)
{
    struct ca *ca = NULL;
    int status = EXIT_USAGE;
    uint16_t port;
    int listen_fd;

    if (origin_listen(&request->server, &listen_fd, &port, err))
        return EXIT_USAGE;
    if (!prepare_tls(request, &ca, err))
        status = serve(request, stats, listen_fd, port, err) ? EXIT_INCOMPLETE
                                                             : EXIT_ALL_GOOD;
    (void)close(listen_fd);
    ca_destroy(ca);
    return status;
}

static int run(void *object, const struct typed *typed, struct err *err)
{
    struct request *request = object;
    struct origin_stats *stats;
    struct in_addr address;
    int status;

    (void)typed;
    if (inet_pton(AF_INET, request->address, &address) != 1) {
        (void)err_set(err, "--address: '%s' is not an IPv4 address", request->address);
        return EXIT_USAGE;
    }
    if (behaviour_check(&request->plan.origin, err))
        return EXIT_USAGE;
    request->server.address = request->address;
    request->server.port = (uint16_t)request->port;
    request->server.behaviour = request->plan.origin;
    request->server.behaviour.seed = request->seed;
    stats = calloc(1, origin_stats_bytes(0));
    if (!stats) {
        (void)err_errno(err, "no memory for statistics");
        return EXIT_INCOMPLETE;
    }
    (void)machine_limits_now(); /* a server wants all the descriptors it may have */
    status = listen_and_serve(request, stats, err);
    free(stats);
    return status;
}

const struct command serve_command = {
    .name = "serve",
    .usage = "bench serve [options]",
    .summary = "Runs the embedded origin alone until Ctrl-C.",
    .notes = serve_notes,
    .options = &options,
    .request_bytes = sizeof(struct request),
    .run = run,
};
