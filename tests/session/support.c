#include "session/support.h"

#include <cuvee/sql.h>
#include <stdio.h>

#include "support/engines.h"

/*
 * The engine that the program was started for, and the servers' databases: made for the program, emptied after each
 * test.
 */
static const char *engine_name = "sqlite";
enum { ACCOUNTS, SALES, PLACES };
static struct engine_place places[PLACES];

static const char *engine_at(int place)
{
    if (world_is("mixed"))
        return place == ACCOUNTS ? "postgres" : "mariadb";
    return world_is("memory") ? "sqlite" : engine_name;
}

static bool on_server(int place)
{
    return strcmp(engine_at(place), "sqlite") != 0;
}

int world_main(int argc, char **argv, const char *group, const struct CMUnitTest *tests, size_t count)
{
    if (argc > 1)
        engine_name = argv[1];
    for (int i = 0; i < PLACES; i++)
        if (!engine_is_there(engine_at(i))) {
            print_message("SKIPPED: no server for %s; run me with tests/support/servers run\n", engine_at(i));
            return 77;
        }
    for (int i = 0; i < PLACES; i++)
        if (on_server(i))
            places[i] = engine_place_make(engine_at(i));
    int result = _cmocka_run_group_tests(group, tests, count, NULL, NULL);
    for (int i = 0; i < PLACES; i++)
        if (on_server(i))
            engine_place_remove(&places[i]);
    return result;
}

bool world_is(const char *engine)
{
    return strcmp(engine_name, engine) == 0;
}

const char *world_engine(const cuvee_base *base)
{
    return engine_at(base == &sales_base ? SALES : ACCOUNTS);
}

void only_on_sqlite(const cuvee_base *base, const char *why)
{
    if (strcmp(world_engine(base), "sqlite") == 0)
        return;
    print_message("skipped on %s: %s\n", world_engine(base), why);
    skip();
}

void skip_in_memory(void)
{
    if (world_is("memory"))
        skip();
}

const char *world_url(const char *name)
{
    static char url[200];
    int place = strcmp(name, "sales") == 0 ? SALES : ACCOUNTS;
    if (world_is("memory"))
        return "sqlite::memory:";
    if (on_server(place))
        return places[place].url;
    snprintf(url, sizeof url, "sqlite:%s.db", name);
    return url;
}

/* ---- the world ---- */

static int64_t standing_now(void *arg)
{
    const struct world *world = arg;
    return world->now_us;
}

static int64_t running_ticks(void *arg)
{
    (void)arg;
    const struct cv_clock *clock = cv_clock_system();
    return clock->ticks_us(clock->arg);
}

static struct world *new_world(void)
{
    struct world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    world->folder = folder_make();
    world->now_us = INT64_C(1706702400123456); /* 2024-01-31T12:00:00.123456Z */
    world->clock = (struct cv_clock){.now_us = standing_now, .ticks_us = running_ticks, .arg = world};
    cv_script_init(&world->accounts_calls);
    cv_script_init(&world->sales_calls);
    return world;
}

static void assert_blend_good(const cuvee_blend *blend)
{
    const cuvee_error *error = cuvee_blend_error(blend);
    if (error->kind)
        fail_msg("%s: %s", cuvee_error_kind_name(error->kind), error->message);
}

static void make_tables(struct world *world)
{
    cv_blend_set_clock(world->blend, &world->clock);
    cuvee_create_tables(world->blend);
    assert_blend_good(world->blend);
}

cuvee_blend *world_blend(const struct world *world, cuvee_bind_options accounts, cuvee_bind_options sales)
{
    cuvee_blend *blend = cuvee_blend_new();
    assert_non_null(blend);
    cuvee_blend_set_folder(blend, world->folder);
    cuvee_blend_bind_with(blend, &accounts_base, world_url("accounts"), &accounts);
    cuvee_blend_bind_with(blend, &sales_base, world_url("sales"), &sales);
    assert_blend_good(blend);
    return blend;
}

int world_open(void **state)
{
    struct world *world = new_world();
    world->blend = world_blend(world, (cuvee_bind_options){.busy_ms = 50}, (cuvee_bind_options){.busy_ms = 50});
    make_tables(world);
    *state = world;
    return 0;
}

