/* Values as keys. */
#include "session/keys.h"

#include <string.h>

/* FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint64_t hash_bytes(uint64_t hash, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001B3);
    return hash;
}

static uint64_t hash_value(uint64_t hash, const cuvee_value *value)
{
    if (!value->kind)
        return hash; /* NULL, in a row that is refused later, has nothing to be hashed */
    switch (value->kind) {
    case CUVEE_TEXT:
    case CUVEE_DECIMAL:
    case CUVEE_BLOB:
    case CUVEE_JSON: return hash_bytes(hash, value->as.text.data, value->as.text.size);
    case CUVEE_UUID: return hash_bytes(hash, value->as.uuid, sizeof value->as.uuid);
    case CUVEE_DOUBLE: return hash_bytes(hash, &value->as.real, sizeof value->as.real);
    case CUVEE_BOOL: return hash ^ (uint64_t)value->as.boolean;
    default: return hash ^ (uint64_t)value->as.integer;
    }
}

/*
 * What differs in few bits differs in many afterwards. The first factor is secret (as in multiply-shift hashing,
 * Dietzfelbinger et al. 1997, doi:10.1006/jagm.1997.0873); the second one spreads what a secret one of few bits would
 * leave together.
 */
static uint64_t mix(uint64_t seed, uint64_t hash)
{
    hash *= seed | 1;
    return (hash ^ hash >> 32) * UINT64_C(0x9E3779B97F4A7C15);
}

/*
 * Neighbours among numbers stand side by side, four at a time, since rows mostly come in the order of their numbers:
 * most places are then in what the processor has just fetched. More of them together would get in each other's way.
 */
uint32_t cv_keys_hash(uint64_t seed, const cuvee_value *values, size_t count)
{
    enum { NEIGHBOURS = 4 };
    const cuvee_value *last = &values[count - 1];
    uint64_t hash = seed;
    for (size_t i = 0; i + 1 < count; i++)
        hash = mix(seed, hash_value(hash, &values[i]));
    if (last->kind != CUVEE_INT64 && last->kind != CUVEE_INT32)
        return (uint32_t)(mix(seed, hash_value(hash, last)) >> 32);
    uint64_t number = (uint64_t)last->as.integer;
    hash = mix(seed, hash ^ number / NEIGHBOURS);
    return (uint32_t)(hash >> 32) / NEIGHBOURS * NEIGHBOURS + (uint32_t)(number % NEIGHBOURS);
}

bool cv_keys_equal(const cuvee_value *a, const cuvee_value *b)
{
    if (a->kind != b->kind || !a->kind)
        return false;
    switch (a->kind) {
    case CUVEE_TEXT:
    case CUVEE_DECIMAL:
    case CUVEE_BLOB:
    case CUVEE_JSON:
        return a->as.text.size == b->as.text.size && memcmp(a->as.text.data, b->as.text.data, a->as.text.size) == 0;
    case CUVEE_UUID: return memcmp(a->as.uuid, b->as.uuid, sizeof a->as.uuid) == 0;
    case CUVEE_DOUBLE: return a->as.real == b->as.real;
    case CUVEE_BOOL: return a->as.boolean == b->as.boolean;
    default: return a->as.integer == b->as.integer;
    }
}
