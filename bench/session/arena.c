#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { block_size = 256 * 1024 };

struct arena_block {
    struct arena_block *previous;
    alignas(max_align_t) char bytes[];
};

static char *take(struct arena *arena, size_t size, size_t padding)
{
    if (arena->left < size + padding) {
        size_t capacity = size > block_size ? size : block_size;
        struct arena_block *block = malloc(sizeof *block + capacity);
        if (block == NULL) {
            return NULL;
        }
        block->previous = arena->last;
        arena->last = block;
        arena->next = block->bytes;
        arena->left = capacity;
        padding = 0;
    }
    char *taken = arena->next + padding;
    arena->next = taken + size;
    arena->left -= size + padding;
    arena->used += size + padding;
    return taken;
}

void *arena_take(struct arena *arena, size_t size)
{
    enum { alignment = alignof(void *) };
    return take(arena, size, (size_t)(-(uintptr_t)arena->next % alignment));
}

const char *arena_text(struct arena *arena, const char *text, size_t length)
{
    char *copy = take(arena, length + 1, 0);
    if (copy != NULL) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

void arena_reuse(struct arena *arena)
{
    if (arena->last != NULL) {
        arena->left += (size_t)(arena->next - arena->last->bytes);
        arena->next = arena->last->bytes;
    }
    arena->used = 0;
}

void arena_free(struct arena *arena)
{
    while (arena->last != NULL) {
        struct arena_block *block = arena->last;
        arena->last = block->previous;
        free(block);
    }
    *arena = (struct arena){0};
}
