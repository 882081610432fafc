/**
 * Arena: memory that is freed all at once.
 *
 * Good for what lives as long as a session, a request or a blend. Bad for what grows again and again (each growth
 * leaves the old piece behind). Nothing is zeroed unless the name says so. One thread at a time. Out of memory: NULL.
 */
#ifndef CV_BASE_ARENA_H
#define CV_BASE_ARENA_H

#include <stddef.h>

struct cv_arena_block;

struct cv_arena {
    struct cv_arena_block *blocks; /* newest first */
    char *next;                    /* free part of the newest block */
    char *end;
    size_t block_size; /* of the next block to be made; doubles up to 256 KiB */
    size_t total;      /* bytes taken from malloc */
};

/** An empty arena; takes no memory yet. `first_block` bytes are taken at the first use (0: about 1 KiB). */
void cv_arena_init(struct cv_arena *arena, size_t first_block);
/** Frees everything; the arena is empty and usable again. */
void cv_arena_free(struct cv_arena *arena);
/** `size` bytes aligned to 8, enough for every type of field and every struct of the library. */
void *cv_arena_alloc(struct cv_arena *arena, size_t size);
/** The same, zeroed. */
void *cv_arena_zero(struct cv_arena *arena, size_t size);
/** `size` bytes aligned to `align`, a power of two. */
void *cv_arena_aligned(struct cv_arena *arena, size_t size, size_t align);
/** `size` bytes without any alignment: for texts. */
char *cv_arena_bytes(struct cv_arena *arena, size_t size);
/** `size` bytes of `data` and a closing NUL, unaligned. */
char *cv_arena_copy(struct cv_arena *arena, const char *data, size_t size);
/** A copy of a text that ends with NUL. */
char *cv_arena_text(struct cv_arena *arena, const char *text);

#endif
