#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* With its head 1 KiB, which malloc hands out and takes back without a lock. */
enum { FIRST_BLOCK = 1024 - 2 * sizeof(void *), LARGEST_BLOCK = 256 * 1024 };

struct cv_arena_block {
    struct cv_arena_block *older;
    alignas(max_align_t) char bytes[];
};

void cv_arena_init(struct cv_arena *arena, size_t first_block)
{
    *arena = (struct cv_arena){.block_size = first_block ? first_block : FIRST_BLOCK};
}

void cv_arena_free(struct cv_arena *arena)
{
    struct cv_arena_block *block = arena->blocks;
    while (block) {
        struct cv_arena_block *older = block->older;
        free(block);
        block = older;
    }
    cv_arena_init(arena, 0);
}

/* How far the next address of this alignment is. */
static size_t padding(const char *address, size_t align)
{
    return (size_t)(-(uintptr_t)address & (align - 1));
}

/*
 * A piece that is large beside a block gets one of its own, behind the newest, so that the newest's free part is not
 * lost.
 */
static void *alloc_large(struct cv_arena *arena, size_t size, size_t align)
{
    size_t extra = align > alignof(max_align_t) ? align : 0;
    struct cv_arena_block *block = malloc(sizeof *block + size + extra);
    if (!block)
        return NULL;
    arena->total += sizeof *block + size + extra;
    if (arena->blocks) {
        block->older = arena->blocks->older;
        arena->blocks->older = block;
    } else {
        block->older = NULL;
        arena->blocks = block;
        arena->next = arena->end = block->bytes + size + extra;
    }
    return block->bytes + padding(block->bytes, align);
}

static int grow(struct cv_arena *arena, size_t size)
{
    size_t room = arena->block_size > size ? arena->block_size : size;
    struct cv_arena_block *block = malloc(sizeof *block + room);
    if (!block)
        return 0;
    arena->total += sizeof *block + room;
    block->older = arena->blocks;
    arena->blocks = block;
    arena->next = block->bytes;
    arena->end = block->bytes + room;
    if (arena->block_size < LARGEST_BLOCK)
        arena->block_size *= 2;
    return 1;
}

static void *take(struct cv_arena *arena, size_t size, size_t align)
{
    size_t pad = arena->next ? padding(arena->next, align) : 0;
    if (!arena->next || (size_t)(arena->end - arena->next) < pad || (size_t)(arena->end - arena->next) - pad < size) {
        if (size > SIZE_MAX / 2)
            return NULL;
        if (size >= LARGEST_BLOCK / 4)
            return alloc_large(arena, size, align);
        if (!grow(arena, align > alignof(max_align_t) ? size + align : size))
            return NULL;
        pad = padding(arena->next, align);
    }
    char *piece = arena->next + pad;
    arena->next = piece + size;
    return piece;
}

void *cv_arena_alloc(struct cv_arena *arena, size_t size)
{
    return take(arena, size, alignof(max_align_t) > 8 ? 8 : alignof(max_align_t));
}

void *cv_arena_aligned(struct cv_arena *arena, size_t size, size_t align)
{
    return take(arena, size, align);
}

void *cv_arena_zero(struct cv_arena *arena, size_t size)
{
    void *piece = cv_arena_alloc(arena, size);
    if (piece)
        memset(piece, 0, size);
    return piece;
}

char *cv_arena_bytes(struct cv_arena *arena, size_t size)
{
    return take(arena, size, 1);
}

char *cv_arena_copy(struct cv_arena *arena, const char *data, size_t size)
{
    char *piece = size < SIZE_MAX ? take(arena, size + 1, 1) : NULL;
    if (!piece)
        return NULL;
    if (size > 0)
        memcpy(piece, data, size);
    piece[size] = '\0';
    return piece;
}

char *cv_arena_text(struct cv_arena *arena, const char *text)
{
    return cv_arena_copy(arena, text, strlen(text));
}
