#include "support/check.h"

#include "model/models.h"
#include "model/row.h"
#include "support/alloc_fault.h"

static struct cv_plan *plan;
static struct cv_arena arena;

static int begin(void **state)
{
    (void)state;
    plan = cv_plan_make(&everything_model, NULL);
    cv_arena_init(&arena, 0);
    return plan ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    cv_plan_free(plan);
    cv_arena_free(&arena);
    return 0;
}

/* The row's cells, as a driver would give them: texts without a closing NUL, in pieces of exactly their size. */
static void take_apart(const Everything *row, cuvee_value *cells)
{
    for (size_t i = 0; i < plan->count; i++) {
        cells[i] = cv_row_get(&plan->fields[i], row);
        bool bytes = cells[i].kind == CUVEE_TEXT || cells[i].kind == CUVEE_DECIMAL || cells[i].kind == CUVEE_JSON ||
                     cells[i].kind == CUVEE_BLOB;
        if (!bytes)
            continue;
        char *copy = malloc(cells[i].as.text.size ? cells[i].as.text.size : 1);
        memcpy(copy, cells[i].as.text.data, cells[i].as.text.size);
        cells[i].as.text.data = copy;
    }
}

static void free_cells(cuvee_value *cells)
{
    for (size_t i = 0; i < plan->count; i++)
        if (cells[i].kind == CUVEE_TEXT || cells[i].kind == CUVEE_DECIMAL || cells[i].kind == CUVEE_JSON ||
            cells[i].kind == CUVEE_BLOB)
            free((void *)cells[i].as.text.data);
}

static bool same_rows(const Everything *a, const Everything *b)
{
    for (size_t i = 0; i < plan->count; i++)
        if (!cv_row_same_field(&plan->fields[i], a, b))
            return false;
    return true;
}

static void every_kind_is_loaded(void **state)
{
    (void)state;
    Everything rows[] = {everything_full(), everything_bare()};
    for (size_t i = 0; i < 2; i++) {
        cuvee_value cells[23];
        cuvee_error error = {.kind = CUVEE_ERROR_NONE};
        Everything loaded;
        memset(&loaded, 0xAA, sizeof loaded); /* as memory that was used before */
        loaded.opt_text = (cuvee_opt_text){.set = true, .value = "old"};
        loaded.flag = loaded.opt_flag.set = loaded.opt_flag.value = false;
        take_apart(&rows[i], cells);
        assert_true(cv_row_load(plan, &loaded, cells, &arena, &error));
        free_cells(cells); /* nothing may point there any more */
        assert_true(same_rows(&rows[i], &loaded));
        assert_string_equal(loaded.text, "caf\xC3\xA9");
        assert_int_equal(loaded.opt_text.set, i == 0);
        assert_int_equal(error.kind, CUVEE_ERROR_NONE);
    }
}

static void texts_can_be_borrowed(void **state)
{
    (void)state;
    Everything row = everything_full();
    Everything loaded;
    cuvee_value cells[23];
    for (size_t i = 0; i < plan->count; i++)
        cells[i] = cv_row_get(&plan->fields[i], &row);
    memset(&loaded, 0, sizeof loaded);
    assert_true(cv_row_load(plan, &loaded, cells, NULL, NULL));
    assert_true(same_rows(&row, &loaded));
    assert_ptr_equal(loaded.text, row.text);
    assert_ptr_equal(loaded.blob.data, row.blob.data);
    assert_ptr_equal(loaded.opt_amount.value.text, row.opt_amount.value.text);
}

static void all_texts_share_one_piece(void **state)
{
    (void)state;
    Everything row = everything_full();
    Everything loaded;
    cuvee_value cells[23];
    take_apart(&row, cells);
    memset(&loaded, 0, sizeof loaded);
    assert_true(cv_row_load(plan, &loaded, cells, &arena, NULL));
    assert_ptr_equal(loaded.amount.text, loaded.text + strlen(row.text) + 1);
    assert_ptr_equal(loaded.blob.data, loaded.amount.text + strlen(row.amount.text) + 1);
    free_cells(cells);
}

static void empty_texts_are_no_nulls(void **state)
{
    (void)state;
    Everything row = everything_full();
    Everything loaded;
    cuvee_value cells[23];
    row.text = "";
    row.opt_text.value = "";
    row.blob = (cuvee_blob){.data = NULL, .size = 0};
    take_apart(&row, cells);
    memset(&loaded, 0, sizeof loaded);
    assert_true(cv_row_load(plan, &loaded, cells, &arena, NULL));
    assert_string_equal(loaded.text, "");
    assert_true(loaded.opt_text.set);
    assert_string_equal(loaded.opt_text.value, "");
    assert_int_equal(loaded.blob.size, 0);
    assert_non_null(loaded.blob.data);
    free_cells(cells);
}

static void a_null_that_cannot_be_is_the_tables_fault(void **state)
{
    (void)state;
    Everything row = everything_full();
    Everything loaded;
    cuvee_value cells[23];
    for (size_t i = 0; i < 12; i++) {
        cuvee_error error = {.kind = CUVEE_ERROR_NONE};
        for (size_t k = 0; k < plan->count; k++)
            cells[k] = cv_row_get(&plan->fields[k], &row);
        cells[i] = cuvee_null();
        assert_false(cv_row_load(plan, &loaded, cells, &arena, &error));
        assert_int_equal(error.kind, CUVEE_ERROR_SCHEMA);
        assert_string_equal(error.fields, plan->fields[i].name);
        assert_non_null(strstr(error.message, "holds NULL"));
    }
}

static void says_when_memory_is_out(void **state)
{
    (void)state;
    Everything row = everything_full();
    Everything loaded;
    cuvee_value cells[23];
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    for (size_t i = 0; i < plan->count; i++)
        cells[i] = cv_row_get(&plan->fields[i], &row);
    alloc_fault_at(1);
    assert_false(cv_row_load(plan, &loaded, cells, &arena, &error));
    assert_true(alloc_fault_end());
    assert_int_equal(error.kind, CUVEE_ERROR_MEMORY);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(every_kind_is_loaded),
        TEST(texts_can_be_borrowed),
        TEST(all_texts_share_one_piece),
        TEST(empty_texts_are_no_nulls),
        TEST(a_null_that_cannot_be_is_the_tables_fault),
        TEST(says_when_memory_is_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
