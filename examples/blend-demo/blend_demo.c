/* Users in one database, orders in another, one session over both. */
#include <cuvee/cuvee.h>
#include <stdio.h>

typedef struct User {
    int64_t id;
    const char *name, *email;
} User;
static const cuvee_field user_fields[] = {
    CUVEE_FIELD(User, id, .key = true, .doc = "Unique identifier of the user", .example = "1"),
    CUVEE_FIELD(User, name, .min_length = 1, .max_length = 100, .doc = "Full name", .example = "John Doe"),
    CUVEE_FIELD(User, email, .unique = true, .format = CUVEE_EMAIL, .example = "john.doe@example.com"),
};
static const cuvee_model user_model = CUVEE_MODEL(User, "users", user_fields);
static const cuvee_base accounts = CUVEE_BASE("accounts", &user_model);

typedef struct Order {
    int64_t id;
    const char *item;
    int32_t quantity;
} Order;
static const cuvee_field order_fields[] = {
    CUVEE_FIELD(Order, id, .key = true, .doc = "Unique identifier of the order", .example = "1"),
    CUVEE_FIELD(Order, item, .min_length = 1, .doc = "What was ordered", .example = "Lamp"),
    CUVEE_FIELD(Order, quantity, .ge = "1", .doc = "How many of it", .example = "2"),
};
static const cuvee_model order_model = CUVEE_MODEL(Order, "orders", order_fields);
static const cuvee_base sales = CUVEE_BASE("sales", &order_model);

/* What a new customer sends, and what comes back. */
typedef struct Signup {
    const char *name, *email, *item;
    int32_t quantity;
} Signup;
static const cuvee_field signup_fields[] = {
    CUVEE_FIELD(Signup, name, .min_length = 1, .max_length = 100, .example = "Jane Doe"),
    CUVEE_FIELD(Signup, email, .format = CUVEE_EMAIL, .example = "jane.doe@example.com"),
    CUVEE_FIELD(Signup, item, .min_length = 1, .example = "Chair"),
    CUVEE_FIELD(Signup, quantity, .ge = "1", .example = "4"),
};
static const cuvee_model signup_model = CUVEE_MODEL(Signup, NULL, signup_fields);

typedef struct SignedUp {
    const User *user;
    const Order *order;
} SignedUp;
static const cuvee_field signed_up_fields[] = {
    CUVEE_OBJECT_FIELD(SignedUp, user, &user_model),
    CUVEE_OBJECT_FIELD(SignedUp, order, &order_model),
};
static const cuvee_model signed_up_model = CUVEE_MODEL(SignedUp, NULL, signed_up_fields);

static void read_users(cuvee_request *req)
{
    cuvee_reply_query(req, cuvee_select(cuvee_request_session(req), &user_model));
}

static void read_orders(cuvee_request *req)
{
    cuvee_reply_query(req, cuvee_select(cuvee_request_session(req), &order_model));
}

static void read_user(cuvee_request *req)
{
    const User *asked = cuvee_params(req, &user_model);
    cuvee_reply_object(req, &user_model, cuvee_get(cuvee_request_session(req), &user_model, asked->id));
}

static void create_user(cuvee_request *req)
{
    cuvee_session *s = cuvee_request_session(req);
    const User *user = cuvee_add(s, &user_model, cuvee_body(req, &user_model));
    cuvee_commit(s);
    cuvee_reply_object(req, &user_model, user);
}

static void create_order(cuvee_request *req)
{
    cuvee_session *s = cuvee_request_session(req);
    const Order *order = cuvee_add(s, &order_model, cuvee_body(req, &order_model));
    cuvee_commit(s);
    cuvee_reply_object(req, &order_model, order);
}

/* Two databases, one commit. */
static void sign_up(cuvee_request *req)
{
    const Signup *in = cuvee_body(req, &signup_model);
    cuvee_session *s = cuvee_request_session(req);
    const User *user = cuvee_add(s, &user_model, &(User){.name = in->name, .email = in->email});
    const Order *order = cuvee_add(s, &order_model, &(Order){.item = in->item, .quantity = in->quantity});
    cuvee_commit(s);
    cuvee_reply_object(req, &signed_up_model, &(SignedUp){user, order});
}

/* Ten rows of each, when there are none at all. */
static bool fill(cuvee_blend *blend)
{
    static const char *const names[] = {"Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gro", "Hal", "Ida", "Jon"};
    static const char *const items[] = {"Lamp", "Chair", "Desk", "Shelf", "Sofa"};
    cuvee_session *s = cuvee_session_open(blend);
    bool empty = cuvee_count(cuvee_select(s, &user_model)) + cuvee_count(cuvee_select(s, &order_model)) == 0;
    for (int i = 0; empty && i < 10; i++) {
        char email[40];
        snprintf(email, sizeof email, "%s@example.com", names[i]);
        cuvee_add(s, &user_model, &(User){.name = names[i], .email = email});
        cuvee_add(s, &order_model, &(Order){.item = items[i % 5], .quantity = 1 + i * 7 % 5});
    }
    bool filled = cuvee_commit(s) == CUVEE_COMMITTED;
    cuvee_session_close(s);
    return filled;
}

static cuvee_app *blend_demo(cuvee_blend *blend)
{
    cuvee_blend_bind(blend, &accounts, "sqlite:accounts.db");
    cuvee_blend_bind(blend, &sales, "sqlite:sales.db");
    cuvee_app *app = cuvee_app_new(blend, .title = "Blend demo", .on_start = fill);
    cuvee_app_get(app, "/users", read_users, .returns = CUVEE_LIST(&user_model), .doc = "All users, by id.");
    cuvee_app_get(app, "/users/{id}", read_user, .params = &user_model, .returns = CUVEE_ONE(&user_model));
    cuvee_app_post(app, "/users", create_user, .body = CUVEE_ONE(&user_model), .returns = CUVEE_ONE(&user_model),
                   .status = 201);
    cuvee_app_get(app, "/orders", read_orders, .returns = CUVEE_LIST(&order_model), .doc = "All orders, by id.");
    cuvee_app_post(app, "/orders", create_order, .body = CUVEE_ONE(&order_model), .returns = CUVEE_ONE(&order_model),
                   .status = 201);
    cuvee_app_post(app, "/signup", sign_up, .body = CUVEE_ONE(&signup_model), .returns = CUVEE_ONE(&signed_up_model),
                   .status = 201, .doc = "Adds a user and a first order, or neither.");
    return app;
}

int main(int argc, char **argv)
{
    return cuvee_app_main(blend_demo(cuvee_blend_new()), argc, argv);
}
