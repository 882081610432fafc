/** Models that several tests of the room use. */
#ifndef TESTS_MODEL_MODELS_H
#define TESTS_MODEL_MODELS_H

#include <cuvee/model.h>

/* Every kind, as it is and as an optional. */
typedef struct Everything {
    int64_t id;
    bool flag;
    int32_t small;
    int64_t large;
    double real;
    const char *text;
    cuvee_time at;
    cuvee_date day;
    cuvee_decimal amount;
    cuvee_uuid uuid;
    cuvee_blob blob;
    cuvee_json json;
    cuvee_opt_bool opt_flag;
    cuvee_opt_int32 opt_small;
    cuvee_opt_int64 opt_large;
    cuvee_opt_double opt_real;
    cuvee_opt_text opt_text;
    cuvee_opt_time opt_at;
    cuvee_opt_date opt_day;
    cuvee_opt_decimal opt_amount;
    cuvee_opt_uuid opt_uuid;
    cuvee_opt_blob opt_blob;
    cuvee_opt_json opt_json;
} Everything;

extern const cuvee_model everything_model;

/* A struct full of values, and one whose optionals are all NULL. */
static inline Everything everything_full(void)
{
    return (Everything){
        .id = 1,
        .flag = true,
        .small = -32,
        .large = INT64_C(9007199254740993),
        .real = 0.1,
        .text = "caf\xC3\xA9",
        .at = {.us = 1},
        .day = {.days = 19782},
        .amount = {.text = "12.50"},
        .uuid = {.bytes = {0x12, 0x34}},
        .blob = {.data = "a\0b", .size = 3},
        .json = {.text = "{\"a\":[1,2.5]}"},
        .opt_flag = {.set = true, .value = false},
        .opt_small = {.set = true, .value = 7},
        .opt_large = {.set = true, .value = INT64_MIN},
        .opt_real = {.set = true, .value = -2.5},
        .opt_text = {.set = true, .value = "nick"},
        .opt_at = {.set = true, .value = {.us = -1}},
        .opt_day = {.set = true, .value = {.days = -1}},
        .opt_amount = {.set = true, .value = {.text = "-0.5"}},
        .opt_uuid = {.set = true, .value = {.bytes = {0xFF}}},
        .opt_blob = {.set = true, .value = {.data = "", .size = 0}},
        .opt_json = {.set = true, .value = {.text = "null"}},
    };
}

static inline Everything everything_bare(void)
{
    Everything row = everything_full();
    row.opt_flag.set = row.opt_small.set = row.opt_large.set = row.opt_real.set = row.opt_text.set = false;
    row.opt_at.set = row.opt_day.set = row.opt_amount.set = row.opt_uuid.set = row.opt_blob.set = false;
    row.opt_json.set = false;
    return row;
}

/* A body with an object, a list of objects, lists of plain values, and itself inside. */
typedef struct Place {
    const char *city;
    cuvee_opt_text street;
} Place;

extern const cuvee_model place_model;

typedef struct Visit {
    const char *name;
    const Place *place;
    const Place *second;
    cuvee_array stops;
    cuvee_array numbers;
    cuvee_array tags;
    cuvee_array parts;
} Visit;

extern const cuvee_model visit_model;

#endif
