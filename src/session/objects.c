/*
 * Objects: rows in slabs, and the identity map.
 *
 * A home's rows lie side by side in slabs, each twice as large as the one before until they hold `1 << slab_bits`: so
 * few rows take little room, a row's number tells its slab and place, and the identity map needs eight bytes per row:
 * part of the key's hash, and the number. All slabs of a session are kept sorted by address, which is how an object's
 * pointer is checked before anything is read through it.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "model/row.h"
#include "session/keys.h"
#include "session/objects.h"

enum { SLAB_BYTES = 8192, MIN_SLAB_BITS = 3, MAX_SLAB_BITS = 8 };

static size_t row_size(const struct cv_home *home)
{
    return home->route->plan->model->struct_size;
}

static unsigned slab_bits_for(size_t size)
{
    unsigned bits = MIN_SLAB_BITS;
    while (bits < MAX_SLAB_BITS && (size << (bits + 1)) <= SLAB_BYTES)
        bits++;
    return bits;
}

static struct cv_home *add_home(cuvee_session *session, const struct cv_route *route)
{
    if (!cv_session_grow(session, &session->homes, &session->home_room, session->home_count, sizeof(struct cv_home *)))
        return NULL;
    struct cv_home *home = cv_arena_zero(&session->arena, sizeof *home);
    if (!home) {
        cv_error_memory(&session->error);
        return NULL;
    }
    home->route = route;
    home->seed = cv_blend_seed(session->blend);
    home->slots = home->first_slots;
    home->slot_mask = CV_FIRST_SLOTS - 1;
    home->slab_bits = slab_bits_for(route->plan->model->struct_size);
    session->homes[session->home_count++] = home;
    return home;
}

struct cv_home *cv_home_of(cuvee_session *session, const cuvee_model *model)
{
    for (size_t i = 0; i < session->home_count; i++)
        if (session->homes[i]->route->plan->model == model)
            return session->homes[i];
    const struct cv_route *route = model ? cv_blend_route(session->blend, model) : NULL;
    if (!route) {
        cv_error_set(&session->error, CUVEE_ERROR_MISUSE, "model %s is in no base that is bound in this blend",
                     model ? model->name : "NULL");
        return NULL;
    }
    return add_home(session, route);
}

/* Keeps session->slabs sorted by address. */
static bool register_slab(cuvee_session *session, struct cv_slab *slab)
{
    if (!cv_session_grow(session, &session->slabs, &session->slab_room, session->slab_count, sizeof(struct cv_slab *)))
        return false;
    size_t place = session->slab_count;
    while (place > 0 && (uintptr_t)session->slabs[place - 1]->rows > (uintptr_t)slab->rows)
        place--;
    memmove(&session->slabs[place + 1], &session->slabs[place],
            (session->slab_count - place) * sizeof(struct cv_slab *));
    session->slabs[place] = slab;
    session->slab_count++;
    return true;
}

uint32_t cv_home_room(const struct cv_home *home)
{
    const struct cv_slab *last = home->slab_count ? home->slabs[home->slab_count - 1] : NULL;
    return last ? last->first + last->room : 0;
}

static struct cv_slab *new_slab(cuvee_session *session, struct cv_home *home)
{
    size_t bits = MIN_SLAB_BITS + home->slab_count;
    uint32_t count = (uint32_t)1 << (bits < home->slab_bits ? bits : home->slab_bits);
    bool tracked = !session->options.read_only;
    struct cv_slab *slab = cv_arena_alloc(&session->arena, sizeof *slab);
    char *rows = slab ? cv_model_alloc(home->route->plan->model, count, &session->arena) : NULL;
    uint32_t *changes = rows && tracked ? cv_arena_zero(&session->arena, count * sizeof *changes) : NULL;
    if (!rows || (tracked && !changes)) {
        cv_error_memory(&session->error);
        return NULL;
    }
    *slab =
        (struct cv_slab){.home = home, .rows = rows, .changes = changes, .first = cv_home_room(home), .room = count};
    if (!cv_session_grow(session, &home->slabs, &home->slab_room, home->slab_count, sizeof(struct cv_slab *)))
        return NULL;
    if (!register_slab(session, slab))
        return NULL;
    home->slabs[home->slab_count++] = slab;
    return slab;
}

