/* build.h - how this program was compiled, which decides whether its figures count. */
#ifndef HARNESS_CELL_BUILD_H
#define HARNESS_CELL_BUILD_H

#include <stdbool.h>

enum { BUILD_TEXT_SIZE = 64 };

/* CMake's build type, or "none", followed by the causes of a slow build: "unoptimized",
 * the sanitizers. */
void build_text(char text[BUILD_TEXT_SIZE]);

/* True when this build is too slow to measure with: the compiler did not optimize it, or
 * it has sanitizers. */
bool build_is_slow(void);

#endif
