/* records.c - see records.h. */
#include "analysis/rows/records.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PART_BYTES = 1 << 20 };

/* A file that is read in parts of whole records. */
struct part_reader {
    FILE *file;
    char *bytes; /* with room for a terminator */
    size_t room, held;
    size_t whole; /* of these, up to the end of the last whole record */
    bool at_end;
    size_t next_line;
};

/* The length up to the end of the last line break outside quotes; 0: there is none. */
static size_t whole_records(const char *bytes, size_t size)
{
    const char *last = memrchr(bytes, '\n', size);
    bool quoted = false;
    size_t whole = 0;

    if (!memchr(bytes, '"', size))
        return last ? (size_t)(last - bytes) + 1 : 0;
    for (size_t i = 0; i < size; i++) {
        quoted ^= bytes[i] == '"';
        if (bytes[i] == '\n' && !quoted)
            whole = i + 1;
    }
    return whole;
}

static int make_room(struct part_reader *reader, struct err *err)
{
    size_t room = reader->room ? 2 * reader->room : PART_BYTES;
    char *bytes;

    if (reader->room > reader->held)
        return 0;
    bytes = realloc(reader->bytes, room + 1);
    if (!bytes)
        return err_errno(err, "no memory for %zu bytes of results", room);
    reader->bytes = bytes;
    reader->room = room;
    return 0;
}

/* Drops the last part and reads the next, terminated; after the last one `whole` is 0. */
static int next_part(struct part_reader *reader, struct err *err)
{
    reader->held -= reader->whole;
    if (reader->held)
        memmove(reader->bytes, reader->bytes + reader->whole + 1, reader->held);
    reader->whole = 0;
    while (!reader->whole && !(reader->at_end && !reader->held)) {
        if (make_room(reader, err))
            return -1;
        if (!reader->at_end) {
            reader->held += fread(reader->bytes + reader->held, 1,
                                  reader->room - reader->held, reader->file);
            reader->at_end = feof(reader->file);
            if (ferror(reader->file))
                return err_errno(err, "cannot read the file");
        }
        reader->whole = reader->at_end ? reader->held
                                       : whole_records(reader->bytes, reader->held);
    }
    if (memchr(reader->bytes, '\0', reader->whole))
        return err_set(err, "a zero byte, so this is no CSV of bench");
    /* The terminator takes the place of the byte that follows, which moves on by one. */
    memmove(reader->bytes + reader->whole + 1, reader->bytes + reader->whole,
            reader->held - reader->whole);
    reader->bytes[reader->whole] = '\0';
    return 0;
}

static int read_parts(struct part_reader *part, records_part_fn *read, void *user,
                      struct err *err)
{
    struct csv_reader reader = {.next_line = 1};
    int result = next_part(part, err);

    if (!result && !part->whole)
        return err_set(err, "the file is empty");
    while (!result && part->whole) {
        size_t line = reader.next_line;

        csv_reader_free(&reader);
        csv_reader_init(&reader, part->bytes);
        reader.next_line = line;
        result = read(user, &reader, err);
        if (!result)
            result = next_part(part, err);
    }
    csv_reader_free(&reader);
    return result;
}

int records_each_part(const char *path, records_part_fn *read, void *user,
                      struct err *err)
{
    struct part_reader part = {.file = fopen(path, "re")};
    int result;

    if (!part.file)
        return err_errno(err, "cannot open %s", path);
    result = read_parts(&part, read, user, err) ? err_prefix(err, "%s", path) : 0;
    free(part.bytes);
    (void)fclose(part.file);
    return result;
}
