/* Tables made from models, and tables that are there already. */
#include "support/check.h"
#include "support/folder.h"

#include <cuvee/cuvee.h>
#include <stdio.h>

#include "blend/blend.h"
#include "driver/scripted/script.h"
#include "support/alloc_fault.h"

/* ---- models ---- */

typedef struct Town {
    const char *code;
    const char *name;
} Town;
typedef struct Person {
    int64_t id;
    const char *name;
    cuvee_opt_text nick;
    cuvee_opt_text town;
    cuvee_decimal wage;
    cuvee_date born;
    int32_t version;
} Person;
typedef struct Letter {
    int64_t id;
    int64_t person_id;
    int64_t answer_to;
    const char *text;
} Letter;

static const cuvee_model person_model, letter_model;
static const cuvee_field town_fields[] = {CUVEE_FIELD(Town, code, .key = true), CUVEE_FIELD(Town, name)};
static const cuvee_field person_fields[] = {
    CUVEE_FIELD(Person, id, .key = true),
    CUVEE_FIELD(Person, name, .unique = true, .column = "full_name"),
    CUVEE_FIELD(Person, nick, .index = true),
    CUVEE_FIELD(Person, town, .index = true),
    CUVEE_FIELD(Person, wage),
    CUVEE_FIELD(Person, born),
    CUVEE_FIELD(Person, version, .version = true),
};
static const cuvee_field letter_fields[] = {
    CUVEE_FIELD(Letter, id, .key = true, .by_caller = true),
    CUVEE_FIELD(Letter, person_id, .refers = &person_model),
    CUVEE_FIELD(Letter, answer_to, .refers = &letter_model),
    CUVEE_FIELD(Letter, text),
};
static const cuvee_model town_model = CUVEE_MODEL(Town, "towns", town_fields);
static const cuvee_model person_model = CUVEE_MODEL(Person, "people", person_fields, .unique = "nick,town");
static const cuvee_model letter_model = CUVEE_MODEL(Letter, "letters", letter_fields);

/* Letters before people: what refers stands before what it refers to. */
static const cuvee_base all = CUVEE_BASE("all", &letter_model, &person_model, &town_model);
static const cuvee_base people_base = CUVEE_BASE("people", &person_model, &town_model);
static const cuvee_base letters_base = CUVEE_BASE("letters", &letter_model);

/* ---- a folder with databases ---- */

static int open_folder(void **state)
{
    *state = folder_make();
    return 0;
}

static int close_folder(void **state)
{
    folder_remove(*state);
    return 0;
}

static cuvee_blend *bind_with(const char *folder, const cuvee_base *base, const char *url, cuvee_bind_options options)
{
    cuvee_blend *blend = cuvee_blend_new();
    assert_true(cuvee_blend_set_folder(blend, folder));
    assert_true(cuvee_blend_bind_with(blend, base, url, &options));
    return blend;
}

static cuvee_blend *bind(const char *folder)
{
    return bind_with(folder, &all, "sqlite:all.db", (cuvee_bind_options){0});
}

static void create(cuvee_blend *blend)
{
    if (!cuvee_create_tables(blend))
        fail_msg("%s", cuvee_blend_error(blend)->message);
}

/* Runs SQL and commits, as someone else. */
static void run_on(const char *folder, const char *sql)
{
    cuvee_blend *blend = bind(folder);
    cuvee_session *s = cuvee_session_open(blend);
    if (cuvee_sql_execute(s, &all, sql, NULL, 0) < 0 || cuvee_commit(s) != CUVEE_COMMITTED)
        fail_msg("%s: %s", sql, cuvee_session_error(s)->message);
    cuvee_session_close(s);
    cuvee_blend_free(blend);
}

static int64_t ask(cuvee_blend *blend, const cuvee_base *base, const char *sql)
{
    cuvee_session *s = cuvee_session_open(blend);
    cuvee_rows *rows = cuvee_sql_rows(s, base, sql, NULL, 0);
    const cuvee_value *value = cuvee_next_values(rows);
    if (!value)
        fail_msg("%s: %s", sql, cuvee_session_error(s)->message);
    int64_t answer = value->as.integer;
    cuvee_rows_close(rows);
    cuvee_session_close(s);
    return answer;
}

