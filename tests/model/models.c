#include "model/models.h"

static const cuvee_field everything_fields[] = {
    CUVEE_FIELD(Everything, id, .key = true),
    CUVEE_FIELD(Everything, flag),
    CUVEE_FIELD(Everything, small),
    CUVEE_FIELD(Everything, large),
    CUVEE_FIELD(Everything, real),
    CUVEE_FIELD(Everything, text),
    CUVEE_FIELD(Everything, at),
    CUVEE_FIELD(Everything, day),
    CUVEE_FIELD(Everything, amount),
    CUVEE_FIELD(Everything, uuid),
    CUVEE_FIELD(Everything, blob),
    CUVEE_FIELD(Everything, json),
    CUVEE_FIELD(Everything, opt_flag),
    CUVEE_FIELD(Everything, opt_small),
    CUVEE_FIELD(Everything, opt_large),
    CUVEE_FIELD(Everything, opt_real),
    CUVEE_FIELD(Everything, opt_text),
    CUVEE_FIELD(Everything, opt_at),
    CUVEE_FIELD(Everything, opt_day),
    CUVEE_FIELD(Everything, opt_amount),
    CUVEE_FIELD(Everything, opt_uuid),
    CUVEE_FIELD(Everything, opt_blob),
    CUVEE_FIELD(Everything, opt_json),
};
const cuvee_model everything_model = CUVEE_MODEL(Everything, "everything", everything_fields);

static const cuvee_field place_fields[] = {
    CUVEE_FIELD(Place, city, .min_length = 2),
    CUVEE_FIELD(Place, street),
};
const cuvee_model place_model = CUVEE_MODEL(Place, NULL, place_fields);

static const cuvee_field visit_fields[] = {
    CUVEE_FIELD(Visit, name, .alias = "visit-name"),
    CUVEE_OBJECT_FIELD(Visit, place, &place_model),
    CUVEE_OBJECT_FIELD(Visit, second, &place_model, .nullable = true),
    CUVEE_LIST_FIELD(Visit, stops, &place_model, .max_length = 3),
    CUVEE_VALUES_FIELD(Visit, numbers, int32_t, .ge = "0"),
    CUVEE_VALUES_FIELD(Visit, tags, const char *, .nullable = true, .max_length = 2),
    CUVEE_LIST_FIELD(Visit, parts, &visit_model, .fallback = "[]"),
};
const cuvee_model visit_model = CUVEE_MODEL(Visit, NULL, visit_fields);
