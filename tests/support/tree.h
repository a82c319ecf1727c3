/* tree.h - a directory of synthetic files that stands in for /proc and /sys. */
#ifndef TESTS_SUPPORT_TREE_H
#define TESTS_SUPPORT_TREE_H

struct tree {
    char root[64];
};

void tree_make(struct tree *tree);
void tree_remove(struct tree *tree);

/* Writes a file, such as "/proc/stat", and creates the directories above it. */
void tree_write(const struct tree *tree, const char *path, const char *text);

#endif
