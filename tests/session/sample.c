#include "session/sample.h"

static const cuvee_field sample_fields[] = {
    CUVEE_FIELD(Sample, id, .key = true),
    CUVEE_FIELD(Sample, flag),
    CUVEE_FIELD(Sample, small),
    CUVEE_FIELD(Sample, large),
    CUVEE_FIELD(Sample, real),
    CUVEE_FIELD(Sample, text, .fallback = ""),
    CUVEE_FIELD(Sample, at),
    CUVEE_FIELD(Sample, day),
    CUVEE_FIELD(Sample, amount, .fallback = "0"),
    CUVEE_FIELD(Sample, uuid),
    CUVEE_FIELD(Sample, blob),
    CUVEE_FIELD(Sample, json, .fallback = "null"),
    CUVEE_FIELD(Sample, opt_flag),
    CUVEE_FIELD(Sample, opt_small),
    CUVEE_FIELD(Sample, opt_large),
    CUVEE_FIELD(Sample, opt_real),
    CUVEE_FIELD(Sample, opt_text),
    CUVEE_FIELD(Sample, opt_at),
    CUVEE_FIELD(Sample, opt_day),
    CUVEE_FIELD(Sample, opt_amount),
    CUVEE_FIELD(Sample, opt_uuid),
    CUVEE_FIELD(Sample, opt_blob),
    CUVEE_FIELD(Sample, opt_json),
};
const cuvee_model sample_model = CUVEE_MODEL(Sample, "samples", sample_fields);

static const cuvee_field seat_fields[] = {
    CUVEE_FIELD(Seat, id, .key = true),
    CUVEE_FIELD(Seat, row),
    CUVEE_FIELD(Seat, number, .ge = "1", .column = "seat_number"),
    CUVEE_FIELD(Seat, guest, .max_length = 10),
    CUVEE_FIELD(Seat, version, .version = true),
};
const cuvee_model seat_model = CUVEE_MODEL(Seat, "seats", seat_fields, .unique = "row,number");

cuvee_kind sample_kind(size_t field)
{
    return (cuvee_kind)sample_fields[field].kind;
}

const char *sample_name(size_t field)
{
    return sample_fields[field].name;
}

static cuvee_value plain_value(const Sample *s, size_t field)
{
    switch (field) {
    case 0: return CUVEE_VALUE(s->id);
    case 1: return CUVEE_VALUE(s->flag);
    case 2: return CUVEE_VALUE(s->small);
    case 3: return CUVEE_VALUE(s->large);
    case 4: return CUVEE_VALUE(s->real);
    case 5: return CUVEE_VALUE(s->text);
    case 6: return CUVEE_VALUE(s->at);
    case 7: return CUVEE_VALUE(s->day);
    case 8: return CUVEE_VALUE(s->amount);
    case 9: return CUVEE_VALUE(s->uuid);
    case 10: return CUVEE_VALUE(s->blob);
    default: return CUVEE_VALUE(s->json);
    }
}

#define OPTIONAL(member) ((member).set ? CUVEE_VALUE((member).value) : cuvee_null())

static cuvee_value optional_value(const Sample *s, size_t field)
{
    switch (field - SAMPLE_KINDS) {
    case 1: return OPTIONAL(s->opt_flag);
    case 2: return OPTIONAL(s->opt_small);
    case 3: return OPTIONAL(s->opt_large);
    case 4: return OPTIONAL(s->opt_real);
    case 5: return OPTIONAL(s->opt_text);
    case 6: return OPTIONAL(s->opt_at);
    case 7: return OPTIONAL(s->opt_day);
    case 8: return OPTIONAL(s->opt_amount);
    case 9: return OPTIONAL(s->opt_uuid);
    case 10: return OPTIONAL(s->opt_blob);
    default: return OPTIONAL(s->opt_json);
    }
}

cuvee_value sample_value(const Sample *sample, size_t field)
{
    return field <= SAMPLE_KINDS ? plain_value(sample, field) : optional_value(sample, field);
}
