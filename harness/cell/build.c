/* build.c - see build.h. */
#include "harness/cell/build.h"

#include <stdio.h>

/* From the compiler, not the build type, which further flags can override. */
#ifdef __OPTIMIZE__
static const bool is_optimized = true;
#else
static const bool is_optimized = false;
#endif

static const char sanitizers[] = BENCH_SANITIZE;

void build_text(char text[BUILD_TEXT_SIZE])
{
    (void)snprintf(text, BUILD_TEXT_SIZE, "%s%s%s%s",
                   BENCH_BUILD_TYPE[0] ? BENCH_BUILD_TYPE : "none",
                   is_optimized ? "" : " unoptimized", sanitizers[0] ? " " : "",
                   sanitizers);
}

bool build_is_slow(void)
{
    return !is_optimized || sanitizers[0];
}
