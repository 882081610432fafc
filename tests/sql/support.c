#include "sql/support.h"

#include <stdio.h>

/* ---- models ---- */

typedef struct Town {
    const char *code;
    const char *name;
    int32_t people;
} Town;

static const cuvee_field town_fields[] = {
    CUVEE_FIELD(Town, code, .key = true, .max_length = 3),
    CUVEE_FIELD(Town, name),
    CUVEE_FIELD(Town, people),
};
const cuvee_model town_model = CUVEE_MODEL(Town, "towns", town_fields);

typedef struct Person {
    int64_t id;
    const char *name;
    cuvee_opt_text nick;
    cuvee_opt_int32 age;
    cuvee_opt_text town;
    cuvee_decimal wage;
    bool active;
} Person;

static const cuvee_field person_fields[] = {
    CUVEE_FIELD(Person, id, .key = true),
    CUVEE_FIELD(Person, name, .unique = true, .max_length = 40),
    CUVEE_FIELD(Person, nick, .column = "nick_name"),
    CUVEE_FIELD(Person, age, .index = true),
    CUVEE_FIELD(Person, town, .refers = &town_model),
    CUVEE_FIELD(Person, wage),
    CUVEE_FIELD(Person, active, .index = true),
};
const cuvee_model person_model = CUVEE_MODEL(Person, "people", person_fields, .unique = "nick, age; town, wage");

typedef struct Pair {
    int64_t left;
    cuvee_uuid right;
} Pair;

static const cuvee_field pair_fields[] = {
    CUVEE_FIELD(Pair, left, .key = true),
    CUVEE_FIELD(Pair, right, .key = true),
};
const cuvee_model pair_model = CUVEE_MODEL(Pair, "pairs", pair_fields);

typedef struct Note {
    int64_t id;
    cuvee_uuid pair_right;
    int64_t pair_left;
    int64_t earlier_left;
    cuvee_uuid earlier_right;
    int32_t version;
    const char *body;
} Note;

static const cuvee_field note_fields[] = {
    CUVEE_FIELD(Note, id, .key = true),
    CUVEE_FIELD(Note, pair_left, .refers = &pair_model),
    CUVEE_FIELD(Note, pair_right, .refers = &pair_model),
    CUVEE_FIELD(Note, earlier_left, .refers = &pair_model),
    CUVEE_FIELD(Note, earlier_right, .refers = &pair_model),
    CUVEE_FIELD(Note, version, .version = true),
    CUVEE_FIELD(Note, body),
};
const cuvee_model note_model = CUVEE_MODEL(Note, "notes", note_fields);

typedef struct Odd {
    int64_t order;
    const char *quote;
} Odd;

static const cuvee_field odd_fields[] = {
    CUVEE_FIELD(Odd, order, .key = true, .by_caller = true),
    CUVEE_FIELD(Odd, quote, .column = "a\"b`c'd; --", .index = true),
};
const cuvee_model odd_model = CUVEE_MODEL(Odd, "select \"`", odd_fields);

typedef struct Paper {
    int64_t id;
    cuvee_json body;
    cuvee_opt_text country;
} Paper;

static const cuvee_field paper_fields[] = {
    CUVEE_FIELD(Paper, id, .key = true),
    CUVEE_FIELD(Paper, body),
    CUVEE_FIELD(Paper, country, .refers = &town_model),
};
const cuvee_model paper_model = CUVEE_MODEL(Paper, "papers", paper_fields);

typedef struct Ticket {
    int64_t id;
} Ticket;
static const cuvee_field ticket_fields[] = {CUVEE_FIELD(Ticket, id, .key = true)};
const cuvee_model ticket_model = CUVEE_MODEL(Ticket, "tickets", ticket_fields);

enum { MODELS = 16 }; /* more than a program of these tests asks for */
static struct cv_plan *plans[MODELS];

const struct cv_plan *plan_of(const cuvee_model *model)
{
    size_t i = 0;
    for (; i < MODELS && plans[i]; i++)
        if (plans[i]->model == model)
            return plans[i];
    assert_true(i < MODELS);
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    plans[i] = cv_plan_make(model, &error);
    if (!plans[i])
        fail_msg("%s", error.message);
    return plans[i];
}

/* ---- dialects ---- */

static void made_up_type(struct cv_buffer *sql, const struct cv_column_need *need)
{
    cv_buffer_format(sql, "K%d", (int)need->kind);
    if (need->auto_key)
        cv_buffer_put(sql, " AUTO");
    if (need->max_length)
        cv_buffer_format(sql, " MAX %u", (unsigned)need->max_length);
    if (need->indexed)
        cv_buffer_put(sql, " INDEXED");
}

static void made_up_like(struct cv_buffer *sql, const char *column, const char *parameter, bool fold)
{
    cv_buffer_format(sql, "%s %s %s", column, fold ? "ILIKE" : "LIKE", parameter);
}

static void made_up_aggregate(struct cv_buffer *sql, cuvee_aggregate aggregate, const char *column, cuvee_kind kind)
{
    cv_buffer_format(sql, "A%d(%s AS K%d)", (int)aggregate, column, (int)kind);
}

static bool holds_all(const struct cv_column *column, cuvee_kind kind)
{
    return column->kind == kind;
}

const struct cv_dialect numbered_dialect = {
    .name = "numbered",
    .quote = '"',
    .numbered = true,
    .id_by_returning = true,
    .nulls_order = true,
    .max_params = 65535,
    .json_before = "J(",
    .json_behind = ")",
    .max_name = 40,
    .no_values = " DEFAULT VALUES",
    .type = made_up_type,
    .table_suffix = "",
    .like = made_up_like,
    .holds = holds_all,
    .aggregate = made_up_aggregate,
    .row_lock = " FOR UPDATE",
};

