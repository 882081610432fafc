/* What the engine refuses comes back as a kind, an SQLSTATE, and the names of table and columns. */
#include "driver/support.h"

static void make_people(struct cv_connection *connection)
{
    make(connection, "CREATE TABLE people (id %l PRIMARY KEY, email %k NOT NULL UNIQUE, first %k, last %k, age %i,"
                     " CONSTRAINT adult CHECK (age >= 18), UNIQUE (first, last))%;");
    make(connection, "CREATE TABLE orders (id %l PRIMARY KEY, person %l NOT NULL,"
                     " FOREIGN KEY (person) REFERENCES people (id))%;");
    run_with(connection, "INSERT INTO people VALUES (1, 'a@b', 'Ann', 'Lee', 30)", "", NULL);
    run_with(connection, "INSERT INTO orders VALUES (1, 1)", "", NULL);
}

/* SQL that fails, and whether table and fields must be named (an engine may not say). */
static cuvee_error refused(void **state, const char *sql)
{
    struct engine *engine = *state;
    make_people(engine->connection);
    cuvee_error error = run_with_refused(engine->connection, sql, "", NULL);
    assert_int_equal(ask(engine->connection, "SELECT count(*) FROM people"), 1); /* the connection is good */
    return error;
}

static void unique_names_its_column(void **state)
{
    cuvee_error error = refused(state, "INSERT INTO people VALUES (2, 'a@b', 'B', 'C', 40)");
    assert_error(&error, CUVEE_ERROR_UNIQUE, "23505");
    assert_string_equal(error.model, "people");
    assert_string_equal(error.fields, "email");
    struct engine *engine = *state;
    bool has_numbers = strcmp(engine->name, "postgres") != 0; /* SQLSTATE is all that its errors have */
    assert_int_equal(error.vendor_code != 0, has_numbers);
}

static void unique_names_all_its_columns(void **state)
{
    cuvee_error error = refused(state, "INSERT INTO people VALUES (2, 'c@d', 'Ann', 'Lee', 40)");
    assert_error(&error, CUVEE_ERROR_UNIQUE, "23505");
    assert_string_equal(error.model, "people");
    assert_string_equal(error.fields, "first, last");
}

static void the_key_is_unique(void **state)
{
    cuvee_error error = refused(state, "INSERT INTO people VALUES (1, 'c@d', 'B', 'C', 40)");
    assert_error(&error, CUVEE_ERROR_UNIQUE, "23505");
    assert_string_equal(error.model, "people");
    assert_string_equal(error.fields, "id");
}

static void not_null_names_its_column(void **state)
{
    cuvee_error error = refused(state, "INSERT INTO people VALUES (2, NULL, 'B', 'C', 40)");
    assert_error(&error, CUVEE_ERROR_NOT_NULL, "23502");
    assert_string_equal(error.fields, "email");
}

static void not_null_in_an_update(void **state)
{
    cuvee_error error = refused(state, "UPDATE people SET email = NULL WHERE id = 1");
    assert_error(&error, CUVEE_ERROR_NOT_NULL, "23502");
    assert_string_equal(error.fields, "email");
}

static void checks_are_their_own_kind(void **state)
{
    cuvee_error error = refused(state, "INSERT INTO people VALUES (2, 'c@d', 'B', 'C', 17)");
    assert_error(&error, CUVEE_ERROR_CHECK, "23514");
    assert_says(&error, "adult");
}

static void references_must_lead_somewhere(void **state)
{
    cuvee_error error = refused(state, "INSERT INTO orders VALUES (2, 99)");
    assert_error(&error, CUVEE_ERROR_FOREIGN_KEY, "23503");
}

static void what_is_referred_to_stays(void **state)
{
    cuvee_error error = refused(state, "DELETE FROM people WHERE id = 1");
    assert_error(&error, CUVEE_ERROR_FOREIGN_KEY, "23503");
}

static void missing_tables_and_columns_are_of_the_schema(void **state)
{
    cuvee_error error = refused(state, "INSERT INTO persons VALUES (1)");
    assert_error(&error, CUVEE_ERROR_SCHEMA, "42P01");
    assert_says(&error, "persons");
}

static void missing_columns(void **state)
{
    cuvee_error error = refused(state, "SELECT nickname FROM people");
    assert_error(&error, CUVEE_ERROR_SCHEMA, "42703");
    assert_says(&error, "nickname");
}

static void missing_columns_of_an_insert(void **state)
{
    cuvee_error error = refused(state, "INSERT INTO people (nickname) VALUES ('x')");
    assert_error(&error, CUVEE_ERROR_SCHEMA, "42703");
    assert_says(&error, "nickname");
}

static void the_first_error_stays(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = {.kind = CUVEE_ERROR_MEMORY, .message = "first"};
    assert_false(engine->connection->driver->execute(engine->connection, "nonsense", &error));
    assert_int_equal(error.kind, CUVEE_ERROR_MEMORY);
    assert_string_equal(error.message, "first");
    assert_string_equal(error.sqlstate, "");
}

static void no_value_is_in_a_message(void **state)
{
    cuvee_error error = refused(state, "INSERT INTO people VALUES (2, 'a@b', 'Secret', 'Name', 40)");
    assert_null(strstr(error.message, "a@b"));
    assert_null(strstr(error.hint, "a@b"));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ENGINE_TEST(unique_names_its_column),
        ENGINE_TEST(unique_names_all_its_columns),
        ENGINE_TEST(the_key_is_unique),
        ENGINE_TEST(not_null_names_its_column),
        ENGINE_TEST(not_null_in_an_update),
        ENGINE_TEST(checks_are_their_own_kind),
        ENGINE_TEST(references_must_lead_somewhere),
        ENGINE_TEST(what_is_referred_to_stays),
        ENGINE_TEST(missing_tables_and_columns_are_of_the_schema),
        ENGINE_TEST(missing_columns),
        ENGINE_TEST(missing_columns_of_an_insert),
        ENGINE_TEST(the_first_error_stays),
        ENGINE_TEST(no_value_is_in_a_message),
    };
    return ENGINE_MAIN(argc, argv, "errors", tests);
}
