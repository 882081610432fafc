/**
 * Models: one descriptor per struct that serves column, table, JSON, validation and OpenAPI.
 *
 *     typedef struct User { int64_t id; const char *name; const char *email; } User;
 *
 *     static const cuvee_field user_fields[] = {
 *         CUVEE_FIELD(User, id,    .key = true),
 *         CUVEE_FIELD(User, name,  .doc = "Full name", .example = "John Doe", .max_length = 100),
 *         CUVEE_FIELD(User, email, .unique = true, .format = CUVEE_EMAIL),
 *     };
 *     static const cuvee_model user_model = CUVEE_MODEL(User, "users", user_fields);
 *     static const cuvee_base  accounts   = CUVEE_BASE("accounts", &user_model);
 *
 * Descriptors are constant and hold no state, so any number of blends can use them at once, from any thread. They must
 * outlive every blend and application that they were given to.
 *
 * Each value that a descriptor names (default, example, bounds) is written as text, in the form that a URL would carry
 * ("18", "2024-01-31", "2.50", "true"). The text is read once, when the descriptor is first used, and a text that does
 * not fit its field is a CUVEE_ERROR_CONFIG then.
 */
#ifndef CUVEE_MODEL_H
#define CUVEE_MODEL_H

#include <cuvee/value.h>

