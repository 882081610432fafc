#include "session/models.h"

#include "session/sample.h"

static const cuvee_field country_fields[] = {
    CUVEE_FIELD(Country, code, .key = true, .min_length = 2, .max_length = 2),
    CUVEE_FIELD(Country, name),
};
static const cuvee_relation country_relations[] = {
    CUVEE_HAS_MANY("parcels", &parcel_model, "country"),
};
const cuvee_model country_model = CUVEE_MODEL(Country, "countries", country_fields, CUVEE_RELATIONS(country_relations));

static const cuvee_field user_fields[] = {
    CUVEE_FIELD(User, id, .key = true),
    CUVEE_FIELD(User, name, .min_length = 1, .max_length = 40),
    CUVEE_FIELD(User, email, .unique = true, .format = CUVEE_EMAIL, .max_length = 100),
    CUVEE_FIELD(User, age, .ge = "0", .le = "150"),
    CUVEE_FIELD(User, country, .refers = &country_model, .max_length = 2),
};
static const cuvee_relation user_relations[] = {
    CUVEE_HAS_MANY("orders", &order_model, "user_id"),
    CUVEE_HAS_ONE("profile", &profile_model, "user_id"),
    CUVEE_BELONGS_TO("home", &country_model, "country"),
    CUVEE_BELONGS_TO("homeland", &country_model, "country"),
    CUVEE_HAS_MANY_THROUGH("teams", &team_model, &membership_model, "user_id", "team_id"),
};
const cuvee_model user_model = CUVEE_MODEL(User, "users", user_fields, CUVEE_RELATIONS(user_relations));

static const cuvee_field profile_fields[] = {
    CUVEE_FIELD(Profile, user_id, .key = true, .by_caller = true, .refers = &user_model),
    CUVEE_FIELD(Profile, biography, .column = "bio"),
    CUVEE_FIELD(Profile, is_public),
};
static const cuvee_relation profile_relations[] = {
    CUVEE_BELONGS_TO("user", &user_model, "user_id"),
};
const cuvee_model profile_model = CUVEE_MODEL(Profile, "profiles", profile_fields, CUVEE_RELATIONS(profile_relations));

static const cuvee_field category_fields[] = {
    CUVEE_FIELD(Category, id, .key = true),
    CUVEE_FIELD(Category, name),
    CUVEE_FIELD(Category, parent_id, .refers = &category_model),
};
static const cuvee_relation category_relations[] = {
    CUVEE_BELONGS_TO("parent", &category_model, "parent_id"),
    CUVEE_HAS_MANY("children", &category_model, "parent_id"),
};
const cuvee_model category_model =
    CUVEE_MODEL(Category, "categories", category_fields, CUVEE_RELATIONS(category_relations));

static const cuvee_field team_fields[] = {
    CUVEE_FIELD(Team, id, .key = true),
    CUVEE_FIELD(Team, name),
};
static const cuvee_relation team_relations[] = {
    CUVEE_HAS_MANY_THROUGH("members", &user_model, &membership_model, "team_id", "user_id"),
};
const cuvee_model team_model = CUVEE_MODEL(Team, "teams", team_fields, CUVEE_RELATIONS(team_relations));

static const cuvee_field membership_fields[] = {
    CUVEE_FIELD(Membership, user_id, .key = true, .refers = &user_model),
    CUVEE_FIELD(Membership, team_id, .key = true, .refers = &team_model),
    CUVEE_FIELD(Membership, role),
};
const cuvee_model membership_model = CUVEE_MODEL(Membership, "memberships", membership_fields);

static const cuvee_field order_fields[] = {
    CUVEE_FIELD(Order, id, .key = true),          CUVEE_FIELD(Order, user_id, .refers = &user_model, .index = true),
    CUVEE_FIELD(Order, item, .max_length = 60),   CUVEE_FIELD(Order, quantity, .gt = "0"),
    CUVEE_FIELD(Order, version, .version = true),
};
static const cuvee_relation order_relations[] = {
    CUVEE_BELONGS_TO("user", &user_model, "user_id"),
    CUVEE_HAS_MANY("items", &item_model, "order_id"),
};
const cuvee_model order_model = CUVEE_MODEL(Order, "orders", order_fields, CUVEE_RELATIONS(order_relations));

static const cuvee_field item_fields[] = {
    CUVEE_FIELD(Item, id, .key = true),
    CUVEE_FIELD(Item, order_id, .refers = &order_model, .index = true),
    CUVEE_FIELD(Item, name),
    CUVEE_FIELD(Item, price, .ge = "0", .fallback = "1.50"),
};
static const cuvee_relation item_relations[] = {
    CUVEE_BELONGS_TO("order", &order_model, "order_id"),
};
const cuvee_model item_model = CUVEE_MODEL(Item, "items", item_fields, CUVEE_RELATIONS(item_relations));

static const cuvee_field stock_fields[] = {
    CUVEE_FIELD(Stock, warehouse, .key = true),
    CUVEE_FIELD(Stock, sku, .key = true, .max_length = 20),
    CUVEE_FIELD(Stock, count),
};
const cuvee_model stock_model = CUVEE_MODEL(Stock, "stock", stock_fields);

static const cuvee_field parcel_fields[] = {
    CUVEE_FIELD(Parcel, tracking, .key = true, .max_length = 30),
    CUVEE_FIELD(Parcel, country, .refers = &country_model, .max_length = 2),
};
static const cuvee_relation parcel_relations[] = {
    CUVEE_BELONGS_TO("destination", &country_model, "country"),
};
const cuvee_model parcel_model = CUVEE_MODEL(Parcel, "parcels", parcel_fields, CUVEE_RELATIONS(parcel_relations));

static const cuvee_field note_fields[] = {
    CUVEE_FIELD(Note, id, .key = true, .fallback = CUVEE_NEW_UUID),
    CUVEE_FIELD(Note, title, .fallback = "untitled"),
    CUVEE_FIELD(Note, at, .fallback = CUVEE_NOW),
    CUVEE_FIELD(Note, remark),
    CUVEE_FIELD(Note, weight, .fallback = "2.5"),
    CUVEE_FIELD(Note, due),
    CUVEE_FIELD(Note, attachment),
    CUVEE_FIELD(Note, tags, .fallback = "[]"),
    CUVEE_FIELD(Note, state, .choices = "new|done", .fallback = "new"),
};
const cuvee_model note_model = CUVEE_MODEL(Note, "notes", note_fields);

static const cuvee_field stranger_fields[] = {
    CUVEE_FIELD(Stranger, id, .key = true),
};
const cuvee_model stranger_model = CUVEE_MODEL(Stranger, "strangers", stranger_fields);

const cuvee_base accounts_base = CUVEE_BASE("accounts", &country_model, &user_model, &profile_model, &category_model,
                                            &team_model, &membership_model);
const cuvee_base sales_base = CUVEE_BASE("sales", &order_model, &item_model, &stock_model, &parcel_model, &note_model,
                                         &sample_model, &seat_model);
