/* build.c - see build.h. */
#include "harness/cell/build.h"

#include <stdio.h>

/* Of the compiler, and not of the build type: flags may say anything besides. */
#ifdef __OPTIMIZE__
static const bool is_optimized = true;
#else
static const bool is_optimized = false;
#endif

void build_text(char text[BUILD_TEXT_SIZE])
{
    (void)snprintf(text, BUILD_TEXT_SIZE, "%s%s%s%s",
                   BENCH_BUILD_TYPE[0] ? BENCH_BUILD_TYPE : "none",
                   is_optimized ? "" : " unoptimized", BENCH_SANITIZE[0] ? " " : "",
                   BENCH_SANITIZE);
}

bool build_is_slow(void)
{
    return !is_optimized || sizeof(BENCH_SANITIZE) > sizeof("");
}
