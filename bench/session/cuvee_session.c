/**
 * The work of a session, done by Cuvee's session. Heap figures count every block that malloc handed out meanwhile.
 */
#include "harness.h"
#include "users.h"

#include <cuvee/relation.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const cuvee_field user_fields[] = {
    CUVEE_FIELD(User, id, .key = true),
    CUVEE_FIELD(User, name),
    CUVEE_FIELD(User, email),
};
static const cuvee_model user_model = CUVEE_MODEL(User, "users", user_fields);

typedef struct Child {
    int64_t id;
    int64_t parent_id;
    const char *name;
} Child;

typedef struct Parent {
    int64_t id;
    const char *name;
} Parent;

static const cuvee_field child_fields[] = {
    CUVEE_FIELD(Child, id, .key = true),
    CUVEE_FIELD(Child, parent_id),
    CUVEE_FIELD(Child, name),
};
static const cuvee_model child_model = CUVEE_MODEL(Child, "children", child_fields);

static const cuvee_field parent_fields[] = {
    CUVEE_FIELD(Parent, id, .key = true),
    CUVEE_FIELD(Parent, name),
};
static const cuvee_relation parent_relations[] = {CUVEE_HAS_MANY("children", &child_model, "parent_id")};
static const cuvee_model parent_model =
    CUVEE_MODEL(Parent, "parents", parent_fields, CUVEE_RELATIONS(parent_relations));

static const cuvee_base bench_base = CUVEE_BASE("bench", &user_model, &parent_model, &child_model);

/* The same table, when keys are the program's own. */
static const cuvee_field keyed_fields[] = {
    CUVEE_FIELD(User, id, .key = true, .by_caller = true),
    CUVEE_FIELD(User, name),
    CUVEE_FIELD(User, email),
};
static const cuvee_model keyed_model = CUVEE_MODEL(User, "users", keyed_fields);
static const cuvee_base keyed_base = CUVEE_BASE("keyed", &keyed_model);

