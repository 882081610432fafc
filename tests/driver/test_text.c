/*
 * What drivers share about texts: URLs of servers, first words of SQL, SQLSTATE, parameters that none takes, rows set
 * aside.
 */
#include "driver/support.h"

#include <math.h>
#include <stdio.h>

#include "driver/check.h"
#include "driver/keyword.h"
#include "driver/spill.h"
#include "driver/sqlstate.h"
#include "driver/url.h"
#include "support/alloc_fault.h"
#include "support/folder.h"

/* ---- URLs ---- */

static struct cv_url read_url(const char *text)
{
    cuvee_error error = {0};
    struct cv_url url;
    if (!cv_url_read(text, &url, &error))
        fail_msg("%s: %s", text, error.message);
    return url;
}

static void assert_part(const char *part, const char *wanted)
{
    if (wanted)
        assert_string_equal(part, wanted);
    else
        assert_null(part);
}

static void urls_are_taken_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text, *user, *password, *hosts, *ports, *database, *shown;
    } cases[] = {
        {"postgresql:///sales", NULL, NULL, NULL, NULL, "sales", "postgresql:///sales"},
        {"postgresql://", NULL, NULL, NULL, NULL, NULL, "postgresql://"},
        {"postgresql://db", NULL, NULL, "db", NULL, NULL, "postgresql://db"},
        {"mariadb://app@db:3307/sales", "app", NULL, "db", "3307", "sales", "mariadb://app@db:3307/sales"},
        {"postgresql://app:secret@db/sales", "app", "secret", "db", NULL, "sales", "postgresql://app:***@db/sales"},
        {"postgresql://app:p%40ss%2Fword@db/x", "app", "p@ss/word", "db", NULL, "x", "postgresql://app:***@db/x"},
        {"postgresql://app:p@ss@db/x", "app", "p@ss", "db", NULL, "x", "postgresql://app:***@db/x"},
        {"postgresql://app:@db/x", "app", "", "db", NULL, "x", "postgresql://app:***@db/x"},
        {"postgresql://a,b:5433,c/x", NULL, NULL, "a,b,c", ",5433,", "x", "postgresql://a,b:5433,c/x"},
        {"postgresql://[::1]:5432/x", NULL, NULL, "::1", "5432", "x", "postgresql://[::1]:5432/x"},
        {"postgresql+psycopg2://u@h/x%20y", "u", NULL, "h", NULL, "x y", "postgresql+psycopg2://u@h/x%20y"},
        {"postgresql://u@%2Frun%2Fpg/x", "u", NULL, "/run/pg", NULL, "x", "postgresql://u@%2Frun%2Fpg/x"},
        {"postgresql://[fe80::1%25eth0]/x", NULL, NULL, "fe80::1%eth0", NULL, "x", "postgresql://[fe80::1%25eth0]/x"},
        {"postgresql://[::1],[::2]:7/x", NULL, NULL, "::1,::2", ",7", "x", "postgresql://[::1],[::2]:7/x"},
        {"postgresql://u@h:1/x?host=a:2&host=b", "u", NULL, "a,b", "2,", "x", "postgresql://u@h:1/x"},
        {"postgresql://u@/x?host=a,b:3&port=4", "u", NULL, "a,b", ",3", "x", "postgresql://u@/x"},
        {"postgresql://u@/x?host=a,b&port=4,5", "u", NULL, "a,b", "4,5", "x", "postgresql://u@/x"},
        {"postgresql:///x?host=::1&port=4", NULL, NULL, "::1", "4", "x", "postgresql:///x"},
        {"postgresql:///x?host=%2Frun%2Fa:b", NULL, NULL, "/run/a:b", NULL, "x", "postgresql:///x"},
        {"postgresql:///x?host=fe80::1%25eth0", NULL, NULL, "fe80::1%eth0", NULL, "x", "postgresql:///x"},
        {"postgresql://?user=u&password=p&dbname=y", "u", "p", NULL, NULL, "y", "postgresql://"},
        {"mysql+pymysql://u:p@/x?charset=utf8mb4", "u", "p", NULL, NULL, "x", "mysql+pymysql://u:***@/x"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct cv_url url = read_url(cases[i].text);
        assert_part(url.user, cases[i].user);
        assert_part(url.password, cases[i].password);
        assert_part(url.hosts, cases[i].hosts);
        assert_part(url.ports, cases[i].ports);
        assert_part(url.database, cases[i].database);
        assert_string_equal(url.shown, cases[i].shown);
        cv_url_free(&url);
    }
}

