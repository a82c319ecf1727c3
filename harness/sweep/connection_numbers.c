/* connection_numbers.c - see connection_numbers.h. */
#include "harness/sweep/connection_numbers.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { PORT_COUNT = 65536 };

struct ending {
    uint64_t end_ns;
    size_t index;
};

static int compare(const void *left, const void *right)
{
    const struct ending *a = left;
    const struct ending *b = right;

    if (a->end_ns != b->end_ns)
        return a->end_ns < b->end_ns ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

/* The connection that was seen last between a local port and a server. */
struct seen_connection {
    uint16_t remote_port;
    uint8_t remote_address[FETCH_ADDRESS_BYTES];
    uint32_t number; /* from 1 */
    uint32_t next;   /* in the list of its local port: 1 + an index; 0: the last */
};

struct connections {
    uint32_t *of_port; /* PORT_COUNT heads of such lists */
    struct seen_connection *seen;
    size_t seen_count;
    uint32_t last; /* number that was given out */
};

static bool is_between(const struct seen_connection *seen,
                       const struct fetch_result *result)
{
    return seen->remote_port == result->remote_port &&
           !memcmp(seen->remote_address, result->remote_address,
                   sizeof(seen->remote_address));
}

/* Returns the number of the connection of a request that had one. The kernel may use one
 * local port towards several servers at a time, so both ends name a connection. */
static uint32_t number_of(struct connections *connections,
                          const struct fetch_result *result)
{
    uint32_t *link = &connections->of_port[result->local_port];
    struct seen_connection *seen;

    while (*link && !is_between(&connections->seen[*link - 1], result))
        link = &connections->seen[*link - 1].next;
    if (!*link) {
        seen = &connections->seen[connections->seen_count];
        *seen = (struct seen_connection){.remote_port = result->remote_port};
        memcpy(seen->remote_address, result->remote_address,
               sizeof(seen->remote_address));
        *link = (uint32_t)++connections->seen_count;
    }
    seen = &connections->seen[*link - 1];
    if (result->connections || !seen->number)
        seen->number = ++connections->last;
    return seen->number;
}

int connection_numbers(const struct fetch_result *results, size_t count,
                       uint32_t *numbers, struct err *err)
{
    struct ending *endings = calloc(count + 1, sizeof(*endings));
    struct connections connections = {
        .of_port = calloc(PORT_COUNT, sizeof(*connections.of_port)),
        .seen = calloc(count + 1, sizeof(*connections.seen)),
    };
    int result = 0;

    if (endings && connections.of_port && connections.seen) {
        for (size_t i = 0; i < count; i++)
            endings[i] = (struct ending){results[i].end_ns, i};
        qsort(endings, count, sizeof(*endings), compare);
        for (size_t i = 0; i < count; i++) {
            const struct fetch_result *at = &results[endings[i].index];

            if (at->local_port)
                numbers[endings[i].index] = number_of(&connections, at);
        }
    } else {
        result = err_errno(err, "no memory for the connections of %zu %s", count,
                           plural(count, "request", "requests"));
    }
    free(connections.of_port);
    free(connections.seen);
    free(endings);
    return result;
}
