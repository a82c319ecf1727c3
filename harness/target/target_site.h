/* target_site.h - the site that is fetched instead of the embedded origin: the URLs,
 * their servers, the headers to send and the status to expect. */
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
    size_t found;                 /* IP addresses that it has */
    double lookup_s;              /* how long that took; once per host */
};

struct target_site {
    char *name;        /* for messages and rows: the texts as they were typed */
    char **addresses;  /* URLs without fragments; none with `id_template` */
    char *id_template; /* a URL with {id}, then the only one; or NULL */
    size_t count, room;
    struct target_server servers[SITE_SERVERS_MAX];
    size_t server_count;
    bool plain;             /* each is http://<IPv4 address>[:port]/ */
    bool tls;               /* at least one is https */
    uint16_t expect_status; /* 0: any from 200 to 299 */
    struct fetch_site fetch;
};

/* A site without URLs; the caller sets the headers and the expected status. */
void target_site_begin(struct target_site *site);

/* Adds the URLs of a template. Fails for a text that is not a URL or lacks its scheme,
 * and for user:password@, since URLs are recorded. Free the site also on -1. */
int target_site_add_template(struct target_site *site, const char *template,
                             struct err *err);

/* The same for the lines of a file, whose name becomes part of the site's name. Messages
 * name file and line. */
int target_site_add_list(struct target_site *site, const struct target_source *source,
                         struct err *err);

/* The URL of request number `index`, from 0; below the count, or any with {id}. Owner:
 * the caller, free(). NULL: no memory. */
char *target_site_address(const struct target_site *site, uint64_t index);

/* True when every server is at a loopback address. */
bool target_site_is_loopback(const struct target_site *site);

void target_site_free(struct target_site *site); /* fine for all zeros */

#endif
