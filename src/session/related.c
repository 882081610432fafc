/*
 * Loading relations in batches.
 *
 * The values at this end are gathered, the rows at the other end are asked for by `WHERE there IN (…)`, a page at a
 * time, and dealt out to the objects whose value they have. It does not matter in which database the other model lives.
 */
#include <stdlib.h>
#include <string.h>

#include "model/row.h"
#include "session/ask.h"
#include "session/changes.h"
#include "session/flush.h"
#include "session/load.h"
#include "session/relation.h"
#include "session/value_set.h"

/* Rows that belong to one value, as a chain through `links`. */
struct group {
    uint32_t first, last; /* number of the link plus one; 0: none */
    uint32_t count;
};

struct link {
    const void *object;
    uint32_t next; /* plus one */
};

/* What is being gathered: for each distinct value at this end, the objects at the other. */
struct harvest {
    cuvee_session *session;
    struct cv_value_set values;
    struct group *groups; /* by the value's number */
    struct link *links;
    size_t link_count, link_room;
};

static void free_harvest(struct harvest *harvest)
{
    cv_value_set_free(&harvest->values);
    free(harvest->groups);
    free(harvest->links);
}

static bool gather(struct harvest *harvest, const struct cv_field *field, cuvee_list objects)
{
    for (size_t i = 0; i < objects.count; i++) {
        cuvee_value value = cv_row_get(field, objects.items[i]);
        if (value.kind && cv_value_set_add(&harvest->values, &value) == SIZE_MAX)
            return cv_error_memory(&harvest->session->error);
    }
    harvest->groups = calloc(harvest->values.count + 1, sizeof *harvest->groups);
    return harvest->groups || cv_error_memory(&harvest->session->error);
}

static bool append(struct harvest *harvest, size_t number, const void *object)
{
    if (!cv_session_grow(harvest->session, &harvest->links, &harvest->link_room, harvest->link_count,
                         sizeof *harvest->links))
        return false;
    struct group *group = &harvest->groups[number];
    harvest->links[harvest->link_count++] = (struct link){object, 0};
    if (group->last)
        harvest->links[group->last - 1].next = (uint32_t)harvest->link_count;
    else
        group->first = (uint32_t)harvest->link_count;
    group->last = (uint32_t)harvest->link_count;
    group->count++;
    return true;
}

/* A select of `home`'s rows whose field is in a page of the values, in the order of field and key. */
struct page {
    struct cv_select select;
    cuvee_expr in;
    struct cv_order orders[CV_MAX_KEYS + 1];
};

/* False: there are no more values. */
static bool next_page(struct page *page, const struct cv_home *home, size_t field, const struct cv_value_set *values,
                      size_t *from)
{
    const struct cv_plan *plan = home->route->plan;
    if (!cv_value_set_page(values, from, cv_ref_make(0, field), &page->in))
        return false;
    page->orders[0] = (struct cv_order){.ref = page->in.ref};
    for (size_t i = 0; i < plan->key_count; i++)
        page->orders[i + 1] = (struct cv_order){.ref = cv_ref_make(0, plan->keys[i])};
    page->select = (struct cv_select){
        .plan = plan, .where = &page->in, .orders = page->orders, .order_count = plan->key_count + 1};
    return true;
}

static bool read_page(struct harvest *harvest, struct cv_home *home, size_t field, struct page *page)
{
    cuvee_session *session = harvest->session;
    struct cv_cursor *cursor = cv_cursor_start(session, home->route, &page->select);
    const cuvee_value *cells;
    while ((cells = cv_cursor_next(cursor)) != NULL) {
        size_t number = cv_value_set_find(&harvest->values, &cells[field]);
        const void *object = number != SIZE_MAX ? cv_object_load(session, home, cells, false) : NULL;
        if (number != SIZE_MAX && (!object || !append(harvest, number, object)))
            break;
    }
    cv_cursor_close(cursor);
    return cv_session_good(session);
}

/* Every row of `home` whose field has one of the harvest's values. */
static bool read_all(struct harvest *harvest, struct cv_home *home, size_t field)
{
    struct page page;
    for (size_t from = 0; next_page(&page, home, field, &harvest->values, &from);)
        if (!read_page(harvest, home, field, &page))
            return false;
    return true;
}

