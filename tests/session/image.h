/** Rows as integers, and an image of what the databases hold of them: for tests that know it all. */
#ifndef TESTS_SESSION_IMAGE_H
#define TESTS_SESSION_IMAGE_H

#include "session/support.h"

enum { A_USER, AN_ORDER, A_STOCK, KINDS };
enum { CELLS = 4, MOST_ROWS = 60, TEXTS = 40 };
#define NO_CELL INT64_MIN /* NULL */

/*
 * A row, its key first: a user's id, name, email, age; an order's id, user, quantity, version; a stock's warehouse,
 * sku, count. Texts are numbers below TEXTS.
 */
struct row {
    int64_t cells[CELLS];
};

struct image {
    struct row rows[KINDS][MOST_ROWS];
    size_t counts[KINDS];
};

/* What the tests know of a model. */
struct kind {
    const cuvee_model *model;
    const cuvee_base *base;
    size_t cells, keys;
    bool auto_key;
    size_t version; /* its cell; 0: none */
    size_t set;     /* the cell that statements for many rows compare and set, … */
    const char *field;
};
extern const struct kind kinds[KINDS];

union any_row {
    User user;
    Order order;
    Stock stock;
};

/** The struct of a row; its texts are static. */
union any_row row_struct(int kind, const struct row *row);
struct row row_of(int kind, const void *object);
/** One of a row's cells as a value. */
cuvee_value row_value(int kind, const struct row *row, size_t cell);
bool rows_are_same(int kind, const struct row *a, const struct row *b);
bool rows_have_same_key(int kind, const struct row *a, const struct row *b);

/** The row with this one's key, or NULL. */
struct row *image_find(struct image *image, int kind, const struct row *key);
void image_add(struct image *image, int kind, const struct row *row);
void image_remove(struct image *image, int kind, const struct row *key);
/** The databases hold the image and nothing else, as others see it. */
void image_assert(struct image *image, const struct world *world);

#endif
