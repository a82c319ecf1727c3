/* response.c - see response.h. */
#include "origin/response.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "origin/fault_recipe.h"

static const char html[] = "text/html; charset=utf-8";

void origin_response_begin(struct origin_response *response, bool keep_alive,
                           bool with_body)
{
    response->keep_alive = keep_alive;
    response->with_body = with_body;
    response->fault = FAULT_NONE;
}

void origin_response_release(struct origin_response *response)
{
    free(response->own_body);
    response->own_body = NULL;
}

/* `length` and `fields` are header lines, each with its line end. Copied piece by piece:
 * formatting them would be half of the origin's work for a page. */
static bool write_head(struct origin_response *response, struct origin_site *site,
                       const char *status, const char *type, const char *length,
                       const char *fields)
{
    const char *const pieces[] = {"HTTP/1.1 ",
                                  status,
                                  "\r\nServer: bench\r\nDate: ",
                                  origin_site_date(site),
                                  "\r\nContent-Type: ",
                                  type,
                                  "\r\n",
                                  length,
                                  fields,
                                  "Connection: ",
                                  response->keep_alive ? "keep-alive" : "close",
                                  "\r\n\r\n"};
    size_t used = 0;

    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        size_t size = strlen(pieces[i]);

        if (size > sizeof(response->head) - used)
            return false; /* cannot happen: every piece is bounded */
        memcpy(response->head + used, pieces[i], size);
        used += size;
    }
    response->head_bytes = used;
    response->sent_bytes = 0;
    return true;
}

/* -- pages --------------------------------------------------------------------- */

void origin_response_choose_page(struct origin_response *response,
                                 const struct origin_site *site, const struct page *page,
                                 const struct request *request)
{
    response->page = page;
    response->wire = page_wire(site->pages, page, request->takes_gzip,
                               request->takes_chunks);
    response->body = response->wire->bytes;
    response->body_bytes = response->with_body ? response->wire->size : 0;
}

bool origin_response_make_page(struct origin_response *response, struct origin_site *site,
                               const struct ticket *ticket, uint64_t now_ns)
{
    const struct behaviour *behaviour = &site->schedule.behaviour;
    uint64_t delay_us = (now_ns - ticket->served_ns) / CLOCK_NS_PER_US;
    uint64_t queued_us = (ticket->served_ns - ticket->arrived_ns) / CLOCK_NS_PER_US;
    char queued[48] = "";
    char timing[128];

    if (behaviour->capacity && behaviour->overload == OVERLOAD_QUEUE)
        (void)snprintf(queued, sizeof(queued), ", queue;dur=%" PRIu64 ".%03" PRIu64,
                       queued_us / 1000, queued_us % 1000);
    (void)snprintf(timing, sizeof(timing),
                   "Server-Timing: delay;dur=%" PRIu64 ".%03" PRIu64 "%s\r\n",
                   delay_us / 1000, delay_us % 1000, queued);
    return write_head(response, site, "200 OK", html, response->wire->fields, timing);
}

/* The header lines about the body: the page's, unless the fault replaces them. */
static void write_length(const struct origin_response *response,
                         const struct fault_recipe *recipe, char *text, size_t size)
{
    const struct wire *wire = response->wire;

    text[0] = '\0';
    if (recipe->length == PART_WHOLE && !recipe->text)
        (void)snprintf(text, size, "%s", wire->fields);
    else if (recipe->length != PART_NOTHING)
        (void)snprintf(text, size, "%sContent-Length: %zu\r\n",
                       recipe->text ? "" : wire->coding,
                       fault_part_bytes(recipe->length, response->body_bytes));
}

bool origin_response_make_fault(struct origin_response *response,
                                struct origin_site *site, enum fault_kind fault)
{
    static const char empty_line[] = "\r\n";
    const struct fault_recipe *recipe = &fault_recipes[fault];
    char length[sizeof(response->wire->fields)];

