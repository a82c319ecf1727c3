/* target_site.h - what is fetched instead of the embedded origin: addresses, of one
 * server or of many, and what is sent to them and expected of them. */
#ifndef HARNESS_TARGET_TARGET_SITE_H
#define HARNESS_TARGET_TARGET_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/err.h"
#include "fetch/site.h"
#include "harness/target/address.h"
#include "harness/target/target_choice.h"

enum { SITE_SERVERS_MAX = 64 };

/* One host and port. */
struct target_server {
    struct address address;

    /* from lookup_servers() on */
    struct sockaddr_storage peer; /* where its requests go */
    bool is_name;                 /* it was looked up */
    size_t found;                 /* addresses that it has */
    double lookup_s;              /* how long that took; of a host once */
};

struct target_site {
    char *name;        /* for people and for rows: what was typed */
    char **addresses;  /* without fragments; none with `id_template` */
    char *id_template; /* an address with {id}, the only one then; or NULL */
    size_t count, room;
    struct target_server servers[SITE_SERVERS_MAX];
    size_t server_count;
    bool plain;             /* each is http://<IPv4 address>[:port]/ */
    bool tls;               /* some is https */
    uint16_t expect_status; /* 0: any from 200 to 299 */
    struct fetch_site fetch;
};

/* No address yet; what is sent and expected is the caller's to set. */
void target_site_begin(struct target_site *site);

/* Adds what a template stands for. Fails, in words, for what is no address, and for
 * user:password@, since addresses are recorded. Also on -1 the site is to be given back.
 */
int target_site_add_template(struct target_site *site, const char *template,
                             struct err *err);

/* The same for the lines of a file, whose name becomes part of the site's name. Messages
 * name file and line. */
int target_site_add_list(struct target_site *site, const struct target_source *source,
                         struct err *err);

/* The address of request number `index`, from 0; below the count or with {id} any. Owner:
 * the caller, free(). NULL for want of memory. */
char *target_site_address(const struct target_site *site, uint64_t index);

/* True when every server is at a loopback address. */
bool target_site_is_loopback(const struct target_site *site);

void target_site_free(struct target_site *site); /* fine for all zeros */

#endif
