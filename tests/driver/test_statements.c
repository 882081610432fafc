/* The store of prepared statements, over a driver that only counts. */
#include "driver/support.h"

#include "support/alloc_fault.h"

/* ---- a driver that counts ---- */

struct counted {
    struct cv_connection base;
    size_t prepared;
    size_t finalized;
    size_t finished;
    bool refuses;
};

static struct cv_statement *count_prepare(struct cv_connection *connection, const struct cv_statement_text *text,
                                          cuvee_error *error)
{
    struct counted *counted = (struct counted *)connection;
    if (counted->refuses) {
        cv_error_set(error, CUVEE_ERROR_DATABASE, "refused %s", text->sql);
        return NULL;
    }
    struct cv_statement *statement = calloc(1, sizeof *statement);
    if (!statement) {
        cv_error_memory(error);
        return NULL;
    }
    statement->connection = connection;
    counted->prepared++;
    return statement;
}

static void count_finalize(struct cv_statement *statement)
{
    ((struct counted *)statement->connection)->finalized++;
    free(statement);
}

static void count_finish(struct cv_statement *statement, int64_t *changes)
{
    ((struct counted *)statement->connection)->finished++;
    if (changes)
        *changes = 7;
}

static const struct cv_driver counting = {
    .name = "counting", .prepare = count_prepare, .finalize = count_finalize, .finish = count_finish};

static struct counted counted_with(size_t limit)
{
    struct counted counted = {.base = {.driver = &counting, .kept = cv_statements_new(limit)}};
    assert_non_null(counted.base.kept);
    return counted;
}

static struct cv_statement *make_shape(struct counted *counted, const char *shape)
{
    cuvee_error error = {0};
    struct cv_statement_text text = {.sql = shape};
    struct cv_statement *statement = cv_statement_make(&counted->base, shape, strlen(shape), &text, &error);
    assert_non_null(statement);
    return statement;
}

static struct cv_statement *find_shape(struct counted *counted, const char *shape)
{
    return cv_statement_find(&counted->base, shape, strlen(shape));
}

static void use_once(struct counted *counted, const char *shape)
{
    struct cv_statement *statement = find_shape(counted, shape);
    cv_statement_give_back(statement ? statement : make_shape(counted, shape), NULL);
}

static void assert_kept(struct counted *counted, const char *shape, bool kept)
{
    struct cv_statement *statement = find_shape(counted, shape);
    if (kept)
        assert_non_null(statement);
    else
        assert_null(statement);
    if (statement)
        cv_statement_give_back(statement, NULL);
}

/* ---- tests ---- */

static void a_shape_is_prepared_once(void **state)
{
    (void)state;
    struct counted counted = counted_with(10);
    assert_null(find_shape(&counted, "a"));
    struct cv_statement *first = make_shape(&counted, "a");
    int64_t changes = 0;
    cv_statement_give_back(first, &changes);
    assert_int_equal(changes, 7);
    assert_int_equal(counted.finished, 1);
    for (int i = 0; i < 5; i++) {
        assert_ptr_equal(find_shape(&counted, "a"), first);
        cv_statement_give_back(first, NULL);
    }
    assert_int_equal(counted.prepared, 1);
    assert_int_equal(counted.finalized, 0);
    cv_statements_free(counted.base.kept);
    assert_int_equal(counted.finalized, 1);
}

static void shapes_are_bytes(void **state)
{
    (void)state;
    struct counted counted = counted_with(10);
    cuvee_error error = {0};
    struct cv_statement_text text = {.sql = ""};
    static const char with_nul[] = "a\0b";
    struct cv_statement *a = cv_statement_make(&counted.base, with_nul, 3, &text, &error);
    struct cv_statement *b = cv_statement_make(&counted.base, "a\0c", 3, &text, &error);
    struct cv_statement *c = cv_statement_make(&counted.base, with_nul, 1, &text, &error);
    assert_int_equal(counted.prepared, 3);
    cv_statement_give_back(a, NULL);
    cv_statement_give_back(b, NULL);
    cv_statement_give_back(c, NULL);
    assert_ptr_equal(cv_statement_find(&counted.base, with_nul, 3), a);
    assert_ptr_equal(cv_statement_find(&counted.base, "a\0c", 3), b);
    assert_ptr_equal(cv_statement_find(&counted.base, "a", 1), c);
    assert_null(cv_statement_find(&counted.base, "a\0", 2));
    cv_statements_free(counted.base.kept);
}

static void the_shape_is_copied(void **state)
{
    (void)state;
    struct counted counted = counted_with(10);
    char shape[] = "shape";
    cv_statement_give_back(make_shape(&counted, shape), NULL);
    memset(shape, 'x', 5);
    assert_kept(&counted, "shape", true);
    cv_statements_free(counted.base.kept);
}

static void in_use_twice_makes_a_second_that_is_not_kept(void **state)
{
    (void)state;
    struct counted counted = counted_with(10);
    struct cv_statement *first = make_shape(&counted, "a");
    assert_null(find_shape(&counted, "a"));
    struct cv_statement *second = make_shape(&counted, "a");
    assert_ptr_not_equal(first, second);
    cv_statement_give_back(second, NULL);
    assert_int_equal(counted.finalized, 1);
    assert_int_equal(counted.finished, 1);
    cv_statement_give_back(first, NULL);
    assert_int_equal(counted.finalized, 1);
    assert_ptr_equal(find_shape(&counted, "a"), first);
    cv_statements_free(counted.base.kept);
}

