#include "session/oracle.h"

#include <float.h>
#include <string.h>

#include "base/decimal_text.h"
#include "session/query.h"
#include "support/check.h"

/* ---- random rows ---- */

#define PICK(array, dice) (array)[dice_throw(dice, sizeof(array) / sizeof(array)[0])]

static cuvee_value text_value(struct dice *dice)
{
    static const char *const texts[] = {"",  "a",  "A",  "ab", "aB",  "b",           "a%",
                                        "_", "\\", "'",  "10", "9",   "\xC3\xA9",    "\xF0\x9F\x8D\xB7",
                                        "z", "Z ", " z", "\n", "a_b", "' OR 1=1 --", "?"};
    return cuvee_text_value(PICK(texts, dice));
}

static cuvee_value number_value(cuvee_kind kind, struct dice *dice)
{
    static const int64_t large[] = {0, 1, -1, 7, 8, INT64_MAX, INT64_MIN, INT64_C(9007199254740993)};
    static const int32_t small[] = {0, 1, -1, 7, 8, INT32_MAX, INT32_MIN};
    static const double real[] = {0.0, -1.5, 0.1, 1e300, -1e300, DBL_MIN, DBL_EPSILON, 7.0};
    if (kind == CUVEE_DOUBLE)
        return cuvee_double_value(PICK(real, dice));
    cuvee_value value = cuvee_int_value(kind == CUVEE_INT32 ? PICK(small, dice) : PICK(large, dice));
    value.kind = kind;
    return value;
}

static cuvee_value moment_value(cuvee_kind kind, struct dice *dice)
{
    static const cuvee_time times[] = {{0}, {1}, {-1}, {INT64_C(1706702400123456)}, {INT64_C(-62135596800000000)}};
    static const cuvee_date dates[] = {{0}, {1}, {-1}, {19753}, {2932896}, {-719162}};
    return kind == CUVEE_TIME ? cuvee_time_value(PICK(times, dice)) : cuvee_date_value(PICK(dates, dice));
}

cuvee_value oracle_value(cuvee_kind kind, struct dice *dice)
{
    static const cuvee_decimal decimals[] = {{"0"},   {"9"},    {"10"},  {"1.50"},
                                             {"1.5"}, {"-1.5"}, {"-10"}, {"12345678901234567890.123456789"}};
    static const cuvee_uuid uuids[] = {{{0}}, {{1}}, {{0, 1}}, {{0x80}}, {{0xFF, 0xFF}}};
    static const cuvee_blob blobs[] = {{"", 0}, {"a", 1}, {"a\0", 2}, {"a\0b", 3}, {"\xFF", 1}, {"b", 1}};
    static const cuvee_json jsons[] = {{"null"}, {"[1]"}, {"{\"a\":\"b\"}"}};
    switch (kind) {
    case CUVEE_BOOL: return cuvee_bool_value(dice_coin(dice));
    case CUVEE_TEXT: return text_value(dice);
    case CUVEE_TIME:
    case CUVEE_DATE: return moment_value(kind, dice);
    case CUVEE_DECIMAL: return cuvee_decimal_value(PICK(decimals, dice));
    case CUVEE_UUID: return cuvee_uuid_value(PICK(uuids, dice));
    case CUVEE_BLOB: return cuvee_blob_value(PICK(blobs, dice));
    case CUVEE_JSON: return cuvee_json_value(PICK(jsons, dice));
    default: return number_value(kind, dice);
    }
}

static void set_plain(Sample *row, size_t field, const cuvee_value *value)
{
    switch (field) {
    case 1: row->flag = value->as.boolean; break;
    case 2: row->small = (int32_t)value->as.integer; break;
    case 3: row->large = value->as.integer; break;
    case 4: row->real = value->as.real; break;
    case 5: row->text = value->as.text.data; break;
    case 6: row->at.us = value->as.integer; break;
    case 7: row->day.days = (int32_t)value->as.integer; break;
    case 8: row->amount.text = value->as.text.data; break;
    case 9: memcpy(row->uuid.bytes, value->as.uuid, 16); break;
    case 10: row->blob = (cuvee_blob){value->as.text.data, value->as.text.size}; break;
    default: row->json.text = value->as.text.data; break;
    }
}

