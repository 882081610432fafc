/* A row out of a database becomes a struct: the path that loading many rows spends its time on. */
#include <string.h>

#include "base/error.h"
#include "model/row.h"

/* Texts of a whole row are copied into one piece of memory; this is what is left of it. NULL: texts are borrowed instead. */
struct room {
    char *next;
};

static bool holds_bytes(cuvee_kind kind)
{
    return kind == CUVEE_TEXT || kind == CUVEE_DECIMAL || kind == CUVEE_JSON || kind == CUVEE_BLOB;
}

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

static void put(cuvee_kind kind, void *member, const cuvee_value *cell, struct room *room)
{
    const char *text;
    switch (kind) {
    case CUVEE_INT64: *(int64_t *)member = cell->as.integer; break;
    case CUVEE_TEXT:
    case CUVEE_DECIMAL:
    case CUVEE_JSON:
        text = keep(room, cell);
        memcpy(member, &text, sizeof text);
        break;
    case CUVEE_BLOB: *(cuvee_blob *)member = (cuvee_blob){keep(room, cell), cell->as.text.size}; break;
    default: cv_item_set(kind, member, cell, NULL); break;
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
        if (cells[i].kind && holds_bytes(plan->fields[i].kind))
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
    for (size_t i = 0; i < plan->count; i++) {
        const struct cv_field *field = &plan->fields[i];
        if (!cells[i].kind) {
            if (!field->nullable)
                return refuse_null(plan, field, error);
            cv_row_set(field, row, &cells[i], NULL);
            continue;
        }
        put(field->kind, (char *)row + field->offset, &cells[i], &room);
        if (field->nullable)
            *((bool *)row + field->set_offset) = true;
    }
    return true;
}