static int64_t count_of(cuvee_blend *blend, const char *what)
{
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM sqlite_schema WHERE %s", what);
    return ask(blend, cuvee_blend_base(blend, 0), sql);
}

/* ---- making ---- */

static void tables_indexes_and_constraints(void **state)
{
    cuvee_blend *blend = bind(*state);
    create(blend);
    assert_int_equal(count_of(blend, "type = 'table'"), 3);
    assert_int_equal(count_of(blend, "name IN ('ix_people_nick', 'ix_people_town')"), 2);
    assert_int_equal(ask(blend, &all, "SELECT count(*) FROM pragma_foreign_key_list('letters')"), 2);
    assert_int_equal(ask(blend, &all, "SELECT count(*) FROM pragma_foreign_key_list('people')"), 0);
    assert_int_equal(ask(blend, &all, "SELECT count(*) FROM pragma_index_list('people') WHERE origin = 'u'"), 2);
    assert_int_equal(ask(blend, &all, "SELECT count(*) FROM pragma_table_info('people') WHERE \"notnull\""), 4);
    cuvee_blend_free(blend);
}

static void constraints_work(void **state)
{
    cuvee_blend *blend = bind(*state);
    create(blend);
    cuvee_session *s = cuvee_session_open(blend);
    const Person person = {.name = "Ada", .nick = {true, "a"}, .town = {true, "GNT"}, .wage = {"1"}};
    cuvee_add(s, &person_model, &person);
    cuvee_add(s, &letter_model, &(Letter){.id = 1, .person_id = 1, .answer_to = 1, .text = ""});
    assert_int_equal(cuvee_commit(s), CUVEE_COMMITTED);
    Person other = person;
    other.name = "Ben";
    cuvee_add(s, &person_model, &other);
    assert_false(cuvee_flush(s));
    assert_int_equal(cuvee_session_error(s)->kind, CUVEE_ERROR_UNIQUE);
    assert_string_equal(cuvee_session_error(s)->fields, "nick, town");
    cuvee_rollback(s);
    cuvee_add(s, &letter_model, &(Letter){.id = 2, .person_id = 99, .answer_to = 1, .text = ""});
    assert_false(cuvee_flush(s));
    assert_int_equal(cuvee_session_error(s)->kind, CUVEE_ERROR_FOREIGN_KEY);
    cuvee_session_close(s);
    cuvee_blend_free(blend);
}

static void making_again_changes_nothing(void **state)
{
    cuvee_blend *blend = bind(*state);
    create(blend);
    int64_t version = ask(blend, &all, "SELECT schema_version FROM pragma_schema_version");
    create(blend);
    cuvee_blend_free(blend);
    blend = bind(*state);
    create(blend);
    assert_int_equal(ask(blend, &all, "SELECT schema_version FROM pragma_schema_version"), version);
    cuvee_blend_free(blend);
}

static void what_is_missing_is_made(void **state)
{
    cuvee_blend *blend = bind(*state);
    create(blend);
    cuvee_blend_free(blend);
    run_on(*state, "DROP TABLE letters");
    run_on(*state, "DROP INDEX ix_people_nick");
    run_on(*state, "INSERT INTO towns VALUES ('GNT', 'Ghent')");
    blend = bind(*state);
    create(blend);
    assert_int_equal(count_of(blend, "name IN ('letters', 'ix_people_nick')"), 2);
    assert_int_equal(ask(blend, &all, "SELECT count(*) FROM towns"), 1);
    cuvee_blend_free(blend);
}

