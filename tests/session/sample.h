/**
 * A model with every kind of field, as it is and as an optional; it lives in sales_base. What is left out of a struct
 * is added as its kind's nothing: "", 0, null.
 */
#ifndef TESTS_SESSION_SAMPLE_H
#define TESTS_SESSION_SAMPLE_H

#include <cuvee/model.h>

typedef struct Sample {
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
} Sample;

extern const cuvee_model sample_model;

/* Unique together by two fields, one of which may be NULL; with a version. Also in sales_base. */
typedef struct Seat {
    int64_t id;
    cuvee_opt_text row;
    int32_t number;
    cuvee_opt_text guest;
    int32_t version;
} Seat;

extern const cuvee_model seat_model;

/* Fields are numbered: 0 the key, then one per kind, then one optional per kind in the same order. */
enum { SAMPLE_KINDS = 11, SAMPLE_FIELDS = 1 + 2 * SAMPLE_KINDS };

/** The kind of a field, its name, and its value in a row. */
cuvee_kind sample_kind(size_t field);
const char *sample_name(size_t field);
cuvee_value sample_value(const Sample *sample, size_t field);

#endif
