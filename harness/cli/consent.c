/* consent.c - see consent.h. */
#include "harness/cli/consent.h"

#include <ifaddrs.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/parse.h"
#include "base/terminal.h"
#include "base/text.h"

/* At most this many servers are named. */
enum { NAMED_MAX = 4 };

/* -- which machine ------------------------------------------------------------- */

bool consent_is_due(const struct sockaddr_storage *peer,
                    const struct sockaddr_storage *own, size_t count)
{
    if (address_is_loopback(peer))
        return false;
    for (size_t i = 0; i < count; i++)
        if (address_equal(peer, &own[i]))
            return false;
    return true;
}

int consent_own_addresses(struct sockaddr_storage **own, size_t *count, struct err *err)
{
    struct ifaddrs *interfaces = NULL;
    size_t room = 1;

    *count = 0;
    if (getifaddrs(&interfaces))
        return err_errno(err, "cannot list the addresses of this machine");
    for (const struct ifaddrs *at = interfaces; at; at = at->ifa_next)
        room++;
    *own = calloc(room, sizeof(**own));
    if (!*own) {
        freeifaddrs(interfaces);
        return err_errno(err, "no memory for the addresses of this machine");
    }
    for (const struct ifaddrs *at = interfaces; at; at = at->ifa_next) {
        sa_family_t family = at->ifa_addr ? at->ifa_addr->sa_family : AF_UNSPEC;

        if (family == AF_INET)
            memcpy(&(*own)[(*count)++], at->ifa_addr, sizeof(struct sockaddr_in));
        else if (family == AF_INET6)
            memcpy(&(*own)[(*count)++], at->ifa_addr, sizeof(struct sockaddr_in6));
    }
    freeifaddrs(interfaces);
    return 0;
}

/* Writes the remote servers; returns how many there are. */
static size_t list_others(FILE *out, const struct target_site *site,
                          const struct sockaddr_storage *own, size_t own_count)
{
    size_t count = 0;

    for (size_t i = 0; i < site->server_count; i++) {
        const struct target_server *server = &site->servers[i];
        char peer[ADDRESS_TEXT_SIZE];

        if (!consent_is_due(&server->peer, own, own_count) || ++count > NAMED_MAX)
            continue;
        (void)fprintf(out, "%s%s:%u", count > 1 ? ", " : "",
                      address_text(&server->peer, peer), server->address.port);
        if (server->is_name)
            (void)fprintf(out, " (%s)", server->address.host);
    }
    if (count > NAMED_MAX)
        (void)fprintf(out, " and %zu more", count - NAMED_MAX);
    return count;
}

/* -- how much ------------------------------------------------------------------ */

struct load {
    uint64_t cells;    /* those that are feasible, */
    uint64_t requests; /* the most that they send together, ... */
    bool is_bounded;   /* ... if that is known */
    uint64_t peak;     /* the most at a time */
};

static struct load add_up(const struct session *session)
{
    const struct plan *plan = session->plan;
    struct load load = {.is_bounded = true};
    struct verdict verdict;

    for (size_t i = 0; i < session->cells.count; i++) {
        const struct cell *cell = &session->cells.cells[i];
        uint64_t at_a_time = plan_origin_limit(plan, cell->strategy, cell->level);
        uint64_t requests = cell->requests;

        if (cell->skipped || preflight_forbids(plan, cell, &session->limits, &verdict))
            continue;
        if (plan_is_timed(plan) && !cell->rate)
            load.is_bounded &= plan_bounds_requests(plan, cell->level, &requests);
        if (at_a_time > requests)
            at_a_time = requests;
        load.cells += requests > 0;
        load.requests += requests;
        load.peak = at_a_time > load.peak ? at_a_time : load.peak;
    }
    /* The list of a search has each of its ends once; no cell has more than the higher.
     */
    if (session->cells.expected)
        load.requests *= 1 + session->cells.expected;
    return load;
}

/* "up to 120 requests", or "as many requests as fit into 10s per cell, in 6 cells". */
static void write_load(FILE *out, const struct load *load, const struct plan *plan)
{
    char duration[DURATION_TEXT_SIZE];

    if (load->is_bounded)
        (void)fprintf(out, "up to %" PRIu64 " %s", load->requests,
                      plural(load->requests, "request", "requests"));
    else
        (void)fprintf(out, "as many requests as fit into %s per cell, in %" PRIu64 " %s",
                      duration_text(plan->duration_ns, duration), load->cells,
                      plural(load->cells, "cell", "cells"));
    (void)fprintf(out, ", at most %" PRIu64 " at a time", load->peak);
}

/* -- asking -------------------------------------------------------------------- */

/* The terminal, even if the standard streams are redirected. NULL: there is none. */
static FILE *open_terminal(void)
{
    FILE *terminal = fopen("/dev/tty", "r+e");

    if (!terminal && isatty(STDIN_FILENO))
        terminal = fopen("/proc/self/fd/0", "r+e");
    return terminal;
}

static bool ask(FILE *terminal)
{
    char answer[16] = "";

    if (fputs("Continue? [y/N] ", terminal) < 0 || fflush(terminal) ||
        fseek(terminal, 0, SEEK_CUR) < 0)
        clearerr(terminal); /* a terminal cannot seek, but can be read */
    if (!fgets(answer, sizeof(answer), terminal))
        return false;
    return answer[0] == 'y' || answer[0] == 'Y';
}

static int obtain(enum consent_mode mode, struct err *err)
{
    FILE *terminal;
    bool agreed;

    if (mode != CONSENT_ASK)
        return 0;
    terminal = open_terminal();
    if (!terminal)
        return err_set(err, "load on remote hosts needs consent, and there is no "
                            "terminal to ask: add --yes");
    agreed = ask(terminal);
    (void)fclose(terminal);
    return agreed ? 0
                  : err_set(err, "nothing was sent: no consent to load on remote hosts");
}

int consent_require(const struct session *session, enum consent_mode mode, FILE *screen,
                    struct err *err)
{
    const struct target_site *site = session->plan->site;
    struct sockaddr_storage *own = NULL;
    char *others;
    size_t own_count;
    struct load load;
    size_t count;
    struct text text;

    if (!site)
        return 0;
    if (consent_own_addresses(&own, &own_count, err))
        return -1;
    if (text_open(&text, err)) {
        free(own);
        return -1;
    }
    count = list_others(text.out, site, own, own_count);
    free(own);
    others = text_close(&text, NULL, err);
    if (!others)
        return -1;
    load = add_up(session);
    if (count && load.cells) {
        write_load(screen, &load, session->plan);
        (void)fprintf(screen,
                      ", go to %s: ", plural(count, "a remote host", "remote hosts"));
        terminal_write(screen, others);
        (void)fputc('\n', screen);
    }
    free(others);
    return count && load.cells ? obtain(mode, err) : 0;
}
