/* loaded.h - the file that code of this process was loaded from, and its build ID. */
#ifndef BASE_LOADED_H
#define BASE_LOADED_H

#include <stdint.h>

enum { LOADED_FILE_SIZE = 512, LOADED_BUILD_ID_SIZE = 65 };

/* A loaded program or library; "" for a field that is not known. */
struct loaded {
    char file[LOADED_FILE_SIZE];         /* absolute, without symbolic links */
    char build_id[LOADED_BUILD_ID_SIZE]; /* the linker's, in hex digits */
};

/* The loaded file that contains `address`, such as that of one of its functions. All ""
 * if there is none. */
struct loaded loaded_at(uintptr_t address);

#endif
