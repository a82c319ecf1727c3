/* wire.c - see wire.h. */
#include "origin/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/text.h"

/* zlib: a window of 32 KiB, in a gzip wrapper (RFC 1952) whose time is 0, so that every
 * process makes the same bytes. */
enum { GZIP_WINDOW_BITS = 15 + 16, GZIP_MEMORY_LEVEL = 8 };

/* Both return new bytes, which the caller frees, and their number in *size; NULL: no
 * memory. */
static char *compress_gzip(const char *body, size_t *size)
{
    z_stream stream = {.next_in = (z_const Bytef *)body, .avail_in = (uInt)*size};
    char *bytes = NULL;
    uLong room;

    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW_BITS,
                     GZIP_MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
        return NULL;
    room = deflateBound(&stream, (uLong)*size);
    bytes = malloc(room);
    if (bytes) {
        stream.next_out = (Bytef *)bytes;
        stream.avail_out = (uInt)room;
        (void)deflate(&stream, Z_FINISH); /* which cannot fail: there is room for all */
        *size = stream.total_out;
    }
    (void)deflateEnd(&stream);
    return bytes;
}

/* Puts a body into chunks (RFC 9112, 7.1). */
static char *frame_chunks(const char *body, size_t *size)
{
    size_t chunk = (*size + WIRE_CHUNKS - 1) / WIRE_CHUNKS;
    struct text text;

    if (text_open(&text, NULL))
        return NULL;
    for (size_t at = 0; at < *size; at += chunk) {
        size_t length = *size - at < chunk ? *size - at : chunk;

        (void)fprintf(text.out, "%zx\r\n", length);
        (void)fwrite(body + at, 1, length, text.out);
        (void)fputs("\r\n", text.out);
    }
    (void)fputs("0\r\n\r\n", text.out);
    return text_close(&text, size, NULL);
}

static void write_fields(struct wire *wire, bool gzip, bool chunked)
{
    wire->coding = gzip ? "Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n" : "";
    if (chunked)
        (void)snprintf(wire->fields, sizeof(wire->fields),
                       "%sTransfer-Encoding: chunked\r\n", wire->coding);
    else
        (void)snprintf(wire->fields, sizeof(wire->fields), "%sContent-Length: %zu\r\n",
                       wire->coding, wire->size);
}

int wire_make(struct wire *wire, const char *body, size_t size, bool gzip, bool chunked,
              struct err *err)
{
    char *compressed = gzip ? compress_gzip(body, &size) : NULL;

    *wire = (struct wire){.bytes = body, .own = compressed};
    if (gzip)
        wire->bytes = compressed;
    wire->encoded_bytes = size;
    if (wire->bytes && chunked) {
        wire->bytes = wire->own = frame_chunks(wire->bytes, &size);
        free(compressed);
    }
    wire->size = size;
    if (!wire->bytes)
        return err_errno(err, "no memory for the pages");
    write_fields(wire, gzip, chunked);
    return 0;
}

void wire_free(struct wire *wire)
{
    free(wire->own);
    *wire = (struct wire){0};
}
