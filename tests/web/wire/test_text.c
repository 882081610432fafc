#include "support/check.h"

#include "base/utf8.h"
#include "support/alloc_fault.h"
#include "web/wire/text.h"

static struct cv_slice bytes(const char *data, size_t size)
{
    return (struct cv_slice){data, size};
}

static void slice_is(struct cv_slice slice, const char *expected)
{
    assert_int_equal(slice.size, strlen(expected));
    assert_memory_equal(slice.data, expected, slice.size);
}

static void compares_slices(void **state)
{
    (void)state;
    assert_true(cv_slice_is(cv_slice("abc"), "abc"));
    assert_false(cv_slice_is(cv_slice("abc"), "ab"));
    assert_false(cv_slice_is(cv_slice("ab"), "abc"));
    assert_true(cv_slice_is(bytes(NULL, 0), ""));
    assert_true(cv_slice_same(cv_slice("x"), bytes("xyz", 1)));
    assert_true(cv_slice_is_caseless(cv_slice("Content-TYPE"), "content-type"));
    assert_false(cv_slice_is_caseless(cv_slice("Content-TYPE"), "content-typ"));
    assert_false(cv_slice_is_caseless(cv_slice("Content"), "content-type"));
    assert_false(cv_slice_is_caseless(bytes("a\0b", 3), "a"));
    assert_false(cv_slice_is_caseless(cv_slice("\xC4"), "\xE4")); /* letters of ASCII only */
    assert_int_equal(cv_lower('@'), '@');
    assert_int_equal(cv_lower('Z'), 'z');
    assert_int_equal(cv_lower('['), '[');
}

static void trims_blanks(void **state)
{
    (void)state;
    slice_is(cv_slice_trim(cv_slice(" \t a b \t")), "a b");
    slice_is(cv_slice_trim(cv_slice("  ")), "");
    slice_is(cv_slice_trim(cv_slice("")), "");
}

static void decodes_percent(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        bool plus;
        const char *out;
    } cases[] = {
        {"plain", false, "plain"},     {"a%20b", false, "a b"}, {"%4a%4A", false, "JJ"}, {"a+b", false, "a+b"},
        {"a+b", true, "a b"},          {"a%2Bb", true, "a+b"},  {"%", false, "%"},       {"%2", false, "%2"},
        {"%zz%4", false, "%zz%4"},     {"%G0", false, "%G0"},   {"%0G", false, "%0G"},   {"100%", false, "100%"},
        {"%25%32%30", false, "%20"}, /* once, not twice */
        {"%C3%A4", false, "\xC3\xA4"},
    };
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct cv_slice out;
        assert_true(cv_percent_decode(&arena, cv_slice(cases[i].in), cases[i].plus, &out));
        slice_is(out, cases[i].out);
    }
    struct cv_slice out;
    assert_true(cv_percent_decode(&arena, cv_slice("a%00b"), false, &out));
    assert_int_equal(out.size, 3);
    assert_memory_equal(out.data, "a\0b", 3);
    cv_arena_free(&arena);
}

static void borrows_what_needs_no_decoding(void **state)
{
    (void)state;
    struct cv_arena arena;
    struct cv_slice out;
    cv_arena_init(&arena, 0);
    const char *text = "nothing+to-do";
    assert_true(cv_percent_decode(&arena, cv_slice(text), false, &out));
    assert_ptr_equal(out.data, text);
    assert_int_equal(arena.total, 0);
}

static void repairs_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        const char *out;
    } cases[] = {
        {"fine \xC3\xA4", "fine \xC3\xA4"},
        {"\xFF", "\xEF\xBF\xBD"},
        {"a\xC3", "a\xEF\xBF\xBD"},
        {"\xE2\x82z", "\xEF\xBF\xBD\xEF\xBF\xBDz"},
        {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},
        {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"", ""},
    };
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct cv_slice out = cv_utf8_repair(&arena, cv_slice(cases[i].in));
        slice_is(out, cases[i].out);
        assert_true(cv_utf8_valid(out.data, out.size));
    }
    cv_arena_free(&arena);
}

static void splits_queries(void **state)
{
    (void)state;
    struct cv_arena arena;
    struct cv_pairs pairs;
    cv_arena_init(&arena, 0);
    assert_true(cv_query_split(&arena, cv_slice("a=1&&b=x%26y+z&c&=v&a=2&d==&e%3D=;"), &pairs));
    static const char *const expected[][2] = {{"a", "1"}, {"b", "x&y z"}, {"c", ""},  {"", "v"},
                                              {"a", "2"}, {"d", "="},     {"e=", ";"}};
    assert_int_equal(pairs.count, 7);
    for (size_t i = 0; i < pairs.count; i++) {
        slice_is(pairs.items[i].name, expected[i][0]);
        slice_is(pairs.items[i].value, expected[i][1]);
    }
    assert_true(cv_query_split(&arena, cv_slice(""), &pairs));
    assert_int_equal(pairs.count, 0);
    assert_true(cv_query_split(&arena, cv_slice("&&&"), &pairs));
    assert_int_equal(pairs.count, 0);
    cv_arena_free(&arena);
}

static void splits_cookies(void **state)
{
    (void)state;
    struct cv_arena arena;
    struct cv_pairs pairs;
    cv_arena_init(&arena, 0);
    assert_true(cv_cookie_split(&arena, cv_slice("a=1; b=\"two\" ;c = 3;;nothing; =x; d=\""), &pairs));
    static const char *const expected[][2] = {{"a", "1"}, {"b", "two"}, {"c", "3"}, {"d", "\""}};
    assert_int_equal(pairs.count, 4);
    for (size_t i = 0; i < pairs.count; i++) {
        slice_is(pairs.items[i].name, expected[i][0]);
        slice_is(pairs.items[i].value, expected[i][1]);
    }
    assert_true(cv_cookie_split(&arena, bytes(NULL, 0), &pairs));
    assert_int_equal(pairs.count, 0);
    cv_arena_free(&arena);
}

static bool use_all(struct cv_arena *arena)
{
    struct cv_pairs pairs;
    struct cv_slice out;
    return cv_percent_decode(arena, cv_slice("a%20"), false, &out) && cv_utf8_repair(arena, cv_slice("\xFF")).data &&
           cv_query_split(arena, cv_slice("a%20=%20"), &pairs) && cv_cookie_split(arena, cv_slice("a=1"), &pairs);
}

static void survives_lack_of_memory(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        struct cv_arena arena;
        cv_arena_init(&arena, 1);
        alloc_fault_at(n);
        bool good = use_all(&arena);
        bool failed = alloc_fault_end();
        cv_arena_free(&arena);
        assert_int_equal(good, !failed);
        if (!failed)
            break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares_slices), cmocka_unit_test(trims_blanks),
        cmocka_unit_test(decodes_percent), cmocka_unit_test(borrows_what_needs_no_decoding),
        cmocka_unit_test(repairs_utf8),    cmocka_unit_test(splits_queries),
        cmocka_unit_test(splits_cookies),  cmocka_unit_test(survives_lack_of_memory),
    };
    return cmocka_run_group_tests_name("web/wire/text", tests, NULL, NULL);
}
