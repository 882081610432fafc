/*
 * Units of work at random, on a session and on a model of it in C: what the databases hold, what each object looks
 * like, and which row is which object are compared all the time. CUVEE_LONG=1 makes them many more; a failure says its
 * seed and step.
 */
#include <cuvee/sql.h>

#include "session/unit.h"
#include "support/alloc_fault.h"

enum { MEMORY_SEEDS = 20, SEEDS = 3, LONGER = 15, STEPS = 1000 };

static struct row random_row(struct unit *unit, int kind)
{
    const struct image *now = &unit->now;
    int64_t user = now->counts[A_USER] > 0 && unit_throw(unit, 8)
                       ? now->rows[A_USER][unit_throw(unit, now->counts[A_USER])].cells[0]
                       : (int64_t)unit_throw(unit, 40) + 1;
    int64_t some = (int64_t)unit_throw(unit, 6);
    switch (kind) {
    case A_USER:
        return (struct row){{0, some, (int64_t)unit_throw(unit, TEXTS), unit_throw(unit, 3) ? some + 20 : NO_CELL}};
    case AN_ORDER: return (struct row){{0, user, some + 1, 1}};
    default: return (struct row){{(int64_t)unit_throw(unit, 4), some, (int64_t)unit_throw(unit, 10)}};
    }
}

static void get(struct unit *unit, int kind)
{
    struct row key = random_row(unit, kind);
    size_t any = unit->count > 0 ? unit_throw(unit, unit->count) : 0;
    if (unit->count > 0 && unit->things[any].kind == kind && unit_throw(unit, 2)) /* maybe one that is gone */
        key = unit->things[any].written;
    else if (unit->now.counts[kind] > 0)
        key = unit->now.rows[kind][unit_throw(unit, unit->now.counts[kind])];
    bool locked = unit_throw(unit, 3) == 0, doomed = false;
    for (size_t i = 0; i < unit->count; i++)
        doomed |= unit->things[i].kind == kind && unit->things[i].state == DELETED &&
                  rows_have_same_key(kind, &unit->things[i].written, &key);
    const cuvee_value values[] = {row_value(kind, &key, 0), row_value(kind, &key, 1)};
    const void *object = (locked ? cuvee_get_locked_by_key : cuvee_get_by_key)(unit->session, kinds[kind].model, values,
                                                                               kinds[kind].keys);
    if (!unit_flush(unit, true))
        return;
    if (object)
        unit_meet(unit, kind, object, locked);
    else
        assert_true(doomed || !image_find(&unit->now, kind, &key));
}

static void get_all(struct unit *unit, int kind)
{
    cuvee_list list = cuvee_all(cuvee_select(unit->session, kinds[kind].model));
    if (!unit_flush(unit, true))
        return;
    assert_int_equal(list.count, unit->now.counts[kind]);
    for (size_t i = 0; i < list.count; i++)
        unit_meet(unit, kind, list.items[i], false);
}

/* ---- what is done ---- */

static struct thing *some_thing(struct unit *unit, int kind)
{
    for (size_t tries = 0; unit->count > 0 && tries < 20; tries++) {
        struct thing *thing = &unit->things[unit_throw(unit, unit->count)];
        if (thing->kind == kind && (thing->state == NEW || thing->state == STORED))
            return thing;
    }
    return NULL;
}

static void add(struct unit *unit, int kind)
{
    if (unit->now.counts[kind] > MOST_ROWS / 2)
        return;
    struct row row = random_row(unit, kind);
    union any_row any = row_struct(kind, &row);
    const void *object = cuvee_add(unit->session, kinds[kind].model, &any);
    if (!object) {
        unit_recover(unit, false);
        return;
    }
    struct thing *thing = unit_add_thing(unit, kind, object, NEW);
    thing->born = thing->changed = true;
}

static void begin_change(struct thing *thing)
{
    if (!thing_is_edited(thing) && (thing->doubted || thing->stale)) /* what it looks like is what is compared with */
        thing->now = thing->written = row_of(thing->kind, thing->object);
    if (!thing->changed)
        thing->original = thing->written;
    thing->changed = true;
}