static void bind_script(cuvee_blend *blend, const cuvee_base *base, struct cv_script *script)
{
    struct cv_place place = {.url = "scripted:", .script = script};
    cv_blend_bind_place(blend, base, &cv_scripted_driver, &place);
}

int world_open_scripted(void **state)
{
    struct world *world = new_world();
    world->blend = cuvee_blend_new();
    bind_script(world->blend, &accounts_base, &world->accounts_calls);
    bind_script(world->blend, &sales_base, &world->sales_calls);
    make_tables(world);
    calls_clear(world);
    *state = world;
    return 0;
}

int world_close(void **state)
{
    struct world *world = *state;
    cuvee_blend_free(world->blend);
    cv_script_free(&world->accounts_calls);
    cv_script_free(&world->sales_calls);
    folder_remove(world->folder);
    free(world);
    for (int i = 0; i < PLACES; i++)
        if (on_server(i))
            engine_place_clear(&places[i]);
    return 0;
}

/* ---- sessions ---- */

cuvee_session *session_on(const struct world *world)
{
    cuvee_session *session = cuvee_session_open(world->blend);
    assert_non_null(session);
    assert_good(session);
    return session;
}

void commit_and_close(cuvee_session *session)
{
    cuvee_outcome outcome = cuvee_commit(session);
    assert_good(session);
    assert_int_equal(outcome, CUVEE_COMMITTED);
    cuvee_session_close(session);
}

void assert_good(const cuvee_session *session)
{
    const cuvee_error *error = cuvee_session_error(session);
    if (error->kind)
        fail_msg("%s %s in %s: %s", cuvee_error_kind_name(error->kind), error->sqlstate, error->database,
                 error->message);
}

void assert_error(const cuvee_error *error, cuvee_error_kind kind, const char *words)
{
    if (error->kind != kind)
        fail_msg("%s expected, but %s: %s", cuvee_error_kind_name(kind), cuvee_error_kind_name(error->kind),
                 error->message);
    if (!strstr(error->message, words) && !strstr(error->hint, words))
        fail_msg("\"%s\" expected in: %s | %s", words, error->message, error->hint);
}

void assert_failed(const cuvee_session *session, cuvee_error_kind kind, const char *words)
{
    assert_error(cuvee_session_error(session), kind, words);
}

void assert_dead(cuvee_session *session, const User *object)
{
    const cuvee_value key[] = {CUVEE_VALUE(1)};
    const User row = {.name = "john", .email = "john@example.com"};
    assert_null(cuvee_add(session, &user_model, &row));
    assert_false(cuvee_add_all(session, &user_model, &row, 1));
    assert_null(cuvee_upsert(session, &user_model, &row, "email", "name"));
    assert_null(cuvee_get_by_key(session, &user_model, key, 1));
    assert_null(cuvee_get_locked_by_key(session, &user_model, key, 1));
    assert_null(cuvee_edit(session, object));
    assert_false(cuvee_delete(session, object));
    assert_false(cuvee_refresh(session, object));
    assert_false(cuvee_expunge(session, object));
    assert_null(cuvee_add_related(session, object, "orders", &(Order){.item = "Lamp"}));
    assert_false(cuvee_flush(session));
    assert_null(cuvee_savepoint_set(session));
    assert_false(cuvee_savepoint_release(session, NULL));
    assert_null(cuvee_select(session, &user_model));
    assert_false(cuvee_load(session, &user_model, (cuvee_list){NULL, 0}, "orders"));
    assert_false(cuvee_load_one(session, object, "orders"));
    assert_int_equal(cuvee_related(session, object, "orders").count, 0);
    assert_null(cuvee_related_one(session, object, "profile"));
    assert_null(cuvee_sql_rows(session, &accounts_base, "SELECT 1", NULL, 0));
    assert_int_equal(cuvee_sql_objects(session, &user_model, "SELECT * FROM users", NULL, 0).count, 0);
    assert_int_equal(cuvee_sql_execute(session, &accounts_base, "DELETE FROM users", NULL, 0), -1);
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
}

/* ---- rows ---- */

const User *add_user(cuvee_session *session, const char *name)
{
    char email[100];
    snprintf(email, sizeof email, "%s@example.com", name);
    const User *user = cuvee_add(session, &user_model, &(User){.name = name, .email = email});
    assert_good(session);
    assert_non_null(user);
    return user;
}