Sample oracle_row(struct dice *dice)
{
    Sample row, optional;
    memset(&row, 0, sizeof row);
    memset(&optional, 0, sizeof optional);
    bool set[SAMPLE_FIELDS] = {false};
    for (size_t f = 1; f < SAMPLE_FIELDS; f++) {
        cuvee_value value = oracle_value(sample_kind(f), dice);
        set[f] = dice_throw(dice, 3) > 0;
        set_plain(f <= SAMPLE_KINDS ? &row : &optional, f <= SAMPLE_KINDS ? f : f - SAMPLE_KINDS, &value);
    }
    const bool *is = set + SAMPLE_KINDS;
    if (is[1])
        row.opt_flag = (cuvee_opt_bool){true, optional.flag};
    if (is[2])
        row.opt_small = (cuvee_opt_int32){true, optional.small};
    if (is[3])
        row.opt_large = (cuvee_opt_int64){true, optional.large};
    if (is[4])
        row.opt_real = (cuvee_opt_double){true, optional.real};
    if (is[5])
        row.opt_text = (cuvee_opt_text){true, optional.text};
    if (is[6])
        row.opt_at = (cuvee_opt_time){true, optional.at};
    if (is[7])
        row.opt_day = (cuvee_opt_date){true, optional.day};
    if (is[8])
        row.opt_amount = (cuvee_opt_decimal){true, optional.amount};
    if (is[9])
        row.opt_uuid = (cuvee_opt_uuid){true, optional.uuid};
    if (is[10])
        row.opt_blob = (cuvee_opt_blob){true, optional.blob};
    if (is[11])
        row.opt_json = (cuvee_opt_json){true, optional.json};
    return row;
}

/* ---- random filters ---- */

static struct node *new_node(struct forest *forest, enum node_kind kind)
{
    assert_true(forest->count < ORACLE_NODES);
    struct node *node = &forest->nodes[forest->count++];
    *node = (struct node){.kind = kind};
    return node;
}

/* Any field but one of JSON, whose comparison is the engine's affair. */
static size_t any_field(struct dice *dice)
{
    size_t field = 1 + dice_throw(dice, 2 * (SAMPLE_KINDS - 1));
    return field < SAMPLE_KINDS ? field : field + 1;
}

/* Another field of the same kind, or the same. */
static size_t like_field(size_t field, struct dice *dice)
{
    size_t kind = field > SAMPLE_KINDS ? field - SAMPLE_KINDS : field;
    return dice_coin(dice) ? kind : kind + SAMPLE_KINDS;
}

static const struct node *leaf(struct forest *forest, struct dice *dice, bool subs)
{
    static const char *const patterns[] = {"%", "a%", "_", "%b", "\\%", "a\\%", "\\\\", "%\xC3\xA9%", "A_B", ""};
    enum node_kind kind = (enum node_kind)dice_throw(dice, subs ? NODE_SUB + 1 : NODE_SUB);
    struct node *node = new_node(forest, kind);
    node->field = kind == NODE_NULL ? 1 + dice_throw(dice, SAMPLE_FIELDS - 1) : any_field(dice);
    node->other = like_field(node->field, dice);
    cuvee_kind of = sample_kind(node->field);
    bool like = kind == NODE_COMPARE && of == CUVEE_TEXT && dice_coin(dice);
    node->comparison = (cuvee_comparison)(CUVEE_EQ + dice_throw(dice, 6));
    node->value_count = kind == NODE_IN ? dice_throw(dice, 5) : kind == NODE_BETWEEN ? 2 : 1;
    for (size_t i = 0; i < node->value_count; i++)
        node->values[i] = oracle_value(of, dice);
    if (like) {
        node->comparison = dice_coin(dice) ? CUVEE_LIKE : CUVEE_ILIKE;
        node->values[0] = cuvee_text_value(PICK(patterns, dice));
    }
    return node;
}

static const struct node *tree(struct forest *forest, struct dice *dice, unsigned height, bool subs)
{
    if (height == 0 || dice_throw(dice, 4) == 0) {
        struct node *node = (struct node *)leaf(forest, dice, subs);
        if (node->kind == NODE_SUB)
            node->left = tree(forest, dice, 2, false);
        return node;
    }
    enum node_kind kind = (enum node_kind)(NODE_AND + dice_throw(dice, 3));
    const struct node *left = tree(forest, dice, height - 1, subs);
    const struct node *right = kind == NODE_NOT ? NULL : tree(forest, dice, height - 1, subs);
    struct node *node = new_node(forest, kind);
    node->left = left;
    node->right = right;
    return node;
}

const struct node *oracle_tree(struct forest *forest, struct dice *dice, unsigned height)
{
    forest->count = 0;
    return tree(forest, dice, height, true);
}

static const cuvee_expr *build_sub(cuvee_query *query, const struct node *node)
{
    cuvee_query *sub = cuvee_select(query->session, &sample_model);
    cuvee_where(sub, oracle_build(sub, node->left));
    return cuvee_in_query(query, sample_name(node->field), sub, sample_name(node->other));
}

const cuvee_expr *oracle_build(cuvee_query *query, const struct node *node)
{
    const char *field = sample_name(node->field);
    switch (node->kind) {
    case NODE_COMPARE: return cuvee_compare(query, field, node->comparison, node->values[0]);
    case NODE_IN: return cuvee_in(query, field, node->values, node->value_count);
    case NODE_BETWEEN: return cuvee_between(query, field, node->values[0], node->values[1]);
    case NODE_NULL: return cuvee_is_null(query, field);
    case NODE_FIELDS: return cuvee_compare_fields(query, field, node->comparison, sample_name(node->other));
    case NODE_SUB: return build_sub(query, node);
    case NODE_AND: return cuvee_and(query, oracle_build(query, node->left), oracle_build(query, node->right));
    case NODE_OR: return cuvee_or(query, oracle_build(query, node->left), oracle_build(query, node->right));
    case NODE_NOT: break;
    }
    return cuvee_not(query, oracle_build(query, node->left));
}

