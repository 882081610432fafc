/* Live tables described, and what the dialect says about columns and conditions. */
#include "driver/support.h"

#include <stdio.h>

static struct cv_table describe(struct engine *engine, const char *name, struct cv_arena *arena)
{
    cuvee_error error = {0};
    struct cv_table table;
    assert_true(engine->connection->driver->describe(engine->connection, name, arena, &table, &error));
    return table;
}

static void columns_in_order_with_key_and_null(void **state)
{
    struct engine *engine = *state;
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    make(engine->connection, "CREATE TABLE t (id %l PRIMARY KEY, name %t NOT NULL, age %i)%;");
    struct cv_table table = describe(engine, "t", &arena);
    assert_true(table.exists);
    assert_int_equal(table.count, 3);
    assert_string_equal(table.columns[0].name, "id");
    assert_int_equal(table.columns[0].key, 1);
    assert_false(table.columns[0].nullable);
    assert_string_equal(table.columns[1].name, "name");
    assert_int_equal(table.columns[1].key, 0);
    assert_false(table.columns[1].nullable);
    assert_true(table.columns[2].nullable);
    cv_arena_free(&arena);
}

static void keys_of_several_columns(void **state)
{
    struct engine *engine = *state;
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    make(engine->connection, "CREATE TABLE t (a %l NOT NULL, b %k NOT NULL, c %i NOT NULL, PRIMARY KEY (c, a))%;");
    struct cv_table table = describe(engine, "t", &arena);
    assert_int_equal(table.columns[0].key, 2);
    assert_int_equal(table.columns[1].key, 0);
    assert_int_equal(table.columns[2].key, 1);
    cv_arena_free(&arena);
}

/* What an INSERT may leave out: what may be NULL, and what the engine gives a value. */
static void columns_that_are_filled(void **state)
{
    struct engine *engine = *state;
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    struct cv_buffer type;
    cv_buffer_init(&type, 0);
    engine->connection->driver->dialect->type(&type, &(struct cv_column_need){.kind = CUVEE_INT64, .auto_key = true});
    char sql[400];
    snprintf(sql, sizeof sql,
             "CREATE TABLE t (id %s, a %%l NOT NULL, b %%l NOT NULL DEFAULT 7, c %%l NOT NULL DEFAULT 0, d %%l,"
             " e %%l GENERATED ALWAYS AS (a + 1) STORED, PRIMARY KEY (id))%%;",
             cv_buffer_text(&type));
    make(engine->connection, sql);
    struct cv_table table = describe(engine, "t", &arena);
    assert_int_equal(table.count, 6);
    assert_true(table.columns[0].filled);
    assert_false(table.columns[1].filled);
    assert_true(table.columns[2].filled);
    assert_true(table.columns[3].filled);
    assert_true(table.columns[4].filled || table.columns[4].nullable);
    assert_true(table.columns[5].filled);
    cv_buffer_free(&type);
    cv_arena_free(&arena);
}

/* Whether the table is described with a unique index over these columns; "?": an expression. */
static bool has_unique(const struct cv_table *table, const char *columns)
{
    for (const struct cv_unique_index *index = table->uniques; index; index = index->next) {
        char all[200] = "";
        for (size_t i = 0; i < index->count; i++) {
            strncat(all, i > 0 ? "," : "", sizeof all - strlen(all) - 1);
            strncat(all, index->columns[i] ? index->columns[i] : "?", sizeof all - strlen(all) - 1);
        }
        if (strcmp(all, columns) == 0)
            return true;
    }
    return false;
}

static void unique_columns(void **state)
{
    struct engine *engine = *state;
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    make(engine->connection, "CREATE TABLE t (a %l NOT NULL, b %k NOT NULL, c %i NOT NULL, d %i, e %i, PRIMARY KEY (a),"
                             " UNIQUE (c), UNIQUE (d, b))%;");
    run(engine->connection, "CREATE UNIQUE INDEX t_three ON t (e, c, d)");
    run(engine->connection, "CREATE INDEX t_plain ON t (e)");
    struct cv_table table = describe(engine, "t", &arena);
    assert_true(has_unique(&table, "c"));
    assert_true(has_unique(&table, "d,b"));
    assert_true(has_unique(&table, "e,c,d"));
    assert_false(has_unique(&table, "e"));
    assert_false(has_unique(&table, "b"));
    if (strcmp(engine->name, "mariadb") == 0) { /* which has unique indexes of parts, the others those of some rows */
        run(engine->connection, "CREATE UNIQUE INDEX t_part ON t (b(3))");
        table = describe(engine, "t", &arena);
        assert_true(has_unique(&table, "?"));
    } else {
        run(engine->connection, "CREATE UNIQUE INDEX t_some ON t (e) WHERE d > 1");
        run(engine->connection, "CREATE UNIQUE INDEX t_folded ON t (lower(b), e)");
        table = describe(engine, "t", &arena);
        assert_false(has_unique(&table, "e"));
        assert_true(has_unique(&table, "?,e"));
    }
    cv_arena_free(&arena);
}