static void edit(struct unit *unit, int kind)
{
    struct thing *thing = some_thing(unit, kind);
    if (!thing)
        return;
    void *object = cuvee_edit(unit->session, thing->object);
    if (!object) {
        unit_recover(unit, false);
        return;
    }
    if (thing->state == STORED)
        begin_change(thing);
    struct row row = random_row(unit, kind);
    for (size_t c = kinds[kind].keys; c < kinds[kind].cells; c++)
        if (c != kinds[kind].version && unit_throw(unit, 2))
            thing->now.cells[c] = row.cells[c];
    union any_row any = row_struct(kind, &thing->now);
    memcpy(object, &any, kinds[kind].model->struct_size);
}

static void delete (struct unit *unit, int kind)
{
    struct thing *thing = some_thing(unit, kind);
    if (!thing)
        return;
    if (!cuvee_delete(unit->session, thing->object)) {
        unit_recover(unit, false);
        return;
    }
    if (thing->state == STORED)
        begin_change(thing);
    thing->state = thing->state == NEW ? GONE : DELETED;
    thing->now = thing->written;
}

static void expunge(struct unit *unit, int kind)
{
    struct thing *thing = some_thing(unit, kind);
    if (!thing || unit_throw(unit, 4))
        return;
    assert_true(cuvee_expunge(unit->session, thing->object));
    thing->state = OUT;
}

static void refresh(struct unit *unit, int kind)
{
    if (!unit_flush(unit, false))
        return;
    struct thing *thing = some_thing(unit, kind);
    if (!thing)
        return;
    bool there = image_find(&unit->now, kind, &thing->written) != NULL;
    bool good = cuvee_refresh(unit->session, thing->object);
    assert_true(good ? there : !there || unit->faulty);
    if (good)
        unit_meet(unit, kind, thing->object, true);
    else
        unit_recover(unit, true);
}

/* Sets one field, or deletes, where it has a value. */
static void change_many(struct unit *unit, int kind)
{
    struct row from = random_row(unit, kind), to = random_row(unit, kind);
    const struct kind *of = &kinds[kind];
    bool deletes = unit_throw(unit, 3) == 0 && kind != A_USER; /* that would leave orders behind */
    if (!unit_flush(unit, false))
        return;
    cuvee_query *query = cuvee_select(unit->session, of->model);
    cuvee_where(query, cuvee_compare(query, of->field, CUVEE_EQ, row_value(kind, &from, of->set)));
    int64_t changes = deletes ? cuvee_delete_where(query)
                              : cuvee_update_where(query, &(cuvee_set){of->field, row_value(kind, &to, of->set)}, 1);
    if (changes < 0) {
        unit_recover(unit, true);
        return;
    }
    unit->past_objects[kind] = true;
    for (size_t i = 0; i < unit->count; i++)
        unit->things[i].doubted |= unit->things[i].kind == kind;
    for (size_t i = unit->now.counts[kind]; i-- > 0;) {
        struct row *row = &unit->now.rows[kind][i];
        if (row->cells[of->set] != from.cells[of->set])
            continue;
        changes--;
        if (of->version)
            row->cells[of->version]++;
        row->cells[of->set] = to.cells[of->set];
        if (deletes)
            image_remove(&unit->now, kind, row);
    }
    assert_int_equal(changes, 0);
}

static void run_sql(struct unit *unit, int kind)
{
    if (kind != A_STOCK || !unit_flush(unit, false))
        return;
    if (cuvee_sql_execute(unit->session, &sales_base, "UPDATE stock SET count = count + 1", NULL, 0) < 0) {
        unit_recover(unit, false);
        return;
    }
    unit->past_objects[kind] = true;
    for (size_t i = 0; i < unit->count; i++)
        unit->things[i].stale |= unit->things[i].kind == kind;
    for (size_t i = 0; i < unit->now.counts[kind]; i++)
        unit->now.rows[kind][i].cells[2]++;
}

