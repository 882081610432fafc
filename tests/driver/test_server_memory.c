/*
 * Every allocation of the servers' drivers fails in turn: an error, nothing lost, nothing leaked, nothing said that is
 * not so.
 */
#include "driver/attempts.h"

#include "support/alloc_fault.h"

enum { MANY = 300, BATCH = 5 };

static bool fill_row(void *arg, size_t i, cuvee_value *params)
{
    const int64_t *first = arg;
    params[0] = cuvee_int_value(*first + (int64_t)i);
    params[1] = cuvee_text_value("a text that is long enough to need room of its own");
    return true;
}

static const uint8_t kinds[] = {CUVEE_INT64, CUVEE_TEXT};

static bool write_rows(struct cv_connection *connection, cuvee_error *error)
{
    static const char *const columns[] = {"id", "v"};
    int64_t first = 1, next = 100;
    const char *sql = connection->driver->dialect->numbered ? "INSERT INTO t (id, v) VALUES ($1, $2)"
                                                            : "INSERT INTO t (id, v) VALUES (?, ?)";
    struct cv_batch batch = {.count = BATCH, .row = fill_row, .arg = &first};
    struct cv_bulk bulk = {.table = "t", .columns = columns, .kinds = kinds, .column_count = 2};
    bulk.rows = (struct cv_batch){.count = MANY, .row = fill_row, .arg = &next};
    struct cv_statement *insert = try_statement(connection, sql, false, false, error);
    bool good = insert && connection->driver->run_many(insert, &batch, error);
    if (insert)
        cv_statement_give_back(insert, NULL);
    return good && connection->driver->insert_many(connection, &bulk, error);
}

struct life {
    enum cv_committed committed;
    bool done;
    cuvee_error error;
};

static void live_with(struct cv_connection *connection, struct life *life)
{
    size_t rows = 0;
    cuvee_error *error = &life->error;
    const struct cv_driver *driver = connection->driver;
    bool good = driver->begin(connection, CV_BEGIN_WRITE, error) && write_rows(connection, error) &&
                driver->vote(connection, error);
    if (good)
        life->committed = driver->commit(connection, error);
    else if (connection->in_transaction)
        driver->rollback(connection);
    good = good && life->committed == CV_COMMITTED && try_describe(connection, error);
    for (int raw = 0; good && raw < 2; raw++) {
        /* another statement in the middle makes its rows be set aside */
        good = try_read(connection, raw ? "SELECT id, v FROM t" : "SELECT id, v FROM t ORDER BY id", raw, true, &rows,
                        error);
        if (good)
            assert_int_equal(rows, MANY + BATCH);
    }
    if (connection->marked && !connection->lost)
        driver->reset(connection);
    life->done = good && !connection->lost;
}

static struct life live(const struct cv_place *place)
{
    struct life life = {.committed = CV_NOT_COMMITTED};
    const struct cv_driver *driver = cv_driver_for(place->url);
    struct cv_database *database = driver->open_database(place, &life.error);
    struct cv_connection *connection = database ? driver->connect(database, &life.error) : NULL;
    if (connection) {
        live_with(connection, &life);
        driver->disconnect(connection);
    }
    if (database)
        driver->close_database(database);
    return life;
}

static void each_allocation_may_fail(void **state)
{
    struct engine *engine = *state;
    struct cv_place place = {.url = engine->place.url};
    make(engine->connection, "CREATE TABLE t (id %l PRIMARY KEY, v %t)%;");
    for (int only = 0; only < 2; only++) {
        bool happened = true;
        for (size_t n = 1; happened; n++) {
            if (only)
                alloc_fault_once(n);
            else
                alloc_fault_at(n);
            struct life life = live(&place);
            happened = alloc_fault_end();
            if (!happened && !life.done)
                fail_msg("allocation %zu: %s", n, life.error.message);
            if (!life.done && life.error.kind && life.error.kind != CUVEE_ERROR_MEMORY)
                fail_msg("allocation %zu: %s", n, life.error.message);
            assert_int_equal(ask(engine->other, "SELECT count(*) FROM t"),
                             life.committed == CV_COMMITTED ? MANY + BATCH : 0);
            run(engine->other, "DELETE FROM t");
        }
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {ENGINE_TEST(each_allocation_may_fail)};
    return ENGINE_MAIN(argc, argv, "memory of servers' drivers", tests);
}
