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

static void times_come_from_text_and_go_back(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *written;
        int64_t us;
    } cases[] = {
        {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z", 0},
        {"1970-01-01T00:00:00.0000019Z", "1970-01-01T00:00:00.000001Z", 1},
        {"2024-02-29T12:00:00.5+01:00", "2024-02-29T11:00:00.500000Z", INT64_C(1709204400500000)},
        {"2024-02-29t05:30:00-0530", "2024-02-29T11:00:00Z", INT64_C(1709204400000000)},
        {"2024-02-29 11:00", "2024-02-29T11:00:00Z", INT64_C(1709204400000000)},
        {"2024-02-29_11:00:00,25z", "2024-02-29T11:00:00.250000Z", INT64_C(1709204400250000)},
        {"1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z", -1},
        {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z", INT64_C(-62135596800000000)},
        {"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z", INT64_C(253402300799999999)},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cuvee_time time = {.us = 42};
        char text[CUVEE_TIME_TEXT_SIZE];
        assert_true(cuvee_time_from_text(cases[i].text, &time));
        assert_true(time.us == cases[i].us);
        assert_ptr_equal(cuvee_time_text(time, text, sizeof text), text);
        assert_string_equal(text, cases[i].written);
    }
}

static void dates_come_from_text_and_go_back(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int32_t days;
    } cases[] = {
        {"1970-01-01", 0}, {"1969-12-31", -1}, {"2024-02-29", 19782}, {"0001-01-01", -719162}, {"9999-12-31", 2932896}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cuvee_date date = {.days = 42};
        char text[CUVEE_DATE_TEXT_SIZE];
        assert_true(cuvee_date_from_text(cases[i].text, &date));
        assert_int_equal(date.days, cases[i].days);
        assert_ptr_equal(cuvee_date_text(date, text, sizeof text), text);
        assert_string_equal(text, cases[i].text);
    }
}

static void a_text_that_is_no_time_changes_nothing(void **state)
{
    (void)state;
    static const char *const bad[] = {
        NULL,
        "",
        "now",
        "2024-02-29",
        "2023-02-29T00:00:00Z",
        "2024-02-29T24:00:00Z",
        "2024-02-29T23:59:60Z",
        "2024-02-29T11:00:00Z ",
        " 2024-02-29T11:00:00Z",
        "2024-02-29T11:00:00+24:00",
        "0000-12-31T23:59:59Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "10000-01-01T00:00:00Z",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cuvee_time time = {.us = 42};
        if (cuvee_time_from_text(bad[i], &time) || time.us != 42)
            fail_msg("%s: %lld", bad[i] ? bad[i] : "NULL", (long long)time.us);
    }
    assert_false(cuvee_time_from_text("2024-02-29T11:00:00Z", NULL));
}

static void a_text_that_is_no_date_changes_nothing(void **state)
{
    (void)state;
    static const char *const bad[] = {
        NULL,         "",           "today",      "2023-02-29", "2024-2-29",   "2024/02/29",           "2024-00-01",
        "2024-13-01", "2024-04-31", "0000-12-31", "-001-01-01", "10000-01-01", "2024-02-29T00:00:00Z", "2024-02-29 ",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cuvee_date date = {.days = 42};
        if (cuvee_date_from_text(bad[i], &date) || date.days != 42)
            fail_msg("%s: %d", bad[i] ? bad[i] : "NULL", (int)date.days);
    }
    assert_false(cuvee_date_from_text("2024-02-29", NULL));
}

static void uuids_come_from_text_and_go_back(void **state)
{
    (void)state;
    static const char written[] = "01234567-89ab-cdef-fedc-ba9876543210";
    static const char *const texts[] = {
        "01234567-89ab-cdef-fedc-ba9876543210",   "01234567-89AB-CDEF-FEDC-BA9876543210",
        "0123456789abcdeffedcba9876543210",       "urn:uuid:01234567-89ab-cdef-fedc-ba9876543210",
        "{01234567-89ab-cdef-fedc-ba9876543210}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        cuvee_uuid uuid = {.bytes = {42}};
        char text[CUVEE_UUID_TEXT_SIZE];
        assert_true(cuvee_uuid_from_text(texts[i], &uuid));
        assert_int_equal(uuid.bytes[0], 0x01);
        assert_int_equal(uuid.bytes[15], 0x10);
        assert_ptr_equal(cuvee_uuid_text(uuid, text, sizeof text), text);
        assert_string_equal(text, written);
    }
}