/* The group as an array of the session's; empty on error, which is in the session. */
static cuvee_list list_of(const struct harvest *harvest, const struct group *group)
{
    if (group->count == 0)
        return (cuvee_list){NULL, 0};
    const void **items = cv_arena_alloc(&harvest->session->arena, group->count * sizeof *items);
    if (!items) {
        cv_error_memory(&harvest->session->error);
        return (cuvee_list){NULL, 0};
    }
    uint32_t link = group->first;
    for (size_t i = 0; i < group->count; i++, link = harvest->links[link - 1].next)
        items[i] = harvest->links[link - 1].object;
    return (cuvee_list){items, group->count};
}

/* Each object gets the list of its value; objects of one value share it. */
static bool deal_out(struct harvest *harvest, struct cv_home *home, const struct cv_ends *ends, cuvee_list objects)
{
    cuvee_session *session = harvest->session;
    cuvee_list *lists = calloc(harvest->values.count + 1, sizeof *lists);
    if (!lists)
        return cv_error_memory(&session->error);
    for (size_t i = 0; i < harvest->values.count; i++)
        lists[i] = list_of(harvest, &harvest->groups[i]);
    for (size_t i = 0; cv_session_good(session) && i < objects.count; i++) {
        cuvee_value value = cv_row_get(&home->route->plan->fields[ends->here], objects.items[i]);
        size_t number = cv_value_set_find(&harvest->values, &value);
        cuvee_list list = number == SIZE_MAX ? (cuvee_list){NULL, 0} : lists[number];
        cv_relation_keep(session, home, ends->relation, objects.items[i], list);
    }
    free(lists);
    return cv_session_good(session);
}

/* The pairs of a many-to-many relation, with the objects at the far end loaded and put in the pairs' place. */
static bool cross_pairs(struct harvest *pairs, const struct cv_ends *ends)
{
    const struct cv_field *far = &ends->pairs->route->plan->fields[ends->pair_there];
    struct harvest others = {.session = pairs->session, .values = {.seed = pairs->values.seed}};
    bool good = true;
    for (size_t i = 0; good && i < pairs->link_count; i++) {
        cuvee_value value = cv_row_get(far, pairs->links[i].object);
        good = !value.kind || cv_value_set_add(&others.values, &value) != SIZE_MAX;
    }
    others.groups = good ? calloc(others.values.count + 1, sizeof *others.groups) : NULL;
    if (!others.groups)
        good = cv_error_memory(&pairs->session->error);
    good = good && read_all(&others, ends->other, ends->there);
    for (size_t i = 0; good && i < pairs->link_count; i++) {
        cuvee_value value = cv_row_get(far, pairs->links[i].object);
        size_t number = cv_value_set_find(&others.values, &value);
        uint32_t first = number == SIZE_MAX ? 0 : others.groups[number].first;
        pairs->links[i].object = first && others.links ? others.links[first - 1].object : NULL;
    }
    free_harvest(&others);
    return good;
}

/* Takes pairs whose far end is not there out of the chains. */
static void drop_missing(struct harvest *harvest)
{
    for (size_t i = 0; i < harvest->values.count; i++) {
        struct group kept = {0, 0, 0};
        for (uint32_t link = harvest->groups[i].first; link; link = harvest->links[link - 1].next) {
            if (!harvest->links[link - 1].object)
                continue;
            if (kept.last)
                harvest->links[kept.last - 1].next = link;
            else
                kept.first = link;
            kept.last = link;
            kept.count++;
        }
        harvest->groups[i] = kept;
    }
}

static bool load_relation(cuvee_session *session, struct cv_home *home, cuvee_list objects, const struct cv_ends *ends)
{
    struct harvest harvest = {.session = session, .values = {.seed = cv_blend_seed(session->blend)}};
    struct cv_home *near = ends->pairs ? ends->pairs : ends->other;
    bool good = gather(&harvest, &home->route->plan->fields[ends->here], objects) &&
                read_all(&harvest, near, ends->pairs ? ends->pair_here : ends->there);
    if (good && ends->pairs) {
        good = cross_pairs(&harvest, ends);
        drop_missing(&harvest);
    }
    good = good && deal_out(&harvest, home, ends, objects);
    free_harvest(&harvest);
    return good;
}

