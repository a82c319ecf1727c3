/* response.h - what the origin says to a request: it is begun, made, written. Private to
 * the origin.
 *
 * A response knows no connection: who writes it is told how far that went. The functions
 * that make one return false if there was no memory for it; then nothing can be sent. */
#ifndef ORIGIN_RESPONSE_H
#define ORIGIN_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "origin/fault.h"
#include "origin/page.h"
#include "origin/request.h"
#include "origin/schedule.h"
#include "origin/site.h"
#include "origin/transport.h"

enum { RESPONSE_HEAD_MAX_BYTES = 512 };

struct origin_response {
    bool keep_alive;
    bool with_body; /* not to HEAD */
    const struct page *page;
    const struct wire *wire; /* of the page: how it is sent */
    char *own_body;          /* of a response that is no page; owned */
    const char *body;        /* borrowed from the wire, the fault, or own_body */
    enum fault_kind fault;   /* injected into it; FAULT_NONE: it is a good response */
    size_t head_bytes, body_bytes, sent_bytes;
    char head[RESPONSE_HEAD_MAX_BYTES];
};

/* What becomes of a response while it is written. */
enum origin_response_progress {
    RESPONSE_SENT,   /* to the last byte */
    RESPONSE_WAITS,  /* go on when the socket is writable */
    RESPONSE_DRIPS,  /* go on in a second: it has such a fault */
    RESPONSE_STALLS, /* never: it has such a fault; wait until the client goes away */
    RESPONSE_BROKEN, /* there is nothing to do but to close */
};

/* A new one, of nothing as yet. */
void origin_response_begin(struct origin_response *response, bool keep_alive,
                           bool with_body);

/* Chooses the page that `request` asks for, in the form that its client takes. */
void origin_response_choose_page(struct origin_response *response,
                                 const struct origin_site *site, const struct page *page,
                                 const struct request *request);

/* The chosen page, whose delay is over at `now_ns`. */
bool origin_response_make_page(struct origin_response *response, struct origin_site *site,
                               const struct ticket *ticket, uint64_t now_ns);

/* The chosen page with a fault. */
bool origin_response_make_fault(struct origin_response *response,
                                struct origin_site *site, enum fault_kind fault);

/* Takes over `json`, which is NULL if there was no memory for it. */
bool origin_response_make_json(struct origin_response *response, struct origin_site *site,
                               char *json);

/* An error, such as "404 Not Found". */
bool origin_response_make_error(struct origin_response *response,
                                struct origin_site *site, const char *status);

/* 503: there is no place for the page that was asked for. */
bool origin_response_make_refusal(struct origin_response *response,
                                  struct origin_site *site);

/* Writes what is left of it, as far as that goes at once. */
enum origin_response_progress origin_response_write(struct origin_response *response,
                                                    struct transport *transport);

/* Gives back what it owns; fine for all zeros. */
void origin_response_release(struct origin_response *response);

#endif
