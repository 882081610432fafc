/* Models of unusual structs: nothing but an automatic key, and members that want more alignment than most. */
#include "session/support.h"

#include <stdint.h>
#include <stdio.h>

#include "support/engines.h"

typedef struct Ticket {
    int64_t id;
} Ticket;
static const cuvee_field ticket_fields[] = {CUVEE_FIELD(Ticket, id, .key = true)};
static const cuvee_model ticket_model = CUVEE_MODEL(Ticket, "tickets", ticket_fields);

/* What no field describes is the program's own. */
typedef struct Vector {
    int64_t id;
    const char *name;
    long double scratch;
} Vector;
typedef struct Page {
    int64_t id;
    _Alignas(64) unsigned char lines[64];
    const char *name;
} Page;
static const cuvee_field vector_fields[] = {CUVEE_FIELD(Vector, id, .key = true), CUVEE_FIELD(Vector, name)};
static const cuvee_field page_fields[] = {CUVEE_FIELD(Page, id, .key = true), CUVEE_FIELD(Page, name)};
static const cuvee_model vector_model = CUVEE_MODEL(Vector, "vectors", vector_fields);
static const cuvee_model page_model = CUVEE_MODEL(Page, "pages", page_fields);
/* As made by a program that knows nothing of alignment. */
static const cuvee_model plain_model = {.name = "Plain",
                                        .table = "plains",
                                        .fields = vector_fields,
                                        .field_count = 2,
                                        .struct_size = sizeof(Vector),
                                        .size = sizeof(cuvee_model)};
typedef struct Bill {
    int64_t id;
    cuvee_decimal amount;
    cuvee_opt_decimal paid;
} Bill;
static const cuvee_field bill_fields[] = {
    CUVEE_FIELD(Bill, id, .key = true),
    CUVEE_FIELD(Bill, amount, .places = 2, .unique = true),
    CUVEE_FIELD(Bill, paid, .places = 30),
};
static const cuvee_model bill_model = CUVEE_MODEL(Bill, "bills", bill_fields);
static const cuvee_base base = CUVEE_BASE("odd", &ticket_model, &vector_model, &page_model, &plain_model, &bill_model);

static const char *engine_name = "sqlite";
static struct engine_place place;

static int open_blend(void **state)
{
    place = engine_place_make(engine_name);
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_bind(blend, &base, place.url);
    if (!cuvee_create_tables(blend))
        fail_msg("%s", cuvee_blend_error(blend)->message);
    *state = blend;
    return 0;
}

static int close_blend(void **state)
{
    cuvee_blend_free(*state);
    engine_place_remove(&place);
    return 0;
}

/* ---- nothing but a key ---- */

static void rows_with_nothing_but_a_key(void **state)
{
    cuvee_session *s = cuvee_session_open(*state);
    const Ticket *first = cuvee_add(s, &ticket_model, &(Ticket){0});
    assert_true(cuvee_add_all(s, &ticket_model, (Ticket[3]){{0}}, 3));
    assert_true(cuvee_flush(s));
    assert_int_equal(first->id, 1);
    assert_int_equal(cuvee_count(cuvee_select(s, &ticket_model)), 4);
    assert_ptr_equal(cuvee_get(s, &ticket_model, 1), first);
    assert_non_null(cuvee_edit(s, first)); /* though nothing can be changed */
    assert_true(cuvee_delete(s, cuvee_get(s, &ticket_model, 3)));
    commit_and_close(s);
    s = cuvee_session_open(*state);
    cuvee_list all = cuvee_all(cuvee_select(s, &ticket_model));
    assert_int_equal(all.count, 3);
    assert_int_equal(((const Ticket *)all.items[2])->id, 4);
    cuvee_session_close(s);
}

/* As many as engines write by their quickest way. */
static void many_rows_with_nothing_but_a_key(void **state)
{
    enum { MANY = 1200 };
    static const Ticket many[MANY];
    cuvee_session *s = cuvee_session_open(*state);
    const Ticket *first = cuvee_add(s, &ticket_model, &many[0]);
    assert_true(cuvee_add_all(s, &ticket_model, many, MANY - 2));
    const Ticket *last = cuvee_add(s, &ticket_model, &many[0]);
    assert_true(cuvee_flush(s));
    assert_int_equal(last->id, first->id + MANY - 1);
    assert_int_equal(cuvee_delete_where(cuvee_select(s, &ticket_model)), MANY);
    commit_and_close(s);
}

