#include "conformance/models.h"

#include <cuvee/relation.h>

#include "session/sample.h"

static const cuvee_field word_fields[] = {
    CUVEE_FIELD(Word, id, .key = true, .by_caller = true),
    CUVEE_FIELD(Word, text),
    CUVEE_FIELD(Word, note),
    CUVEE_FIELD(Word, at, .fallback = "2024-03-31T02:30:00.000001+02:00"),
};
const cuvee_model word_model = CUVEE_MODEL(Word, "words", word_fields);

static const cuvee_relation team_relations[] = {
    CUVEE_HAS_MANY("members", &member_model, "team"),
};
static const cuvee_field team_fields[] = {
    CUVEE_FIELD(Team, id, .key = true),
    CUVEE_FIELD(Team, name, .unique = true, .max_length = 50),
};
const cuvee_model team_model = CUVEE_MODEL(Team, "teams", team_fields, CUVEE_RELATIONS(team_relations));

static const cuvee_field member_fields[] = {
    CUVEE_FIELD(Member, id, .key = true),
    CUVEE_FIELD(Member, team, .refers = &team_model),
    CUVEE_FIELD(Member, name),
    CUVEE_FIELD(Member, city, .max_length = 50),
    CUVEE_FIELD(Member, number, .ge = "1"),
    CUVEE_FIELD(Member, version, .version = true),
};
const cuvee_model member_model = CUVEE_MODEL(Member, "members", member_fields, .unique = "city,number");

static const cuvee_field mark_fields[] = {
    CUVEE_FIELD(Mark, member, .key = true, .by_caller = true),
    CUVEE_FIELD(Mark, subject, .key = true, .by_caller = true, .max_length = 50),
    CUVEE_FIELD(Mark, grade),
};
const cuvee_model mark_model = CUVEE_MODEL(Mark, "marks", mark_fields);

static const cuvee_field label_fields[] = {
    CUVEE_FIELD(Label, code, .key = true, .by_caller = true, .max_length = 5),
    CUVEE_FIELD(Label, tag, .unique = true, .max_length = 50),
};
const cuvee_model label_model = CUVEE_MODEL(Label, "labels", label_fields);

const cuvee_base conformance_base =
    CUVEE_BASE("conformance", &word_model, &team_model, &member_model, &mark_model, &label_model, &sample_model);
