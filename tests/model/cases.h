/**
 * Cases of reading one value: what is sent for a field, and the value or the mistake that comes of it. Each is tried in
 * every place where it can stand: as a member of a body, of an object in a list, of an object inside another, as an
 * item of an array, and, when a text is sent, as a parameter of the path, the query, a header and a cookie.
 */
#ifndef TESTS_MODEL_CASES_H
#define TESTS_MODEL_CASES_H

#include <cuvee/model.h>

struct read_case {
    const char *source; /* where it is written that it must be so */
    const cuvee_model *model;
    const char *sent;  /* JSON */
    const char *value; /* JSON of what was read; NULL: a mistake */
    const char *type;
    const char *msg;
    const char *ctx; /* JSON, NULL: none */
};

/* Type and message, which may come as one macro, and then the ctx if there is one. */
#define GOOD(s, m, x, v)                                                                                               \
    {                                                                                                                  \
        .source = (s), .model = &m##_model, .sent = (x), .value = (v)                                                  \
    }
#define BAD(s, m, x, ...)                                                                                              \
    {                                                                                                                  \
        .source = (s), .model = &m##_model, .sent = (x), .type = __VA_ARGS__                                           \
    }

/* A model whose struct has the one member `v`. */
#define BOX(model, T, c_type, ...)                                                                                     \
    typedef struct T {                                                                                                 \
        c_type v;                                                                                                      \
    } T;                                                                                                               \
    static const cuvee_field model##_fields[] = {CUVEE_FIELD(T, v, __VA_ARGS__)};                                      \
    static const cuvee_model model##_model = CUVEE_MODEL(T, NULL, model##_fields)

struct read_cases {
    const struct read_case *cases;
    size_t count;
};

extern const struct read_cases number_cases;
extern const struct read_cases text_cases;
extern const struct read_cases time_cases;

#endif