/* ---- decimals with few places ---- */

static void assert_too_many_places(cuvee_session *s, const char *words)
{
    assert_failed(s, CUVEE_ERROR_CHECK, words);
    assert_string_equal(cuvee_session_error(s)->model, "Bill");
    assert_true(cuvee_rollback(s));
}

static void more_places_are_refused(void **state)
{
    static const char words[] = "Bill.amount: it must have at most 2 digits behind the point";
    cuvee_session *s = cuvee_session_open(*state);
    assert_null(cuvee_add(s, &bill_model, &(Bill){.amount = {"0.125"}}));
    assert_too_many_places(s, words);
    assert_null(cuvee_upsert(s, &bill_model, &(Bill){.amount = {"-0.001"}}, "amount", "paid"));
    assert_too_many_places(s, words);
    const cuvee_set set = {"amount", CUVEE_VALUE("0.125")};
    assert_int_equal(cuvee_update_where(cuvee_select(s, &bill_model), &set, 1), -1);
    assert_too_many_places(s, words);
    const Bill *bill = cuvee_add(s, &bill_model, &(Bill){.amount = {"1.50"}});
    assert_true(cuvee_flush(s));
    ((Bill *)cuvee_edit(s, bill))->paid = (cuvee_opt_decimal){true, {"0.0000000000000000000000000000001"}};
    assert_false(cuvee_flush(s));
    assert_too_many_places(s, "Bill.paid: it must have at most 30 digits behind the point");
    cuvee_session_close(s);
}

/* As many as engines write by their quickest way; nothing is rounded. */
static void decimals_keep_their_places(void **state)
{
    enum { MANY = 150 };
    static char texts[MANY][24];
    static Bill bills[MANY];
    for (int i = 0; i < MANY; i++) {
        snprintf(texts[i], sizeof texts[i], "%d%02d.%02d", i + 1, i % 100, 99 - i % 100);
        bills[i] = (Bill){.amount = {texts[i]}};
    }
    cuvee_session *s = cuvee_session_open(*state);
    assert_true(cuvee_add_all(s, &bill_model, bills, MANY));
    cuvee_add(s, &bill_model, &(Bill){.amount = {"-7.5000"}, .paid = {true, {"0.000000000000000000000000000001"}}});
    commit_and_close(s);
    s = cuvee_session_open(*state);
    cuvee_list all = cuvee_all(cuvee_select(s, &bill_model));
    assert_int_equal(all.count, MANY + 1);
    for (int i = 0; i < MANY; i++) {
        cuvee_query *q = cuvee_select(s, &bill_model);
        cuvee_where(q, cuvee_eq(q, "amount", bills[i].amount));
        assert_ptr_equal(cuvee_one(q), all.items[i]);
    }
    cuvee_query *q = cuvee_select(s, &bill_model);
    cuvee_where(q, cuvee_eq(q, "amount", "-7.5"));
    cuvee_where(q, cuvee_eq(q, "paid", "1e-30"));
    assert_non_null(cuvee_one(q));
    assert_good(s);
    cuvee_session_close(s);
}

/* ---- alignment ---- */

static void assert_aligned(const void *object, size_t align)
{
    assert_non_null(object);
    assert_int_equal((uintptr_t)object % align, 0);
}

/* Adds, edits, sets savepoints, loads in all ways: wherever structs lie, they lie as they must. */
static void work_with(cuvee_blend *blend, const cuvee_model *model, const void *row, size_t align)
{
    cuvee_session *s = cuvee_session_open(blend);
    for (size_t i = 0; i < 100; i++) { /* with texts of odd sizes between them */
        const void *object = cuvee_add(s, model, row);
        assert_aligned(object, align);
        assert_aligned(cuvee_edit(s, object), align);
    }
    assert_true(cuvee_flush(s));
    assert_non_null(cuvee_savepoint_set(s));
    commit_and_close(s);
    s = cuvee_session_open(blend);
    cuvee_list all = cuvee_all(cuvee_select(s, model));
    assert_int_equal(all.count, 100);
    for (size_t i = 0; i < all.count; i++)
        assert_aligned(all.items[i], align);
    cuvee_rows *rows = cuvee_rows_open(cuvee_select(s, model));
    assert_aligned(cuvee_next(rows), align);
    cuvee_rows_close(rows);
    const cuvee_set set = {"name", CUVEE_VALUE("b")};
    assert_int_equal(cuvee_update_where(cuvee_select(s, model), &set, 1), 100);
    commit_and_close(s);
}