void *cv_home_new_row(cuvee_session *session, struct cv_home *home)
{
    struct cv_slab *slab = home->slab_count ? home->slabs[home->slab_count - 1] : NULL;
    if (!slab || slab->used == slab->room)
        slab = new_slab(session, home);
    if (!slab)
        return NULL;
    char *row = slab->rows + slab->used++ * row_size(home);
    memset(row, 0, row_size(home));
    return row;
}

/*
 * The place of the row of this number. Were the first row's number the size of the first slab, the highest bit of a
 * number would be its slab, and the rest the place in it; until slabs stop growing.
 */
static struct cv_place_of place_of(const struct cv_home *home, uint32_t number)
{
    uint32_t counted = number + ((uint32_t)1 << MIN_SLAB_BITS);
    unsigned top = MIN_SLAB_BITS;
    while (top < home->slab_bits && counted >> (top + 1))
        top++;
    size_t slab = top - MIN_SLAB_BITS + (counted >> top) - 1;
    return (struct cv_place_of){home->slabs[slab], counted & (((uint32_t)1 << top) - 1)};
}

void *cv_home_row(const struct cv_home *home, uint32_t number)
{
    struct cv_place_of place = place_of(home, number);
    return place.slab->rows + place.index * row_size(home);
}

static bool has_keys(const struct cv_plan *plan, const void *row, const cuvee_value *keys)
{
    for (size_t i = 0; i < plan->key_count; i++) {
        cuvee_value own = cv_row_get(&plan->fields[plan->keys[i]], row);
        if (!cv_keys_equal(&own, &keys[i]))
            return false;
    }
    return true;
}

/* The place of these keys: where they stand, or the empty place where they would. */
static size_t slot_of(const struct cv_home *home, uint32_t hash, const cuvee_value *keys)
{
    size_t place = hash & home->slot_mask;
    for (;; place = (place + 1) & home->slot_mask) {
        const struct cv_slot *slot = &home->slots[place];
        if (!slot->number)
            return place;
        if (slot->hash == hash && has_keys(home->route->plan, cv_home_row(home, slot->number - 1), keys))
            return place;
    }
}

static uint32_t hash_of(const struct cv_home *home, const cuvee_value *keys)
{
    return cv_keys_hash(home->seed, keys, home->route->plan->key_count);
}

void *cv_home_find(const struct cv_home *home, const cuvee_value *keys)
{
    const struct cv_slot *slot = &home->slots[slot_of(home, hash_of(home, keys), keys)];
    return slot->number ? cv_home_row(home, slot->number - 1) : NULL;
}

static void free_slots(const struct cv_home *home)
{
    if (home->slots != home->first_slots)
        free(home->slots);
}

/* So many that `more` rows fit in. */
static bool grow_slots(cuvee_session *session, struct cv_home *home, size_t more)
{
    size_t size = (home->slot_mask + 1) * 2;
    while (home->known + more > size / 8 * 7)
        size *= 2;
    struct cv_slot *slots = calloc(size, sizeof *slots);
    if (!slots)
        return cv_error_memory(&session->error);
    for (size_t i = 0; i <= home->slot_mask; i++) {
        if (!home->slots[i].number)
            continue;
        size_t place = home->slots[i].hash & (size - 1);
        while (slots[place].number)
            place = (place + 1) & (size - 1);
        slots[place] = home->slots[i];
    }
    free_slots(home);
    home->slots = slots;
    home->slot_mask = size - 1;
    return true;
}

static void keys_of(const struct cv_plan *plan, const void *row, cuvee_value *keys)
{
    for (size_t i = 0; i < plan->key_count; i++)
        keys[i] = cv_row_get(&plan->fields[plan->keys[i]], row);
}

