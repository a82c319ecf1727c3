/* intern.c - see intern.h. A tree of search.h. */
#include "base/intern.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

struct intern {
    void *root; /* of nodes whose keys are the texts */
};

static int compare(const void *left, const void *right)
{
    return strcmp(left, right);
}

struct intern *intern_open(struct err *err)
{
    struct intern *intern = calloc(1, sizeof(*intern));

    if (!intern)
        (void)err_errno(err, "no memory for texts");
    return intern;
}

const char *intern_text(struct intern *intern, const char *text, struct err *err)
{
    char *const *found = tfind(text, &intern->root, compare);
    char *copy;

    if (found)
        return *found;
    copy = strdup(text);
    if (copy && tsearch(copy, &intern->root, compare))
        return copy;
    free(copy);
    (void)err_errno(err, "no memory for texts");
    return NULL;
}

void intern_close(struct intern *intern)
{
    if (!intern)
        return;
    tdestroy(intern->root, free);
    free(intern);
}
