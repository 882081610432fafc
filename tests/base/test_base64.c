#include "support/check.h"

#include "base/base64.h"

static void knows_the_vectors_of_rfc_4648(void **state)
{
    (void)state;
    static const char *const vectors[][2] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xFB\xFF\xBF", "+/+/"},
    };
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        const char *plain = vectors[i][0];
        const char *text = vectors[i][1];
        char out[16] = "!!!!!!!!!!!!!!!";
        assert_int_equal(cv_base64_size(strlen(plain)), strlen(text));
        cv_base64_encode(out, plain, strlen(plain));
        assert_memory_equal(out, text, strlen(text));
        assert_int_equal(out[strlen(text)], '!');
        size_t size = 99;
        assert_int_equal(cv_base64_decode(out, &size, text, strlen(text)), CV_BASE64_GOOD);
        assert_int_equal(size, strlen(plain));
        assert_memory_equal(out, plain, size);
    }
}

static void every_size_comes_back(void **state)
{
    (void)state;
    unsigned char data[300];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (unsigned char)(i * 7 + i / 3);
    for (size_t size = 0; size <= sizeof data; size++) {
        char *text = malloc(cv_base64_size(size) + 1); /* exact, so that a sanitizer sees a step too far */
        cv_base64_encode(text, data, size);
        unsigned char *back = malloc(cv_base64_room(cv_base64_size(size)));
        size_t decoded;
        assert_int_equal(cv_base64_decode(back, &decoded, text, cv_base64_size(size)), CV_BASE64_GOOD);
        assert_int_equal(decoded, size);
        assert_memory_equal(back, data, size);
        free(back);
        free(text);
    }
}

static void says_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum cv_base64_fault fault;
    } cases[] = {
        {"Z", CV_BASE64_LENGTH},         {"Zm9vY", CV_BASE64_LENGTH},      {"Z===", CV_BASE64_ALPHABET},
        {"Zg", CV_BASE64_PADDING},       {"Zg=", CV_BASE64_PADDING},       {"Zm8", CV_BASE64_PADDING},
        {"=", CV_BASE64_PADDING},        {"==", CV_BASE64_PADDING},        {"Zm9v=", CV_BASE64_PADDING},
        {"Zm9v==", CV_BASE64_PADDING},   {"Zm9v====", CV_BASE64_ALPHABET}, {"Zg==Zg==", CV_BASE64_ALPHABET},
        {"Zm 9v", CV_BASE64_ALPHABET},   {"Zm9\n", CV_BASE64_ALPHABET},    {"Zm-_", CV_BASE64_ALPHABET},
        {"Zm9\xC3", CV_BASE64_ALPHABET},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[16];
        size_t size;
        if (cv_base64_decode(out, &size, cases[i].text, strlen(cases[i].text)) != cases[i].fault)
            fail_msg("%s", cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_the_vectors_of_rfc_4648),
        cmocka_unit_test(every_size_comes_back),
        cmocka_unit_test(says_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
