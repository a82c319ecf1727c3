/* csv.c - see csv.h. */
#include "analysis/rows/csv.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void csv_write_text(FILE *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        (void)fputs(text, out);
        return;
    }
    (void)fputc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            (void)fputc('"', out);
        (void)fputc(*text, out);
    }
    (void)fputc('"', out);
}

void csv_reader_init(struct csv_reader *reader, char *text)
{
    *reader = (struct csv_reader){.next_line = 1};
    reader->at = text;
}

void csv_reader_free(struct csv_reader *reader)
{
    free(reader->fields);
    *reader = (struct csv_reader){0};
}

static int add_field(struct csv_reader *reader, char *field, struct err *err)
{
    if (reader->count == reader->room) {
        size_t room = reader->room ? reader->room * 2 : 64;
        char **fields = realloc(reader->fields, room * sizeof(*fields));

        if (!fields)
            return err_errno(err, "no memory for a record of %zu fields", room);
        reader->fields = fields;
        reader->room = room;
    }
    reader->fields[reader->count++] = field;
    return 0;
}

/* Takes the quotes off the field at `from` in place. Returns the text after it; NULL: its
 * closing quote is missing. */
static char *unquote(struct csv_reader *reader, char *from)
{
    char *to = from;

    for (from++; *from; from++) {
        if (*from == '"' && from[1] == '"')
            from++;
        else if (*from == '"')
            break;
        reader->next_line += *from == '\n';
        *to++ = *from;
    }
    if (!*from)
        return NULL;
    *to = '\0';
    return from + 1;
}

int csv_read(struct csv_reader *reader, struct err *err)
{
    char *at = reader->at;
    bool more = true;

    reader->count = 0;
    reader->line = reader->next_line;
    if (!*at)
        return 0;
    while (more) {
        char *field = at;
        char end;

        at = *field == '"' ? unquote(reader, field) : at + strcspn(at, ",\r\n");
        if (!at)
            return err_set(err, "line %zu: a quote is not closed", reader->line);
        if (*at == '\r' && at[1] == '\n')
            *at++ = '\0';
        end = *at;
        if (end && end != ',' && end != '\n')
            return err_set(err, "line %zu: text after a closing quote", reader->line);
        if (end)
            *at++ = '\0';
        if (add_field(reader, field, err))
            return -1;
        more = end == ',';
    }
    reader->next_line++;
    reader->at = at;
    return 1;
}