/* Rows are asked for in the order in which they lie, so the slab of the last answer is tried first. */
uint32_t cv_home_number(struct cv_home *home, const void *row)
{
    size_t size = row_size(home);
    for (size_t tried = 0; tried < home->slab_count; tried++, home->last_slab++) {
        if (home->last_slab >= home->slab_count)
            home->last_slab = 0;
        const struct cv_slab *slab = home->slabs[home->last_slab];
        size_t distance = (size_t)((uintptr_t)row - (uintptr_t)slab->rows);
        if (distance < slab->used * size)
            return slab->first + (uint32_t)(distance / size);
    }
    assert(!"a row of this home");
    return 0;
}

bool cv_home_reserve(cuvee_session *session, struct cv_home *home, size_t more)
{
    return home->known + more <= (home->slot_mask + 1) / 8 * 7 || grow_slots(session, home, more);
}

struct cv_slot *cv_home_slot(cuvee_session *session, struct cv_home *home, const cuvee_value *keys)
{
    if (!cv_home_reserve(session, home, 1))
        return NULL;
    uint32_t hash = hash_of(home, keys);
    struct cv_slot *slot = &home->slots[slot_of(home, hash, keys)];
    slot->hash = hash;
    return slot;
}

void cv_home_fill(struct cv_home *home, struct cv_slot *slot, const void *row)
{
    slot->number = cv_home_number(home, row) + 1;
    home->known++;
}

bool cv_home_know(cuvee_session *session, struct cv_home *home, const void *row, struct cv_place_of *before)
{
    cuvee_value keys[CV_MAX_KEYS];
    *before = (struct cv_place_of){NULL, 0};
    keys_of(home->route->plan, row, keys);
    struct cv_slot *slot = cv_home_slot(session, home, keys);
    if (!slot)
        return false;
    uint32_t number = cv_home_number(home, row) + 1;
    if (!slot->number)
        home->known++;
    else if (slot->number != number) /* of a row that somebody deleted, or that is undone */
        *before = place_of(home, slot->number - 1);
    slot->number = number;
    return true;
}

/* Closes the gap, so that no search ends early: entries behind it that could not stand where they wanted move up. */
static void close_gap(struct cv_home *home, size_t gap)
{
    size_t mask = home->slot_mask;
    for (size_t next = (gap + 1) & mask; home->slots[next].number; next = (next + 1) & mask) {
        size_t wanted = home->slots[next].hash & mask;
        if (((next - wanted) & mask) < ((next - gap) & mask))
            continue;
        home->slots[gap] = home->slots[next];
        gap = next;
    }
    home->slots[gap] = (struct cv_slot){0, 0};
}

void cv_home_forget(struct cv_home *home, const void *row)
{
    cuvee_value keys[CV_MAX_KEYS];
    keys_of(home->route->plan, row, keys);
    size_t place = slot_of(home, hash_of(home, keys), keys);
    if (!home->slots[place].number || cv_home_row(home, home->slots[place].number - 1) != row)
        return;
    close_gap(home, place);
    home->known--;
}

bool cv_object_find(cuvee_session *session, const void *object, struct cv_place_of *place)
{
    uintptr_t address = (uintptr_t)object;
    size_t low = 0, high = session->slab_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((uintptr_t)session->slabs[middle]->rows <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return false;
    struct cv_slab *slab = session->slabs[low - 1];
    size_t distance = (size_t)(address - (uintptr_t)slab->rows), size = row_size(slab->home);
    if (distance % size != 0 || distance / size >= slab->used)
        return false;
    *place = (struct cv_place_of){slab, (uint32_t)(distance / size)};
    return true;
}

void cv_homes_free(cuvee_session *session)
{
    for (size_t i = 0; i < session->home_count; i++) {
        free(session->homes[i]->slabs);
        free_slots(session->homes[i]);
        free(session->homes[i]->pending);
    }
    free(session->homes);
    free(session->slabs);
}
