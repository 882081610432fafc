#include "support/check.h"

#include "base/ascii.h"

static void each_byte_is_what_it_is(void **state)
{
    static const char digits[] = "0123456789";
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        char c = (char)byte;
        bool digit = byte != 0 && strchr(digits, c);
        bool letter = byte != 0 && strchr(letters, c);
        assert_int_equal(cv_is_digit(c), digit);
        assert_int_equal(cv_is_letter(c), letter);
        assert_int_equal(cv_is_alnum(c), digit || letter);
    }
}

static void each_hexadecimal_digit_has_its_value(void **state)
{
    static const char small[] = "0123456789abcdef";
    static const char large[] = "0123456789ABCDEF";
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        char c = (char)byte;
        const char *found = byte == 0 ? NULL : strchr(small, c);
        const char *found_large = byte == 0 ? NULL : strchr(large, c);
        int value = found ? (int)(found - small) : found_large ? (int)(found_large - large) : -1;
        assert_int_equal(cv_hex_value(c), value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_byte_is_what_it_is),
        cmocka_unit_test(each_hexadecimal_digit_has_its_value),
    };
    return cmocka_run_group_tests_name("base/ascii", tests, NULL, NULL);
}