static void structs_with_a_long_double(void **state)
{
    work_with(*state, &vector_model, &(Vector){.name = "abc", .scratch = 1.5L}, _Alignof(Vector));
}

static void structs_aligned_like_a_cache_line(void **state)
{
    work_with(*state, &page_model, &(Page){.name = "abc"}, 64);
}

static void structs_whose_alignment_is_not_told(void **state)
{
    work_with(*state, &plain_model, &(Vector){.name = "abc", .scratch = 1.5L}, _Alignof(Vector));
}

static void alignments_that_are_none(void **state)
{
    (void)state;
    static const size_t wrong[] = {3, 24, 8192};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        cuvee_model model = vector_model;
        model.struct_align = wrong[i];
        const cuvee_model *models[] = {&model};
        const cuvee_base odd = {.name = "odd", .models = models, .model_count = 1, .size = sizeof odd};
        cuvee_blend *blend = cuvee_blend_new();
        assert_false(cuvee_blend_bind(blend, &odd, "sqlite::memory:"));
        assert_error(cuvee_blend_error(blend), CUVEE_ERROR_CONFIG, "aligned");
        cuvee_blend_free(blend);
    }
}

/* ---- sizes that another version of the library would have ---- */

static void bases_of_another_version_are_refused(void **state)
{
    (void)state;
    static const size_t wrong[] = {0, 8, sizeof(cuvee_base) + 8};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const cuvee_base odd = {.name = "odd", .size = wrong[i]};
        cuvee_blend *blend = cuvee_blend_new();
        assert_false(cuvee_blend_bind(blend, &odd, "sqlite::memory:"));
        assert_error(cuvee_blend_error(blend), CUVEE_ERROR_CONFIG, "CUVEE_BASE");
        cuvee_blend_free(blend);
    }
}

static void relations_of_another_version_are_refused(void **state)
{
    (void)state;
    static const size_t wrong[] = {0, sizeof(cuvee_relation) + 8};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        cuvee_relation relation = CUVEE_HAS_MANY("self", &vector_model, "id");
        relation.size = wrong[i];
        cuvee_model model = vector_model;
        model.relations = &relation;
        model.relation_count = 1;
        const cuvee_model *models[] = {&model};
        const cuvee_base odd = {.name = "odd", .models = models, .model_count = 1, .size = sizeof odd};
        cuvee_blend *blend = cuvee_blend_new();
        assert_false(cuvee_blend_bind(blend, &odd, "sqlite::memory:"));
        assert_error(cuvee_blend_error(blend), CUVEE_ERROR_CONFIG, "relation");
        cuvee_blend_free(blend);
    }
}

#define BLEND_TEST(name) cmocka_unit_test_setup_teardown(name, open_blend, close_blend)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        BLEND_TEST(rows_with_nothing_but_a_key),
        BLEND_TEST(many_rows_with_nothing_but_a_key),
        BLEND_TEST(more_places_are_refused),
        BLEND_TEST(decimals_keep_their_places),
        BLEND_TEST(structs_with_a_long_double),
        BLEND_TEST(structs_aligned_like_a_cache_line),
        BLEND_TEST(structs_whose_alignment_is_not_told),
        cmocka_unit_test(alignments_that_are_none),
        cmocka_unit_test(bases_of_another_version_are_refused),
        cmocka_unit_test(relations_of_another_version_are_refused),
    };
    if (argc > 1)
        engine_name = argv[1];
    return engine_is_there(engine_name) ? cmocka_run_group_tests_name("odd models", tests, NULL, NULL) : 77;
}
