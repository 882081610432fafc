/* Columns of others' tables that would round, cut or fill up what they are given, without a word. */
#include <stdio.h>

#include "support/check.h"
#include "support/engines.h"

#include <cuvee/cuvee.h>

typedef struct Sheet {
    int64_t id;
    double ratio;
    cuvee_decimal amount;
    cuvee_decimal cost;
    cuvee_time at;
    const char *code;
    const char *title;
    const char *body;
    cuvee_blob bytes;
} Sheet;
static const cuvee_field sheet_fields[] = {
    CUVEE_FIELD(Sheet, id, .key = true, .by_caller = true),
    CUVEE_FIELD(Sheet, ratio),
    CUVEE_FIELD(Sheet, amount),
    CUVEE_FIELD(Sheet, cost, .places = 2),
    CUVEE_FIELD(Sheet, at),
    CUVEE_FIELD(Sheet, code, .min_length = 2, .max_length = 2),
    CUVEE_FIELD(Sheet, title, .max_length = 20),
    CUVEE_FIELD(Sheet, body),
    CUVEE_FIELD(Sheet, bytes),
};
static const cuvee_model sheet_model = CUVEE_MODEL(Sheet, "sheets", sheet_fields);
static const cuvee_base base = CUVEE_BASE("sheets", &sheet_model);

/* A column of the table with another type. NULL words: it will do. */
struct column_case {
    const char *column, *type, *words;
};

static const char *engine_name = "sqlite";

static int open_place(void **state)
{
    struct engine_place *place = calloc(1, sizeof *place);
    assert_non_null(place);
    *place = engine_place_make(engine_name);
    *state = place;
    return 0;
}

static int close_place(void **state)
{
    struct engine_place *place = *state;
    engine_place_remove(place);
    free(place);
    return 0;
}

static cuvee_blend *bind(const struct engine_place *place, bool read_only)
{
    cuvee_blend *blend = cuvee_blend_new();
    assert_true(cuvee_blend_bind(blend, &base, place->url, .read_only = read_only));
    return blend;
}

/* Makes the model's table anew, then changes the type of one column. */
static void make_table(const struct engine_place *place, const struct column_case *other)
{
    static const char *const alter[2] = {"ALTER TABLE sheets MODIFY %s %s NOT NULL",
                                         "ALTER TABLE sheets ALTER COLUMN %s TYPE %s"};
    char sql[200];
    engine_place_run(place, "DROP TABLE IF EXISTS sheets");
    cuvee_blend *blend = bind(place, false);
    if (!cuvee_create_tables(blend))
        fail_msg("%s", cuvee_blend_error(blend)->message);
    cuvee_blend_free(blend);
    snprintf(sql, sizeof sql, alter[strcmp(place->engine, "postgres") == 0], other->column, other->type);
    engine_place_run(place, sql);
}

static void assert_told(const struct engine_place *place, const struct column_case *other)
{
    make_table(place, other);
    cuvee_blend *blend = bind(place, false), *reading = bind(place, true);
    const cuvee_error *error = cuvee_blend_error(blend);
    if (cuvee_create_tables(blend) != !other->words)
        fail_msg("%s %s: %s", other->column, other->type, error->message);
    if (other->words) {
        assert_int_equal(error->kind, CUVEE_ERROR_SCHEMA);
        assert_string_equal(error->model, "Sheet");
        assert_string_equal(error->fields, other->column);
        assert_non_null(strstr(error->message, "of model Sheet"));
        assert_true(error->hint[0]);
        if (!strstr(error->message, other->words))
            fail_msg("\"%s\" expected in: %s", other->words, error->message);
    }
    assert_true(cuvee_create_tables(reading)); /* what is only read loses nothing */
    cuvee_blend_free(blend);
    cuvee_blend_free(reading);
}

static void columns_that_lose_are_told(void **state)
{
    static const struct column_case postgres[] = {
        {"ratio", "real", "rounds numbers"},
        {"ratio", "double precision", NULL},
        {"amount", "numeric(10,2)", "rounds what has more digits (numeric(10,2))"},
        {"amount", "numeric", NULL},
        {"amount", "price", "rounds what has more digits"},
        {"cost", "numeric(10,2)", NULL},
        {"cost", "numeric(10,3)", NULL},
        {"cost", "numeric", NULL},
        {"cost", "price", NULL},
        {"cost", "numeric(10,1)", "rounds what has more digits (numeric(10,1))"},
        {"cost", "numeric(10)", "rounds what has more digits"},
        {"at", "timestamp(0)", "rounds times"},
        {"at", "timestamptz(3)", "rounds times"},
        {"at", "timestamp", NULL},
        {"at", "timestamptz(6)", NULL},
        {"code", "char(2)", NULL},
        {"code", "char(3)", "with spaces"},
        {"title", "varchar(19)", "shorter"},
        {"title", "varchar(20)", NULL},
        {"title", "short", "shorter"},
        {"title", "char(20)", "with spaces"},
        {"title", "name", "after 63 bytes"},
        {"body", "varchar(10)", NULL}, /* what is longer is an error when it is written */
    };
    static const struct column_case mariadb[] = {
        {"ratio", "FLOAT", "rounds numbers (float)"},
        {"ratio", "DOUBLE(10,2)", "rounds numbers"},
        {"ratio", "DOUBLE", NULL},
        {"amount", "DECIMAL(10,2)", "rounds what has more digits (decimal(10,2))"},
        {"amount", "DECIMAL(20)", "rounds what has more digits"},
        {"cost", "DECIMAL(10,2)", NULL},
        {"cost", "DECIMAL(10,3)", NULL},
        {"cost", "DECIMAL(10,1)", "rounds what has more digits (decimal(10,1))"},
        {"cost", "DECIMAL(20)", "rounds what has more digits"},
        {"at", "DATETIME", "fractions of seconds (datetime)"},
        {"at", "TIMESTAMP(3)", "fractions of seconds"},
        {"at", "DATETIME(6)", NULL},
        {"code", "CHAR(2)", NULL},
        {"code", "CHAR(3)", "takes spaces"},
        {"title", "VARCHAR(19)", "shorter"},
        {"title", "VARCHAR(20)", NULL},
        {"title", "CHAR(20)", "takes spaces"},
        {"title", "SET('a','b')", "another order"},
        {"title", "ENUM('a','b')", NULL}, /* what is none of them is an error when it is written */
        {"body", "TINYTEXT", NULL},
        {"bytes", "BINARY(16)", "with zeros"},
        {"bytes", "VARBINARY(16)", NULL},
    };
    const struct engine_place *place = *state;
    bool is_postgres = strcmp(engine_name, "postgres") == 0;
    if (is_postgres)
        engine_place_run(place, "CREATE DOMAIN price AS numeric(10,2); CREATE DOMAIN short AS varchar(5)");
    const struct column_case *cases = is_postgres ? postgres : mariadb;
    size_t count = is_postgres ? sizeof postgres / sizeof postgres[0] : sizeof mariadb / sizeof mariadb[0];
    for (size_t i = 0; i < count; i++)
        assert_told(place, &cases[i]);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(columns_that_lose_are_told, open_place, close_place),
    };
    if (argc > 1)
        engine_name = argv[1];
    return engine_is_there(engine_name) ? cmocka_run_group_tests_name("lossy", tests, NULL, NULL) : 77;
}