const struct cv_dialect ticked_dialect = {
    .name = "ticked",
    .quote = '`',
    .nulls_first = true,
    .on_duplicate_key = true,
    .limit_inside = true,
    .max_params = 65535,
    .no_values = " () VALUES ()",
    .type = made_up_type,
    .table_suffix = " ENGINE=InnoDB",
    .like = made_up_like,
    .holds = holds_all,
    .aggregate = made_up_aggregate,
    .row_lock = " FOR UPDATE",
};

/* ---- texts ---- */

enum { MOST_TEXTS = 65536 };
static char *texts[MOST_TEXTS];
static size_t text_count;
static const char *params_of_last, *columns_of_last;

static const char *keep(const char *text, size_t size)
{
    assert_true(text_count < MOST_TEXTS);
    char *copy = malloc(size + 1);
    assert_non_null(copy);
    memcpy(copy, text, size);
    copy[size] = '\0';
    texts[text_count++] = copy;
    return copy;
}

int free_plans(void **state)
{
    (void)state;
    for (size_t i = 0; i < MODELS; i++)
        cv_plan_free(plans[i]);
    memset(plans, 0, sizeof plans);
    while (text_count > 0)
        free(texts[--text_count]);
    return 0;
}

static const char *letters(const uint8_t *kinds, size_t count)
{
    static const char names[] = "0bildtTDnuxj";
    char text[256];
    assert_true(count < sizeof text);
    for (size_t i = 0; i < count; i++)
        text[i] = names[kinds[i]];
    return keep(text, count);
}

/* The finished text; what it needs is kept for last_params and last_columns. */
static const char *finish(struct cv_sql *sql)
{
    struct cv_statement_text text;
    assert_true(cv_sql_finish(sql, &text));
    params_of_last = letters(text.params, text.param_count < 255 ? text.param_count : 255);
    columns_of_last = letters(text.columns, text.column_count);
    const char *kept = keep(text.sql, strlen(text.sql));
    cv_sql_free(sql);
    return kept;
}

const char *last_params(void)
{
    return params_of_last;
}

const char *last_columns(void)
{
    return columns_of_last;
}

const char *select_text(const struct cv_dialect *dialect, const struct cv_select *select)
{
    struct cv_sql sql;
    cv_sql_init(&sql, dialect);
    cv_select_text(select, &sql);
    return finish(&sql);
}

const char *change_text(const struct cv_dialect *dialect, const struct cv_change *change)
{
    struct cv_sql sql;
    cv_sql_init(&sql, dialect);
    cv_change_text(change, &sql);
    return finish(&sql);
}

const char *upsert_text(const struct cv_dialect *dialect, const struct cv_upsert *upsert)
{
    struct cv_sql sql;
    cv_sql_init(&sql, dialect);
    cv_upsert_text(upsert, &sql);
    return finish(&sql);
}

const char *mass_text(const struct cv_dialect *dialect, const struct cv_mass *mass)
{
    struct cv_sql sql;
    cv_sql_init(&sql, dialect);
    cv_mass_text(mass, &sql);
    return finish(&sql);
}

const char *raw_text(const struct cv_dialect *dialect, const char *text, const cuvee_value *values, size_t count)
{
    struct cv_sql sql;
    cv_sql_init(&sql, dialect);
    cv_raw_text(text, values, count, &sql);
    return finish(&sql);
}

/* Parameters as text. */
static const char *values_text(struct cv_buffer *params)
{
    struct cv_buffer text;
    cv_buffer_init(&text, 0);
    const cuvee_value *values = (const cuvee_value *)(const void *)params->data;
    for (size_t i = 0; i < params->size / sizeof *values; i++) {
        cv_buffer_put(&text, i > 0 ? " " : "");
        if (!values[i].kind)
            cv_buffer_put(&text, "NULL");
        else if (values[i].kind == CUVEE_TEXT)
            cv_buffer_bytes(&text, values[i].as.text.data, values[i].as.text.size);
        else
            cv_buffer_int(&text, values[i].kind == CUVEE_BOOL ? values[i].as.boolean : values[i].as.integer);
    }
    const char *written = cv_buffer_text(&text);
    assert_non_null(written);
    const char *kept = keep(written, text.size);
    cv_buffer_free(&text);
    cv_buffer_free(params);
    return kept;
}

const char *select_values(const struct cv_select *select)
{
    struct cv_buffer params;
    cv_buffer_init(&params, 0);
    cv_select_params(select, &params);
    return values_text(&params);
}

const char *mass_values(const struct cv_mass *mass)
{
    struct cv_buffer params;
    cv_buffer_init(&params, 0);
    cv_mass_params(mass, &params);
    return values_text(&params);
}

/* ---- filters ---- */

struct cv_field_set field_set(const size_t *fields, size_t count)
{
    struct cv_field_set set = {{0}};
    for (size_t i = 0; i < count; i++)
        cv_fields_add(&set, fields[i]);
    return set;
}

cuvee_expr compares(cv_ref ref, cuvee_comparison comparison, const cuvee_value *value)
{
    return (cuvee_expr){
        .kind = CV_EXPR_COMPARE, .comparison = comparison, .ref = ref, .values = value, .value_count = 1};
}

cuvee_expr joins(enum cv_expr_kind kind, const cuvee_expr *left, const cuvee_expr *right)
{
    return (cuvee_expr){.kind = kind, .left = left, .right = right};
}
