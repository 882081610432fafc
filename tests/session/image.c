#include "session/image.h"

#include <stdio.h>

const struct kind kinds[KINDS] = {
    {&user_model, &accounts_base, 4, 1, true, 0, 1, "name"},
    {&order_model, &sales_base, 4, 1, true, 3, 2, "quantity"},
    {&stock_model, &sales_base, 3, 2, false, 0, 2, "count"},
};

/* "n7", or "n7@example.com". */
static const char *text_of(int64_t number, bool email)
{
    static char texts[2][TEXTS][24];
    char *text = texts[email][number];
    snprintf(text, sizeof texts[0][0], "n%d%s", (int)number, email ? "@example.com" : "");
    return text;
}

static int64_t number_of(const char *text)
{
    return strtoll(text + 1, NULL, 10);
}

union any_row row_struct(int kind, const struct row *row)
{
    const int64_t *cells = row->cells;
    union any_row any = {.user = {0}};
    switch (kind) {
    case A_USER:
        any.user = (User){.id = cells[0], .name = text_of(cells[1], false), .email = text_of(cells[2], true)};
        if (cells[3] != NO_CELL)
            any.user.age = (cuvee_opt_int32){true, (int32_t)cells[3]};
        break;
    case AN_ORDER: any.order = (Order){cells[0], cells[1], "lamp", (int32_t)cells[2], cells[3]}; break;
    default: any.stock = (Stock){(int32_t)cells[0], text_of(cells[1], false), cells[2]};
    }
    return any;
}

struct row row_of(int kind, const void *object)
{
    const User *user = object;
    const Order *order = object;
    const Stock *stock = object;
    switch (kind) {
    case A_USER:
        return (struct row){
            {user->id, number_of(user->name), number_of(user->email), user->age.set ? user->age.value : NO_CELL}};
    case AN_ORDER: return (struct row){{order->id, order->user_id, order->quantity, order->version}};
    default: return (struct row){{stock->warehouse, number_of(stock->sku), stock->count}};
    }
}

cuvee_value row_value(int kind, const struct row *row, size_t cell)
{
    bool text = cell == 1 && kind != AN_ORDER;
    return text ? cuvee_text_value(text_of(row->cells[cell], false)) : cuvee_int_value(row->cells[cell]);
}

bool rows_are_same(int kind, const struct row *a, const struct row *b)
{
    return memcmp(a->cells, b->cells, kinds[kind].cells * sizeof a->cells[0]) == 0;
}

bool rows_have_same_key(int kind, const struct row *a, const struct row *b)
{
    return memcmp(a->cells, b->cells, kinds[kind].keys * sizeof a->cells[0]) == 0;
}

struct row *image_find(struct image *image, int kind, const struct row *key)
{
    for (size_t i = 0; i < image->counts[kind]; i++)
        if (rows_have_same_key(kind, &image->rows[kind][i], key))
            return &image->rows[kind][i];
    return NULL;
}

void image_add(struct image *image, int kind, const struct row *row)
{
    assert_null(image_find(image, kind, row));
    assert_true(image->counts[kind] < MOST_ROWS);
    image->rows[kind][image->counts[kind]++] = *row;
}

void image_remove(struct image *image, int kind, const struct row *key)
{
    struct row *row = image_find(image, kind, key);
    assert_non_null(row);
    *row = image->rows[kind][--image->counts[kind]];
}

void image_assert(struct image *image, const struct world *world)
{
    cuvee_session *session = cuvee_session_open(world->blend, .read_only = true);
    for (int kind = 0; kind < KINDS; kind++) {
        cuvee_list list = cuvee_all(cuvee_select(session, kinds[kind].model));
        assert_good(session);
        assert_int_equal(list.count, image->counts[kind]);
        for (size_t i = 0; i < list.count; i++) {
            struct row is = row_of(kind, list.items[i]);
            const struct row *should = image_find(image, kind, &is);
            assert_non_null(should);
            assert_true(rows_are_same(kind, &is, should));
        }
    }
    cuvee_session_close(session);
}
