/* target_choice.h - what to fetch instead of the embedded origin, as it was typed: a
 * value that is written to plan.json. target_site.h is what it comes to on this machine.
 */
#ifndef HARNESS_TARGET_TARGET_CHOICE_H
#define HARNESS_TARGET_TARGET_CHOICE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/value.h"

/* One --url, or the lines of one --urls file. */
struct target_source {
    char *file;        /* its path, for people; NULL: a template that was typed */
    struct texts urls; /* templates, see url_template.h */
    unsigned *lines;   /* of the file, for each of them; NULL: counted from 1 */
};

/* It owns its texts. All zeros: nothing was asked for. */
struct target_choice {
    struct target_source *sources;
    size_t source_count;
    struct texts headers;   /* "Name: value"; each name once */
    char *ca_file;          /* PEM; NULL: the CAs of the system */
    uint32_t ca_crc32;      /* of its content */
    bool insecure;          /* TLS certificates are not verified */
    bool ipv4, ipv6;        /* only such addresses; at most one of the two */
    unsigned expect_status; /* 0: any from 200 to 299 */
};

/* The values of the options --url, --urls, --header and --cacert: `object` is the choice.
 * A list is read when it is typed and kept as a whole, so that a plan does not depend on
 * the file, which may have been standard input. */
extern const struct value_ops target_url_ops, target_urls_ops, target_header_ops,
    target_ca_ops;

#endif
