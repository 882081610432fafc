#include "session/unit.h"

#include "support/alloc_fault.h"

size_t unit_throw(struct unit *unit, size_t sides)
{
    return dice_throw(&unit->dice, (uint32_t)sides);
}

/* ---- what is known ---- */

bool thing_is_edited(const struct thing *thing)
{
    return thing->state == STORED && !rows_are_same(thing->kind, &thing->now, &thing->written);
}

static struct thing *thing_of(struct unit *unit, const void *object)
{
    for (size_t i = 0; i < unit->count; i++)
        if (unit->things[i].object == object)
            return &unit->things[i];
    return NULL;
}

struct thing *unit_add_thing(struct unit *unit, int kind, const void *object, enum state state)
{
    assert_true(unit->count < MOST_THINGS);
    struct thing *thing = &unit->things[unit->count++];
    *thing = (struct thing){.kind = kind, .object = object, .state = state, .now = row_of(kind, object)};
    thing->written = thing->now;
    return thing;
}

/* Another object stands for this key now. */
static void evict_others(struct unit *unit, const struct thing *owner)
{
    for (size_t i = 0; i < unit->count; i++) {
        struct thing *thing = &unit->things[i];
        if (thing != owner && thing->kind == owner->kind && (thing->state == STORED || thing->state == DELETED) &&
            rows_have_same_key(thing->kind, &thing->written, &owner->written))
            thing->state = OUT;
    }
}

void unit_assert_things(const struct unit *unit)
{
    for (size_t i = 0; i < unit->count; i++) {
        const struct thing *thing = &unit->things[i];
        struct row is = row_of(thing->kind, thing->object);
        if ((thing->state == NEW || thing->state == STORED) && !thing->doubted && !thing->stale)
            assert_true(rows_are_same(thing->kind, &is, &thing->now));
    }
}

/* ---- how a unit of work ends ---- */

void unit_open(struct unit *unit)
{
    unit->session = session_on(unit->world);
    unit->now = unit->committed;
    unit->count = unit->level = 0;
    memset(unit->past_objects, 0, sizeof unit->past_objects);
}

void unit_open_anew(struct unit *unit)
{
    cuvee_session_close(unit->session);
    unit_open(unit);
}

static void undo(struct unit *unit, struct thing *thing)
{
    enum state before = thing->state;
    if (before == OUT || !thing->changed)
        return;
    thing->state = thing->born ? OUT : STORED;
    thing->now = thing->written = thing->original;
    thing->changed = thing->flushed = false;
    if (before == GONE && !thing->born)
        evict_others(unit, thing);
}

static void doubt(struct unit *unit)
{
    for (size_t i = 0; i < unit->count; i++)
        for (int kind = 0; kind < KINDS; kind++)
            if (unit->past_objects[kind] && kinds[kind].base == kinds[unit->things[i].kind].base)
                unit->things[i].doubted = true;
}

void unit_roll_back(struct unit *unit)
{
    assert_true(cuvee_rollback(unit->session));
    for (size_t i = 0; i < unit->count; i++)
        undo(unit, &unit->things[i]);
    doubt(unit);
    memset(unit->past_objects, 0, sizeof unit->past_objects);
    unit->now = unit->committed;
    unit->level = 0;
    image_assert(&unit->committed, unit->world);
    unit_assert_things(unit);
}

void unit_go_back(struct unit *unit, size_t to)
{
    const struct level *level = &unit->levels[to];
    assert_true(cuvee_savepoint_rollback(unit->session, level->point));
    for (size_t i = 0; i < unit->count; i++) {
        struct thing *thing = &unit->things[i];
        bool doubted = thing->doubted, stale = thing->stale;
        if (thing->state == OUT || i >= level->count || !level->things[i].changed) {
            undo(unit, thing);
            continue;
        }
        *thing = level->things[i];
        thing->doubted = doubted;
        thing->stale = stale;
        if (thing->state == STORED)
            evict_others(unit, thing);
    }
    doubt(unit);
    unit->now = level->image;
    unit->level = to;
    unit_assert_things(unit);
}

void unit_recover(struct unit *unit, bool was_read)
{
    alloc_fault_end();
    cuvee_error_kind kind = cuvee_session_error(unit->session)->kind;
    bool known = !unit->faulty && !was_read;
    for (size_t i = 0; i < unit->count; i++)
        known &= !unit->things[i].doubted && !unit->things[i].stale;
    if (unit->faulty ? kind == CUVEE_ERROR_NONE
                     : kind != CUVEE_ERROR_UNIQUE && kind != CUVEE_ERROR_FOREIGN_KEY && kind != CUVEE_ERROR_VERSION &&
                           kind != CUVEE_ERROR_MISSING)
        fail_msg("%s: %s", cuvee_error_kind_name(kind), cuvee_session_error(unit->session)->message);
    assert_false(cuvee_flush(unit->session)); /* nothing goes on before that */
    if (known && unit->level > 0 && unit_throw(unit, 2))
        unit_go_back(unit, unit_throw(unit, unit->level));
    else
        unit_roll_back(unit);
    if (!known)
        unit_open_anew(unit);
}

/* ---- flush ---- */

static bool email_is_taken(struct unit *unit, const struct thing *wanted)
{
    for (size_t i = 0; i < unit->now.counts[A_USER]; i++)
        if (unit->now.rows[A_USER][i].cells[2] == wanted->now.cells[2])
            return true;
    for (size_t i = 0; i < unit->count; i++)
        if (&unit->things[i] != wanted && unit->things[i].kind == A_USER &&
            unit->things[i].now.cells[2] == wanted->now.cells[2])
            return true;
    return false;
}

