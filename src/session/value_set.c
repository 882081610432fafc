/* A set of values: open addressing over an array in order of arrival, at most half full. */
#include "session/value_set.h"

#include <stdlib.h>

#include "session/keys.h"

enum { FIRST_SLOTS = 32, VALUES_PER_PAGE = 512 };

void cv_value_set_free(struct cv_value_set *set)
{
    free(set->values);
    free(set->slots);
    *set = (struct cv_value_set){.seed = set->seed};
}

static size_t slot_of(const struct cv_value_set *set, const cuvee_value *value)
{
    size_t place = cv_keys_hash(set->seed, value, 1) & set->slot_mask;
    while (set->slots[place] && !cv_keys_equal(&set->values[set->slots[place] - 1], value))
        place = (place + 1) & set->slot_mask;
    return place;
}

static bool grow(struct cv_value_set *set)
{
    size_t size = set->slots ? (set->slot_mask + 1) * 2 : FIRST_SLOTS;
    cuvee_value *values = realloc(set->values, size / 2 * sizeof *values);
    if (values)
        set->values = values;
    uint32_t *slots = values ? calloc(size, sizeof *slots) : NULL;
    if (!slots)
        return false;
    free(set->slots);
    set->slots = slots;
    set->slot_mask = size - 1;
    set->room = size / 2;
    for (size_t i = 0; i < set->count; i++)
        slots[slot_of(set, &set->values[i])] = (uint32_t)i + 1;
    return true;
}

size_t cv_value_set_add(struct cv_value_set *set, const cuvee_value *value)
{
    if (set->count >= set->room && !grow(set))
        return SIZE_MAX;
    size_t place = slot_of(set, value);
    if (!set->slots[place]) {
        set->values[set->count++] = *value;
        set->slots[place] = (uint32_t)set->count;
    }
    return set->slots[place] - 1;
}

size_t cv_value_set_find(const struct cv_value_set *set, const cuvee_value *value)
{
    if (!set->slots || !value->kind)
        return SIZE_MAX;
    uint32_t number = set->slots[slot_of(set, value)];
    return number ? number - 1 : SIZE_MAX;
}

bool cv_value_set_page(const struct cv_value_set *set, size_t *from, cv_ref ref, cuvee_expr *in)
{
    size_t left = set->count - *from;
    size_t count = left < VALUES_PER_PAGE ? left : VALUES_PER_PAGE;
    *in = (cuvee_expr){.kind = CV_EXPR_IN, .ref = ref, .values = set->values + *from, .value_count = count};
    *from += count;
    return count > 0;
}
