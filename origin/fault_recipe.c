/* fault_recipe.c - see fault_recipe.h. */
#include "origin/fault_recipe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FLOOD_LINE_BYTES = 1024, FLOOD_LINES = FAULT_FLOOD_BYTES / FLOOD_LINE_BYTES };

const struct fault_recipe fault_recipes[FAULT_KIND_COUNT] = {
    [FAULT_RESET_AT_ONCE] = {.head = PART_NOTHING,
                             .body = PART_NOTHING,
                             .resets = true,
                             .at_once = true},
    [FAULT_RESET_BEFORE_HEAD] = {.head = PART_NOTHING,
                                 .body = PART_NOTHING,
                                 .resets = true},
    [FAULT_RESET_IN_HEAD] = {.head = PART_HALF, .body = PART_NOTHING, .resets = true},
    [FAULT_RESET_AFTER_HEAD] = {.head = PART_WHOLE, .body = PART_NOTHING, .resets = true},
    [FAULT_CLOSE_BEFORE_HEAD] = {.head = PART_NOTHING, .body = PART_NOTHING},
    [FAULT_CLOSE_IN_HEAD] = {.head = PART_HALF, .body = PART_NOTHING},
    [FAULT_CLOSE_IN_BODY] = {.head = PART_WHOLE, .body = PART_HALF},
    [FAULT_STALL] = {.stalls = true},
    [FAULT_DRIP] = {.drips = true},
    [FAULT_LENGTH_TOO_LONG] = {.length = PART_TWICE},
    [FAULT_LENGTH_TOO_SHORT] = {.length = PART_HALF},
    [FAULT_BAD_CHUNK] = {.length = PART_NOTHING,
                         .fields = "Transfer-Encoding: chunked\r\n",
                         .text = "10\r\n16 bytes of it.\n\r\nno number\r\n"},
    [FAULT_STATUS_500] = {.status = "500 Internal Server Error",
                          .text = "500 Internal Server Error\n"},
    [FAULT_STATUS_429] = {.status = "429 Too Many Requests",
                          .fields = "Retry-After: 1\r\n",
                          .text = "429 Too Many Requests\n"},
    [FAULT_GARBAGE] = {.head = PART_NOTHING, .text = "220 mail.example ESMTP ready\r\n"},
    [FAULT_HEADER_FLOOD] = {.length = PART_NOTHING, .floods = true},
};

size_t fault_part_bytes(enum fault_part part, size_t whole_bytes)
{
    switch (part) {
    case PART_NOTHING:
        return 0;
    case PART_HALF:
        return whole_bytes / 2;
    case PART_WHOLE:
        return whole_bytes;
    default:
        return 2 * whole_bytes;
    }
}

/* Lines of the form "X-Flood-17: xxx...". */
char *fault_recipe_flood(void)
{
    char *flood = malloc(FAULT_FLOOD_BYTES);

    for (size_t i = 0; flood && i < FLOOD_LINES; i++) {
        char *line = flood + i * FLOOD_LINE_BYTES;
        int used = snprintf(line, FLOOD_LINE_BYTES, "X-Flood-%zu: ", i);

        memset(line + used, 'x', FLOOD_LINE_BYTES - 2 - (size_t)used);
        memcpy(line + FLOOD_LINE_BYTES - 2, "\r\n", 2);
    }
    return flood;
}
