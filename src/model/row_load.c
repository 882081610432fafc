/* A row out of a database becomes a struct: the path that loading many rows spends its time on. */
#include <string.h>

#include "base/error.h"
#include "model/row.h"

/* Looked up, since kinds that hold bytes do not lie side by side. */
static const bool holds_bytes[CUVEE_ARRAY + 1] = {
    [CUVEE_TEXT] = true, [CUVEE_DECIMAL] = true, [CUVEE_JSON] = true, [CUVEE_BLOB] = true};

/*
 * Texts of a whole row are copied into one piece of memory; `room` is what is left of it. NULL: texts are borrowed
 * instead.
 */
static inline const char *keep(char **room, const cuvee_value *cell)
{
    if (!room)
        return cell->as.text.data;
    char *copy = *room;
    memcpy(copy, cell->as.text.data, cell->as.text.size);
    copy[cell->as.text.size] = '\0';
    *room = copy + cell->as.text.size + 1;
    return copy;
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

/* A NULL, or a value of a kind that few columns have. */
static bool fill_rarer(const struct cv_plan *plan, const struct cv_field *field, void *row, const cuvee_value *cell,
                       char **room, cuvee_error *error)
{
    void *member = (char *)row + field->offset;
    if (cell->kind == 0)
        return field->nullable ? cv_row_set(field, row, cell, NULL) : refuse_null(plan, field, error);
    if (cell->kind == CUVEE_BLOB) {
        *(cuvee_blob *)member = (cuvee_blob){keep(room, cell), cell->as.text.size};
    } else if (holds_bytes[cell->kind]) {
        const char *text = keep(room, cell);
        memcpy(member, &text, sizeof text);
    } else {
        cv_item_set(cell->kind, member, cell, NULL);
    }
    if (field->nullable)
        *((bool *)row + field->set_offset) = true;
    return true;
}

/* Made twice, so that borrowing, which rows that are read one by one live on, asks nothing about memory. */
static inline bool fill(const struct cv_plan *plan, void *row, const cuvee_value *cells, char **room,
                        cuvee_error *error)
{
    const struct cv_field *end = plan->fields + plan->count;
    for (const struct cv_field *field = plan->fields; field < end; field++, cells++) {
        void *member = (char *)row + field->offset;
        if (cells->kind == CUVEE_TEXT) {
            const char *text = keep(room, cells);
            memcpy(member, &text, sizeof text);
        } else if (cells->kind == CUVEE_INT64) {
            *(int64_t *)member = cells->as.integer;
        } else {
            if (!fill_rarer(plan, field, row, cells, room, error))
                return false;
            continue;
        }
        if (field->nullable)
            *((bool *)row + field->set_offset) = true;
    }
    return true;
}

bool cv_row_load(const struct cv_plan *plan, void *row, const cuvee_value *cells, struct cv_arena *arena,
                 cuvee_error *error)
{
    if (!arena)
        return fill(plan, row, cells, NULL, error);
    size_t size = measure(plan, cells);
    char none; /* is what a row without texts needs */
    char *room = size > 0 ? cv_arena_bytes(arena, size) : &none;
    if (!room)
        return cv_error_memory(error);
    return fill(plan, row, cells, &room, error);
}
