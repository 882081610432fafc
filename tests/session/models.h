/** The models of the session's tests: two bases that refer to each other's rows. */
#ifndef TESTS_SESSION_MODELS_H
#define TESTS_SESSION_MODELS_H

#include <cuvee/model.h>
#include <cuvee/relation.h>

/* ---- accounts: people, where they are, and what they belong to ---- */

/* A key of text, given by the caller. */
typedef struct Country {
    const char *code;
    const char *name;
} Country;

/* A key that the database assigns; a unique text; an optional reference. */
typedef struct User {
    int64_t id;
    const char *name;
    const char *email;
    cuvee_opt_int32 age;
    cuvee_opt_text country;
} User;

/* One to one: its key is its user's. */
typedef struct Profile {
    int64_t user_id;
    const char *biography;
    bool is_public;
} Profile;

/* A tree: it refers to its own model. */
typedef struct Category {
    int64_t id;
    const char *name;
    cuvee_opt_int64 parent_id;
} Category;

/* Many to many, by pairs whose two fields are the key. */
typedef struct Team {
    int64_t id;
    const char *name;
} Team;
typedef struct Membership {
    int64_t user_id;
    int64_t team_id;
    cuvee_opt_text role;
} Membership;

/* ---- sales: what was ordered ---- */

/* Refers to a row of another base; has a version. */
typedef struct Order {
    int64_t id;
    int64_t user_id;
    const char *item;
    int32_t quantity;
    int64_t version;
} Order;

/* Refers to a row of its own base. */
typedef struct Item {
    int64_t id;
    int64_t order_id;
    const char *name;
    cuvee_decimal price;
} Item;

/* A key of two fields, one of them a text. */
typedef struct Stock {
    int32_t warehouse;
    const char *sku;
    int64_t count;
} Stock;

/* Refers to a key of another base which the caller gives, or to none. */
typedef struct Parcel {
    const char *tracking;
    cuvee_opt_text country;
} Parcel;

/* Defaults of every sort, optionals, and a key that is a UUID. */
typedef struct Note {
    cuvee_uuid id;
    const char *title;
    cuvee_time at;
    cuvee_opt_text remark;
    cuvee_opt_double weight;
    cuvee_opt_time due;
    cuvee_opt_blob attachment;
    cuvee_json tags;
    const char *state;
} Note;

/* A model that is in no base. */
typedef struct Stranger {
    int64_t id;
} Stranger;

extern const cuvee_model country_model, user_model, profile_model, category_model, team_model, membership_model;
extern const cuvee_model order_model, item_model, stock_model, parcel_model, note_model, stranger_model;
extern const cuvee_base accounts_base, sales_base;

#endif
