/** The models that the transcript is made with; that with every kind of field is tests/session/sample.h. */
#ifndef TESTS_CONFORMANCE_MODELS_H
#define TESTS_CONFORMANCE_MODELS_H

#include <cuvee/model.h>

/* Texts to compare, with keys that the caller gives. */
typedef struct Word {
    int64_t id;
    const char *text;
    cuvee_opt_text note;
    cuvee_time at; /* by default a time with an offset */
} Word;

typedef struct Team {
    int64_t id;
    const char *name; /* unique */
} Team;

typedef struct Member {
    int64_t id;
    cuvee_opt_int64 team;
    const char *name;
    const char *city; /* unique with the number */
    int32_t number;   /* 1 at least */
    int32_t version;
} Member;

/* Its key is the member and the subject. */
typedef struct Mark {
    int64_t member;
    const char *subject;
    double grade;
} Mark;

/* Its key is a text of 5 characters at most. */
typedef struct Label {
    const char *code;
    const char *tag; /* unique */
} Label;

extern const cuvee_model word_model, team_model, member_model, mark_model, label_model;
/** All of them, and sample_model. */
extern const cuvee_base conformance_base;

#endif
