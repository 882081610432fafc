/* Relations: what they mean, and what was loaded of them. */

#include <stdlib.h>
#include <string.h>

#include "model/row.h"
#include "session/relation.h"

const cuvee_relation *cv_relation_find(const cuvee_model *model, const char *name, size_t size)
{
    for (size_t i = 0; i < model->relation_count; i++) {
        const cuvee_relation *relation = cv_model_relation(model, i);
        if (strlen(relation->name) == size && strncmp(relation->name, name, size) == 0)
            return relation;
    }
    return NULL;
}

bool cv_relation_is_chain(cuvee_session *session, const cuvee_model *model, const char *chain)
{
    cuvee_error *error = &session->error;
    if (!chain)
        return cv_error_set(error, CUVEE_ERROR_MISUSE, "%s: the relation's name is NULL", model->name);
    for (const char *step = chain;; step++) {
        size_t size = strcspn(step, ".");
        const cuvee_relation *relation = cv_relation_find(model, step, size);
        if (!relation) {
            cv_error_set(error, CUVEE_ERROR_MISUSE, "%s has no relation %.*s", model->name, (int)size, step);
            cv_error_text(error->model, sizeof error->model, model->name);
            return false;
        }
        step += size;
        if (!*step)
            return true;
        model = relation->model;
    }
}

/* A field by its name, or the lone key for NULL. */
static bool end_field(cuvee_session *session, const struct cv_plan *plan, const cuvee_relation *relation,
                      const char *name, size_t *field)
{
    *field = name ? cv_plan_find(plan, name) : plan->key_count == 1 ? plan->keys[0] : plan->count;
    if (*field < plan->count)
        return true;
    return cv_error_set(&session->error, CUVEE_ERROR_CONFIG, "relation %s: %s has no %s", relation->name,
                        plan->model->name, name ? name : "single key");
}

static bool same_kind(cuvee_session *session, const cuvee_relation *relation, const struct cv_plan *a, size_t a_field,
                      const struct cv_plan *b, size_t b_field)
{
    if (a->fields[a_field].kind == b->fields[b_field].kind)
        return true;
    return cv_error_set(&session->error, CUVEE_ERROR_CONFIG, "relation %s: %s.%s and %s.%s are of different kinds",
                        relation->name, a->model->name, a->fields[a_field].name, b->model->name,
                        b->fields[b_field].name);
}

bool cv_relation_ends(cuvee_session *session, const struct cv_home *home, const cuvee_relation *relation,
                      struct cv_ends *ends)
{
    *ends = (struct cv_ends){.relation = relation, .other = cv_home_of(session, relation->model)};
    if (!ends->other || !end_field(session, home->route->plan, relation, relation->here, &ends->here) ||
        !end_field(session, ends->other->route->plan, relation, relation->there, &ends->there))
        return false;
    if (!relation->through)
        return same_kind(session, relation, home->route->plan, ends->here, ends->other->route->plan, ends->there);
    ends->pairs = cv_home_of(session, relation->through);
    if (!ends->pairs)
        return false;
    const struct cv_plan *pairs = ends->pairs->route->plan;
    return end_field(session, pairs, relation, relation->through_here, &ends->pair_here) &&
           end_field(session, pairs, relation, relation->through_there, &ends->pair_there) &&
           same_kind(session, relation, home->route->plan, ends->here, pairs, ends->pair_here) &&
           same_kind(session, relation, ends->other->route->plan, ends->there, pairs, ends->pair_there);
}

/* ---- what was loaded: per home and relation, one list for each row by its number ---- */

static struct cv_loaded *loaded_of(struct cv_home *home, const cuvee_relation *relation)
{
    for (struct cv_loaded *loaded = home->loaded; loaded; loaded = loaded->next)
        if (loaded->relation == relation)
            return loaded;
    return NULL;
}

static struct cv_loaded *make_loaded(cuvee_session *session, struct cv_home *home, const cuvee_relation *relation)
{
    struct cv_loaded *loaded = loaded_of(home, relation);
    if (!loaded) {
        loaded = cv_arena_zero(&session->arena, sizeof *loaded);
        if (!loaded) {
            cv_error_memory(&session->error);
            return NULL;
        }
        loaded->relation = relation;
        loaded->next = home->loaded;
        home->loaded = loaded;
    }
    size_t rows = cv_home_room(home);
    if (loaded->count >= rows)
        return loaded;
    cuvee_list *lists = realloc(loaded->lists, rows * sizeof *lists);
    if (!lists) {
        cv_error_memory(&session->error);
        return NULL;
    }
    memset(lists + loaded->count, 0, (rows - loaded->count) * sizeof *lists);
    loaded->lists = lists;
    loaded->count = rows;
    return loaded;
}

/* What the items of an empty list that was loaded point to: an address that is not NULL. */
static const void *const nothing[1] = {NULL};

bool cv_relation_keep(cuvee_session *session, struct cv_home *home, const cuvee_relation *relation, const void *row,
                      cuvee_list list)
{
    struct cv_loaded *loaded = make_loaded(session, home, relation);
    if (!loaded)
        return false;
    loaded->lists[cv_home_number(home, row)] = list.count ? list : (cuvee_list){nothing, 0};
    return true;
}

void cv_relations_free(struct cv_home *home)
{
    for (struct cv_loaded *loaded = home->loaded; loaded; loaded = loaded->next)
        free(loaded->lists);
}

cuvee_list cuvee_related(cuvee_session *session, const void *object, const char *relation)
{
    cuvee_list none = {NULL, 0};
    struct cv_place_of place;
    if (!cv_session_good(session))
        return none;
    if (!object || !cv_object_find(session, object, &place)) {
        cv_error_set(&session->error, CUVEE_ERROR_MISUSE, "cuvee_related: the pointer is no object of this session");
        return none;
    }
    struct cv_home *home = place.slab->home;
    const cuvee_model *model = home->route->plan->model;
    const cuvee_relation *declared = relation ? cv_relation_find(model, relation, strlen(relation)) : NULL;
    if (!declared) {
        cv_error_set(&session->error, CUVEE_ERROR_MISUSE, "%s has no relation %s", model->name,
                     relation ? relation : "NULL");
        return none;
    }
    const struct cv_loaded *loaded = loaded_of(home, declared);
    uint32_t number = cv_home_number(home, object);
    if (loaded && number < loaded->count && loaded->lists[number].items)
        return loaded->lists[number];
    cv_error_set(&session->error, CUVEE_ERROR_MISUSE, "%s.%s was not loaded: ask for it with cuvee_with or cuvee_load",
                 model->name, relation);
    return none;
}

const void *cuvee_related_one(cuvee_session *session, const void *object, const char *relation)
{
    cuvee_list list = cuvee_related(session, object, relation);
    return list.count ? list.items[0] : NULL;
}
