/* tree.c - see tree.h. */
#include "tests/support/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/check.h"

void tree_make(struct tree *tree)
{
    (void)snprintf(tree->root, sizeof(tree->root), "/tmp/bench-tree-XXXXXX");
    assert_non_null(mkdtemp(tree->root));
}

void tree_remove(struct tree *tree)
{
    pid_t pid = fork();
    int status;

    if (!pid) {
        (void)execlp("rm", "rm", "-rf", tree->root, (char *)NULL);
        _exit(1);
    }
    (void)waitpid(pid, &status, 0);
    assert_int_equal(status, 0);
}

void tree_write(const struct tree *tree, const char *path, const char *text)
{
    char name[256];
    FILE *file;

    (void)snprintf(name, sizeof(name), "%s%s", tree->root, path);
    for (char *at = name + strlen(tree->root) + 1; (at = strchr(at, '/')); at++) {
        *at = '\0';
        (void)mkdir(name, 0700);
        *at = '/';
    }
    file = fopen(name, "w");
    if (!file)
        fail_msg("cannot write %s", name);
    (void)fputs(text, file);
    (void)fclose(file);
}
