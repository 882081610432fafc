/** What the web room's tests share: an application on an empty blend, and looking at replies. */
#ifndef TESTS_WEB_SUPPORT_H
#define TESTS_WEB_SUPPORT_H

#include "support/check.h"

#include <cuvee/cuvee.h>
#include <cuvee/test.h>

typedef struct Item {
    int64_t id;
    const char *name;
    int32_t amount;
    cuvee_opt_text note;
    const char *secret;
} Item;
extern const cuvee_model item_model;
extern const cuvee_base stock;

/* An application with a client of its own. */
struct world {
    cuvee_blend *blend;
    cuvee_app *app;
    cuvee_test *test;
};

/** An application over base `stock`; routes are added by the test. */
struct world *new_world(void);
struct world *new_world_with(const cuvee_app_options *options);
/** Opens the client, at the first call. */
cuvee_test *client(struct world *world);
void free_world(struct world *world);

/** Adds an item and commits; fails the test when that fails. Returns its id. */
int64_t put_item(struct world *world, const char *name, int32_t amount);

void reply_is(const cuvee_test_reply *reply, int status, const char *body);
void header_is(const cuvee_test_reply *reply, const char *name, const char *value);
/** The value at this path of the reply's JSON. */
void at_is(const cuvee_test_reply *reply, const char *path, const char *value);
/** The application's error says these words. */
void app_error_says(const cuvee_app *app, cuvee_error_kind kind, const char *words);

#endif