static void references_across_databases_are_not_the_engines(void **state)
{
    cuvee_blend *blend = bind_with(*state, &people_base, "sqlite:people.db", (cuvee_bind_options){0});
    assert_true(cuvee_blend_bind(blend, &letters_base, "sqlite:letters.db"));
    create(blend);
    assert_int_equal(ask(blend, &people_base, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'"), 2);
    assert_int_equal(ask(blend, &letters_base, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'"), 1);
    /* to itself alone */
    assert_int_equal(ask(blend, &letters_base, "SELECT count(*) FROM pragma_foreign_key_list('letters')"), 1);
    cuvee_blend_free(blend);
}

static void two_bases_in_one_database(void **state)
{
    cuvee_blend *blend = bind_with(*state, &letters_base, "sqlite:one.db", (cuvee_bind_options){0});
    assert_true(cuvee_blend_bind(blend, &people_base, "sqlite:one.db"));
    create(blend);
    assert_int_equal(ask(blend, &letters_base, "SELECT count(*) FROM pragma_foreign_key_list('letters')"), 2);
    assert_int_equal(ask(blend, &letters_base, "SELECT count(*) FROM people"), 0);
    cuvee_blend_free(blend);
}

/* ---- looking ---- */

/* A table of people with one column declared otherwise. */
static void make_people(const char *folder, const char *column, const char *declaration)
{
    static const struct {
        const char *name, *declaration;
    } columns[] = {{"id", "INTEGER PRIMARY KEY"},
                   {"full_name", "TEXT NOT NULL"},
                   {"nick", "TEXT"},
                   {"town", "TEXT"},
                   {"wage", "TEXT COLLATE CUVEE_DECIMAL NOT NULL"},
                   {"born", "TEXT NOT NULL"},
                   {"version", "INTEGER NOT NULL"}};
    char sql[600] = "CREATE TABLE people (extra TEXT DEFAULT 'x'";
    size_t length = strlen(sql);
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        bool other = strcmp(columns[i].name, column) == 0;
        if (other && !declaration)
            continue;
        length += (size_t)snprintf(sql + length, sizeof sql - length, ", %s %s", columns[i].name,
                                   other ? declaration : columns[i].declaration);
        assert_true(length + sizeof ")" <= sizeof sql);
    }
    const char *name = strcmp(column, "full_name") == 0 && !declaration ? "nick, town" : "full_name";
    length += (size_t)snprintf(sql + length, sizeof sql - length, ", UNIQUE (%s), UNIQUE (nick, town))", name);
    assert_true(length < sizeof sql);
    run_on(folder, "DROP TABLE IF EXISTS people");
    run_on(folder, sql);
}

/* ---- what the table must keep ---- */

static void assert_schema(const char *folder, const char *model, const char *fields, const char *words)
{
    cuvee_blend *blend = bind(folder);
    assert_false(cuvee_create_tables(blend));
    const cuvee_error *error = cuvee_blend_error(blend);
    assert_int_equal(error->kind, CUVEE_ERROR_SCHEMA);
    assert_string_equal(error->model, model);
    assert_string_equal(error->fields, fields);
    if (!strstr(error->message, words))
        fail_msg("\"%s\" expected in: %s", words, error->message);
    assert_true(error->hint[0]);
    cuvee_blend_free(blend);
}

static void columns_that_nobody_fills(void **state)
{
    run_on(*state, "CREATE TABLE towns (code TEXT PRIMARY KEY, name TEXT NOT NULL, mayor TEXT NOT NULL)");
    assert_schema(*state, "Town", "", "column mayor of table towns takes no NULL and has no default");
    cuvee_blend *blend = bind_with(*state, &all, "sqlite:all.db", (cuvee_bind_options){.read_only = true});
    assert_false(cuvee_create_tables(blend)); /* the towns can be read; the people are missing */
    assert_string_equal(cuvee_blend_error(blend)->model, "Person");
    cuvee_blend_free(blend);
    static const char *const good[] = {"mayor TEXT NOT NULL DEFAULT ''", "mayor TEXT",
                                       "mayor TEXT NOT NULL AS (upper(name))"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        char sql[200];
        snprintf(sql, sizeof sql, "CREATE TABLE towns (code TEXT PRIMARY KEY, name TEXT NOT NULL, %s)", good[i]);
        run_on(*state, "DROP TABLE towns");
        run_on(*state, sql);
        blend = bind(*state);
        create(blend);
        cuvee_blend_free(blend);
    }
}

static void keys_that_are_none(void **state)
{
    static const char *const tables[] = {
        "CREATE TABLE towns (code TEXT NOT NULL, name TEXT NOT NULL)",
        "CREATE TABLE towns (code TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (name))",
        "CREATE TABLE towns (code TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (code, name))",
        "CREATE TABLE towns (code TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (code, name), UNIQUE (name))",
    };
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        run_on(*state, "DROP TABLE IF EXISTS towns");
        run_on(*state, tables[i]);
        assert_schema(*state, "Town", "code", "table towns has no unique index over exactly what model Town declares");
    }
    run_on(*state, "DROP TABLE towns");
    run_on(*state, "CREATE TABLE towns (code TEXT NOT NULL UNIQUE, name TEXT NOT NULL)"); /* as good as a key */
    cuvee_blend *blend = bind(*state);
    create(blend);
    cuvee_blend_free(blend);
}

static void keys_that_nobody_numbers(void **state)
{
    make_people(*state, "id", "INT PRIMARY KEY NOT NULL"); /* which SQLite does not number, as it does INTEGER */
    assert_schema(*state, "Person", "id", "is given no number by the database");
}

static void what_is_not_unique(void **state)
{
    static const char columns[] =
        "CREATE TABLE people (id INTEGER PRIMARY KEY, full_name TEXT NOT NULL, nick TEXT, town "
        "TEXT, wage TEXT COLLATE CUVEE_DECIMAL NOT NULL, born TEXT NOT NULL, version INTEGER NOT "
        "NULL%s)";
    static const struct {
        const char *uniques, *fields, *words;
    } cases[] = {
        {"", "name", "to be unique: name"},
        {", UNIQUE (nick, town)", "name", "to be unique: name"},
        {", UNIQUE (full_name)", "nick, town", "to be unique together: nick, town"},
        {", UNIQUE (full_name), UNIQUE (nick)", "nick, town", "unique together"},
        {", UNIQUE (full_name), UNIQUE (nick, town, born)", "nick, town", "unique together"},
        {", UNIQUE (town, nick), UNIQUE (full_name)", NULL, NULL}, /* in any order */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char sql[600];
        snprintf(sql, sizeof sql, columns, cases[i].uniques);
        run_on(*state, "DROP TABLE IF EXISTS people");
        run_on(*state, sql);
        if (cases[i].fields) {
            assert_schema(*state, "Person", cases[i].fields, cases[i].words);
            continue;
        }
        cuvee_blend *blend = bind(*state);
        create(blend);
        cuvee_blend_free(blend);
    }
}

static void columns_that_are_more_do_not_matter(void **state)
{
    make_people(*state, "", NULL);
    cuvee_blend *blend = bind(*state);
    create(blend);
    cuvee_session *s = cuvee_session_open(blend);
    cuvee_add(s, &person_model, &(Person){.name = "Ada", .wage = {"1"}});
    assert_int_equal(cuvee_commit(s), CUVEE_COMMITTED);
    cuvee_session_close(s);
    cuvee_blend_free(blend);
}

static void columns_that_are_wrong(void **state)
{
    static const struct {
        const char *column, *declaration, *field, *words;
    } cases[] = {
        {"full_name", NULL, "name", "is not there"},
        {"version", NULL, "version", "is not there"},
        {"full_name", "INTEGER NOT NULL", "name", "is of another kind (INTEGER)"},
        {"full_name", "BLOB NOT NULL", "name", "is of another kind (BLOB)"},
        {"wage", "TEXT NOT NULL", "wage", "is of another kind (TEXT)"},
        {"wage", "REAL NOT NULL", "wage", "is of another kind"},
        {"wage", "NOT NULL", "wage", "is of another kind"}, /* would compare '9' and '10' as texts */
        {"born", "INTEGER NOT NULL", "born", "is of another kind"},
        {"born", "DATETIME NOT NULL", "born", "is of another kind (DATETIME)"},
        {"version", "TEXT NOT NULL", "version", "is of another kind"},
        {"version", "REAL NOT NULL", "version", "is of another kind"},
        {"id", "TEXT PRIMARY KEY", "id", "is of another kind"},
        {"id", "INTEGER NOT NULL", "id", "is not the primary key"},
        {"full_name", "TEXT", "name", "takes NULL"},
        {"nick", "TEXT NOT NULL", "nick", "takes no NULL"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        make_people(*state, cases[i].column, cases[i].declaration);
        cuvee_blend *blend = bind(*state);
        assert_false(cuvee_create_tables(blend));
        const cuvee_error *error = cuvee_blend_error(blend);
        assert_int_equal(error->kind, CUVEE_ERROR_SCHEMA);
        assert_string_equal(error->model, "Person");
        assert_string_equal(error->fields, cases[i].field);
        assert_string_equal(error->database, "all");
        if (!strstr(error->message, cases[i].words))
            fail_msg("\"%s\" expected in: %s", cases[i].words, error->message);
        assert_true(error->hint[0]);
        cuvee_blend_free(blend);
    }
}

/* Columns whose declarations say less than, or something else than, the model's own, but hold its values. */
static void columns_that_will_do(void **state)
{
    static const struct {
        const char *column, *declaration;
    } cases[] = {{"id", "INTEGER PRIMARY KEY AUTOINCREMENT"},
                 {"full_name", "VARCHAR(20) NOT NULL"},
                 {"full_name", "NOT NULL"},
                 {"nick", ""},
                 {"version", "BIGINT NOT NULL DEFAULT 1"},
                 {"version", "SMALLINT NOT NULL"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        make_people(*state, cases[i].column, cases[i].declaration);
        cuvee_blend *blend = bind(*state);
        create(blend);
        cuvee_blend_free(blend);
    }
}

static void keys_may_be_called_nullable(void **state)
{
    run_on(*state, "CREATE TABLE towns (code TEXT PRIMARY KEY, name TEXT NOT NULL)"); /* SQLite calls it so */
    cuvee_blend *blend = bind(*state);
    create(blend);
    cuvee_blend_free(blend);
}

/* ---- reading only ---- */

static void read_only_bindings_are_looked_at_only(void **state)
{
    cuvee_blend *blend = bind(*state);
    create(blend);
    cuvee_blend_free(blend);
    make_people(*state, "full_name", "TEXT"); /* NULL would be an error where such a row is read */
    blend = bind_with(*state, &all, "sqlite:all.db", (cuvee_bind_options){.read_only = true});
    create(blend);
    assert_int_equal(count_of(blend, "name = 'ix_people_nick'"), 0);
    cuvee_blend_free(blend);
    run_on(*state, "DROP TABLE towns");
    blend = bind_with(*state, &all, "sqlite:all.db", (cuvee_bind_options){.read_only = true});
    assert_false(cuvee_create_tables(blend));
    assert_int_equal(cuvee_blend_error(blend)->kind, CUVEE_ERROR_SCHEMA);
    assert_string_equal(cuvee_blend_error(blend)->model, "Town");
    assert_non_null(strstr(cuvee_blend_error(blend)->message, "there is no table towns"));
    cuvee_blend_free(blend);
}

static void views_can_be_read(void **state)
{
    cuvee_blend *blend = bind(*state);
    create(blend);
    cuvee_blend_free(blend);
    run_on(*state, "DROP TABLE towns");
    run_on(*state, "CREATE VIEW towns AS SELECT town AS code, upper(nick) AS name FROM people");
    blend = bind_with(*state, &all, "sqlite:all.db", (cuvee_bind_options){.read_only = true});
    create(blend);
    cuvee_blend_free(blend);
}

/* ---- failures ---- */

static void an_error_leaves_nothing_behind(void **state)
{
    run_on(*state, "CREATE TABLE letters (id INTEGER PRIMARY KEY)");
    cuvee_blend *blend = bind(*state);
    assert_false(cuvee_create_tables(blend));
    assert_string_equal(cuvee_blend_error(blend)->model, "Letter");
    cuvee_blend_free(blend);
    blend = bind_with(*state, &all, "sqlite:all.db", (cuvee_bind_options){.read_only = true});
    assert_int_equal(count_of(blend, "1"), 1); /* people and towns came first, and went again */
    cuvee_blend_free(blend);
}

static void bind_script(cuvee_blend *blend, struct cv_script *script)
{
    cv_script_init(script);
    struct cv_place place = {.url = "scripted:", .script = script};
    assert_true(cv_blend_bind_place(blend, &all, &cv_scripted_driver, &place));
}

static void whatever_fails_is_rolled_back(void **state)
{
    (void)state;
    static const enum cv_call calls[] = {CV_CALL_BEGIN, CV_CALL_EXECUTE, CV_CALL_DESCRIBE, CV_CALL_COMMIT};
    for (size_t c = 0; c < sizeof calls / sizeof calls[0]; c++)
        for (size_t n = 1; n <= (calls[c] == CV_CALL_EXECUTE ? 5 : calls[c] == CV_CALL_DESCRIBE ? 3 : 1); n++) {
            struct cv_script script;
            cuvee_blend *blend = cuvee_blend_new();
            bind_script(blend, &script);
            cv_script_fail(&script, calls[c], n, CUVEE_ERROR_DATABASE);
            assert_false(cuvee_create_tables(blend));
            assert_int_equal(cuvee_blend_error(blend)->kind, CUVEE_ERROR_DATABASE);
            assert_string_equal(cuvee_blend_error(blend)->database, "all");
            const char *record = cv_script_text(&script);
            assert_int_equal(strstr(record, "rollback\n") != NULL,
                             calls[c] == CV_CALL_EXECUTE || calls[c] == CV_CALL_DESCRIBE);
            assert_int_equal(strstr(record, "commit\n") != NULL, calls[c] == CV_CALL_COMMIT);
            cuvee_blend_free(blend);
            cv_script_free(&script);
        }
}

static void each_allocation_fails(void **state)
{
    for (size_t n = 1;; n++) {
        cuvee_blend *blend = bind(*state);
        assert_true(cv_blend_freeze(blend, NULL));
        alloc_fault_at(n);
        bool good = cuvee_create_tables(blend);
        bool happened = alloc_fault_end();
        assert_true(good || (happened && cuvee_blend_error(blend)->kind == CUVEE_ERROR_MEMORY));
        cuvee_blend_free(blend);
        blend = bind_with(*state, &all, "sqlite:all.db", (cuvee_bind_options){.read_only = true});
        if (good)
            assert_int_equal(count_of(blend, "type = 'table'"), 3);
        cuvee_blend_free(blend);
        if (!happened)
            break;
    }
}

static void blends_that_cannot_be_used(void **state)
{
    assert_false(cuvee_create_tables(NULL));
    cuvee_blend *blend = bind_with(*state, &all, "sqlite:missing/all.db", (cuvee_bind_options){0});
    assert_false(cuvee_create_tables(blend));
    assert_int_equal(cuvee_blend_error(blend)->kind, CUVEE_ERROR_CONNECT);
    cuvee_blend_free(blend);
    blend = cuvee_blend_new();
    assert_true(cuvee_create_tables(blend)); /* nothing is bound, nothing is to do */
    cuvee_blend_free(blend);
}

int main(void)
{
#define FOLDER_TEST(name) cmocka_unit_test_setup_teardown(name, open_folder, close_folder)
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(tables_indexes_and_constraints),
        FOLDER_TEST(constraints_work),
        FOLDER_TEST(making_again_changes_nothing),
        FOLDER_TEST(what_is_missing_is_made),
        FOLDER_TEST(references_across_databases_are_not_the_engines),
        FOLDER_TEST(two_bases_in_one_database),
        FOLDER_TEST(columns_that_nobody_fills),
        FOLDER_TEST(keys_that_are_none),
        FOLDER_TEST(keys_that_nobody_numbers),
        FOLDER_TEST(what_is_not_unique),
        FOLDER_TEST(columns_that_are_more_do_not_matter),
        FOLDER_TEST(columns_that_are_wrong),
        FOLDER_TEST(columns_that_will_do),
        FOLDER_TEST(keys_may_be_called_nullable),
        FOLDER_TEST(read_only_bindings_are_looked_at_only),
        FOLDER_TEST(views_can_be_read),
        FOLDER_TEST(an_error_leaves_nothing_behind),
        FOLDER_TEST(whatever_fails_is_rolled_back),
        FOLDER_TEST(each_allocation_fails),
        FOLDER_TEST(blends_that_cannot_be_used),
    };
    return cmocka_run_group_tests_name("migrate", tests, NULL, NULL);
}
