#include "support/check.h"

#include "base/error.h"

static void the_first_error_stays(void **state)
{
    (void)state;
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    assert_false(cv_error_set(&error, CUVEE_ERROR_VALUE, "field %s", "name"));
    assert_false(cv_error_set(&error, CUVEE_ERROR_CHECK, "later"));
    assert_false(cv_error_memory(&error));
    assert_int_equal(error.kind, CUVEE_ERROR_VALUE);
    assert_string_equal(error.message, "field name");
    cv_error_text(error.hint, sizeof error.hint, "hint");
    cv_error_clear(&error);
    assert_int_equal(error.kind, CUVEE_ERROR_NONE);
    assert_string_equal(error.message, "");
    assert_string_equal(error.hint, "");
    assert_false(cv_error_memory(&error));
    assert_int_equal(error.kind, CUVEE_ERROR_MEMORY);
    assert_string_equal(error.message, "out of memory");
}

static void nobody_listening_is_fine(void **state)
{
    (void)state;
    assert_false(cv_error_set(NULL, CUVEE_ERROR_VALUE, "x"));
    assert_false(cv_error_memory(NULL));
    cv_error_keep(NULL, NULL);
}

static void setting_forgets_what_stood_beside(void **state)
{
    (void)state;
    cuvee_error error;
    memset(&error, 'x', sizeof error);
    error.kind = CUVEE_ERROR_NONE;
    cv_error_set(&error, CUVEE_ERROR_BUSY, "busy");
    assert_string_equal(error.sqlstate, "");
    assert_string_equal(error.database, "");
    assert_string_equal(error.model, "");
    assert_string_equal(error.fields, "");
    assert_string_equal(error.hint, "");
    assert_int_equal(error.vendor_code, 0);
}

static void long_messages_are_cut_at_a_character(void **state)
{
    (void)state;
    for (size_t lead = 0; lead < 4; lead++) {
        char text[600];
        memset(text, 'a', sizeof text);
        for (size_t i = lead; i + 3 < sizeof text - 1; i += 3)
            memcpy(text + i, "\xE2\x82\xAC", 3);
        text[sizeof text - 1] = '\0';
        cuvee_error error = {.kind = CUVEE_ERROR_NONE};
        cv_error_set(&error, CUVEE_ERROR_VALUE, "%s", text);
        size_t size = strlen(error.message);
        assert_true(size <= 511 && size > 511 - 3);
        assert_memory_equal(error.message, text, size);
        assert_int_equal((size - lead) % 3, 0);
    }
}

static void texts_fit_their_arrays(void **state)
{
    (void)state;
    char array[4];
    cv_error_text(array, sizeof array, "ab");
    assert_string_equal(array, "ab");
    cv_error_text(array, sizeof array, "abc");
    assert_string_equal(array, "abc");
    cv_error_text(array, sizeof array, "abcd");
    assert_string_equal(array, "abc");
    cv_error_text(array, sizeof array, "ab\xC3\xA9");
    assert_string_equal(array, "ab");
}

static void keeps_the_earlier_of_two(void **state)
{
    (void)state;
    cuvee_error to = {.kind = CUVEE_ERROR_NONE};
    cuvee_error from = {.kind = CUVEE_ERROR_NONE};
    cv_error_keep(&to, &from);
    assert_int_equal(to.kind, CUVEE_ERROR_NONE);
    cv_error_set(&from, CUVEE_ERROR_UNIQUE, "unique");
    cv_error_keep(&to, &from);
    assert_int_equal(to.kind, CUVEE_ERROR_UNIQUE);
    cuvee_error other = {.kind = CUVEE_ERROR_NONE};
    cv_error_set(&other, CUVEE_ERROR_CHECK, "check");
    cv_error_keep(&to, &other);
    assert_int_equal(to.kind, CUVEE_ERROR_UNIQUE);
}

static void every_kind_has_a_name(void **state)
{
    (void)state;
    for (int kind = CUVEE_ERROR_NONE; kind <= CUVEE_ERROR_DATABASE; kind++) {
        const char *name = cuvee_error_kind_name((cuvee_error_kind)kind);
        assert_non_null(name);
        assert_string_not_equal(name, "unknown");
        for (int other = CUVEE_ERROR_NONE; other < kind; other++)
            assert_string_not_equal(name, cuvee_error_kind_name((cuvee_error_kind)other));
    }
    assert_string_equal(cuvee_error_kind_name(CUVEE_ERROR_FOREIGN_KEY), "foreign_key");
    assert_string_equal(cuvee_error_kind_name((cuvee_error_kind)999), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_error_stays),
        cmocka_unit_test(nobody_listening_is_fine),
        cmocka_unit_test(setting_forgets_what_stood_beside),
        cmocka_unit_test(long_messages_are_cut_at_a_character),
        cmocka_unit_test(texts_fit_their_arrays),
        cmocka_unit_test(keeps_the_earlier_of_two),
        cmocka_unit_test(every_kind_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