#ifdef __cplusplus
extern "C" {
#endif

struct cuvee_model;

/** Formats of text that are checked and shown in OpenAPI. */
typedef enum cuvee_format {
    CUVEE_NO_FORMAT = 0,
    CUVEE_EMAIL,
    CUVEE_URL,
    CUVEE_HOSTNAME,
    CUVEE_IPV4,
    CUVEE_IPV6,
} cuvee_format;

/** Where a parameter of an endpoint is read from. */
typedef enum cuvee_place {
    CUVEE_IN_PATH_OR_QUERY = 0, /**< path if the route's path names it, else query */
    CUVEE_IN_QUERY,
    CUVEE_IN_HEADER, /**< underscores become hyphens */
    CUVEE_IN_COOKIE,
} cuvee_place;

/** Defaults that are worked out when a row is added. */
#define CUVEE_NOW      "now()"
#define CUVEE_NEW_UUID "uuid()"

/** One member of a struct. Make it with CUVEE_FIELD; zero means "default" for every member. */
typedef struct cuvee_field {
    const char *name;                 /**< member, column and JSON name */
    size_t offset;                    /**< in the struct, bytes */
    uint8_t kind;                     /**< cuvee_kind */
    bool nullable;                    /**< from the member's type; said only of objects and arrays, see their macros */
    uint8_t item_kind;                /**< CUVEE_ARRAY: kind of the items */
    const struct cuvee_model *model;  /**< CUVEE_OBJECT, CUVEE_ARRAY of CUVEE_OBJECT: what they are */
    const char *column;               /**< name of the column, when it is another */
    const char *alias;                /**< name in JSON and parameters, when it is another */
    bool key;                         /**< part of the primary key */
    bool by_caller;                   /**< key: the caller gives it (a lone integer key comes from the database) */
    bool unique;                      /**< alone; several fields together: cuvee_model.unique */
    bool index;                       /**< has an index (JSON has none, and is not unique) */
    bool hidden;                      /**< never leaves in JSON */
    bool read_only;                   /**< never taken from a body */
    bool version;                     /**< integer that each update raises; a stale one is CUVEE_ERROR_VERSION */
    const struct cuvee_model *refers; /**< foreign key to that model's key, in this base or in another */
    const char *fallback; /**< default as text ("[]": an empty array), CUVEE_NOW or CUVEE_NEW_UUID; see cuvee_add */
    const char *gt, *ge, *lt, *le;   /**< bounds as text: numbers, decimals, times, dates */
    uint32_t min_length, max_length; /**< text: characters; blob: bytes; array: items. 0: no limit */
    uint32_t places;     /**< decimals: digits behind the point, but zeros at the end; 1 to 30. 0: no limit */
    const char *pattern; /**< text: PCRE2 pattern that must match somewhere in it */
    cuvee_format format; /**< text */
    const char *choices; /**< text: the only values allowed, separated by '|': "new|paid|sent" */
    cuvee_place in;      /**< parameters of an endpoint: where from */
    const char *title;   /**< short title for OpenAPI; else made from the name */
    const char *doc;     /**< one sentence for OpenAPI */
    const char *example; /**< for OpenAPI, as text; of an object or array as JSON */
    size_t member_size;  /**< sizeof the member, which kind and nullable must fit; 0: unknown; set by the macro */
    size_t size;         /**< sizeof(cuvee_field) of the program that was compiled; set by the macro */
} cuvee_field;

/**
 * A relation: how rows of this model belong to rows of another, in the same database or in another one. Make it with
 * one of the four macros; it is loaded only when it is asked for (cuvee_with, cuvee_load).
 */
typedef struct cuvee_relation {
    const char *name;
    const struct cuvee_model *model;   /**< the other model */
    const char *here;                  /**< field of this model; NULL: its key */
    const char *there;                 /**< field of the other model; NULL: its key */
    bool many;                         /**< any number of rows of the other model, or at most one */
    const struct cuvee_model *through; /**< many to many: the model of the pairs, … */
    const char *through_here;          /**< … its field that holds this model's key, … */
    const char *through_there;         /**< … and the one that holds the other's */
    size_t size;                       /**< sizeof(cuvee_relation); set by the macros */
} cuvee_relation;

/** One to many: rows of `other` whose field `foreign` holds this model's key. */
#define CUVEE_HAS_MANY(relation, other, foreign)                                                                       \
    {                                                                                                                  \
        .name = (relation), .model = (other), .there = (foreign), .many = true, .size = sizeof(cuvee_relation)         \
    }
/** One to one, seen from the side that is referred to. */
#define CUVEE_HAS_ONE(relation, other, foreign)                                                                        \
    {                                                                                                                  \
        .name = (relation), .model = (other), .there = (foreign), .size = sizeof(cuvee_relation)                       \
    }
/** Many to one, or one to one: this model's field `own` holds the key of `other`. */
#define CUVEE_BELONGS_TO(relation, other, own)                                                                         \
    {                                                                                                                  \
        .name = (relation), .model = (other), .here = (own), .size = sizeof(cuvee_relation)                            \
    }
/** Many to many: rows of `pairs` hold this model's key in `own` and the other's key in `foreign`. */
#define CUVEE_HAS_MANY_THROUGH(relation, other, pairs, own, foreign)                                                   \
    {                                                                                                                  \
        .name = (relation), .model = (other), .many = true, .through = (pairs), .through_here = (own),                 \
        .through_there = (foreign), .size = sizeof(cuvee_relation)                                                     \
    }

/** One model: a struct type and the table that holds it. Make it with CUVEE_MODEL. */
typedef struct cuvee_model {
    const char *name;  /**< name of the struct type; schema name in OpenAPI */
    const char *table; /**< NULL for a struct that is only a body, reply or set of parameters */
    const cuvee_field *fields;
    size_t field_count;
    size_t struct_size;              /**< sizeof the struct */
    const char *doc;                 /**< for OpenAPI */
    const char *unique;              /**< unique together: "tenant,email" or several: "tenant,email; tenant,phone" */
    const cuvee_relation *relations; /**< see CUVEE_RELATIONS */
    size_t relation_count;
    size_t struct_align; /**< alignment of the struct; 0: as its size allows, and no more than any plain type needs */
    bool forbid_extra;   /**< as a body: unknown members are errors instead of ignored */
    size_t size;         /**< sizeof(cuvee_model); set by the macro */
} cuvee_model;

/** A named list of models that live in one database. Make it with CUVEE_BASE. */
typedef struct cuvee_base {
    const char *name;
    const cuvee_model *const *models;
    size_t model_count;
    size_t size; /**< sizeof(cuvee_base); set by the macro */
} cuvee_base;

/** The field for member `m` of struct type T; further arguments are designated initialisers: `.key = true`. */
#define CUVEE_FIELD(T, ...) CUVEE_FIELD_(T, __VA_ARGS__, .size = sizeof(cuvee_field))
#define CUVEE_FIELD_(T, m, ...)                                                                                        \
    {                                                                                                                  \
        CUVEE_MEMBER_(T, m), .kind = CUVEE_KIND_OF(((T *)0)->m), .nullable = CUVEE_NULLABLE(((T *)0)->m), __VA_ARGS__  \
    }
#define CUVEE_MEMBER_(T, m) .name = #m, .offset = offsetof(T, m), .member_size = sizeof(((T *)0)->m)

/**
 * The field for member `m`, a `const X *` that points to a struct which `described_by` (a cuvee_model *) describes.
 * With `.nullable = true` the pointer may be NULL.
 */
#define CUVEE_OBJECT_FIELD(T, ...) CUVEE_OBJECT_FIELD_(T, __VA_ARGS__, .size = sizeof(cuvee_field))
#define CUVEE_OBJECT_FIELD_(T, m, described_by, ...)                                                                   \
    {                                                                                                                  \
        CUVEE_MEMBER_(T, m), .kind = CUVEE_OBJECT, .model = (described_by), __VA_ARGS__                                \
    }

/**
 * The field for member `m`, a cuvee_array of structs which `described_by` describes. With `.nullable = true` an array
 * whose `items` is NULL is null, and an empty one has another pointer there.
 */
#define CUVEE_LIST_FIELD(T, ...) CUVEE_LIST_FIELD_(T, __VA_ARGS__, .size = sizeof(cuvee_field))
#define CUVEE_LIST_FIELD_(T, m, described_by, ...)                                                                     \
    {                                                                                                                  \
        CUVEE_MEMBER_(T, m), .kind = CUVEE_ARRAY, .item_kind = CUVEE_OBJECT, .model = (described_by), __VA_ARGS__      \
    }

/**
 * The field for member `m`, a cuvee_array of plain values of C type `item` (bool, int32_t, int64_t, double, const char
 * *, cuvee_time, …; no optionals). As a parameter it takes every value of a repeated key. Bounds, pattern, format and
 * choices are the items'; min_length and max_length count them.
 */
#define CUVEE_VALUES_FIELD(T, ...) CUVEE_VALUES_FIELD_(T, __VA_ARGS__, .size = sizeof(cuvee_field))
#define CUVEE_VALUES_FIELD_(T, m, item, ...)                                                                           \
    {                                                                                                                  \
        CUVEE_MEMBER_(T, m), .kind = CUVEE_ARRAY, .item_kind = CUVEE_KIND_OF(*(item *)0), __VA_ARGS__                  \
    }

#ifdef __cplusplus
#define CUVEE_ALIGN_OF_(T) alignof(T)
#else
#define CUVEE_ALIGN_OF_(T) _Alignof(T)
#endif

/** The model for struct type T in `table` (NULL if it is in none), with its array of fields. */
#define CUVEE_MODEL(T, ...) CUVEE_MODEL_(T, __VA_ARGS__, .size = sizeof(cuvee_model))
#define CUVEE_MODEL_(T, table_name, field_array, ...)                                                                  \
    {                                                                                                                  \
        .name = #T, .table = (table_name), .fields = (field_array),                                                    \
        .field_count = sizeof(field_array) / sizeof((field_array)[0]), .struct_size = sizeof(T),                       \
        .struct_align = CUVEE_ALIGN_OF_(T), __VA_ARGS__                                                                \
    }

/**
 * For CUVEE_MODEL: the model's array of relations, `CUVEE_MODEL(User, "users", user_fields,
 * CUVEE_RELATIONS(user_relations))`.
 */
#define CUVEE_RELATIONS(array) .relations = (array), .relation_count = sizeof(array) / sizeof((array)[0])

/** The base `base_name` of the models whose addresses follow; at file scope. */
#define CUVEE_BASE(base_name, ...)                                                                                     \
    {                                                                                                                  \
        .name = (base_name), .models = (const cuvee_model *const[]){__VA_ARGS__},                                      \
        .model_count = sizeof((const cuvee_model *const[]){__VA_ARGS__}) / sizeof(const cuvee_model *),                \
        .size = sizeof(cuvee_base)                                                                                     \
    }

/** The kind of an expression, from its C type. A type that no kind fits is a compile-time error here. */
#define CUVEE_KIND_OF(x)                                                                                               \
    _Generic((x), bool                                                                                                 \
             : CUVEE_BOOL, cuvee_opt_bool                                                                              \
             : CUVEE_BOOL, int32_t                                                                                     \
             : CUVEE_INT32, cuvee_opt_int32                                                                            \
             : CUVEE_INT32, int64_t                                                                                    \
             : CUVEE_INT64, cuvee_opt_int64                                                                            \
             : CUVEE_INT64, double                                                                                     \
             : CUVEE_DOUBLE, cuvee_opt_double                                                                          \
             : CUVEE_DOUBLE, const char *                                                                              \
             : CUVEE_TEXT, cuvee_opt_text                                                                              \
             : CUVEE_TEXT, cuvee_time                                                                                  \
             : CUVEE_TIME, cuvee_opt_time                                                                              \
             : CUVEE_TIME, cuvee_date                                                                                  \
             : CUVEE_DATE, cuvee_opt_date                                                                              \
             : CUVEE_DATE, cuvee_decimal                                                                               \
             : CUVEE_DECIMAL, cuvee_opt_decimal                                                                        \
             : CUVEE_DECIMAL, cuvee_uuid                                                                               \
             : CUVEE_UUID, cuvee_opt_uuid                                                                              \
             : CUVEE_UUID, cuvee_blob                                                                                  \
             : CUVEE_BLOB, cuvee_opt_blob                                                                              \
             : CUVEE_BLOB, cuvee_json                                                                                  \
             : CUVEE_JSON, cuvee_opt_json                                                                              \
             : CUVEE_JSON)

/** Whether an expression's C type is one of the nullable forms. */
#define CUVEE_NULLABLE(x)                                                                                              \
    _Generic((x), cuvee_opt_bool                                                                                       \
             : true, cuvee_opt_int32                                                                                   \
             : true, cuvee_opt_int64                                                                                   \
             : true, cuvee_opt_double                                                                                  \
             : true, cuvee_opt_text                                                                                    \
             : true, cuvee_opt_time                                                                                    \
             : true, cuvee_opt_date                                                                                    \
             : true, cuvee_opt_decimal                                                                                 \
             : true, cuvee_opt_uuid                                                                                    \
             : true, cuvee_opt_blob                                                                                    \
             : true, cuvee_opt_json                                                                                    \
             : true, default                                                                                           \
             : false)

#ifdef __cplusplus
}
#endif
#endif