    response->fault = fault;
    response->keep_alive = false;
    if (recipe->text) {
        response->body = recipe->text;
        response->body_bytes = strlen(recipe->text);
    } else if (recipe->floods) {
        response->body = site->flood;
        response->body_bytes = FAULT_FLOOD_BYTES;
    }
    write_length(response, recipe, length, sizeof(length));
    if (!write_head(response, site, recipe->status ? recipe->status : "200 OK", html,
                    length, recipe->fields ? recipe->fields : ""))
        return false;
    if (recipe->floods) /* the head goes on */
        response->head_bytes -= sizeof(empty_line) - 1;
    response->head_bytes = fault_part_bytes(recipe->head, response->head_bytes);
    response->body_bytes = fault_part_bytes(recipe->body, response->body_bytes);
    return true;
}

/* -- short texts --------------------------------------------------------------- */

/* Takes over `text`, which is NULL if there was no memory for it. */
static bool make_text(struct origin_response *response, struct origin_site *site,
                      const char *status, const char *type, const char *fields,
                      char *text)
{
    char length[48];

    if (!text)
        return false;
    response->own_body = text;
    response->body = text;
    response->body_bytes = response->with_body ? strlen(text) : 0;
    (void)snprintf(length, sizeof(length), "Content-Length: %zu\r\n", strlen(text));
    return write_head(response, site, status, type, length, fields);
}

bool origin_response_make_json(struct origin_response *response, struct origin_site *site,
                               char *json)
{
    return make_text(response, site, "200 OK", "application/json", "", json);
}

/* The status is the body too. */
static bool make_status(struct origin_response *response, struct origin_site *site,
                        const char *status, const char *fields)
{
    char *text = NULL;

    if (asprintf(&text, "%s\n", status) < 0)
        text = NULL;
    return make_text(response, site, status, "text/plain", fields, text);
}

bool origin_response_make_error(struct origin_response *response,
                                struct origin_site *site, const char *status)
{
    /* A server says what is allowed in place of what is not (RFC 9110, 15.5.6). */
    return make_status(response, site, status,
                       strncmp(status, "405", 3) ? "" : "Allow: GET, HEAD\r\n");
}

bool origin_response_make_refusal(struct origin_response *response,
                                  struct origin_site *site)
{
    const struct delay_model *delay = &site->schedule.behaviour.delay;
    uint64_t wait_s = delay_median_ns(delay) / CLOCK_NS_PER_S +
                      1; /* no fractions there */
    char fields[48];

    (void)snprintf(fields, sizeof(fields), "Retry-After: %" PRIu64 "\r\n", wait_s);
    return make_status(response, site, "503 Service Unavailable", fields);
}

/* -- writing ------------------------------------------------------------------- */

/* Reduces the parts to their first byte. Returns the number of parts that are left, 1. */
static size_t take_a_drop(struct iovec parts[2])
{
    if (!parts[0].iov_len)
        parts[0] = parts[1];
    parts[0].iov_len = 1;
    return 1;
}

enum origin_response_progress origin_response_write(struct origin_response *response,
                                                    struct transport *transport)
{
    const struct fault_recipe *recipe = &fault_recipes[response->fault];
    size_t total = response->head_bytes + response->body_bytes;

    if (recipe->stalls)
        return RESPONSE_STALLS;
    while (response->sent_bytes < total) {
        size_t skip = response->sent_bytes;
        struct iovec parts[2] = {{0}};
        enum transport_result result;
        size_t written = 0;
        size_t count;

        if (skip < response->head_bytes) {
            parts[0].iov_base = response->head + skip;
            parts[0].iov_len = response->head_bytes - skip;
            skip = response->head_bytes;
        }
        /* Nothing is written through iov_base. */
        parts[1].iov_base = (char *)response->body + (skip - response->head_bytes);
        parts[1].iov_len = total - skip;
        count = recipe->drips ? take_a_drop(parts) : 2;
        result = transport_write(transport, parts, count, &written);
        if (result == TRANSPORT_WAITS_TO_WRITE)
            return RESPONSE_WAITS;
        if (result != TRANSPORT_DONE)
            return RESPONSE_BROKEN;
        response->sent_bytes += written;
        if (recipe->drips)
            return RESPONSE_DRIPS;
    }
    return RESPONSE_SENT;
}
