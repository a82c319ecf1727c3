/* target_choice.h - the URLs to fetch instead of the embedded origin, as they were typed
 * and as plan.json records them. target_site.h resolves them on this machine. */
#ifndef HARNESS_TARGET_TARGET_CHOICE_H
#define HARNESS_TARGET_TARGET_CHOICE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/value.h"

/* One --url, or the lines of one --urls file. */
struct target_source {
    char *file;        /* its path, for messages; NULL: a template that was typed */
    struct texts urls; /* templates, see url_template.h */
    unsigned *lines;   /* line of the file for each URL; NULL: counted from 1 */
};

/* It owns its texts. All zeros: the embedded origin. */
struct target_choice {
    struct target_source *sources;
    size_t source_count;
    struct texts headers;   /* "Name: value"; each name once */
    char *ca_file;          /* PEM; NULL: the CAs of the system */
    uint32_t ca_crc32;      /* of its content */
    bool insecure;          /* TLS certificates are not verified */
    bool ipv4, ipv6;        /* only IP addresses of that version; at most one */
    unsigned expect_status; /* 0: any from 200 to 299 */
};

/* The values of the options --url, --urls, --header and --cacert: `object` is the choice.
 * A list is read while the options are parsed and kept as a whole, so that a plan does
 * not depend on the file, which may be standard input. */
extern const struct value_ops target_url_ops, target_urls_ops, target_header_ops,
    target_ca_ops;

#endif
