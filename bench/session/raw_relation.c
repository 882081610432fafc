#include "raw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct child {
    struct child *next; /**< of the same parent */
    int64_t id;
    int64_t parent_id;
    const char *name;
};

struct parent {
    int64_t id;
    const char *name;
    struct child *first;
    struct child **end; /**< where the next child is hung */
};

/** Parents in the order of their ids, so that a child's parent is found by halving. */
struct family {
    struct parent *parents;
    size_t count;
    struct arena arena;
};

static bool count_parents(sqlite3 *database, size_t *count)
{
    sqlite3_stmt *statement = raw_prepare(database, "SELECT count(*) FROM parents");
    bool good = statement != NULL && sqlite3_step(statement) == SQLITE_ROW;
    *count = good ? (size_t)sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    return good;
}

static bool load_parents(sqlite3 *database, struct family *family, size_t capacity)
{
    sqlite3_stmt *statement = raw_prepare(database, "SELECT id, name FROM parents ORDER BY id");
    family->parents = arena_take(&family->arena, capacity * sizeof *family->parents);
    if (statement == NULL || family->parents == NULL) {
        sqlite3_finalize(statement);
        return false;
    }
    int rc = SQLITE_ROW;
    while (family->count < capacity && (rc = sqlite3_step(statement)) == SQLITE_ROW) {
        struct parent *parent = &family->parents[family->count++];
        parent->id = sqlite3_column_int64(statement, 0);
        parent->name = raw_column_text(statement, 1, &family->arena);
        parent->first = NULL;
        parent->end = &parent->first;
    }
    sqlite3_finalize(statement);
    return rc == SQLITE_ROW || rc == SQLITE_DONE || raw_failed(database, "parents");
}

/** The statement for the children of `count` parents; free it. NULL when there is no memory. */
static char *children_sql(size_t count)
{
    static const char begin[] = "SELECT id, parent_id, name FROM children WHERE parent_id IN (";
    char *sql = malloc(sizeof begin + 2 * count + 1);
    if (sql == NULL) {
        return NULL;
    }
    char *at = sql + sizeof begin - 1;
    memcpy(sql, begin, sizeof begin - 1);
    for (size_t i = 0; i < count; i++) {
        *at++ = '?';
        *at++ = i + 1 < count ? ',' : ')';
    }
    *at = '\0';
    return sql;
}

static sqlite3_stmt *select_children(sqlite3 *database, const struct family *family)
{
    char *sql = children_sql(family->count);
    sqlite3_stmt *statement = sql == NULL ? NULL : raw_prepare(database, sql);
    free(sql);
    for (size_t i = 0; statement != NULL && i < family->count; i++) {
        sqlite3_bind_int64(statement, (int)i + 1, family->parents[i].id);
    }
    return statement;
}

static int compare_parent(const void *key, const void *element)
{
    int64_t id = *(const int64_t *)key;
    int64_t other = ((const struct parent *)element)->id;
    return (id > other) - (id < other);
}

/** The parent of a child: mostly that of the child before it. */
static struct parent *find_parent(const struct family *family, struct parent *last, int64_t id)
{
    if (last != NULL && last->id == id) {
        return last;
    }
    return bsearch(&id, family->parents, family->count, sizeof *family->parents, compare_parent);
}

static struct parent *add_child(struct family *family, struct parent *last, sqlite3_stmt *row)
{
    struct child *child = arena_take(&family->arena, sizeof *child);
    if (child == NULL) {
        return NULL;
    }
    child->next = NULL;
    child->id = sqlite3_column_int64(row, 0);
    child->parent_id = sqlite3_column_int64(row, 1);
    child->name = raw_column_text(row, 2, &family->arena);
    struct parent *parent = find_parent(family, last, child->parent_id);
    if (parent != NULL) {
        *parent->end = child;
        parent->end = &child->next;
    }
    return parent;
}

static bool load_children(sqlite3 *database, struct family *family)
{
    sqlite3_stmt *statement = select_children(database, family);
    struct parent *last = NULL;
    int rc = SQLITE_ERROR;
    while (statement != NULL && (rc = sqlite3_step(statement)) == SQLITE_ROW) {
        last = add_child(family, last, statement);
        if (last == NULL) {
            break;
        }
    }
    sqlite3_finalize(statement);
    return rc == SQLITE_DONE || raw_failed(database, "children");
}

static int64_t check(const struct family *family)
{
    int64_t sum = 0;
    for (size_t i = 0; i < family->count; i++) {
        sum += family->parents[i].id;
        for (const struct child *child = family->parents[i].first; child != NULL; child = child->next) {
            sum += child->id + (int64_t)strlen(child->name);
        }
    }
    return sum;
}

bool raw_relation(void *context, const struct harness_args *args, struct harness_result *result)
{
    (void)args;
    struct family family = {0};
    size_t count = 0;
    if (!count_parents(context, &count)) {
        return false;
    }
    harness_start(result);
    bool good = load_parents(context, &family, count) && load_children(context, &family);
    harness_stop(result);
    result->check = good ? check(&family) : 0;
    arena_free(&family.arena);
    return good;
}
