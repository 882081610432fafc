/* Which driver answers for a URL. */
#include "driver/support.h"

static void a_scheme_finds_its_driver(void **state)
{
    (void)state;
    assert_string_equal(cv_driver_for("sqlite:a.db")->name, "sqlite");
    assert_string_equal(cv_driver_for("sqlite::memory:")->name, "sqlite");
    assert_string_equal(cv_driver_for("sqlite:")->name, "sqlite");
    assert_string_equal(cv_driver_for("sqlite+pysqlite:a.db")->name, "sqlite");
}

static void what_is_no_scheme_finds_none(void **state)
{
    (void)state;
    static const char *const urls[] = {"",         "a.db",     "sqlite",      "sqlit:a.db", "sqlitee:a.db",
                                       ":memory:", "http://x", "SQLITE:a.db", "scripted:x", "+sqlite:x",
                                       "sqlite+",  "/a:b"};
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++)
        assert_null(cv_driver_for(urls[i]));
    assert_null(cv_driver_for(NULL));
}

/* The list for messages names the first scheme of every driver that is there, and no other. */
static void the_list_of_schemes_is_true(void **state)
{
    (void)state;
    char list[200];
    assert_true(strlen(cv_driver_schemes()) < sizeof list - 2);
    memcpy(list, cv_driver_schemes(), strlen(cv_driver_schemes()) + 1);
    for (char *name = list; name;) {
        char *end = strstr(name, ", ");
        char *next = end ? end + 2 : NULL;
        if (end)
            *end = '\0';
        size_t size = strlen(name);
        char url[64];
        memcpy(url, name, size);
        memcpy(url + size, ":x", 3);
        assert_non_null(cv_driver_for(url));
        name = next;
    }
}

static void every_driver_has_all_of_its_face(void **state)
{
    (void)state;
    static const char *const urls[] = {"sqlite:x", "postgresql:x", "mariadb:x"};
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        const struct cv_driver *driver = cv_driver_for(urls[i]);
        if (!driver)
            continue;
        assert_true(driver->name && driver->schemes && driver->dialect && driver->open_database);
        assert_true(driver->close_database && driver->connect && driver->disconnect && driver->usable &&
                    driver->cancel && driver->limit && driver->column_name);
        assert_true(driver->execute && driver->prepare && driver->finalize && driver->start && driver->next);
        assert_true(driver->finish && driver->run_many && driver->describe && driver->begin && driver->vote);
        assert_true(driver->commit && driver->rollback);
        const struct cv_dialect *dialect = driver->dialect;
        assert_true(dialect->name && dialect->type && dialect->table_suffix && dialect->like && dialect->holds);
        assert_true(dialect->aggregate && dialect->row_lock && dialect->quote && dialect->max_params >= 999);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scheme_finds_its_driver),
        cmocka_unit_test(what_is_no_scheme_finds_none),
        cmocka_unit_test(the_list_of_schemes_is_true),
        cmocka_unit_test(every_driver_has_all_of_its_face),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