static void options_are_decoded_and_never_shown(void **state)
{
    (void)state;
    struct cv_url url = read_url("postgresql://u@/x?host=%2Frun%2Fpg&application_name=a%26b&sslpassword=hidden");
    assert_int_equal(url.option_count, 2);
    assert_string_equal(url.hosts, "/run/pg");
    assert_null(cv_url_option(&url, "host"));
    assert_string_equal(cv_url_option(&url, "application_name"), "a&b");
    assert_null(cv_url_option(&url, "port"));
    assert_string_equal(url.shown, "postgresql://u@/x");
    cv_url_free(&url);
}

static void urls_that_are_none_are_refused_without_their_secrets(void **state)
{
    (void)state;
    static const char *const texts[] = {"postgresql:secret",
                                        "postgresql:/secret",
                                        "postgresql://u:secret%@h/x",
                                        "postgresql://u:secret%zz@h/x",
                                        "postgresql://u:secret%00@h",
                                        "postgresql://u:secret@h/x?option",
                                        "postgresql://u:secret@h/x?=value",
                                        "postgresql://u:a/secret@h/x",
                                        "postgresql://u:a@b/secret@h/x",
                                        "postgresql://u:secret/a@h/x",
                                        "postgresql://u:12?secret=a@h/x",
                                        "postgresql://u:secret?a=b",
                                        "postgresql://u:secret",
                                        "postgresql://h:65536/x?password=secret",
                                        "postgresql://h:12345678901234567890/x?password=secret",
                                        "postgresql://a:1,b:secret/x",
                                        "postgresql:///x?port=secret"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        cuvee_error error = {0};
        struct cv_url url;
        assert_false(cv_url_read(texts[i], &url, &error));
        assert_int_equal(error.kind, CUVEE_ERROR_CONFIG);
        assert_null(strstr(error.message, "secret"));
        assert_null(strstr(error.hint, "secret"));
        cv_url_free(&url);
    }
}

static void too_many_options_are_refused(void **state)
{
    (void)state;
    struct cv_buffer text;
    cv_buffer_init(&text, 0);
    cv_buffer_put(&text, "postgresql:///x?a=b");
    for (int i = 0; i < CV_URL_OPTIONS; i++)
        cv_buffer_put(&text, "&a=b");
    cuvee_error error = {0};
    struct cv_url url;
    assert_false(cv_url_read(cv_buffer_text(&text), &url, &error));
    assert_int_equal(error.kind, CUVEE_ERROR_CONFIG);
    cv_url_free(&url);
    cv_buffer_free(&text);
}

static void passwords_come_from_the_environment_or_a_file(void **state)
{
    (void)state;
    char text[300];
    char *folder = folder_make();
    char *path = path_in(folder, "password");
    file_write(path, "from a file\nsecond line", 23);
    setenv("CUVEE_TEST_PASSWORD", "from outside", 1);
    struct cv_url url = read_url("postgresql://u@h/x?password_env=CUVEE_TEST_PASSWORD");
    assert_string_equal(url.password, "from outside");
    assert_int_equal(url.option_count, 0);
    cv_url_free(&url);
    snprintf(text, sizeof text, "mariadb://u@h/x?password_file=%s&ssl=1", path);
    url = read_url(text);
    assert_string_equal(url.password, "from a file");
    assert_int_equal(url.option_count, 1);
    cv_url_free(&url);
    free(path);
    folder_remove(folder);
}