static bool key_is_taken(struct unit *unit, const struct thing *wanted)
{
    if (image_find(&unit->now, wanted->kind, &wanted->now))
        return true;
    for (size_t i = 0; i < unit->count; i++)
        if (&unit->things[i] != wanted && unit->things[i].kind == wanted->kind &&
            rows_have_same_key(wanted->kind, &unit->things[i].now, &wanted->now))
            return true;
    return false;
}

/* Whether a database has a reason to refuse what this object has to be written. */
static bool may_be_refused(struct unit *unit, const struct thing *thing)
{
    struct row user = {{thing->now.cells[1]}};
    if (thing->state == DELETED)
        return thing->kind == A_USER || thing->doubted || thing->stale;
    if (thing->state != NEW && !thing_is_edited(thing))
        return false;
    return thing->doubted || thing->stale || (thing->kind == A_USER && email_is_taken(unit, thing)) ||
           (thing->kind == A_STOCK && thing->state == NEW && key_is_taken(unit, thing)) ||
           (thing->kind == AN_ORDER && !image_find(&unit->now, A_USER, &user));
}

bool unit_may_fail(struct unit *unit)
{
    bool may = unit->faulty;
    for (size_t i = 0; i < unit->count; i++)
        may |= may_be_refused(unit, &unit->things[i]);
    for (size_t i = 0; i < unit->count; i++) /* an order that is to be written may be of a user who is to be deleted */
        may |= unit->things[i].kind == A_USER && unit->things[i].state == DELETED;
    return may;
}

static void insert(struct unit *unit, struct thing *thing)
{
    struct row is = row_of(thing->kind, thing->object);
    if (kinds[thing->kind].auto_key)
        thing->now.cells[0] = is.cells[0];
    if (kinds[thing->kind].version)
        thing->now.cells[kinds[thing->kind].version] = 1;
    thing->written = thing->now;
    thing->state = STORED;
    thing->flushed = true;
    image_add(&unit->now, thing->kind, &thing->now);
    evict_others(unit, thing);
}

/* The changed cells alone are written, to a row that is as it was. */
static void update(struct unit *unit, struct thing *thing)
{
    const struct kind *kind = &kinds[thing->kind];
    struct row *row = image_find(&unit->now, thing->kind, &thing->written);
    assert_non_null(row);
    if (kind->version) {
        assert_int_equal(row->cells[kind->version], thing->written.cells[kind->version]);
        thing->now.cells[kind->version]++;
    }
    for (size_t c = 0; c < kind->cells; c++)
        if (thing->now.cells[c] != thing->written.cells[c])
            row->cells[c] = thing->now.cells[c];
    thing->written = thing->now;
    thing->flushed = true;
}

void unit_follow_flush(struct unit *unit)
{
    for (size_t i = 0; i < unit->count; i++)
        if (unit->things[i].state == NEW)
            insert(unit, &unit->things[i]);
    for (size_t i = 0; i < unit->count; i++)
        if (thing_is_edited(&unit->things[i]))
            update(unit, &unit->things[i]);
    for (size_t i = 0; i < unit->count; i++)
        if (unit->things[i].state == DELETED) {
            image_remove(&unit->now, unit->things[i].kind, &unit->things[i].written);
            unit->things[i].state = GONE;
        }
}

bool unit_flush(struct unit *unit, bool was_read)
{
    bool may = unit_may_fail(unit);
    if (cuvee_flush(unit->session)) {
        unit_follow_flush(unit);
        return true;
    }
    assert_true(may);
    unit_recover(unit, was_read);
    return false;
}

/* ---- what is read ---- */

void unit_meet(struct unit *unit, int kind, const void *object, bool fresh)
{
    struct row is = row_of(kind, object);
    const struct row *row = image_find(&unit->now, kind, &is);
    struct thing *thing = thing_of(unit, object);
    if (!thing) {
        assert_non_null(row);
        assert_true(rows_are_same(kind, &is, row));
        for (size_t i = 0; i < unit->count; i++) /* a row is one object */
            assert_false(unit->things[i].kind == kind && unit->things[i].state == STORED &&
                         rows_have_same_key(kind, &unit->things[i].written, &is));
        unit_add_thing(unit, kind, object, STORED);
        return;
    }
    assert_int_equal(thing->state, STORED);
    bool as_it_was = rows_are_same(kind, &is, &thing->now), as_its_row = row && rows_are_same(kind, &is, row);
    assert_true(fresh || (thing->doubted && !thing->stale) ? as_its_row : as_it_was || (thing->stale && as_its_row));
    if (thing->changed && !thing->flushed && !thing->born)
        thing->original = is;
    thing->now = thing->written = is;
    if (as_its_row)
        thing->doubted = thing->stale = false;
}

void unit_settle(struct unit *unit)
{
    unit_follow_flush(unit);
    unit->committed = unit->now;
    unit->level = 0;
    memset(unit->past_objects, 0, sizeof unit->past_objects);
    for (size_t i = 0; i < unit->count; i++) {
        struct thing *thing = &unit->things[i];
        thing->state = thing->state == GONE ? OUT : thing->state;
        thing->born = thing->changed = thing->flushed = false;
    }
    image_assert(&unit->committed, unit->world);
}
