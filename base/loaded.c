/* loaded.c - see loaded.h. */
#include "base/loaded.h"

#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct search {
    uintptr_t address;
    struct loaded found;
};

static bool has_address(const struct dl_phdr_info *info, uintptr_t address)
{
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        uintptr_t start = info->dlpi_addr + segment->p_vaddr;

        if (segment->p_type == PT_LOAD && address >= start &&
            address - start < segment->p_memsz)
            return true;
    }
    return false;
}

static void write_hex(const unsigned char *bytes, size_t count,
                      char text[LOADED_BUILD_ID_SIZE])
{
    for (size_t i = 0; i < count && 2 * i + 2 < LOADED_BUILD_ID_SIZE; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", bytes[i]);
}

/* Notes follow each other, name and content each padded to the segment's alignment. */
static void read_notes(const struct dl_phdr_info *info, const ElfW(Phdr) * segment,
                       char build_id[LOADED_BUILD_ID_SIZE])
{
    /* dl_iterate_phdr(3) gives addresses as integers.
     * NOLINTNEXTLINE(performance-no-int-to-ptr) */
    const char *at = (const char *)info->dlpi_addr + segment->p_vaddr;
    size_t left = segment->p_memsz;
    size_t pad = segment->p_align > 4 ? segment->p_align - 1 : 3;

    while (left >= sizeof(ElfW(Nhdr))) {
        const ElfW(Nhdr) *note = (const void *)at;
        size_t content = sizeof(*note) + ((note->n_namesz + pad) & ~pad);
        size_t size = content + ((note->n_descsz + pad) & ~pad);

        if (size > left)
            return;
        if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == sizeof("GNU") &&
            !memcmp(note + 1, "GNU", sizeof("GNU")))
            write_hex((const unsigned char *)at + content, note->n_descsz, build_id);
        at += size;
        left -= size;
    }
}

/* The main program has an empty name. */
static void read_name(const struct dl_phdr_info *info, char file[LOADED_FILE_SIZE])
{
    const char *name = info->dlpi_name[0] ? info->dlpi_name : "/proc/self/exe";
    char *path = realpath(name, NULL);

    if (path && strlen(path) < LOADED_FILE_SIZE)
        memcpy(file, path, strlen(path) + 1);
    free(path);
}

static int look_at(struct dl_phdr_info *info, size_t size, void *user)
{
    struct search *search = user;

    (void)size;
    if (!has_address(info, search->address))
        return 0;
    read_name(info, search->found.file);
    for (int i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_NOTE)
            read_notes(info, &info->dlpi_phdr[i], search->found.build_id);
    return 1;
}

struct loaded loaded_at(uintptr_t address)
{
    struct search search = {.address = address};

    (void)dl_iterate_phdr(look_at, &search);
    return search.found;
}