static void what_is_not_there_is_no_error(void **state)
{
    struct engine *engine = *state;
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    assert_false(describe(engine, "missing", &arena).exists);
    assert_int_equal(describe(engine, "missing", &arena).count, 0);
    assert_false(describe(engine, "x'; DROP TABLE t; --", &arena).exists);
    assert_false(describe(engine, "", &arena).exists);
    cv_arena_free(&arena);
}

static void names_of_any_letters(void **state)
{
    struct engine *engine = *state;
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    char sql[200];
    char q = engine->connection->driver->dialect->quote;
    snprintf(sql, sizeof sql,
             "CREATE TABLE %coder table; --%c (%c'sel\xC3\xA9"
             "ct%c %%l)%%;",
             q, q, q, q);
    make(engine->connection, sql);
    struct cv_table table = describe(engine, "oder table; --", &arena);
    assert_int_equal(table.count, 1);
    assert_string_equal(table.columns[0].name, "'sel\xC3\xA9"
                                               "ct");
    cv_arena_free(&arena);
}

/* Every kind's own column holds that kind, and is described without an error. */
static void a_kinds_own_column_holds_it(void **state)
{
    struct engine *engine = *state;
    const struct cv_dialect *dialect = engine->connection->driver->dialect;
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    make(engine->connection, "CREATE TABLE t (b %b, i %i, l %l, d %d, t %t, T1 %T, D1 %D, n %n, u %u, x %x, j %j)%;");
    static const cuvee_kind kinds[] = {CUVEE_BOOL, CUVEE_INT32,   CUVEE_INT64, CUVEE_DOUBLE, CUVEE_TEXT, CUVEE_TIME,
                                       CUVEE_DATE, CUVEE_DECIMAL, CUVEE_UUID,  CUVEE_BLOB,   CUVEE_JSON};
    struct cv_table table = describe(engine, "t", &arena);
    assert_int_equal(table.count, 11);
    for (size_t i = 0; i < 11; i++) {
        assert_true(dialect->holds(&table.columns[i], kinds[i]));
        assert_int_not_equal(table.columns[i].kind, 0);
        assert_string_not_equal(table.columns[i].type, "");
    }
    assert_false(dialect->holds(&table.columns[4], CUVEE_INT64)); /* text */
    assert_false(dialect->holds(&table.columns[2], CUVEE_TEXT));  /* int64 */
    assert_false(dialect->holds(&table.columns[2], CUVEE_DOUBLE));
    assert_false(dialect->holds(&table.columns[7], CUVEE_DOUBLE)); /* decimal */
    assert_false(dialect->holds(&table.columns[9], CUVEE_TEXT));   /* blob */
    assert_false(dialect->holds(&table.columns[3], CUVEE_INT64));  /* double */
    cv_arena_free(&arena);
}

static void views_are_described_too(void **state)
{
    struct engine *engine = *state;
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    make(engine->connection, "CREATE TABLE t (id %l PRIMARY KEY, name %t)%;");
    run(engine->connection, "CREATE VIEW v AS SELECT id, name FROM t");
    struct cv_table table = describe(engine, "v", &arena);
    assert_true(table.exists);
    assert_int_equal(table.count, 2);
    assert_string_equal(table.columns[1].name, "name");
    run(engine->connection, "DROP VIEW v");
    cv_arena_free(&arena);
}

/* ---- LIKE ---- */

