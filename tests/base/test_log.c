/* The log: one call is one line, whatever is in it. */
#include "support/check.h"

#include <stdio.h>

#include "base/log.h"

static char heard[5000];
static int lines;

static void hear(void *arg, const char *text)
{
    assert_ptr_equal(arg, &lines);
    lines++;
    snprintf(heard, sizeof heard, "%s", text);
}

static int forget(void **state)
{
    (void)state;
    lines = 0;
    heard[0] = '\0';
    return 0;
}

static const struct cv_log to_us = {hear, &lines};

static void a_line_is_formatted(void **state)
{
    (void)state;
    cv_log_line(&to_us, "%s has %d", "accounts", 3);
    assert_string_equal(heard, "accounts has 3");
    assert_int_equal(lines, 1);
}

static void control_characters_cannot_begin_a_line(void **state)
{
    (void)state;
    cv_log_line(&to_us, "%s", "GET /\r\nadmin\x7f\x1b[31m in");
    assert_string_equal(heard, "GET /\\x0D\\x0Aadmin\\x7F\\x1B[31m in");
}

static void a_long_line_is_cut(void **state)
{
    (void)state;
    cv_log_line(&to_us, "%04500d", 1);
    assert_int_equal(strlen(heard), 4095);
}

static void nobody_need_listen(void **state)
{
    (void)state;
    cv_log_line(&(struct cv_log){NULL, NULL}, "%s", "unheard");
    assert_int_equal(lines, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_line_is_formatted, forget),
        cmocka_unit_test_setup(control_characters_cannot_begin_a_line, forget),
        cmocka_unit_test_setup(a_long_line_is_cut, forget),
        cmocka_unit_test_setup(nobody_need_listen, forget),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
