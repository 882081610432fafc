#include "driver/catalog.h"

#include <stdlib.h>
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

long cv_type_number(const char *type, int n, long missing)
{
    const char *place = strchr(type, '(');
    while (place && n-- > 0)
        place = strchr(place + 1, ',');
    char *end;
    long number = place ? strtol(place + 1, &end, 10) : missing;
    return !place || end == place + 1 ? missing : number;
}

bool cv_text_fits(long length, const struct cv_column_need *need)
{
    return length >= (long)need->max_length;
}

bool cv_text_fills(long length, const struct cv_column_need *need)
{
    return need->min_length == need->max_length && (long)need->max_length == length;
}
