#include "support/check.h"

#include "base/utf8.h"

/* Each case is tried at the front, and behind and in front of ASCII, since long runs of that take another path. */
static void check(const char *bytes, size_t size, bool valid)
{
    assert_int_equal(cv_utf8_valid(bytes, size), valid);
    assert_int_equal(cv_utf8_text(bytes, size), valid);
    for (size_t lead = 1; lead < 20; lead++) {
        char text[64];
        memset(text, 'a', sizeof text);
        memcpy(text + lead, bytes, size);
        assert_int_equal(cv_utf8_valid(text, lead + size), valid);
        assert_int_equal(cv_utf8_valid(text, lead + size + 12), valid);
        assert_int_equal(cv_utf8_text(text, lead + size), valid);
        assert_int_equal(cv_utf8_text(text, lead + size + 12), valid);
    }
}

static void takes_what_unicode_has(void **state)
{
    (void)state;
    static const char *const good[] = {
        "",
        "plain",
        "\x7F",
        "\xC2\x80",
        "\xDF\xBF",
        "\xE0\xA0\x80",
        "\xED\x9F\xBF",
        "\xEE\x80\x80",
        "\xEF\xBF\xBF",
        "\xF0\x90\x80\x80",
        "\xF4\x8F\xBF\xBF",
        "na\xC3\xAFve \xE2\x82\xAC \xF0\x9F\x8D\xB7",
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        check(good[i], strlen(good[i]), true);
}

static void refuses_everything_else(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\x80", /* a tail alone */
        "\xBF",
        "\xC0\xAF", /* overlong */
        "\xC1\xBF",
        "\xE0\x9F\xBF",
        "\xF0\x8F\xBF\xBF",
        "\xED\xA0\x80", /* surrogates */
        "\xED\xBF\xBF",
        "\xF4\x90\x80\x80", /* above U+10FFFF */
        "\xF5\x80\x80\x80",
        "\xFF",
        "\xC3\x28", /* the tail is none */
        "\xE2\x28\xA1",
        "\xE2\x82\x28",
        "\xF0\x28\x8C\xBC",
        "\xF0\x90\x28\xBC",
        "\xF0\x90\x8C\x28",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        check(bad[i], strlen(bad[i]), false);
}

static void refuses_what_is_cut_off(void **state)
{
    (void)state;
    static const char *const whole[] = {"\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x8D\xB7"};
    for (size_t i = 0; i < 3; i++)
        for (size_t size = 1; size < strlen(whole[i]); size++)
            assert_false(cv_utf8_valid(whole[i], size));
}

static void text_has_no_nul(void **state)
{
    (void)state;
    assert_true(cv_utf8_text(NULL, 0));
    assert_true(cv_utf8_text("caf\xC3\xA9", 5));
    assert_false(cv_utf8_text("a\0b", 3));
    assert_false(cv_utf8_text("a\0", 2));
    assert_false(cv_utf8_text("caf\xC3", 4));
    assert_true(cv_utf8_valid("a\0b", 3));
}

static void no_nul_is_missed_at_any_place(void **state)
{
    (void)state;
    char text[40];
    memset(text, 'a', sizeof text);
    for (size_t size = 1; size <= sizeof text; size++) {
        assert_true(cv_utf8_text(text, size));
        for (size_t at = 0; at < size; at++) {
            static const struct {
                char byte;
                bool good;
            } cases[] = {{'\0', false}, {'\x01', true}, {'\x7F', true}, {(char)0x80, false}, {(char)0xFF, false}};
            for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                text[at] = cases[i].byte;
                assert_int_equal(cv_utf8_text(text, size), cases[i].good);
            }
            text[at] = 'a';
        }
    }
}

static void counts_characters(void **state)
{
    (void)state;
    assert_int_equal(cv_utf8_count("", 0), 0);
    assert_int_equal(cv_utf8_count("abc", 3), 3);
    assert_int_equal(cv_utf8_count("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x8D\xB7", 9), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_unicode_has),        cmocka_unit_test(refuses_everything_else),
        cmocka_unit_test(refuses_what_is_cut_off),       cmocka_unit_test(text_has_no_nul),
        cmocka_unit_test(no_nul_is_missed_at_any_place), cmocka_unit_test(counts_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
