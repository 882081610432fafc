#include "sql/random_select.h"

static cv_ref any_field(const struct random_select *random, struct dice *dice)
{
    size_t source = dice_throw(dice, (uint32_t)random->select.join_count + 1);
    const struct cv_plan *plan = cv_select_source(&random->select, source);
    return cv_ref_make(source, dice_throw(dice, plan->count < 4 ? (uint32_t)plan->count : 4));
}

static cuvee_value any_value(cuvee_kind kind, struct dice *dice)
{
    static const char *const texts[] = {"", "a", "'; DROP TABLE people; --", "?", "$1", "\"", "`", "12.5"};
    cuvee_value value = cuvee_int_value((int64_t)dice_throw(dice, 1000) - 500);
    switch (kind) {
    case CUVEE_BOOL: return cuvee_bool_value(dice_coin(dice));
    case CUVEE_TEXT: return cuvee_text_value(texts[dice_throw(dice, 8)]);
    case CUVEE_DECIMAL: return cuvee_decimal_value((cuvee_decimal){dice_coin(dice) ? "1" : "2.50"});
    default: value.kind = kind; return value;
    }
}

static cuvee_value *new_values(struct random_select *random, cuvee_kind kind, size_t count, struct dice *dice)
{
    cuvee_value *values = random->values + random->value_count;
    for (size_t i = 0; i < count; i++)
        values[i] = any_value(kind, dice);
    random->value_count += count;
    return values;
}

static cuvee_expr *new_node(struct random_select *random, enum cv_expr_kind kind)
{
    assert_true(random->node_count < MOST_NODES);
    cuvee_expr *node = &random->nodes[random->node_count++];
    *node = (cuvee_expr){.kind = kind};
    return node;
}

static const cuvee_expr *leaf(struct random_select *random, struct dice *dice)
{
    cuvee_expr *node = new_node(random, 0);
    node->ref = any_field(random, dice);
    cuvee_kind kind = cv_select_field(&random->select, node->ref)->kind;
    switch (dice_throw(dice, 5)) {
    case 0:
        node->kind = CV_EXPR_IN;
        node->value_count = 1 + dice_throw(dice, 5);
        break;
    case 1:
        node->kind = CV_EXPR_BETWEEN;
        node->value_count = 2;
        break;
    case 2: node->kind = CV_EXPR_IS_NULL; break;
    case 3:
        node->kind = CV_EXPR_FIELDS;
        node->comparison = (cuvee_comparison)(CUVEE_EQ + dice_throw(dice, 6));
        node->other = any_field(random, dice);
        break;
    default:
        node->kind = CV_EXPR_COMPARE;
        node->comparison = (cuvee_comparison)(CUVEE_EQ + dice_throw(dice, kind == CUVEE_TEXT ? 8 : 6));
        node->value_count = 1;
        break;
    }
    node->values = new_values(random, kind, node->value_count, dice);
    return node;
}

static const cuvee_expr *sub_select(struct random_select *random, struct dice *dice, unsigned depth)
{
    if (random->sub || depth == 0)
        return leaf(random, dice);
    random->sub = calloc(1, sizeof *random->sub);
    assert_non_null(random->sub);
    random_select_make(random->sub, dice, depth - 1);
    cuvee_expr *node = new_node(random, CV_EXPR_IN_SELECT);
    node->ref = any_field(random, dice);
    node->sub = &random->sub->select;
    return node;
}

/* Chains lean to the left, as a caller builds them; a chain that leans to the right reads the same. */
static const cuvee_expr *tree(struct random_select *random, struct dice *dice, unsigned height, unsigned depth)
{
    switch (height == 0 ? 0 : dice_throw(dice, 6)) {
    case 0:
    case 1: return leaf(random, dice);
    case 2: return sub_select(random, dice, depth);
    case 3: {
        const cuvee_expr *inner = tree(random, dice, height - 1, depth);
        cuvee_expr *node = new_node(random, CV_EXPR_NOT);
        node->left = inner;
        return node;
    }
    default: {
        enum cv_expr_kind kind = dice_coin(dice) ? CV_EXPR_AND : CV_EXPR_OR;
        const cuvee_expr *left = tree(random, dice, height - 1, depth), *right = leaf(random, dice);
        cuvee_expr *node = new_node(random, kind);
        node->left = left, node->right = right;
        return node;
    }
    }
}

static void make_joins(struct random_select *random, struct dice *dice)
{
    for (uint32_t i = dice_throw(dice, MOST_JOINS + 1); i > 0; i--) {
        cv_ref equals = any_field(random, dice);
        const struct cv_plan *plan = plan_of(dice_coin(dice) ? &town_model : &person_model);
        random->joins[random->select.join_count++] =
            (struct cv_join){plan, dice_throw(dice, 3), equals, dice_coin(dice)};
    }
}

static struct cv_pick any_pick(const struct random_select *random, struct dice *dice)
{
    struct cv_pick pick = {.aggregate = (cuvee_aggregate)dice_throw(dice, CUVEE_MAX + 1)};
    pick.ref = any_field(random, dice);
    if (pick.aggregate == CUVEE_COUNT && dice_coin(dice))
        pick = (struct cv_pick){.aggregate = CUVEE_COUNT, .all_rows = true};
    return pick;
}

static void make_groups(struct random_select *random, struct dice *dice)
{
    struct cv_select *select = &random->select;
    for (uint32_t i = 1 + dice_throw(dice, MOST_ORDERS); i > 0; i--)
        random->groups[select->group_count++] = any_field(random, dice);
    for (uint32_t i = dice_throw(dice, MOST_ORDERS + 1); i > 0; i--) {
        struct cv_pick pick = any_pick(random, dice);
        cuvee_value value = any_value(cv_pick_kind(select, &pick), dice);
        random->havings[select->having_count++] =
            (struct cv_having){pick, (cuvee_comparison)(CUVEE_EQ + dice_throw(dice, 6)), value};
    }
}

