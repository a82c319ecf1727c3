/* fuzz_request.c - feeds the request parser with inputs from libFuzzer.
 *
 * `scripts/test --long` builds and runs it, or by hand:
 *     cmake --build --preset dev-clang --target fuzz_request
 *     build/dev-clang/tests/fuzz_request -max_len=9000 -max_total_time=60 */
#include "origin/request.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libFuzzer counts a trap as a finding; assert() is off where NDEBUG is set. */
static void must(bool holds)
{
    if (!holds)
        __builtin_trap();
}

static enum request_status parse(const char *text, size_t size, struct request *request,
                                 size_t *head_bytes)
{
    enum request_status status = request_parse(text, size, request, head_bytes);
    bool serves = request->method == REQUEST_GET || request->method == REQUEST_HEAD;

    if (status == REQUEST_PARTIAL)
        must(size < REQUEST_HEAD_MAX_BYTES);
    if (status == REQUEST_TOO_LARGE)
        must(size >= REQUEST_HEAD_MAX_BYTES);
    if (status != REQUEST_COMPLETE)
        return status;
    must(*head_bytes <= size && *head_bytes <= REQUEST_HEAD_MAX_BYTES);
    must(!memcmp(text + *head_bytes - 4, "\r\n\r\n", 4));
    must(request->path >= text && request->path_bytes > 0);
    must(request->path + request->path_bytes <= text + *head_bytes);
    must(!serves || (request->path[0] == '/' && !request->has_body));
    must(!memchr(request->path, '\n', request->path_bytes));
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* Exactly `size` bytes, so that a sanitizer catches an access beyond them. */
    char *text = malloc(size ? size : 1);
    struct request whole = {.method = REQUEST_GET};
    struct request alone = {.method = REQUEST_GET};
    size_t whole_bytes = 0;
    size_t alone_bytes = 0;

    if (!text)
        return 0;
    memcpy(text, data, size);
    if (parse(text, size, &whole, &whole_bytes) == REQUEST_COMPLETE) {
        /* Bytes after a request must not influence it, ... */
        must(parse(text, whole_bytes, &alone, &alone_bytes) == REQUEST_COMPLETE);
        must(alone_bytes == whole_bytes && alone.method == whole.method);
        must(alone.keep_alive == whole.keep_alive && alone.path == whole.path);
        /* ... and it must be incomplete until its last byte arrives. */
        must(parse(text, whole_bytes - 1, &alone, &alone_bytes) == REQUEST_PARTIAL);
    }
    free(text);
    return 0;
}
