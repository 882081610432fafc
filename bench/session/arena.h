/**
 * The simplest arena: blocks that are filled from front to back and freed together.
 */
#ifndef BENCH_ARENA_H
#define BENCH_ARENA_H

#include <stddef.h>

struct arena_block;

/** Starts as all zero. */
struct arena {
    struct arena_block *last;
    char *next;
    size_t left;
    size_t used; /**< bytes handed out */
};

/** Memory for any type, not cleared; NULL when there is none. */
void *arena_take(struct arena *arena, size_t size);

/** A copy of `length` bytes of text with a closing NUL; NULL when there is no memory. */
const char *arena_text(struct arena *arena, const char *text, size_t length);

/** Forgets what was taken, and keeps the newest block for what comes next. */
void arena_reuse(struct arena *arena);

/** Frees everything that was taken; the arena may be used again. */
void arena_free(struct arena *arena);

#endif