static void make_orders(struct random_select *random, struct dice *dice)
{
    struct cv_select *select = &random->select;
    for (uint32_t i = dice_throw(dice, MOST_ORDERS + 1); i > 0; i--) {
        cv_ref ref = any_field(random, dice);
        bool descending = dice_coin(dice);
        bool told = cv_select_field(select, ref)->nullable && dice_coin(dice);
        random->orders[select->order_count++] = (struct cv_order){ref, descending, told ? !descending : descending};
    }
}

void random_select_make(struct random_select *random, struct dice *dice, unsigned depth)
{
    *random = (struct random_select){.select = {.plan = plan_of(dice_coin(dice) ? &person_model : &town_model)}};
    struct cv_select *select = &random->select;
    select->joins = random->joins, select->picks = random->picks, select->orders = random->orders;
    select->groups = random->groups, select->havings = random->havings;
    if (dice_coin(dice))
        make_joins(random, dice);
    for (uint32_t i = dice_throw(dice, MOST_PICKS + 1); i > 0; i--)
        random->picks[select->pick_count++] = any_pick(random, dice);
    if (dice_throw(dice, 4) == 0)
        make_groups(random, dice);
    make_orders(random, dice);
    select->unordered = select->order_count == 0;
    if (dice_throw(dice, 5) > 0)
        select->where = tree(random, dice, dice_throw(dice, 5), depth);
    select->distinct = dice_throw(dice, 5) == 0;
    select->limited = dice_throw(dice, 4) == 0;
    select->skips = select->limited && dice_coin(dice);
    select->limit = dice_throw(dice, 10), select->offset = dice_throw(dice, 10);
    select->lock = depth > 0 && dice_throw(dice, 6) == 0 ? CV_LOCK_ROWS : CV_NO_LOCK;
}

void random_select_free(struct random_select *random)
{
    if (random->sub)
        random_select_free(random->sub);
    free(random->sub);
}

void random_select_revalue(struct random_select *random, struct dice *dice)
{
    random->value_count = 0;
    for (size_t i = 0; i < random->node_count; i++) {
        cuvee_expr *node = &random->nodes[i];
        if (node->value_count == 0)
            continue;
        if (node->kind == CV_EXPR_IN && (node->value_count == 3 || node->value_count == 4))
            node->value_count = 3 + dice_throw(dice, 2);
        cuvee_kind kind = cv_select_field(&random->select, node->ref)->kind;
        node->values = new_values(random, kind, node->value_count, dice);
    }
    for (size_t i = 0; i < random->select.having_count; i++) {
        struct cv_having *having = &random->havings[i];
        having->value = any_value(cv_pick_kind(&random->select, &having->pick), dice);
    }
    random->select.limit = dice_throw(dice, 1000), random->select.offset = dice_throw(dice, 1000);
    if (random->sub)
        random_select_revalue(random->sub, dice);
}

static void mutate_node(struct random_select *random, cuvee_expr *node, struct dice *dice)
{
    switch (node->kind) {
    case CV_EXPR_AND:
    case CV_EXPR_OR: node->kind = dice_coin(dice) ? CV_EXPR_AND : CV_EXPR_OR; break;
    case CV_EXPR_IN: node->value_count = 1 + dice_throw(dice, (uint32_t)node->value_count); break;
    case CV_EXPR_FIELDS: node->other = any_field(random, dice); break;
    case CV_EXPR_COMPARE:
        if (node->comparison < CUVEE_LIKE)
            node->comparison = (cuvee_comparison)(CUVEE_EQ + dice_throw(dice, 6));
        break;
    case CV_EXPR_IN_SELECT: random_select_mutate(random->sub, dice); break;
    default: node->ref = any_field(random, dice); break;
    }
}

static void mutate_order(struct random_select *random, struct dice *dice)
{
    struct cv_order *order = &random->orders[dice_throw(dice, (uint32_t)random->select.order_count)];
    bool nullable = cv_select_field(&random->select, order->ref)->nullable;
    order->descending = dice_coin(dice);
    order->nulls_first = nullable ? dice_coin(dice) : order->descending;
}

static void mutate_groups(struct random_select *random, struct dice *dice)
{
    struct cv_having *having = random->select.having_count > 0 ? &random->havings[0] : NULL;
    switch (having ? dice_throw(dice, 4) : 0) {
    case 0: random->groups[0] = any_field(random, dice); break;
    case 1:
        having->pick = any_pick(random, dice);
        having->value = any_value(cv_pick_kind(&random->select, &having->pick), dice);
        break;
    default: having->comparison = (cuvee_comparison)(CUVEE_EQ + dice_throw(dice, 6)); break;
    }
}

void random_select_mutate(struct random_select *random, struct dice *dice)
{
    struct cv_select *select = &random->select;
    uint32_t what = dice_throw(dice, 8);
    if (what < 3 && random->node_count > 0)
        mutate_node(random, &random->nodes[dice_throw(dice, (uint32_t)random->node_count)], dice);
    else if (what == 3 && select->order_count > 0)
        mutate_order(random, dice);
    else if (what == 4 && select->pick_count > 0)
        random->picks[dice_throw(dice, (uint32_t)select->pick_count)] = any_pick(random, dice);
    else if (what == 5 && select->join_count > 0)
        random->joins[select->join_count - 1].outer = dice_coin(dice);
    else if (what == 6 && select->group_count > 0)
        mutate_groups(random, dice);
    else if (select->limited)
        select->skips = !select->skips;
    else
        select->distinct = !select->distinct;
}