static void the_least_recently_used_goes(void **state)
{
    (void)state;
    struct counted counted = counted_with(3);
    use_once(&counted, "a");
    use_once(&counted, "b");
    use_once(&counted, "c");
    use_once(&counted, "a"); /* now b is the oldest */
    use_once(&counted, "d");
    assert_int_equal(counted.finalized, 1);
    assert_kept(&counted, "b", false);
    assert_kept(&counted, "c", true);
    assert_kept(&counted, "a", true);
    assert_kept(&counted, "d", true);
    use_once(&counted, "e"); /* c was used before a and d */
    assert_kept(&counted, "c", false);
    assert_kept(&counted, "a", true);
    cv_statements_free(counted.base.kept);
    assert_int_equal(counted.finalized, counted.prepared);
}

static void what_is_in_use_is_never_dropped(void **state)
{
    (void)state;
    struct counted counted = counted_with(2);
    struct cv_statement *a = make_shape(&counted, "a");
    struct cv_statement *b = make_shape(&counted, "b");
    struct cv_statement *c = make_shape(&counted, "c"); /* over the limit, but all are in use */
    assert_int_equal(counted.finalized, 0);
    cv_statement_give_back(b, NULL); /* the only one that can go */
    assert_int_equal(counted.finalized, 1);
    cv_statement_give_back(c, NULL);
    cv_statement_give_back(a, NULL);
    assert_int_equal(counted.finalized, 1);
    assert_kept(&counted, "a", true);
    assert_kept(&counted, "b", false);
    assert_kept(&counted, "c", true);
    cv_statements_free(counted.base.kept);
}

static void a_stale_statement_is_dropped(void **state)
{
    (void)state;
    struct counted counted = counted_with(10);
    struct cv_statement *statement = make_shape(&counted, "a");
    statement->stale = true;
    cv_statement_give_back(statement, NULL);
    assert_int_equal(counted.finalized, 1);
    assert_kept(&counted, "a", false);
    cv_statements_free(counted.base.kept);
    assert_int_equal(counted.finalized, 1);
}

static void a_failed_prepare_keeps_nothing(void **state)
{
    (void)state;
    struct counted counted = counted_with(10);
    counted.refuses = true;
    cuvee_error error = {0};
    struct cv_statement_text text = {.sql = "x"};
    assert_null(cv_statement_make(&counted.base, "a", 1, &text, &error));
    assert_int_equal(error.kind, CUVEE_ERROR_DATABASE);
    counted.refuses = false;
    assert_kept(&counted, "a", false);
    cv_statements_free(counted.base.kept);
    assert_int_equal(counted.finalized, 0);
}

static void many_shapes(void **state)
{
    (void)state;
    enum { COUNT = 5000, LIMIT = 1000 };
    struct counted counted = counted_with(LIMIT);
    for (int i = 0; i < COUNT; i++)
        cv_statement_give_back(
            cv_statement_make(&counted.base, &i, sizeof i, &(struct cv_statement_text){.sql = ""}, NULL), NULL);
    assert_int_equal(counted.finalized, COUNT - LIMIT);
    for (int i = 0; i < COUNT; i++) {
        struct cv_statement *statement = cv_statement_find(&counted.base, &i, sizeof i);
        assert_int_equal(statement != NULL, i >= COUNT - LIMIT);
    }
    cv_statements_free(counted.base.kept);
    assert_int_equal(counted.finalized, COUNT);
}

/* One round of use; true when all of it succeeded. */
static bool use_many(struct counted *counted, cuvee_error *error)
{
    for (int i = 0; i < 40; i++) {
        struct cv_statement_text text = {.sql = ""};
        struct cv_statement *statement = cv_statement_make(&counted->base, &i, sizeof i, &text, error);
        if (!statement)
            return false;
        cv_statement_give_back(statement, NULL);
    }
    return true;
}

static void running_out_of_memory_loses_nothing(void **state)
{
    (void)state;
    bool happened = true;
    for (size_t n = 1; happened; n++) {
        cuvee_error error = {0};
        alloc_fault_at(n);
        struct counted counted = {.base = {.driver = &counting, .kept = cv_statements_new(30)}};
        bool done = counted.base.kept && use_many(&counted, &error);
        happened = alloc_fault_end();
        if (counted.base.kept && !done)
            assert_int_equal(error.kind, CUVEE_ERROR_MEMORY);
        assert_int_equal(done, !happened);
        cv_statements_free(counted.base.kept);
        assert_int_equal(counted.finalized, counted.prepared);
    }
}

static void one_failed_allocation_leaves_the_store_good(void **state)
{
    (void)state;
    bool happened = true;
    for (size_t n = 1; happened; n++) {
        cuvee_error error = {0};
        struct counted counted = counted_with(30);
        alloc_fault_once(n);
        use_many(&counted, &error);
        happened = alloc_fault_end();
        use_once(&counted, "after");
        assert_kept(&counted, "after", true);
        cv_statements_free(counted.base.kept);
        assert_int_equal(counted.finalized, counted.prepared);
    }
}

static void freeing_nothing_is_fine(void **state)
{
    (void)state;
    cv_statements_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shape_is_prepared_once),
        cmocka_unit_test(shapes_are_bytes),
        cmocka_unit_test(the_shape_is_copied),
        cmocka_unit_test(in_use_twice_makes_a_second_that_is_not_kept),
        cmocka_unit_test(the_least_recently_used_goes),
        cmocka_unit_test(what_is_in_use_is_never_dropped),
        cmocka_unit_test(a_stale_statement_is_dropped),
        cmocka_unit_test(a_failed_prepare_keeps_nothing),
        cmocka_unit_test(many_shapes),
        cmocka_unit_test(running_out_of_memory_loses_nothing),
        cmocka_unit_test(one_failed_allocation_leaves_the_store_good),
        cmocka_unit_test(freeing_nothing_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