/* All objects at the other end, each once, for the next level of a chain. */
static cuvee_list next_level(cuvee_session *session, cuvee_list objects, const char *relation)
{
    struct cv_value_set seen = {.seed = cv_blend_seed(session->blend)};
    for (size_t i = 0; cv_session_good(session) && i < objects.count; i++) {
        cuvee_list list = cuvee_related(session, objects.items[i], relation);
        for (size_t k = 0; k < list.count; k++) {
            cuvee_value address = cuvee_int_value((int64_t)(intptr_t)list.items[k]);
            if (cv_value_set_add(&seen, &address) == SIZE_MAX)
                cv_error_memory(&session->error);
        }
    }
    cuvee_list next = {NULL, 0};
    const void **items =
        cv_session_good(session) && seen.count ? cv_arena_alloc(&session->arena, seen.count * sizeof *items) : NULL;
    for (size_t i = 0; items && i < seen.count; i++)
        items[i] = (const void *)(intptr_t)seen.values[i].as.integer; /* NOLINT: it was made from a pointer above */
    if (items)
        next = (cuvee_list){items, seen.count};
    else if (seen.count)
        cv_error_memory(&session->error);
    cv_value_set_free(&seen);
    return next;
}

/*
 * Whether one of the chains, all of which are loaded, begins with these levels. Its objects would be others in a
 * read-only session.
 */
static bool is_begun(const char *const *chains, size_t count, const char *levels, size_t size)
{
    for (size_t i = 0; i < count; i++)
        if (strncmp(chains[i], levels, size) == 0 && (chains[i][size] == '.' || chains[i][size] == '\0'))
            return true;
    return false;
}

/* Loads the last of the chains; those in front of it are loaded. */
static bool load_chain(cuvee_session *session, struct cv_home *home, cuvee_list objects, const char *const *chains,
                       size_t before)
{
    const char *chain = chains[before];
    for (const char *level = chain; cv_session_good(session) && *level;) {
        size_t size = strcspn(level, ".");
        const cuvee_relation *relation = cv_relation_find(home->route->plan->model, level, size);
        struct cv_ends ends;
        bool begun = is_begun(chains, before, chain, (size_t)(level - chain) + size);
        if (!cv_relation_ends(session, home, relation, &ends) ||
            (!begun && !load_relation(session, home, objects, &ends)))
            return false;
        level += size + (level[size] == '.');
        if (*level)
            objects = next_level(session, objects, relation->name);
        home = ends.other;
    }
    return cv_session_good(session);
}

bool cv_relations_load(cuvee_session *session, struct cv_home *home, cuvee_list objects, const char *const *chains,
                       size_t count)
{
    if (!session->options.no_autoflush && !cv_flush_pool(session, NULL)) /* new objects have no keys before */
        return false;
    for (size_t i = 0; i < count; i++)
        if (!load_chain(session, home, objects, chains, i))
            return false;
    return true;
}

bool cuvee_load(cuvee_session *session, const cuvee_model *model, cuvee_list objects, const char *relation)
{
    struct cv_home *home = cv_session_good(session) ? cv_home_of(session, model) : NULL;
    if (!home || !cv_relation_is_chain(session, model, relation))
        return false;
    if (objects.count > 0 && !objects.items)
        return cv_error_set(&session->error, CUVEE_ERROR_MISUSE, "cuvee_load: the list of objects is NULL");
    for (size_t i = 0; i < objects.count; i++) {
        struct cv_place_of place;
        if (!objects.items[i] || !cv_object_find(session, objects.items[i], &place) || place.slab->home != home)
            return cv_error_set(&session->error, CUVEE_ERROR_MISUSE, "cuvee_load: item %zu is no %s of this session", i,
                                model->name);
    }
    return cv_relations_load(session, home, objects, &relation, 1);
}

bool cuvee_load_one(cuvee_session *session, const void *object, const char *relation)
{
    struct cv_place_of place;
    if (!cv_session_good(session) || !cv_object_of_session(session, object, "cuvee_load_one", &place))
        return false;
    struct cv_home *home = place.slab->home;
    return cv_relation_is_chain(session, home->route->plan->model, relation) &&
           cv_relations_load(session, home, (cuvee_list){&object, 1}, &relation, 1);
}