static void a_password_in_a_file_may_be_long_but_is_never_cut(void **state)
{
    (void)state;
    char text[300];
    char password[2000];
    char *folder = folder_make();
    char *path = path_in(folder, "password");
    memset(password, 'p', sizeof password);
    snprintf(text, sizeof text, "mariadb://u@h/x?password_file=%s", path);
    for (size_t size = 1022; size < 1026; size++) {
        cuvee_error error = {0};
        struct cv_url url;
        file_write(path, password, size);
        if (cv_url_read(text, &url, &error)) {
            assert_int_equal(strlen(url.password), size);
            assert_true(size < 1024);
        } else {
            assert_int_equal(error.kind, CUVEE_ERROR_CONFIG);
            assert_null(strstr(error.message, "ppp"));
            assert_true(size >= 1024);
        }
        cv_url_free(&url);
    }
    free(path);
    folder_remove(folder);
}

static void a_password_that_is_not_there_is_told(void **state)
{
    (void)state;
    static const char *const texts[] = {"postgresql://u@h/x?password_env=CUVEE_NO_SUCH_VARIABLE",
                                        "postgresql://u@h/x?password_file=/no/such/file"};
    static const char *const names[] = {"CUVEE_NO_SUCH_VARIABLE", "/no/such/file"};
    for (size_t i = 0; i < 2; i++) {
        cuvee_error error = {0};
        struct cv_url url;
        assert_false(cv_url_read(texts[i], &url, &error));
        assert_int_equal(error.kind, CUVEE_ERROR_CONFIG);
        assert_says(&error, names[i]);
        cv_url_free(&url);
    }
}

static void urls_without_memory(void **state)
{
    (void)state;
    bool happened = true;
    for (size_t n = 1; happened; n++) {
        cuvee_error error = {0};
        struct cv_url url;
        alloc_fault_at(n);
        bool good = cv_url_read("postgresql://user:password@a,b:1/database?one=1&host=c:2&host=d&two=2", &url, &error);
        happened = alloc_fault_end();
        assert_int_equal(good, error.kind == CUVEE_ERROR_NONE);
        if (!good)
            assert_int_equal(error.kind, CUVEE_ERROR_MEMORY);
        cv_url_free(&url);
    }
}

/* ---- first words ---- */

static void what_reads_is_known_by_its_first_word(void **state)
{
    (void)state;
    static const char *const reads[] = {"SELECT 1",
                                        " \n\tselect 1",
                                        "-- comment\nSELECT 1",
                                        "/* a /* b */ c */ SELECT 1",
                                        "(SELECT 1)",
                                        "VALUES (1)",
                                        "TABLE t",
                                        "SHOW all",
                                        "EXPLAIN SELECT 1",
                                        "WITH a AS (SELECT 1) SELECT * FROM a",
                                        "# comment\nSELECT 1",
                                        ";SELECT 1"};
    static const char *const writes[] = {"INSERT INTO t VALUES (1)",
                                         "UPDATE t SET a = 1",
                                         "DELETE FROM t",
                                         "WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a",
                                         "CREATE TABLE t (a int)",
                                         "SELECTED",
                                         "",
                                         "/* SELECT 1",
                                         "CALL f()"};
    for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++)
        if (!cv_keyword_reads(reads[i]))
            fail_msg("reads: %s", reads[i]);
    for (size_t i = 0; i < sizeof writes / sizeof writes[0]; i++)
        if (cv_keyword_reads(writes[i]))
            fail_msg("does not read: %s", writes[i]);
}

