/* loaded.h - which file some code of this process came from, and which build of it. */
#ifndef BASE_LOADED_H
#define BASE_LOADED_H

#include <stdint.h>

enum { LOADED_FILE_SIZE = 512, LOADED_BUILD_ID_SIZE = 65 };

/* A program or a library as it was loaded; "" for what is not known. */
struct loaded {
    char file[LOADED_FILE_SIZE];         /* absolute, without symbolic links */
    char build_id[LOADED_BUILD_ID_SIZE]; /* the linker's, in hex digits */
};

/* The loaded file that has `address`, such as that of one of its functions. All "" when
 * there is none. */
struct loaded loaded_at(uintptr_t address);

#endif
