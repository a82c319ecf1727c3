/* heap.h - a priority queue of nodes that are part of something else: no memory of its
 * own, so nothing in it can fail.
 *
 * A pairing heap (Fredman, Sedgewick, Sleator and Tarjan, "The pairing heap",
 * Algorithmica 1, 1986): adding is O(1), taking out O(log n) on average over a sequence.
 */
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

#include <stdint.h>

struct heap_node {
    double key;
    uint64_t order; /* among equal keys */
    struct heap_node *child, *next,
        *prev; /* prev: the sibling before it, or the parent */
};

/* All zeros is an empty one. */
struct heap {
    struct heap_node *root; /* the first: least key, then least order; NULL: empty */
};

/* Adds a node whose key and order are set. It must not be in a heap. */
void heap_add(struct heap *heap, struct heap_node *node);

/* Takes out a node that is in the heap, wherever it is. */
void heap_remove(struct heap *heap, struct heap_node *node);

#endif