static void what_ends_transactions_or_changes_settings_is_refused(void **state)
{
    (void)state;
    static const char *const refused[] = {"COMMIT",
                                          "commit",
                                          "  Commit ;",
                                          "/* x */ COMMIT",
                                          "BEGIN",
                                          "START TRANSACTION",
                                          "END",
                                          "ABORT",
                                          "ROLLBACK",
                                          "ROLLBACK WORK",
                                          "ROLLBACK AND CHAIN",
                                          "PREPARE TRANSACTION 'x'",
                                          "PREPARE x AS SELECT 1",
                                          "EXECUTE x",
                                          "XA START 'x'",
                                          "SET a = 1",
                                          "SET SESSION a = 1",
                                          "RESET ALL",
                                          "DISCARD ALL",
                                          "USE other",
                                          "LOCK TABLES t READ",
                                          "UNLOCK TABLES",
                                          "DEALLOCATE ALL",
                                          "ROLLBACK TO s",
                                          "SAVEPOINT s",
                                          "RELEASE SAVEPOINT s",
                                          "CREATE TEMP TABLE t (a int)",
                                          "create or replace temporary table t (a int)",
                                          "CREATE LOCAL TEMPORARY VIEW v AS SELECT 1",
                                          "/*! COMMIT */",
                                          "/*M! COMMIT */",
                                          "-- SELECT\nCOMMIT",
                                          "",
                                          "  ",
                                          "-- nothing"};
    static const char *const allowed[] = {"SELECT 1",
                                          "SET LOCAL a = 1",
                                          "CREATE TABLE temp (a int)",
                                          "CREATE OR REPLACE VIEW v AS SELECT 1",
                                          "INSERT INTO t VALUES ('COMMIT')",
                                          "COMMITTED",
                                          "SELECT 1 /* COMMIT */"};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (!cv_keyword_refusal(refused[i]))
            fail_msg("refused: %s", refused[i]);
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
        if (cv_keyword_refusal(allowed[i]))
            fail_msg("allowed: %s", allowed[i]);
}

static void what_ends_a_transaction_by_the_way_is_known(void **state)
{
    (void)state;
    static const char *const ends[] = {"CREATE TABLE t (a int)",
                                       "/* x */ drop table t",
                                       "TRUNCATE t",
                                       "CHECK TABLE t",
                                       "LOAD INDEX INTO CACHE t",
                                       "INSTALL SONAME 'x'",
                                       "CALL p()",
                                       "IF 1 THEN COMMIT; END IF",
                                       "case 1 when 1 then commit; end case",
                                       "FOR i IN 1..2 DO COMMIT; END FOR",
                                       "WHILE 1 DO COMMIT; END WHILE",
                                       "LOOP COMMIT; END LOOP",
                                       "REPEAT COMMIT; UNTIL 1 END REPEAT"};
    static const char *const goes_on[] = {"INSERT INTO t VALUES (1)", "SELECT 1", "LOAD DATA INFILE 'x' INTO TABLE t",
                                          "SELECT IF(1, 2, 3)", "CHECKSUM TABLE t"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (!cv_keyword_ends(ends[i]))
            fail_msg("ends: %s", ends[i]);
    for (size_t i = 0; i < sizeof goes_on / sizeof goes_on[0]; i++)
        if (cv_keyword_ends(goes_on[i]))
            fail_msg("goes on: %s", goes_on[i]);
}

static void the_written_table_is_found(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"INSERT INTO people (a) VALUES (1)", "people"},
                                           {"insert into `people` (a) values (1)", "people"},
                                           {"INSERT INTO `o``der` VALUES (1)", "o`der"},
                                           {"INSERT INTO \"p\" VALUES (1)", "p"},
                                           {"UPDATE people SET a = 1", "people"},
                                           {"DELETE FROM db.people WHERE a = 1", "people"},
                                           {"INSERT IGNORE INTO `db`.`people` VALUES (1)", "people"},
                                           {"REPLACE INTO t2 VALUES (1)", "t2"},
                                           {"SELECT * FROM people", ""},
                                           {"INSERT", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char table[64];
        cv_keyword_table(cases[i][0], table, sizeof table);
        assert_string_equal(table, cases[i][1]);
    }
    char small[4];
    cv_keyword_table("INSERT INTO people VALUES (1)", small, sizeof small);
    assert_string_equal(small, "peo");
}

/* ---- SQLSTATE ---- */