static void a_text_that_is_no_uuid_changes_nothing(void **state)
{
    (void)state;
    static const char *const bad[] = {
        NULL,
        "",
        "01234567-89ab-cdef-fedc-ba987654321",
        "01234567-89ab-cdef-fedc-ba987654321g",
        "01234567-89ab-cdef-fedc-ba98765432100",
        "01234567-89ab-cdef-fedc-ba9876543210 ",
        " 01234567-89ab-cdef-fedc-ba9876543210",
        "0123456789ab-cdef-fedc-ba98-76543210",
        "{01234567-89ab-cdef-fedc-ba9876543210",
        "urn:uuid:0123456789abcdeffedcba9876543210",
    };
    const cuvee_uuid before = {.bytes = {42}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cuvee_uuid uuid = before;
        if (cuvee_uuid_from_text(bad[i], &uuid) || memcmp(uuid.bytes, before.bytes, sizeof uuid.bytes) != 0)
            fail_msg("%s", bad[i] ? bad[i] : "NULL");
    }
    assert_false(cuvee_uuid_from_text("01234567-89ab-cdef-fedc-ba9876543210", NULL));
}

static void a_text_without_room_is_not_begun(void **state)
{
    (void)state;
    char text[CUVEE_UUID_TEXT_SIZE] = "kept";
    for (size_t size = 0; size < CUVEE_TIME_TEXT_SIZE; size++)
        assert_null(cuvee_time_text((cuvee_time){.us = 0}, text, size));
    for (size_t size = 0; size < CUVEE_DATE_TEXT_SIZE; size++)
        assert_null(cuvee_date_text((cuvee_date){.days = 0}, text, size));
    for (size_t size = 0; size < CUVEE_UUID_TEXT_SIZE; size++)
        assert_null(cuvee_uuid_text((cuvee_uuid){.bytes = {0}}, text, size));
    assert_string_equal(text, "kept");
    assert_null(cuvee_time_text((cuvee_time){.us = 0}, NULL, sizeof text));
    assert_null(cuvee_date_text((cuvee_date){.days = 0}, NULL, sizeof text));
    assert_null(cuvee_uuid_text((cuvee_uuid){.bytes = {0}}, NULL, sizeof text));
}

static void what_is_out_of_range_has_no_text(void **state)
{
    (void)state;
    static const int64_t times[] = {INT64_MIN, INT64_C(-62135596800000001), INT64_C(253402300800000000), INT64_MAX};
    static const int32_t dates[] = {INT32_MIN, -719163, 2932897, INT32_MAX};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        char text[CUVEE_TIME_TEXT_SIZE] = "left over";
        assert_null(cuvee_time_text((cuvee_time){.us = times[i]}, text, sizeof text));
        assert_string_equal(text, "");
    }
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        char text[CUVEE_DATE_TEXT_SIZE] = "left over";
        assert_null(cuvee_date_text((cuvee_date){.days = dates[i]}, text, sizeof text));
        assert_string_equal(text, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wraps_each_c_type),
        cmocka_unit_test(wraps_texts_with_their_size),
        cmocka_unit_test(nullable_forms_are_their_value_or_null),
        cmocka_unit_test(no_text_is_null_but_no_bytes_are_a_blob),
        cmocka_unit_test(times_come_from_text_and_go_back),
        cmocka_unit_test(dates_come_from_text_and_go_back),
        cmocka_unit_test(a_text_that_is_no_time_changes_nothing),
        cmocka_unit_test(a_text_that_is_no_date_changes_nothing),
        cmocka_unit_test(uuids_come_from_text_and_go_back),
        cmocka_unit_test(a_text_that_is_no_uuid_changes_nothing),
        cmocka_unit_test(a_text_without_room_is_not_begun),
        cmocka_unit_test(what_is_out_of_range_has_no_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