/* ---- what they mean ---- */

static int bytes_compare(const cuvee_value *a, const cuvee_value *b)
{
    size_t size = a->as.text.size < b->as.text.size ? a->as.text.size : b->as.text.size;
    int order = size ? memcmp(a->as.text.data, b->as.text.data, size) : 0;
    return order ? order : (a->as.text.size > b->as.text.size) - (a->as.text.size < b->as.text.size);
}

int oracle_compare(const cuvee_value *a, const cuvee_value *b)
{
    switch (a->kind) {
    case CUVEE_BOOL: return a->as.boolean - b->as.boolean;
    case CUVEE_DOUBLE: return (a->as.real > b->as.real) - (a->as.real < b->as.real);
    case CUVEE_UUID: return memcmp(a->as.uuid, b->as.uuid, 16);
    case CUVEE_DECIMAL: return cv_decimal_compare(a->as.text.data, a->as.text.size, b->as.text.data, b->as.text.size);
    case CUVEE_TEXT:
    case CUVEE_BLOB:
    case CUVEE_JSON: return bytes_compare(a, b);
    default: return (a->as.integer > b->as.integer) - (a->as.integer < b->as.integer);
    }
}

static char folded(char c, bool fold)
{
    return fold && c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The first byte behind the character at `text`. */
static const char *behind(const char *text)
{
    text++;
    while (((unsigned char)*text & 0xC0) == 0x80)
        text++;
    return text;
}

bool oracle_like(const char *text, const char *pattern, bool fold)
{
    for (; *pattern; pattern++) {
        if (*pattern == '%') {
            for (const char *rest = text;; rest++) {
                if (oracle_like(rest, pattern + 1, fold))
                    return true;
                if (!*rest)
                    return false;
            }
        }
        if (*pattern == '_') {
            if (!*text)
                return false;
            text = behind(text);
            continue;
        }
        pattern += *pattern == '\\';
        if (!*text || folded(*text, fold) != folded(*pattern, fold))
            return false;
        text++;
    }
    return !*text;
}

static enum truth truth_of(bool holds)
{
    return holds ? YES : NO;
}

static enum truth compare(const cuvee_value *a, cuvee_comparison comparison, const cuvee_value *b)
{
    if (!a->kind || !b->kind)
        return UNKNOWN;
    if (comparison == CUVEE_LIKE || comparison == CUVEE_ILIKE)
        return truth_of(oracle_like(a->as.text.data, b->as.text.data, comparison == CUVEE_ILIKE));
    int order = oracle_compare(a, b);
    switch (comparison) {
    case CUVEE_EQ: return truth_of(order == 0);
    case CUVEE_NE: return truth_of(order != 0);
    case CUVEE_LT: return truth_of(order < 0);
    case CUVEE_LE: return truth_of(order <= 0);
    case CUVEE_GT: return truth_of(order > 0);
    default: return truth_of(order >= 0);
    }
}

static enum truth both(enum truth a, enum truth b)
{
    return a < b ? a : b;
}

static enum truth either(enum truth a, enum truth b)
{
    return a > b ? a : b;
}

static enum truth among(const struct node *node, const cuvee_value *value, const Sample *rows, size_t count)
{
    enum truth found = NO;
    for (size_t i = 0; i < count; i++) {
        if (oracle_judge(node->left, &rows[i], rows, count) != YES)
            continue;
        cuvee_value other = sample_value(&rows[i], node->other);
        found = either(found, compare(value, CUVEE_EQ, &other));
    }
    return found;
}

enum truth oracle_judge(const struct node *node, const Sample *row, const Sample *rows, size_t count)
{
    cuvee_value value = sample_value(row, node->field), other = sample_value(row, node->other);
    enum truth truth = NO;
    switch (node->kind) {
    case NODE_COMPARE: return compare(&value, node->comparison, &node->values[0]);
    case NODE_IN:
        for (size_t i = 0; i < node->value_count; i++)
            truth = either(truth, compare(&value, CUVEE_EQ, &node->values[i]));
        return truth;
    case NODE_BETWEEN:
        return both(compare(&value, CUVEE_GE, &node->values[0]), compare(&value, CUVEE_LE, &node->values[1]));
    case NODE_NULL: return truth_of(!value.kind);
    case NODE_FIELDS: return compare(&value, node->comparison, &other);
    case NODE_SUB: return among(node, &value, rows, count);
    case NODE_AND: return both(oracle_judge(node->left, row, rows, count), oracle_judge(node->right, row, rows, count));
    case NODE_OR:
        return either(oracle_judge(node->left, row, rows, count), oracle_judge(node->right, row, rows, count));
    case NODE_NOT: break;
    }
    return (enum truth)(YES - oracle_judge(node->left, row, rows, count));
}
