/* heap.h - an intrusive priority queue: it allocates nothing, so nothing in it can fail.
 *
 * A pairing heap (Fredman, Sedgewick, Sleator and Tarjan, "The pairing heap",
 * Algorithmica 1, 1986): adding is O(1), removing O(log n) on average over a sequence. */
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

#include <stdint.h>

struct heap_node {
    double key;
    uint64_t order; /* decides among equal keys */
    struct heap_node *child, *next,
        *prev; /* prev: the sibling before it, or the parent */
};

/* All zeros is an empty heap. */
struct heap {
    struct heap_node *root; /* the first: least key, then least order; NULL: empty */
};

/* Adds a node whose key and order are set. It must not be in a heap. */
void heap_add(struct heap *heap, struct heap_node *node);

/* Removes a node of the heap from any position. */
void heap_remove(struct heap *heap, struct heap_node *node);

#endif
