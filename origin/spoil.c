/* spoil.c - see spoil.h. */
#include "origin/spoil.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "origin/response.h"

/* A flood is so many lines of so many bytes: 400 KiB, where libcurl takes 300. */
enum { FLOOD_LINES = 400, FLOOD_LINE_BYTES = 1024 };

enum part { NOTHING, HALF, WHOLE, TWICE };

/* How a fault is made from the good response. */
struct recipe {
    enum part head, body, length; /* what is sent; what Content-Length says of the body */
    bool resets;                  /* ends with a reset, else with an orderly close */
    bool at_once, stalls, drips, floods;
    const char *status; /* NULL: "200 OK" */
    const char *fields; /* further header lines */
    const char *text;   /* in place of the page's body */
};

static const struct recipe recipes[FAULT_KIND_COUNT] = {
    [FAULT_RESET_AT_ONCE] = {.resets = true, .at_once = true},
    [FAULT_RESET_BEFORE_HEAD] = {.resets = true},
    [FAULT_RESET_IN_HEAD] = {.head = HALF, .length = WHOLE, .resets = true},
    [FAULT_RESET_AFTER_HEAD] = {.head = WHOLE, .length = WHOLE, .resets = true},
    [FAULT_CLOSE_BEFORE_HEAD] = {.head = NOTHING},
    [FAULT_CLOSE_IN_HEAD] = {.head = HALF, .length = WHOLE},
    [FAULT_CLOSE_IN_BODY] = {.head = WHOLE, .body = HALF, .length = WHOLE},
    [FAULT_STALL] = {.stalls = true},
    [FAULT_DRIP] = {.head = WHOLE, .body = WHOLE, .length = WHOLE, .drips = true},
    [FAULT_LENGTH_TOO_LONG] = {.head = WHOLE, .body = WHOLE, .length = TWICE},
    [FAULT_LENGTH_TOO_SHORT] = {.head = WHOLE, .body = WHOLE, .length = HALF},
    [FAULT_BAD_CHUNK] = {.head = WHOLE,
                         .body = WHOLE,
                         .fields = "Transfer-Encoding: chunked\r\n",
                         .text = "10\r\n16 bytes of it.\n\r\nno number\r\n"},
    [FAULT_STATUS_500] = {.head = WHOLE,
                          .body = WHOLE,
                          .length = WHOLE,
                          .status = "500 Internal Server Error",
                          .text = "500 Internal Server Error\n"},
    [FAULT_STATUS_429] = {.head = WHOLE,
                          .body = WHOLE,
                          .length = WHOLE,
                          .status = "429 Too Many Requests",
                          .fields = "Retry-After: 1\r\n",
                          .text = "429 Too Many Requests\n"},
    [FAULT_GARBAGE] = {.body = WHOLE, .text = "220 mail.example ESMTP ready\r\n"},
    [FAULT_HEADER_FLOOD] = {.head = WHOLE, .body = WHOLE, .floods = true},
};

static size_t part_of(size_t bytes, enum part part)
{
    switch (part) {
    case NOTHING:
        return 0;
    case HALF:
        return bytes / 2;
    case WHOLE:
        return bytes;
    default:
        return 2 * bytes;
    }
}

enum fault_kind spoil_kind_of(const struct connection *connection)
{
    const struct origin_site *site = connection->site;

    return site->faults.of_page[connection->page - site->pages->pages];
}

bool spoil_is_at_once(enum fault_kind kind)
{
    return recipes[kind].at_once;
}

/* The header lines about the body: those of the page as long as they are true. */
static void write_fields(const struct connection *connection, const struct recipe *recipe,
                         char *fields, size_t size)
{
    const struct wire *wire = connection->wire;

    fields[0] = '\0';
    if (recipe->length == WHOLE && !recipe->text)
        (void)snprintf(fields, size, "%s", wire->fields);
    else if (recipe->length)
        (void)snprintf(fields, size, "%sContent-Length: %zu\r\n",
                       recipe->text ? "" : wire->coding,
                       part_of(connection->body_bytes, recipe->length));
}

/* The head; without the empty line at its end where a flood follows. */
static int write_head(struct connection *connection, const struct recipe *recipe)
{
    char fields[sizeof(connection->wire->fields)];

    write_fields(connection, recipe, fields, sizeof(fields));
    return snprintf(connection->head, RESPONSE_HEAD_MAX_BYTES,
                    "HTTP/1.1 %s\r\n"
                    "Server: bench\r\n"
                    "Date: %s\r\n"
                    "Content-Type: text/html; charset=utf-8\r\n"
                    "%s%s"
                    "Connection: close\r\n"
                    "%s",
                    recipe->status ? recipe->status : "200 OK",
                    response_date(connection->site), fields,
                    recipe->fields ? recipe->fields : "", recipe->floods ? "" : "\r\n");
}

bool spoil_send(struct connection *connection, enum fault_kind kind)
{
    const struct recipe *recipe = &recipes[kind];
    int head_bytes;

    connection->site->stats->faults[kind]++;
    connection->fault = kind;
    connection->page = NULL;
    connection->keep_alive = false;
    connection->resets = recipe->resets;
    connection->drips = recipe->drips;
    if (recipe->stalls)
        return false; /* until the client goes away */
    if (recipe->text) {
        connection->body = recipe->text;
        connection->body_bytes = strlen(recipe->text);
    }
    if (recipe->floods) {
        connection->body = connection->site->flood;
        connection->body_bytes = (size_t)FLOOD_LINES * FLOOD_LINE_BYTES;
    }
    head_bytes = write_head(connection, recipe);
    if (head_bytes > 0)
        head_bytes = (int)part_of((size_t)head_bytes, recipe->head);
    connection->body_bytes = part_of(connection->body_bytes, recipe->body);
    return response_start(connection, head_bytes);
}

/* -- its life ------------------------------------------------------------------ */

/* Lines of the form "X-Flood-17: xxx...". */
static char *make_flood(void)
{
    char *flood = malloc((size_t)FLOOD_LINES * FLOOD_LINE_BYTES);

    for (size_t i = 0; flood && i < FLOOD_LINES; i++) {
        char *line = flood + i * FLOOD_LINE_BYTES;
        int used = snprintf(line, FLOOD_LINE_BYTES, "X-Flood-%zu: ", i);

        memset(line + used, 'x', FLOOD_LINE_BYTES - 2 - (size_t)used);
        memcpy(line + FLOOD_LINE_BYTES - 2, "\r\n", 2);
    }
    return flood;
}

int spoil_open(struct origin_site *site, const struct fault_rates *rates, uint64_t seed,
               struct err *err)
{
    fault_assign(&site->faults, rates, seed);
    if (!rates->percent[FAULT_HEADER_FLOOD])
        return 0;
    site->flood = make_flood();
    return site->flood ? 0 : err_errno(err, "no memory for a flood of headers");
}

void spoil_close(struct origin_site *site)
{
    free(site->flood);
    site->flood = NULL;
}