const Order *add_order(cuvee_session *session, int64_t user_id, const char *item)
{
    const Order *order =
        cuvee_add(session, &order_model, &(Order){.user_id = user_id, .item = item, .quantity = 1, .version = 1});
    assert_good(session);
    assert_non_null(order);
    return order;
}

int64_t insert_user(const struct world *world, const char *name)
{
    cuvee_session *session = session_on(world);
    const User *user = add_user(session, name);
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    int64_t id = user->id;
    cuvee_session_close(session);
    return id;
}

int64_t insert_order(const struct world *world, int64_t user_id, const char *item)
{
    cuvee_session *session = session_on(world);
    const Order *order = add_order(session, user_id, item);
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    int64_t id = order->id;
    cuvee_session_close(session);
    return id;
}

int64_t rows_of(const struct world *world, const cuvee_model *model)
{
    cuvee_session *session = session_on(world);
    int64_t count = cuvee_count(cuvee_select(session, model));
    assert_good(session);
    cuvee_session_close(session);
    return count;
}

int64_t someone_else(const struct world *world, const cuvee_base *base, const char *sql)
{
    cuvee_session *session = session_on(world);
    int64_t changes = cuvee_sql_execute(session, base, sql, NULL, 0);
    commit_and_close(session);
    return changes;
}

void change_tables(const struct world *world, const cuvee_base *base, const char *sql)
{
    int place = base == &sales_base ? SALES : ACCOUNTS;
    if (on_server(place))
        engine_place_run(&places[place], sql);
    else
        someone_else(world, base, sql);
}

const char *quoted(const cuvee_base *base, const char *sql)
{
    static char text[2000];
    snprintf(text, sizeof text, "%s", sql);
    for (char *c = text; strcmp(world_engine(base), "mariadb") == 0 && (c = strchr(c, '"'));)
        *c = '`';
    return text;
}

const char *kept(const cuvee_base *base, const char *decimal)
{
    static char texts[4][100];
    static int next;
    char *text = texts[next++ % 4];
    snprintf(text, sizeof texts[0], "%s", decimal);
    char *end = text + strlen(text);
    if (strcmp(world_engine(base), "mariadb") != 0 || !strchr(text, '.'))
        return text;
    while (end[-1] == '0')
        *--end = '\0';
    if (end[-1] == '.')
        end[-1] = '\0';
    return text;
}

/* A sum of integers is a decimal on servers. */
static int64_t integer_of(const cuvee_value *value)
{
    if (value->kind == CUVEE_DECIMAL)
        return strtoll(value->as.text.data, NULL, 10);
    assert_int_equal(value->kind, CUVEE_INT64);
    return value->as.integer;
}

int64_t ask(const struct world *world, const cuvee_base *base, const char *sql)
{
    cuvee_session *session = session_on(world);
    cuvee_rows *rows = cuvee_sql_rows(session, base, sql, NULL, 0);
    const cuvee_value *values = cuvee_next_values(rows);
    assert_good(session);
    assert_non_null(values);
    int64_t answer = integer_of(&values[0]);
    cuvee_rows_close(rows);
    cuvee_session_close(session);
    return answer;
}

/* ---- what was asked of the databases ---- */

static void clear(struct cv_script *script)
{
    pthread_mutex_lock(&script->lock);
    cv_buffer_clear(&script->record);
    pthread_mutex_unlock(&script->lock);
}

void calls_clear(struct world *world)
{
    clear(&world->accounts_calls);
    clear(&world->sales_calls);
}

char *calls_of(struct cv_script *script)
{
    const char *all = cv_script_text(script);
    char *calls = calloc(1, strlen(all) + 1);
    assert_non_null(calls);
    for (const char *line = all; *line;) {
        size_t size = strcspn(line, "\n") + 1;
        if (strncmp(line, "prepare ", 8) != 0 && strncmp(line, "next\n", 5) != 0)
            strncat(calls, line, size);
        line += size;
    }
    return calls;
}

void assert_calls(struct cv_script *script, const char *expected)
{
    char *calls = calls_of(script);
    assert_string_equal(calls, expected);
    free(calls);
}
