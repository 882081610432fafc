#include "driver/catalog.h"

#include <string.h>

bool cv_table_add_unique(struct cv_table *table, const char *index, const char *column, struct cv_arena *arena)
{
    enum { MOST = sizeof table->uniques->columns / sizeof table->uniques->columns[0] };
    struct cv_unique_index *last = table->uniques;
    if (!last || strcmp(last->name, index) != 0) {
        last = cv_arena_zero(arena, sizeof *last);
        const char *name = last ? cv_arena_text(arena, index) : NULL;
        if (!name)
            return false;
        last->name = name;
        last->next = table->uniques;
        table->uniques = last;
    }
    if (last->count == MOST)
        last->columns[MOST - 1] = NULL;
    else if (!column)
        last->count++;
    else if (!(last->columns[last->count++] = cv_arena_text(arena, column)))
        return false;
    return true;
}
