/* build.h - how this program was compiled: a slow build measures itself. */
#ifndef HARNESS_CELL_BUILD_H
#define HARNESS_CELL_BUILD_H

#include <stdbool.h>

enum { BUILD_TEXT_SIZE = 64 };

/* CMake's build type, "none" where none was given, and behind it what slows the build
 * down: "unoptimized", the sanitizers. */
void build_text(char text[BUILD_TEXT_SIZE]);

/* True when the figures of this build are not those of the code: the compiler did not
 * optimize it, or it has sanitizers. */
bool build_is_slow(void);

#endif
