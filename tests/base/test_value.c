#include "support/check.h"

#include <cuvee/value.h>

static void wraps_each_c_type(void **state)
{
    (void)state;
    cuvee_value value = CUVEE_VALUE((bool)true);
    assert_int_equal(value.kind, CUVEE_BOOL);
    assert_true(value.as.boolean);
    value = CUVEE_VALUE(42);
    assert_int_equal(value.kind, CUVEE_INT64);
    assert_int_equal(value.as.integer, 42);
    value = CUVEE_VALUE(INT64_MIN);
    assert_true(value.as.integer == INT64_MIN);
    value = CUVEE_VALUE(4294967295U);
    assert_true(value.as.integer == 4294967295);
    value = CUVEE_VALUE(1.5);
    assert_int_equal(value.kind, CUVEE_DOUBLE);
    assert_true(value.as.real == 1.5);
    value = CUVEE_VALUE((cuvee_time){.us = 7});
    assert_int_equal(value.kind, CUVEE_TIME);
    assert_int_equal(value.as.integer, 7);
    value = CUVEE_VALUE((cuvee_date){.days = -7});
    assert_int_equal(value.kind, CUVEE_DATE);
    assert_int_equal(value.as.integer, -7);
    value = CUVEE_VALUE(CUVEE_VALUE(3));
    assert_int_equal(value.as.integer, 3);
}

static void wraps_texts_with_their_size(void **state)
{
    (void)state;
    cuvee_value value = CUVEE_VALUE("text");
    assert_int_equal(value.kind, CUVEE_TEXT);
    assert_int_equal(value.as.text.size, 4);
    value = CUVEE_VALUE((cuvee_decimal){.text = "1.50"});
    assert_int_equal(value.kind, CUVEE_DECIMAL);
    assert_int_equal(value.as.text.size, 4);
    value = CUVEE_VALUE((cuvee_json){.text = "[]"});
    assert_int_equal(value.kind, CUVEE_JSON);
    assert_int_equal(value.as.text.size, 2);
    value = CUVEE_VALUE(((cuvee_blob){.data = "a\0b", .size = 3}));
    assert_int_equal(value.kind, CUVEE_BLOB);
    assert_int_equal(value.as.text.size, 3);
    cuvee_uuid uuid = {.bytes = {1, 2, 3}};
    value = CUVEE_VALUE(uuid);
    assert_int_equal(value.kind, CUVEE_UUID);
    assert_memory_equal(value.as.uuid, uuid.bytes, 16);
}

static void no_text_is_null_but_no_bytes_are_a_blob(void **state)
{
    (void)state;
    assert_int_equal(cuvee_null().kind, 0);
    assert_int_equal(cuvee_text_value(NULL).kind, 0);
    assert_int_equal(cuvee_decimal_value((cuvee_decimal){.text = NULL}).kind, 0);
    assert_int_equal(cuvee_json_value((cuvee_json){.text = NULL}).kind, 0);
    cuvee_value empty = cuvee_blob_value((cuvee_blob){.data = NULL, .size = 0});
    assert_int_equal(empty.kind, CUVEE_BLOB);
    assert_non_null(empty.as.text.data);
    assert_int_equal(empty.as.text.size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wraps_each_c_type),
        cmocka_unit_test(wraps_texts_with_their_size),
        cmocka_unit_test(no_text_is_null_but_no_bytes_are_a_blob),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
