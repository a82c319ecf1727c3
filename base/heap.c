/* heap.c - see heap.h. */
#include "base/heap.h"

#include <stdbool.h>
#include <stddef.h>

static bool is_before(const struct heap_node *a, const struct heap_node *b)
{
    return a->key < b->key || (!(b->key < a->key) && a->order < b->order);
}

/* Melds two trees into one; either may be NULL. */
static struct heap_node *meld(struct heap_node *a, struct heap_node *b)
{
    if (!a || !b)
        return a ? a : b;
    if (is_before(b, a)) {
        struct heap_node *first = b;

        b = a;
        a = first;
    }
    b->prev = a;
    b->next = a->child;
    if (b->next)
        b->next->prev = b;
    a->child = b;
    return a;
}

/* Melds siblings into one tree: in pairs first, then the pairs from the last to the
 * first, which keeps the heap shallow. */
static struct heap_node *meld_siblings(struct heap_node *sibling)
{
    struct heap_node *pairs = NULL;
    struct heap_node *tree = NULL;

    while (sibling) {
        struct heap_node *a = sibling;
        struct heap_node *b = a->next;

        sibling = b ? b->next : NULL;
        a->next = a->prev = NULL;
        if (b)
            b->next = b->prev = NULL;
        a = meld(a, b);
        a->next = pairs;
        pairs = a;
    }
    while (pairs) {
        struct heap_node *pair = pairs;

        pairs = pair->next;
        pair->next = NULL;
        tree = meld(tree, pair);
    }
    return tree;
}

void heap_add(struct heap *heap, struct heap_node *node)
{
    node->child = node->next = node->prev = NULL;
    heap->root = meld(heap->root, node);
}

void heap_remove(struct heap *heap, struct heap_node *node)
{
    struct heap_node *below = meld_siblings(node->child);

    if (node == heap->root) {
        heap->root = below;
        return;
    }
    if (node->prev->child == node)
        node->prev->child = node->next;
    else
        node->prev->next = node->next;
    if (node->next)
        node->next->prev = node->prev;
    heap->root = meld(heap->root, below);
}
