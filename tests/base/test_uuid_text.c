#include "support/check.h"

#include "base/uuid_text.h"

static const uint8_t bytes[16] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF,
                                  0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10};

static void reads_every_usual_form(void **state)
{
    (void)state;
    static const char *const forms[] = {
        "01234567-89ab-cdef-fedc-ba9876543210",
        "01234567-89AB-CDEF-FEDC-BA9876543210",
        "0123456789abcdeffedcba9876543210",
        "0123456789ABCDEFfedcba9876543210",
        "urn:uuid:01234567-89ab-cdef-fedc-ba9876543210",
        "{01234567-89ab-cdef-fedc-ba9876543210}",
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        cuvee_uuid uuid = {.bytes = {0}};
        if (!cv_uuid_parse(forms[i], strlen(forms[i]), &uuid))
            fail_msg("%s", forms[i]);
        assert_memory_equal(uuid.bytes, bytes, 16);
    }
}

static void refuses_everything_else(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "0",
        "01234567-89ab-cdef-fedc-ba987654321",
        "01234567-89ab-cdef-fedc-ba98765432100",
        "01234567x89ab-cdef-fedc-ba9876543210",
        "0123456789ab-cdef-fedc-ba98-76543210",
        "01234567-89ab-cdef-fedc-ba987654321g",
        "01234567-89ab-cdef-fedc-ba987654321\xC3",
        "0123456789abcdeffedcba987654321",
        "0123456789abcdeffedcba98765432100",
        "0123456789abcdeffedcba987654321-",
        "{01234567-89ab-cdef-fedc-ba9876543210",
        "01234567-89ab-cdef-fedc-ba9876543210}}",
        "{0123456789abcdeffedcba9876543210}",
        "urn:uuid:",
        "urn:uuid:0123456789abcdeffedcba9876543210",
        "URN:UUID:01234567-89ab-cdef-fedc-ba9876543210",
        "------------------------------------",
        " 1234567-89ab-cdef-fedc-ba9876543210",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cuvee_uuid uuid;
        if (cv_uuid_parse(bad[i], strlen(bad[i]), &uuid))
            fail_msg("%s", bad[i]);
    }
}

static void writes_lower_case_with_hyphens(void **state)
{
    (void)state;
    char text[CV_UUID_TEXT_SIZE + 1];
    text[CV_UUID_TEXT_SIZE] = '!';
    cv_uuid_format(text, bytes);
    assert_memory_equal(text, "01234567-89ab-cdef-fedc-ba9876543210!", CV_UUID_TEXT_SIZE + 1);
}

static void new_ones_are_of_version_4_and_differ(void **state)
{
    (void)state;
    cuvee_uuid made[50];
    uint8_t seen_high[2] = {0, 0};
    for (size_t i = 0; i < 50; i++) {
        assert_true(cv_uuid_new(&made[i]));
        assert_int_equal(made[i].bytes[6] >> 4, 4);
        assert_int_equal(made[i].bytes[8] >> 6, 2);
        seen_high[0] |= (uint8_t)(made[i].bytes[6] & 0x0F);
        seen_high[1] |= (uint8_t)(made[i].bytes[8] & 0x3F);
        for (size_t k = 0; k < i; k++)
            assert_memory_not_equal(made[i].bytes, made[k].bytes, 16);
    }
    assert_true(seen_high[0] != 0 && seen_high[1] != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_usual_form),
        cmocka_unit_test(refuses_everything_else),
        cmocka_unit_test(writes_lower_case_with_hyphens),
        cmocka_unit_test(new_ones_are_of_version_4_and_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
