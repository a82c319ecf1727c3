/* program_line.c - see program_line.h. */
#include "strategies/outside/program_line.h"

#include <stdio.h>
#include <string.h>

#include "base/parse.h"
#include "base/terminal.h"

enum { FIELD_SIZE = 32 };

const char *program_line_quote(const char *line, char text[PROGRAM_QUOTE_SIZE])
{
    static const char more[] = "...";

    (void)terminal_text(line, text, PROGRAM_QUOTE_SIZE);
    if (strlen(line) >= PROGRAM_QUOTE_SIZE)
        (void)snprintf(text + PROGRAM_QUOTE_SIZE - 8, 8, "%s", more);
    return text;
}

/* Copies the next field, which one space ends, and moves behind it. */
static bool take_field(const char **at, char field[FIELD_SIZE])
{
    size_t length = strcspn(*at, " ");

    if (!length || length >= FIELD_SIZE)
        return false;
    memcpy(field, *at, length);
    field[length] = '\0';
    *at += length + ((*at)[length] == ' ');
    return true;
}

/* A number, or "-". */
static bool take_number(const char **at, uint64_t max, uint64_t *number, bool *known)
{
    char field[FIELD_SIZE];

    if (!take_field(at, field))
        return false;
    *known = strcmp(field, "-") != 0;
    return !*known || !parse_count(field, 0, max, number, NULL);
}

/* One to eight hex digits, or "-". */
static bool take_crc32(const char **at, uint32_t *crc32, bool *known)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    char field[FIELD_SIZE];

    if (!take_field(at, field))
        return false;
    *known = strcmp(field, "-") != 0;
    *crc32 = 0;
    if (!*known)
        return true;
    if (strlen(field) > 8)
        return false;
    for (const char *digit = field; *digit; digit++) {
        const char *found = strchr(digits, *digit);

        if (!found)
            return false;
        *crc32 = *crc32 << 4 | ((uint32_t)(found - digits) & 15);
    }
    return true;
}

/* I START END, which all kinds of results have. */
static const char *take_stamps(struct program_result *result, const char **at)
{
    bool has_index;
    bool has_start;
    bool has_end;

    if (!take_number(at, UINT32_MAX, &result->index, &has_index) || !has_index)
        return "a result begins with the number of a request";
    if (!take_number(at, UINT64_MAX, &result->start_ns, &has_start) ||
        !take_number(at, UINT64_MAX, &result->end_ns, &has_end))
        return "START and END must be whole nanoseconds of CLOCK_MONOTONIC, or '-'";
    result->unfinished = !strcmp(*at, "unfinished");
    result->has_stamps = has_start && has_end;
    result->has_start = has_start && (has_end || result->unfinished);
    return result->unfinished && has_end ? "END of an unfinished request must be '-'"
                                         : NULL;
}

/* NULL, or why the line is no result. */
static const char *parse_result(struct program_result *result, const char *line)
{
    static const char failure[] = "error";
    const char *at = line;
    const char *why = take_stamps(result, &at);
    uint64_t status = 0;

    if (why)
        return why;
    if (result->unfinished)
        return NULL;
    if (!strncmp(at, failure, strlen(failure)) &&
        (!at[strlen(failure)] || at[strlen(failure)] == ' ')) {
        result->failed = true;
        at += strlen(failure);
        (void)terminal_text(at + strspn(at, " "), result->error, sizeof(result->error));
        return NULL;
    }
    if (!take_number(&at, 999, &status, &result->has_status))
        return "STATUS must be an HTTP status or '-', or the word 'error'";
    if (!take_number(&at, UINT64_MAX, &result->body_bytes, &result->has_bytes))
        return "BYTES must be a whole number or '-'";
    if (!take_crc32(&at, &result->body_crc32, &result->has_crc32))
        return "CRC32 must be one to eight hex digits or '-'";
    result->http_status = (uint16_t)status;
    return *at ? "a result ends after I START END STATUS BYTES CRC32" : NULL;
}

static int parse_ready(const char *line, uint64_t *protocol, struct err *err)
{
    if (strncmp(line, "ready ", 6) != 0)
        return err_set(err, "add the number of the protocol: 'ready %d'",
                       PROGRAM_PROTOCOL);
    if (!parse_count(line + 6, PROGRAM_PROTOCOL, PROGRAM_PROTOCOL_RATES, protocol, NULL))
        return 0;
    return err_set(err, "this bench speaks protocols %d and %d", PROGRAM_PROTOCOL,
                   PROGRAM_PROTOCOL_RATES);
}

int program_line_parse(struct program_line *parsed, const char *line, size_t length,
                       struct err *err)
{
    const char *why;

    *parsed = (struct program_line){.kind = PROGRAM_RESULT};
    if (strlen(line) != length)
        return err_set(err, "it has a zero byte");
    if (!strncmp(line, "ready", 5)) {
        parsed->kind = PROGRAM_READY;
        return parse_ready(line, &parsed->protocol, err);
    }
    if (!strcmp(line, "done") || !strcmp(line, "end")) {
        parsed->kind = line[0] == 'd' ? PROGRAM_DONE : PROGRAM_END;
        return 0;
    }
    if ((line[0] < '0' || line[0] > '9') && line[0] != '-')
        return err_set(err, "that is no line of the protocol");
    why = parse_result(&parsed->result, line);
    return why ? err_set(err, "%s", why) : 0;
}
