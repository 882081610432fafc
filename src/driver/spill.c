#include "driver/spill.h"

#include <string.h>

struct cv_spilled {
    struct cv_spilled *next;
    cuvee_value cells[];
};

void cv_spill_init(struct cv_spill *spill)
{
    cv_arena_init(&spill->arena, 0);
    spill->first = spill->last = NULL;
}

void cv_spill_free(struct cv_spill *spill)
{
    cv_arena_free(&spill->arena);
    spill->first = spill->last = NULL;
}

static bool has_text(const cuvee_value *value)
{
    return value->kind == CUVEE_TEXT || value->kind == CUVEE_BLOB || value->kind == CUVEE_DECIMAL ||
           value->kind == CUVEE_JSON;
}

bool cv_spill_add(struct cv_spill *spill, const cuvee_value *cells, size_t count)
{
    struct cv_spilled *row = cv_arena_alloc(&spill->arena, sizeof *row + count * sizeof *cells);
    if (!row)
        return false;
    row->next = NULL;
    memcpy(row->cells, cells, count * sizeof *cells);
    for (size_t i = 0; i < count; i++) {
        if (!has_text(&cells[i]))
            continue;
        row->cells[i].as.text.data = cv_arena_copy(&spill->arena, cells[i].as.text.data, cells[i].as.text.size);
        if (!row->cells[i].as.text.data)
            return false;
    }
    if (spill->last)
        spill->last->next = row;
    else
        spill->first = row;
    spill->last = row;
    return true;
}

bool cv_spill_take(struct cv_spill *spill, cuvee_value *cells, size_t count)
{
    struct cv_spilled *row = spill->first;
    if (!row)
        return false;
    memcpy(cells, row->cells, count * sizeof *cells);
    spill->first = row->next;
    if (!row->next)
        spill->last = NULL;
    return true;
}
