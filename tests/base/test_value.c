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
    value = CUVEE_VALUE((short)-3);
    assert_int_equal(value.as.integer, -3);
    value = CUVEE_VALUE((uint8_t)200);
    assert_int_equal(value.as.integer, 200);
    value = CUVEE_VALUE(0.25F);
    assert_int_equal(value.kind, CUVEE_DOUBLE);
    assert_true(value.as.real == 0.25);
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

static void nullable_forms_are_their_value_or_null(void **state)
{
    (void)state;
    const cuvee_value values[] = {
        CUVEE_VALUE(((cuvee_opt_bool){true, true})),       CUVEE_VALUE(((cuvee_opt_int32){true, 1})),
        CUVEE_VALUE(((cuvee_opt_int64){true, INT64_MAX})), CUVEE_VALUE(((cuvee_opt_double){true, 1.5})),
        CUVEE_VALUE(((cuvee_opt_text){true, "text"})),     CUVEE_VALUE(((cuvee_opt_time){true, {1}})),
        CUVEE_VALUE(((cuvee_opt_date){true, {1}})),        CUVEE_VALUE(((cuvee_opt_decimal){true, {"1.50"}})),
        CUVEE_VALUE(((cuvee_opt_uuid){true, {{1}}})),      CUVEE_VALUE(((cuvee_opt_blob){true, {"a", 1}})),
        CUVEE_VALUE(((cuvee_opt_json){true, {"[]"}})),
    };
    static const cuvee_kind kinds[] = {CUVEE_BOOL, CUVEE_INT64,   CUVEE_INT64, CUVEE_DOUBLE, CUVEE_TEXT, CUVEE_TIME,
                                       CUVEE_DATE, CUVEE_DECIMAL, CUVEE_UUID,  CUVEE_BLOB,   CUVEE_JSON};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        assert_int_equal(values[i].kind, kinds[i]);
    assert_true(values[2].as.integer == INT64_MAX);
    assert_int_equal(values[4].as.text.size, 4);
    assert_int_equal(values[8].as.uuid[0], 1);
    const cuvee_value nulls[] = {
        /* whatever is beside what is not set */
        CUVEE_VALUE(((cuvee_opt_bool){false, true})),   CUVEE_VALUE(((cuvee_opt_int32){false, 1})),
        CUVEE_VALUE(((cuvee_opt_int64){false, 1})),     CUVEE_VALUE(((cuvee_opt_double){false, 1.5})),
        CUVEE_VALUE(((cuvee_opt_text){false, "text"})), CUVEE_VALUE(((cuvee_opt_time){false, {1}})),
        CUVEE_VALUE(((cuvee_opt_date){false, {1}})),    CUVEE_VALUE(((cuvee_opt_decimal){false, {"1.50"}})),
        CUVEE_VALUE(((cuvee_opt_uuid){false, {{1}}})),  CUVEE_VALUE(((cuvee_opt_blob){false, {"a", 1}})),
        CUVEE_VALUE(((cuvee_opt_json){false, {"[]"}})),
    };
    for (size_t i = 0; i < sizeof nulls / sizeof nulls[0]; i++)
        assert_int_equal(nulls[i].kind, 0);
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
        cmocka_unit_test(nullable_forms_are_their_value_or_null),
        cmocka_unit_test(no_text_is_null_but_no_bytes_are_a_blob),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
