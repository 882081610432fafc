/* A row out of a database becomes a struct: the path that loading many rows spends its time on. */
#include <string.h>

#include "base/error.h"
#include "model/row.h"

/* Texts of a whole row are copied into one piece of memory; this is what is left of it. NULL: texts are borrowed instead. */
struct room {
    char *next;
};

/* Looked up, since kinds that hold bytes do not lie side by side. */
static const bool holds_bytes[CUVEE_ARRAY + 1] = {
    [CUVEE_TEXT] = true, [CUVEE_DECIMAL] = true, [CUVEE_JSON] = true, [CUVEE_BLOB] = true};

static const char *keep(struct room *room, const cuvee_value *cell)
{
    if (!room->next)
        return cell->as.text.data;
    char *copy = room->next;
    memcpy(copy, cell->as.text.data, cell->as.text.size);
    copy[cell->as.text.size] = '\0';
    room->next = copy + cell->as.text.size + 1;
    return copy;
}

/* A value that is not NULL. The kinds that most rows are made of come first, by comparisons that are well predicted. */
static void put(void *member, const cuvee_value *cell, struct room *room)
{
    if (cell->kind == CUVEE_INT64) {
        *(int64_t *)member = cell->as.integer;
    } else if (cell->kind == CUVEE_BLOB) {
        *(cuvee_blob *)member = (cuvee_blob){keep(room, cell), cell->as.text.size};
    } else if (holds_bytes[cell->kind]) {
        const char *text = keep(room, cell);
        memcpy(member, &text, sizeof text);
    } else {
        cv_item_set(cell->kind, member, cell, NULL);
    }
}

static bool refuse_null(const struct cv_plan *plan, const struct cv_field *field, cuvee_error *error)
{
    cv_error_set(error, CUVEE_ERROR_SCHEMA, "column %s of table %s holds NULL, which %s.%s cannot", field->column,
                 plan->model->table, plan->model->name, field->name);
    cv_error_text(error->fields, sizeof error->fields, field->name);
    return false;
}

/* How many bytes the texts of a row take, closing NULs included. */
static size_t measure(const struct cv_plan *plan, const cuvee_value *cells)
{
    size_t size = 0;
    for (size_t i = 0; i < plan->count; i++)
        if (holds_bytes[cells[i].kind])
            size += cells[i].as.text.size + 1;
    return size;
}

bool cv_row_load(const struct cv_plan *plan, void *row, const cuvee_value *cells, struct cv_arena *arena,
                 cuvee_error *error)
{
    struct room room = {NULL};
    size_t size = arena ? measure(plan, cells) : 0;
    if (size > 0) {
        room.next = cv_arena_bytes(arena, size);
        if (!room.next)
            return cv_error_memory(error);
    }
    const struct cv_field *end = plan->fields + plan->count;
    for (const struct cv_field *field = plan->fields; field < end; field++, cells++) {
        if (cells->kind) {
            put((char *)row + field->offset, cells, &room);
            if (field->nullable)
                *((bool *)row + field->set_offset) = true;
        } else if (field->nullable) {
            cv_row_set(field, row, cells, NULL);
        } else {
            return refuse_null(plan, field, error);
        }
    }
    return true;
}
