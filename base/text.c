/* text.c - see text.h. */
#include "base/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

enum { FIRST_ROOM = 256 };

/* Not open_memstream(): when that runs out of memory, ferror() does not show it, and
 * fclose() returns 0 with a text that is cut off or NULL. */
static ssize_t grow(void *cookie, const char *bytes, size_t size)
{
    struct text *text = cookie;

    if (text->room - text->used <= size) {
        size_t room = text->room ? text->room : FIRST_ROOM;
        char *grown;

        while (room - text->used <= size)
            room *= 2;
        grown = realloc(text->bytes, room);
        if (!grown)
            return 0; /* sets the error of the stream */
        text->bytes = grown;
        text->room = room;
    }
    memcpy(text->bytes + text->used, bytes, size);
    text->used += size;
    text->bytes[text->used] = '\0';
    return (ssize_t)size;
}

/* Makes ftell() return the length of the text; seeking is not supported. */
static int tell(void *cookie, off64_t *offset, int whence)
{
    const struct text *text = cookie;

    if (whence != SEEK_CUR || *offset)
        return -1;
    *offset = (off64_t)text->used;
    return 0;
}

int text_open(struct text *text, struct err *err)
{
    *text = (struct text){.bytes = NULL};
    text->out = fopencookie(text, "w",
                            (cookie_io_functions_t){.write = grow, .seek = tell});
    if (text->out && !grow(text, "", 0) && text->bytes)
        return 0;
    if (text->out)
        (void)fclose(text->out);
    return err_errno(err, "no memory for a text");
}

char *text_close(struct text *text, size_t *size, struct err *err)
{
    bool failed = ferror(text->out);

    failed |= fclose(text->out) != 0;
    text->out = NULL;
    if (failed) {
        free(text->bytes);
        text->bytes = NULL;
        (void)err_set(err, "no memory for a text of more than %zu bytes", text->used);
    } else if (size) {
        *size = text->used;
    }
    return text->bytes;
}

void text_drop(struct text *text)
{
    free(text_close(text, NULL, NULL));
}

__attribute__((format(printf, 3, 0))) static bool append(char *buffer, size_t size,
                                                         const char *format, va_list args)
{
    size_t used = strlen(buffer);
    int length = vsnprintf(buffer + used, size - used, format, args);

    return length >= 0 && (size_t)length < size - used;
}

bool text_append(char *buffer, size_t size, const char *format, ...)
{
    va_list args;
    bool fits;

    va_start(args, format);
    fits = append(buffer, size, format, args);
    va_end(args);
    return fits;
}

bool text_append_item(char *buffer, size_t size, const char *format, ...)
{
    bool fits = !buffer[0] || text_append(buffer, size, ", ");
    va_list args;

    va_start(args, format);
    fits &= append(buffer, size, format, args);
    va_end(args);
    return fits;
}

const char *plural(size_t count, const char *one, const char *many)
{
    return count == 1 ? one : many;
}

char *text_take_item(char **rest)
{
    char *item = strsep(rest, ",");
    size_t length;

    if (!item)
        return NULL;
    item += strspn(item, " \t");
    length = strlen(item);
    while (length && strchr(" \t", item[length - 1]))
        length--;
    item[length] = '\0';
    return item;
}
