#include "support/check.h"

#include <stdalign.h>

#include "base/arena.h"
#include "support/alloc_fault.h"

static void is_empty_until_used(void **state)
{
    (void)state;
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    assert_int_equal(arena.total, 0);
    cv_arena_free(&arena);
    assert_int_equal(arena.total, 0);
}

static void pieces_are_aligned_and_apart(void **state)
{
    (void)state;
    struct cv_arena arena;
    cv_arena_init(&arena, 64);
    char *pieces[200];
    for (size_t i = 0; i < 200; i++) {
        cv_arena_copy(&arena, "x", 1); /* puts the next piece off its alignment */
        pieces[i] = cv_arena_alloc(&arena, i);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % alignof(int64_t), 0);
        memset(pieces[i], (int)i, i);
    }
    for (size_t i = 0; i < 200; i++)
        for (size_t k = 0; k < i; k++)
            assert_int_equal((unsigned char)pieces[i][k], i);
    cv_arena_free(&arena);
}

static void zero_is_zero(void **state)
{
    (void)state;
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    memset(cv_arena_alloc(&arena, 500), 0xAA, 500);
    cv_arena_free(&arena);
    const char *zeros = cv_arena_zero(&arena, 500);
    for (size_t i = 0; i < 500; i++)
        assert_int_equal(zeros[i], 0);
    cv_arena_free(&arena);
}

static void copies_bytes_and_closes_them(void **state)
{
    (void)state;
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    char *bytes = cv_arena_copy(&arena, "a\0b", 3);
    assert_memory_equal(bytes, "a\0b", 4);
    assert_string_equal(cv_arena_copy(&arena, NULL, 0), "");
    assert_string_equal(cv_arena_text(&arena, "text"), "text");
    cv_arena_free(&arena);
}

static void large_pieces_keep_the_open_block(void **state)
{
    (void)state;
    struct cv_arena arena;
    cv_arena_init(&arena, 1024);
    char *small = cv_arena_copy(&arena, "a", 1);
    char *large = cv_arena_alloc(&arena, 1024 * 1024);
    memset(large, 1, 1024 * 1024);
    char *after = cv_arena_copy(&arena, "b", 1);
    assert_ptr_equal(after, small + 2);
    cv_arena_free(&arena);
}

static void a_large_piece_may_come_first(void **state)
{
    (void)state;
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    memset(cv_arena_alloc(&arena, 300 * 1024), 1, 300 * 1024);
    memset(cv_arena_alloc(&arena, 16), 2, 16);
    cv_arena_free(&arena);
}

static void refuses_what_cannot_be(void **state)
{
    (void)state;
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    assert_null(cv_arena_alloc(&arena, SIZE_MAX));
    assert_null(cv_arena_alloc(&arena, SIZE_MAX - 8));
    assert_null(cv_arena_copy(&arena, "", SIZE_MAX));
    assert_non_null(cv_arena_alloc(&arena, 1));
    cv_arena_free(&arena);
}

static void survives_every_failing_allocation(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        struct cv_arena arena;
        cv_arena_init(&arena, 32);
        alloc_fault_at(n);
        size_t made = 0;
        for (size_t i = 0; i < 100; i++)
            made += cv_arena_alloc(&arena, 24) != NULL;
        made += cv_arena_zero(&arena, 100 * 1024) != NULL;
        made += cv_arena_text(&arena, "text") != NULL;
        bool failed = alloc_fault_end();
        cv_arena_free(&arena);
        if (!failed) {
            assert_int_equal(made, 102);
            break;
        }
        assert_true(made < 102);
    }
}

static void any_alignment_can_be_asked_for(void **state)
{
    (void)state;
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    for (size_t align = 1; align <= 4096; align *= 2)
        for (size_t size = 1; size < 200000; size *= 7) { /* in a block, in the next, in one of its own */
            cv_arena_bytes(&arena, 3);
            char *piece = cv_arena_aligned(&arena, size, align);
            assert_non_null(piece);
            assert_int_equal((uintptr_t)piece % align, 0);
            memset(piece, 0xAA, size);
        }
    cv_arena_free(&arena);
    assert_int_equal((uintptr_t)cv_arena_aligned(&arena, 300 * 1024, 256) % 256, 0); /* as the first piece, too */
    memset(cv_arena_aligned(&arena, 16, 256), 1, 16);
    cv_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_empty_until_used),
        cmocka_unit_test(pieces_are_aligned_and_apart),
        cmocka_unit_test(zero_is_zero),
        cmocka_unit_test(copies_bytes_and_closes_them),
        cmocka_unit_test(large_pieces_keep_the_open_block),
        cmocka_unit_test(a_large_piece_may_come_first),
        cmocka_unit_test(refuses_what_cannot_be),
        cmocka_unit_test(any_alignment_can_be_asked_for),
        cmocka_unit_test(survives_every_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