static void upsert(struct unit *unit, int kind)
{
    struct row row = random_row(unit, kind);
    union any_row any = row_struct(kind, &row);
    if (kind != A_STOCK || !unit_flush(unit, false))
        return;
    const void *object = cuvee_upsert(unit->session, &stock_model, &any, "warehouse, sku", "count");
    unit->past_objects[kind] = true;
    if (!object) {
        unit_recover(unit, true);
        return;
    }
    struct row *there = image_find(&unit->now, kind, &row);
    if (there)
        *there = row;
    else
        image_add(&unit->now, kind, &row);
    unit_meet(unit, kind, object, true);
}

static void set_savepoint(struct unit *unit, int kind)
{
    (void)kind;
    if (unit->level == LEVELS || !unit_flush(unit, false))
        return;
    struct level *level = &unit->levels[unit->level];
    level->point = cuvee_savepoint_set(unit->session);
    if (!level->point) {
        unit_recover(unit, false);
        return;
    }
    level->image = unit->now;
    level->count = unit->count;
    memcpy(level->things, unit->things, sizeof unit->things);
    unit->level++;
}

static void end_savepoint(struct unit *unit, int kind)
{
    size_t to = unit->level > 0 ? unit_throw(unit, unit->level) : 0;
    if (unit->level == 0 || unit->faulty)
        return;
    if (kind == A_USER)
        unit_go_back(unit, to);
    else if (unit_flush(unit, false)) {
        assert_true(cuvee_savepoint_release(unit->session, unit->levels[to].point));
        unit->level = to;
    }
}

static void end(struct unit *unit, int kind)
{
    if (kind == A_USER) {
        alloc_fault_end();
        unit_roll_back(unit);
        return;
    }
    bool may = unit_may_fail(unit);
    cuvee_outcome outcome = cuvee_commit(unit->session);
    alloc_fault_end();
    if (outcome != CUVEE_COMMITTED) {
        assert_int_equal(outcome, CUVEE_ROLLED_BACK);
        assert_true(may);
        unit->level = 0;
        unit_recover(unit, true);
        return;
    }
    assert_good(unit->session);
    unit_settle(unit);
}

/* ---- all of it ---- */

static void step(struct unit *unit)
{
    static void (*const doings[])(struct unit *, int) = {
        add,     add,     edit,    edit,   edit,          delete,        expunge,       get,         get, get_all,
        get_all, refresh, run_sql, upsert, set_savepoint, set_savepoint, end_savepoint, change_many, end, end};
    size_t doing = unit_throw(unit, sizeof doings / sizeof doings[0]);
    int kind = (int)unit_throw(unit, KINDS);
    unit->faulty = unit_throw(unit, 20) == 0;
    if (unit->faulty)
        alloc_fault_once(1 + unit_throw(unit, 40));
    doings[doing](unit, kind);
    alloc_fault_end();
}

static void work(struct unit *unit)
{
    unit_open(unit);
    for (unit->step = 0; unit->step < STEPS; unit->step++) {
        step(unit);
        assert_good(unit->session);
        unit_assert_things(unit);
        if (unit->count > MOST_THINGS - 2 * MOST_ROWS) {
            unit_roll_back(unit);
            unit_open_anew(unit);
        }
    }
    unit_roll_back(unit);
    cuvee_session_close(unit->session);
}

static struct unit unit;

static void everything_is_as_the_model_says(void **state)
{
    uint64_t seeds = world_is("memory") ? MEMORY_SEEDS : SEEDS;
    if (getenv("CUVEE_LONG"))
        seeds *= LONGER;
    unit.world = *state;
    for (unit.seed = 1; unit.seed <= seeds; unit.seed++) {
        unit.dice.state = unit.seed;
        work(&unit);
    }
    unit.seed = 0;
}

static int close_world(void **state)
{
    if (unit.seed > 0)
        print_error("seed %llu, step %zu\n", (unsigned long long)unit.seed, unit.step);
    return world_close(state);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(everything_is_as_the_model_says, world_open, close_world),
    };
    return WORLD_MAIN(argc, argv, "random work", tests);
}