static size_t heap_in_use(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/** Closes the session; false, with its error on stderr, when it has one. */
static bool finish(cuvee_session *session)
{
    const cuvee_error *error = cuvee_session_error(session);
    bool good = error->kind == CUVEE_ERROR_NONE;
    if (!good) {
        fprintf(stderr, "%s: %s\n", cuvee_error_kind_name(error->kind), error->message);
    }
    cuvee_session_close(session);
    return good;
}

static int64_t check_all(cuvee_list users)
{
    int64_t sum = 0;
    for (size_t i = 0; i < users.count; i++) {
        sum += user_check(users.items[i]);
    }
    return sum;
}

static bool load_with(cuvee_blend *blend, bool read_only, struct harness_result *result)
{
    size_t before = heap_in_use();
    harness_start(result);
    cuvee_session *session = cuvee_session_open(blend, .read_only = read_only);
    cuvee_list users = cuvee_all(cuvee_select(session, &user_model));
    harness_stop(result);
    result->bytes = heap_in_use() - before;
    result->check = check_all(users);
    return finish(session);
}

static bool load(void *context, const struct harness_args *args, struct harness_result *result)
{
    (void)args;
    return load_with(context, false, result);
}

static bool load_read_only(void *context, const struct harness_args *args, struct harness_result *result)
{
    (void)args;
    return load_with(context, true, result);
}

static bool rows(void *context, const struct harness_args *args, struct harness_result *result)
{
    (void)args;
    harness_start(result);
    cuvee_session *session = cuvee_session_open(context);
    cuvee_rows *users = cuvee_rows_open(cuvee_select(session, &user_model));
    const User *user;
    while ((user = cuvee_next(users)) != NULL) {
        result->check += user_check(user);
    }
    cuvee_rows_close(users);
    harness_stop(result);
    return finish(session);
}

static int64_t check_children(cuvee_session *session, const Parent *parent)
{
    cuvee_list children = cuvee_related(session, parent, "children");
    int64_t sum = parent->id;
    for (size_t i = 0; i < children.count; i++) {
        const Child *child = children.items[i];
        sum += child->id + (int64_t)strlen(child->name);
    }
    return sum;
}

static bool relation(void *context, const struct harness_args *args, struct harness_result *result)
{
    (void)args;
    harness_start(result);
    cuvee_session *session = cuvee_session_open(context);
    cuvee_query *query = cuvee_select(session, &parent_model);
    cuvee_with(query, "children");
    cuvee_list parents = cuvee_all(query);
    harness_stop(result);
    for (size_t i = 0; i < parents.count; i++) {
        result->check += check_children(session, parents.items[i]);
    }
    return finish(session);
}

static bool get(void *context, const struct harness_args *args, struct harness_result *result)
{
    harness_start(result);
    cuvee_session *session = cuvee_session_open(context);
    for (int64_t i = 0; i < args->rows; i++) {
        const User *user = cuvee_get(session, &user_model, harness_scattered_id(i, args->rows));
        result->check += user == NULL ? 0 : user_check(user);
    }
    harness_stop(result);
    return finish(session);
}

/** Adds and commits; the ids, which the database may have given, are summed afterwards. */
static bool insert_users(cuvee_blend *blend, const cuvee_model *model, const User *users, const User **added,
                         int64_t count, struct harness_result *result)
{
    harness_start(result);
    cuvee_session *session = cuvee_session_open(blend);
    for (int64_t i = 0; i < count; i++) {
        added[i] = cuvee_add(session, model, &users[i]);
    }
    bool committed = cuvee_commit(session) == CUVEE_COMMITTED;
    harness_stop(result);
    for (int64_t i = 0; committed && i < count; i++) {
        result->check += added[i]->id;
    }
    return finish(session);
}

static bool insert_into(cuvee_blend *blend, const cuvee_model *model, const struct harness_args *args,
                        struct harness_result *result)
{
    struct arena arena = {0};
    User *users = users_make(args->rows, model == &keyed_model, &arena);
    const User **added = calloc((size_t)args->rows, sizeof *added);
    bool good = users != NULL && added != NULL && insert_users(blend, model, users, added, args->rows, result);
    free(added);
    free(users);
    arena_free(&arena);
    return good;
}

static bool insert(void *context, const struct harness_args *args, struct harness_result *result)
{
    return insert_into(context, &user_model, args, result);
}

static bool insert_keys(void *context, const struct harness_args *args, struct harness_result *result)
{
    return insert_into(context, &keyed_model, args, result);
}

static bool update(void *context, const struct harness_args *args, struct harness_result *result)
{
    (void)args;
    cuvee_session *session = cuvee_session_open(context);
    cuvee_list users = cuvee_all(cuvee_select(session, &user_model));
    harness_start(result);
    for (size_t i = 0; i < users.count; i++) {
        User *user = cuvee_edit(session, users.items[i]);
        if (user != NULL) {
            user->name = "Renamed";
            result->check++;
        }
    }
    cuvee_commit(session);
    harness_stop(result);
    return finish(session);
}

static cuvee_blend *open_blend(const cuvee_base *base, const char *url)
{
    cuvee_blend *blend = cuvee_blend_new();
    if (cuvee_blend_bind(blend, base, url) && cuvee_blend_open(blend)) {
        return blend;
    }
    fprintf(stderr, "%s\n", cuvee_blend_error(blend)->message);
    cuvee_blend_free(blend);
    return NULL;
}

int main(int argc, char **argv)
{
    static const struct harness_case cases[] = {
        {"load", load},     {"load-read-only", load_read_only}, {"rows", rows},     {"get", get},
        {"insert", insert}, {"insert-keys", insert_keys},       {"update", update}, {"relation", relation},
    };
    struct harness_args args;
    if (!harness_read(&args, argc, argv)) {
        return 2;
    }
    bool keyed = strcmp(args.case_name, "insert-keys") == 0;
    cuvee_blend *blend = open_blend(keyed ? &keyed_base : &bench_base, args.db);
    bool good = blend != NULL && harness_main(&args, cases, sizeof cases / sizeof *cases, blend);
    cuvee_blend_free(blend);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
