/* response.h - one response of the origin: begun, made, written. Private to the origin.
 *
 * A response does not know its connection; the caller learns how far a write got. The
 * functions that make one return false if memory ran out; then nothing can be sent. */
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
    char *own_body;          /* of a response that is not a page; owned */
    const char *body;        /* borrowed from the wire, the fault, or own_body */
    enum fault_kind fault;   /* injected into it; FAULT_NONE: it is a good response */
    size_t head_bytes, body_bytes, sent_bytes;
    char head[RESPONSE_HEAD_MAX_BYTES];
};

/* The state of a response after a write. */
enum origin_response_progress {
    RESPONSE_SENT,   /* to the last byte */
    RESPONSE_WAITS,  /* go on when the socket is writable */
    RESPONSE_DRIPS,  /* go on in one second: its fault is to drip */
    RESPONSE_STALLS, /* never: its fault is to stall; wait until the client goes away */
    RESPONSE_BROKEN, /* close the connection */
};

/* Begins an empty response. */
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

/* 503: the origin is at capacity. */
bool origin_response_make_refusal(struct origin_response *response,
                                  struct origin_site *site);

/* Writes the rest of it, as much as the socket takes now. */
enum origin_response_progress origin_response_write(struct origin_response *response,
                                                    struct transport *transport);

/* Frees the body that it owns; fine for all zeros. */
void origin_response_release(struct origin_response *response);

#endif