static int64_t matches(struct engine *engine, const char *text, const char *pattern, bool fold)
{
    struct cv_buffer sql;
    cv_buffer_init(&sql, 0);
    run(engine->connection, "DELETE FROM t");
    run_with(engine->connection, "INSERT INTO t (v) VALUES (?)", "t", VALUES(cuvee_text_value(text)));
    cv_buffer_put(&sql, "SELECT count(*) FROM t WHERE ");
    engine->connection->driver->dialect->like(&sql, "v", "?", fold);
    struct cv_statement *statement = prepare(engine->connection, cv_buffer_text(&sql), "t", "l");
    start(statement, VALUES(cuvee_text_value(pattern)));
    int64_t count = fetch(statement)->as.integer;
    finish(statement);
    finalize(statement);
    cv_buffer_free(&sql);
    return count;
}

static void like_is_the_same_everywhere(void **state)
{
    struct engine *engine = *state;
    make(engine->connection, "CREATE TABLE t (v %t)%;");
    assert_int_equal(matches(engine, "Anna", "An%", false), 1);
    assert_int_equal(matches(engine, "Anna", "an%", false), 0);
    assert_int_equal(matches(engine, "Anna", "aN%", true), 1);
    assert_int_equal(matches(engine, "Anna", "A__a", false), 1);
    assert_int_equal(matches(engine, "Anna", "A_", false), 0);
    assert_int_equal(matches(engine, "50%", "50\\%", false), 1);
    assert_int_equal(matches(engine, "500", "50\\%", false), 0);
    assert_int_equal(matches(engine, "a_b", "A\\_b", true), 1);
    assert_int_equal(matches(engine, "axb", "A\\_b", true), 0);
    assert_int_equal(matches(engine, "a\\b", "a\\\\b", false), 1);
    assert_int_equal(matches(engine, "\xC3\x84rger", "\xC3\xA4rger", true), 0); /* folds ASCII letters only */
    assert_int_equal(matches(engine, "\xC3\x84rger", "\xC3\x84RGER", true), 1);
    assert_int_equal(matches(engine, "\xC3\x84x", "_x", false), 1); /* a character, not a byte */
    assert_int_equal(matches(engine, "", "%", false), 1);
}

/* ---- comparison ---- */

static void texts_compare_by_their_bytes(void **state)
{
    struct engine *engine = *state;
    static const char *const sorted[] = {
        "", " ", "A", "B", "a", "a ", "ab", "b", "\xC3\x84", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};
    enum { COUNT = sizeof sorted / sizeof sorted[0] };
    make(engine->connection, "CREATE TABLE t (v %k)%;");
    for (size_t i = COUNT; i-- > 0;)
        run_with(engine->connection, "INSERT INTO t (v) VALUES (?)", "t", VALUES(cuvee_text_value(sorted[i])));
    struct cv_statement *statement = prepare(engine->connection, "SELECT v FROM t ORDER BY v", "", "t");
    start(statement, NULL);
    for (size_t i = 0; i < COUNT; i++)
        assert_text(fetch(statement), sorted[i]);
    finish(statement);
    finalize(statement);
}

static void nulls_stand_where_the_dialect_says(void **state)
{
    struct engine *engine = *state;
    make(engine->connection, "CREATE TABLE t (v %l)%;");
    run(engine->connection, "INSERT INTO t VALUES (1), (NULL)");
    struct cv_statement *statement = prepare(engine->connection, "SELECT v FROM t ORDER BY v", "", "l");
    start(statement, NULL);
    bool first_is_null = fetch(statement)->kind == 0;
    assert_int_equal(first_is_null, engine->connection->driver->dialect->nulls_first);
    finish(statement);
    finalize(statement);
    if (!engine->connection->driver->dialect->nulls_order)
        return;
    statement = prepare(engine->connection, "SELECT v FROM t ORDER BY v NULLS LAST", "", "l");
    start(statement, NULL);
    assert_int_equal(fetch(statement)->as.integer, 1);
    finish(statement);
    finalize(statement);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ENGINE_TEST(columns_in_order_with_key_and_null),
        ENGINE_TEST(keys_of_several_columns),
        ENGINE_TEST(columns_that_are_filled),
        ENGINE_TEST(unique_columns),
        ENGINE_TEST(what_is_not_there_is_no_error),
        ENGINE_TEST(names_of_any_letters),
        ENGINE_TEST(a_kinds_own_column_holds_it),
        ENGINE_TEST(views_are_described_too),
        ENGINE_TEST(like_is_the_same_everywhere),
        ENGINE_TEST(texts_compare_by_their_bytes),
        ENGINE_TEST(nulls_stand_where_the_dialect_says),
    };
    return ENGINE_MAIN(argc, argv, "catalog", tests);
}