static void states_say_what_it_is_and_what_to_do(void **state)
{
    (void)state;
    static const struct {
        const char *sqlstate;
        cuvee_error_kind kind;
        enum cv_action action;
    } cases[] = {
        {"23505", CUVEE_ERROR_UNIQUE, CV_ACTION_CONSTRAINT},
        {"23503", CUVEE_ERROR_FOREIGN_KEY, CV_ACTION_CONSTRAINT},
        {"23502", CUVEE_ERROR_NOT_NULL, CV_ACTION_CONSTRAINT},
        {"23514", CUVEE_ERROR_CHECK, CV_ACTION_CONSTRAINT},
        {"23000", CUVEE_ERROR_DATABASE, CV_ACTION_CONSTRAINT},
        {"P0001", CUVEE_ERROR_CHECK, CV_ACTION_CONSTRAINT},
        {"40001", CUVEE_ERROR_RETRY, CV_ACTION_RETRY},
        {"40P01", CUVEE_ERROR_RETRY, CV_ACTION_RETRY},
        {"55P03", CUVEE_ERROR_BUSY, CV_ACTION_RETRY},
        {"53300", CUVEE_ERROR_EXHAUSTED, CV_ACTION_RETRY},
        {"40003", CUVEE_ERROR_IN_DOUBT, CV_ACTION_IN_DOUBT},
        {"08007", CUVEE_ERROR_IN_DOUBT, CV_ACTION_IN_DOUBT},
        {"08006", CUVEE_ERROR_CONNECTION, CV_ACTION_RECONNECT},
        {"08S01", CUVEE_ERROR_CONNECTION, CV_ACTION_RECONNECT},
        {"57P01", CUVEE_ERROR_CONNECTION, CV_ACTION_RECONNECT},
        {"25P03", CUVEE_ERROR_CONNECTION, CV_ACTION_RECONNECT},
        {"57014", CUVEE_ERROR_CANCELLED, CV_ACTION_FATAL},
        {"53100", CUVEE_ERROR_FULL, CV_ACTION_FATAL},
        {"25006", CUVEE_ERROR_READ_ONLY, CV_ACTION_FATAL},
        {"42501", CUVEE_ERROR_DENIED, CV_ACTION_FATAL},
        {"28P01", CUVEE_ERROR_DENIED, CV_ACTION_FATAL},
        {"42P01", CUVEE_ERROR_SCHEMA, CV_ACTION_FATAL},
        {"42703", CUVEE_ERROR_SCHEMA, CV_ACTION_FATAL},
        {"22003", CUVEE_ERROR_VALUE, CV_ACTION_FATAL},
        {"0A000", CUVEE_ERROR_UNSUPPORTED, CV_ACTION_FATAL},
        {"XX001", CUVEE_ERROR_CORRUPT, CV_ACTION_FATAL},
        {"XX000", CUVEE_ERROR_DATABASE, CV_ACTION_FATAL},
        {"42601", CUVEE_ERROR_DATABASE, CV_ACTION_FATAL},
        {"", CUVEE_ERROR_DATABASE, CV_ACTION_FATAL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (cv_sqlstate_kind(cases[i].sqlstate) != cases[i].kind)
            fail_msg("%s is %s", cases[i].sqlstate, cuvee_error_kind_name(cv_sqlstate_kind(cases[i].sqlstate)));
        if (cv_sqlstate_action(cases[i].sqlstate) != cases[i].action)
            fail_msg("%s asks for %d", cases[i].sqlstate, (int)cv_sqlstate_action(cases[i].sqlstate));
    }
    assert_string_not_equal(cv_sqlstate_hint(CUVEE_ERROR_RETRY), "");
    assert_string_equal(cv_sqlstate_hint(CUVEE_ERROR_UNIQUE), "");
}

/* ---- parameters ---- */

static void the_first_bad_parameter_is_named(void **state)
{
    (void)state;
    cuvee_error error = {0};
    cuvee_value values[] = {cuvee_null(), cuvee_int_value(INT64_MIN), cuvee_text_value("text"),
                            cuvee_blob_value((cuvee_blob){"\0\xFF", 2}), cuvee_double_value(NAN)};
    assert_true(cv_check_params(values, 4, &error));
    assert_false(cv_check_params(values, 5, &error));
    assert_error(&error, CUVEE_ERROR_VALUE, "22000");
    assert_says(&error, "parameter 5");
    cv_error_clear(&error);
    cuvee_value wide = {.kind = CUVEE_INT32, .as.integer = INT64_C(1) << 31};
    assert_false(cv_check_params(&wide, 1, &error));
    assert_true(cv_check_params(NULL, 0, &error));
}

/* ---- rows set aside ---- */

static void rows_set_aside_come_back_in_turn(void **state)
{
    (void)state;
    struct cv_spill spill;
    cuvee_value cells[3];
    cv_spill_init(&spill);
    assert_false(cv_spill_take(&spill, cells, 3));
    for (int i = 0; i < 100; i++) {
        char text[16];
        snprintf(text, sizeof text, "row %d", i);
        cells[0] = cuvee_int_value(i);
        cells[1] = cuvee_text_value(text); /* gone after this */
        cells[2] = i % 2 ? cuvee_null() : cuvee_blob_value((cuvee_blob){"\0", 1});
        assert_true(cv_spill_add(&spill, cells, 3));
    }
    for (int i = 0; i < 100; i++) {
        char text[16];
        snprintf(text, sizeof text, "row %d", i);
        assert_true(cv_spill_take(&spill, cells, 3));
        assert_int_equal(cells[0].as.integer, i);
        assert_text(&cells[1], text);
        assert_int_equal(cells[2].kind, i % 2 ? 0 : CUVEE_BLOB);
    }
    assert_false(cv_spill_take(&spill, cells, 3));
    cells[0] = cuvee_int_value(7);
    assert_true(cv_spill_add(&spill, cells, 1)); /* after it was empty */
    assert_true(cv_spill_take(&spill, cells, 1));
    cv_spill_free(&spill);
}

static void setting_aside_without_memory(void **state)
{
    (void)state;
    char text[3000];
    memset(text, 'x', sizeof text);
    bool happened = true;
    for (size_t n = 1; happened; n++) {
        struct cv_spill spill;
        cuvee_value cell = {.kind = CUVEE_TEXT, .as.text = {text, sizeof text}};
        size_t added = 0;
        cv_spill_init(&spill);
        alloc_fault_at(n);
        while (added < 50 && cv_spill_add(&spill, &cell, 1))
            added++;
        happened = alloc_fault_end();
        assert_int_equal(added == 50, !happened);
        for (size_t i = 0; i < added; i++)
            assert_true(cv_spill_take(&spill, &cell, 1));
        assert_false(cv_spill_take(&spill, &cell, 1));
        cv_spill_free(&spill);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urls_are_taken_apart),
        cmocka_unit_test(options_are_decoded_and_never_shown),
        cmocka_unit_test(urls_that_are_none_are_refused_without_their_secrets),
        cmocka_unit_test(too_many_options_are_refused),
        cmocka_unit_test(passwords_come_from_the_environment_or_a_file),
        cmocka_unit_test(a_password_in_a_file_may_be_long_but_is_never_cut),
        cmocka_unit_test(a_password_that_is_not_there_is_told),
        cmocka_unit_test(urls_without_memory),
        cmocka_unit_test(what_reads_is_known_by_its_first_word),
        cmocka_unit_test(what_ends_transactions_or_changes_settings_is_refused),
        cmocka_unit_test(what_ends_a_transaction_by_the_way_is_known),
        cmocka_unit_test(the_written_table_is_found),
        cmocka_unit_test(states_say_what_it_is_and_what_to_do),
        cmocka_unit_test(the_first_bad_parameter_is_named),
        cmocka_unit_test(rows_set_aside_come_back_in_turn),
        cmocka_unit_test(setting_aside_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
