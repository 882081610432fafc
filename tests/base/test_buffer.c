#include "support/check.h"

#include "base/buffer.h"
#include "support/alloc_fault.h"

static void text_is(struct cv_buffer *buffer, const char *expected)
{
    assert_int_equal(buffer->failed, CV_BUFFER_GOOD);
    assert_int_equal(buffer->size, strlen(expected));
    assert_string_equal(cv_buffer_text(buffer), expected);
    assert_int_equal(buffer->size, strlen(expected));
}

static void appends_in_order(void **state)
{
    (void)state;
    struct cv_buffer buffer;
    cv_buffer_init(&buffer, 0);
    cv_buffer_put(&buffer, "one");
    cv_buffer_char(&buffer, ' ');
    cv_buffer_bytes(&buffer, "two!", 3);
    cv_buffer_bytes(&buffer, NULL, 0);
    cv_buffer_format(&buffer, " %s-%d", "three", 3);
    text_is(&buffer, "one two three-3");
    cv_buffer_free(&buffer);
    assert_null(buffer.data);
}

static void writes_integers(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        const char *text;
    } cases[] = {{0, "0"},
                 {7, "7"},
                 {-1, "-1"},
                 {10, "10"},
                 {INT64_MAX, "9223372036854775807"},
                 {INT64_MIN, "-9223372036854775808"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct cv_buffer buffer;
        cv_buffer_init(&buffer, 0);
        cv_buffer_int(&buffer, cases[i].value);
        text_is(&buffer, cases[i].text);
        cv_buffer_free(&buffer);
    }
}

static void grows_and_keeps(void **state)
{
    (void)state;
    struct cv_buffer buffer;
    cv_buffer_init(&buffer, 0);
    for (int i = 0; i < 100000; i++)
        cv_buffer_char(&buffer, (char)('a' + i % 26));
    assert_int_equal(buffer.size, 100000);
    for (int i = 0; i < 100000; i++)
        assert_int_equal(buffer.data[i], 'a' + i % 26);
    cv_buffer_free(&buffer);
}

static void stays_failed_over_its_limit(void **state)
{
    (void)state;
    struct cv_buffer buffer;
    cv_buffer_init(&buffer, 5);
    cv_buffer_put(&buffer, "12345");
    text_is(&buffer, "12345");
    cv_buffer_char(&buffer, '6');
    assert_int_equal(buffer.failed, CV_BUFFER_OVER_LIMIT);
    cv_buffer_bytes(&buffer, NULL, 0);
    assert_int_equal(buffer.size, 5);
    assert_null(cv_buffer_text(&buffer));
    cv_buffer_clear(&buffer);
    cv_buffer_put(&buffer, "abc");
    text_is(&buffer, "abc");
    cv_buffer_put(&buffer, "too long");
    assert_int_equal(buffer.failed, CV_BUFFER_OVER_LIMIT);
    cv_buffer_free(&buffer);
    cv_buffer_format(&buffer, "%s", "123456");
    assert_int_equal(buffer.failed, CV_BUFFER_OVER_LIMIT);
    cv_buffer_free(&buffer);
}

static void limit_holds_inside_the_memory_it_has(void **state)
{
    (void)state;
    struct cv_buffer buffer;
    cv_buffer_init(&buffer, 20); /* less than the memory taken at once */
    cv_buffer_put(&buffer, "0123456789");
    cv_buffer_put(&buffer, "0123456789");
    cv_buffer_char(&buffer, 'x');
    assert_int_equal(buffer.failed, CV_BUFFER_OVER_LIMIT);
    cv_buffer_free(&buffer);
}

static void hands_its_bytes_over(void **state)
{
    (void)state;
    struct cv_buffer buffer;
    cv_buffer_init(&buffer, 10);
    size_t size = 99;
    assert_null(cv_buffer_take(&buffer, &size));
    assert_int_equal(size, 0);
    cv_buffer_put(&buffer, "bytes");
    char *bytes = cv_buffer_take(&buffer, &size);
    assert_int_equal(size, 5);
    assert_memory_equal(bytes, "bytes", 5);
    free(bytes);
    cv_buffer_put(&buffer, "far too many bytes");
    assert_null(cv_buffer_take(&buffer, &size));
    assert_int_equal(size, 0);
}

static void reserved_room_is_the_callers_to_fill(void **state)
{
    (void)state;
    struct cv_buffer buffer;
    cv_buffer_init(&buffer, 0);
    char *room = cv_buffer_reserve(&buffer, 1000);
    memset(room, 'r', 1000);
    assert_int_equal(buffer.size, 0);
    buffer.size += 3;
    text_is(&buffer, "rrr");
    cv_buffer_free(&buffer);
}

static void survives_every_failing_allocation(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        struct cv_buffer buffer;
        cv_buffer_init(&buffer, 0);
        alloc_fault_at(n);
        for (int i = 0; i < 2000; i++)
            cv_buffer_put(&buffer, "text ");
        cv_buffer_format(&buffer, "%d", 1);
        bool failed = alloc_fault_end();
        assert_int_equal(buffer.failed, failed ? CV_BUFFER_NO_MEMORY : CV_BUFFER_GOOD);
        size_t size;
        char *bytes = cv_buffer_take(&buffer, &size);
        assert_int_equal(size, failed ? 0 : 10001);
        free(bytes);
        if (!failed)
            break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends_in_order),
        cmocka_unit_test(writes_integers),
        cmocka_unit_test(grows_and_keeps),
        cmocka_unit_test(stays_failed_over_its_limit),
        cmocka_unit_test(limit_holds_inside_the_memory_it_has),
        cmocka_unit_test(hands_its_bytes_over),
        cmocka_unit_test(reserved_room_is_the_callers_to_fill),
        cmocka_unit_test(survives_every_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
