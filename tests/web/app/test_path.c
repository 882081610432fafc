#include "support/check.h"

#include "support/alloc_fault.h"
#include "web/app/endpoint.h"
#include "web/app/path.h"

/* A tree of endpoints that are named by their paths. */
struct tree {
    struct cv_paths paths;
    struct cv_arena arena;
    struct cv_endpoint endpoints[32];
    size_t count;
    cuvee_error error;
};

static struct tree *new_tree(void)
{
    struct tree *tree = calloc(1, sizeof *tree);
    cv_arena_init(&tree->arena, 0);
    return tree;
}

static void free_tree(struct tree *tree)
{
    cv_arena_free(&tree->arena);
    free(tree);
}

static bool add(struct tree *tree, const char *method, const char *path)
{
    struct cv_endpoint *endpoint = &tree->endpoints[tree->count++];
    endpoint->method = method;
    endpoint->path = path;
    return cv_paths_add(&tree->paths, &tree->arena, path, endpoint, &endpoint->path_names, &tree->error);
}

static struct cv_path_match match;

static enum cv_found find(struct tree *tree, const char *method, const char *path)
{
    return cv_paths_find(&tree->paths, &tree->arena, cv_slice(method), cv_slice(path), &match);
}

static void leads_to(struct tree *tree, const char *path, const char *expected)
{
    assert_int_equal(find(tree, "GET", path), CV_FOUND);
    assert_string_equal(match.endpoint->path, expected);
}

static void value_is(size_t index, const char *expected)
{
    assert_int_equal(match.values[index].size, strlen(expected));
    assert_memory_equal(match.values[index].data, expected, strlen(expected));
}

static void finds_literals_and_parameters(void **state)
{
    (void)state;
    struct tree *tree = new_tree();
    assert_true(add(tree, "GET", "/"));
    assert_true(add(tree, "GET", "/users"));
    assert_true(add(tree, "GET", "/users/{id}"));
    assert_true(add(tree, "GET", "/users/{user_id}/orders/{order_id}"));
    assert_true(add(tree, "GET", "/slash/"));
    leads_to(tree, "/", "/");
    leads_to(tree, "/users", "/users");
    leads_to(tree, "/users/7", "/users/{id}");
    value_is(0, "7");
    leads_to(tree, "/users/7/orders/a%20b", "/users/{user_id}/orders/{order_id}");
    value_is(0, "7");
    value_is(1, "a b");
    assert_string_equal(match.endpoint->path_names.items[0], "user_id");
    assert_string_equal(match.endpoint->path_names.items[1], "order_id");
    assert_int_equal(match.endpoint->path_names.count, 2);
    leads_to(tree, "/slash/", "/slash/");
    static const char *const nowhere[] = {"",        "users",     "/user",        "/userss",
                                          "/users/", "/users/7/", "//users",      "/users/7/orders",
                                          "/slash",  "/slash//",  "/users/7/x/1", "*"};
    for (size_t i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++)
        assert_int_equal(find(tree, "GET", nowhere[i]), CV_NO_PATH);
    free_tree(tree);
}

static void decodes_segments_after_the_split(void **state)
{
    (void)state;
    struct tree *tree = new_tree();
    assert_true(add(tree, "GET", "/users"));
    assert_true(add(tree, "GET", "/users/{id}"));
    leads_to(tree, "/%75sers", "/users");
    leads_to(tree, "/users/a%2Fb", "/users/{id}");
    value_is(0, "a/b");
    assert_int_equal(find(tree, "GET", "/users%2F1"), CV_NO_PATH);
    assert_int_equal(find(tree, "GET", "/users%00"), CV_NO_PATH);
    leads_to(tree, "/users/a%00b", "/users/{id}");
    assert_int_equal(match.values[0].size, 3);
    leads_to(tree, "/users/+", "/users/{id}");
    value_is(0, "+");
    free_tree(tree);
}

static void literal_wins_whatever_the_order(void **state)
{
    (void)state;
    struct tree *tree = new_tree();
    assert_true(add(tree, "GET", "/{any:path}"));
    assert_true(add(tree, "GET", "/users/{id}"));
    assert_true(add(tree, "GET", "/users/me"));
    assert_true(add(tree, "GET", "/users/me/orders"));
    assert_true(add(tree, "GET", "/users/{id}/names"));
    leads_to(tree, "/users/me", "/users/me");
    leads_to(tree, "/users/my", "/users/{id}");
    leads_to(tree, "/users/me/names", "/users/{id}/names"); /* though "me" leads on as well */
    value_is(0, "me");
    leads_to(tree, "/users/me/else", "/{any:path}");
    value_is(0, "users/me/else");
    free_tree(tree);
}

static void rest_takes_all_that_is_left(void **state)
{
    (void)state;
    struct tree *tree = new_tree();
    assert_true(add(tree, "GET", "/files/{volume}/{name:path}"));
    leads_to(tree, "/files/a/b/c%20d.txt", "/files/{volume}/{name:path}");
    value_is(0, "a");
    value_is(1, "b/c d.txt");
    assert_string_equal(match.endpoint->path_names.items[1], "name");
    leads_to(tree, "/files/a/", "/files/{volume}/{name:path}");
    value_is(1, "");
    assert_int_equal(find(tree, "GET", "/files/a"), CV_NO_PATH);
    free_tree(tree);
}

static void tells_methods_apart(void **state)
{
    (void)state;
    struct tree *tree = new_tree();
    assert_true(add(tree, "GET", "/users/{id}"));
    assert_true(add(tree, "DELETE", "/users/{name}"));
    assert_true(add(tree, "PUT", "/users/me"));
    assert_int_equal(find(tree, "DELETE", "/users/1"), CV_FOUND);
    assert_string_equal(match.endpoint->method, "DELETE");
    assert_string_equal(match.endpoint->path_names.items[0], "name");
    assert_int_equal(find(tree, "GET", "/users/me"), CV_FOUND); /* the parameter's, as the literal has no GET */
    assert_int_equal(find(tree, "HEAD", "/users/1"), CV_NO_METHOD);
    assert_int_equal(find(tree, "get", "/users/1"), CV_NO_METHOD);
    assert_int_equal(find(tree, "", "/users/1"), CV_NO_METHOD);
    free_tree(tree);
}

static void allow_is(struct tree *tree, const char *path, const char *expected)
{
    struct cv_buffer allow;
    cv_buffer_init(&allow, 0);
    cv_paths_allow(&tree->paths, &tree->arena, cv_slice(path), &allow);
    assert_string_equal(cv_buffer_text(&allow), expected);
    cv_buffer_free(&allow);
}

static void lists_the_methods_of_a_path(void **state)
{
    (void)state;
    struct tree *tree = new_tree();
    assert_true(add(tree, "GET", "/users/{id}"));
    assert_true(add(tree, "DELETE", "/users/{id}"));
    assert_true(add(tree, "PUT", "/users/me"));
    allow_is(tree, "/users/1", "GET, DELETE");
    allow_is(tree, "/users/me", "PUT, GET, DELETE");
    allow_is(tree, "/nothing", "");
    free_tree(tree);
}

static void refuses(const char *first, const char *second, const char *words)
{
    struct tree *tree = new_tree();
    if (first)
        assert_true(add(tree, "GET", first));
    assert_false(add(tree, "GET", second));
    assert_int_equal(tree->error.kind, CUVEE_ERROR_CONFIG);
    if (!strstr(tree->error.message, words))
        fail_msg("%s is not in: %s", words, tree->error.message);
    free_tree(tree);
}

static void refuses_what_no_path_can_be(void **state)
{
    (void)state;
    refuses(NULL, "", "must begin with /");
    refuses(NULL, NULL, "must begin with /");
    refuses(NULL, "users", "must begin with /");
    refuses(NULL, "/a{b}", "fills its segment");
    refuses(NULL, "/{b}c", "fills its segment");
    refuses(NULL, "/{}", "fills its segment");
    refuses(NULL, "/{a", "fills its segment");
    refuses(NULL, "/a}", "fills its segment");
    refuses(NULL, "/{a b}", "fills its segment");
    refuses(NULL, "/{1}", "fills its segment");
    refuses(NULL, "/{a:int}", "fills its segment");
    refuses(NULL, "/{:path}", "fills its segment");
    refuses(NULL, "/{a:path}/b", "the last one");
    refuses(NULL, "/{a}/{a}", "names a twice");
    refuses("/users", "/users", "declared twice");
    refuses("/users/{id}", "/users/{key}", "declared twice");
    refuses(NULL, "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}/{j}/{k}/{l}/{m}/{n}/{o}/{p}/{q}", "more than 16");
}

static void survives_lack_of_memory(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        struct tree *tree = new_tree();
        cv_arena_free(&tree->arena);
        cv_arena_init(&tree->arena, 1); /* so that each piece is an allocation */
        alloc_fault_at(n);
        bool good = add(tree, "GET", "/users/{id}/{rest:path}");
        enum cv_found found = good ? find(tree, "GET", "/us%65rs/%31/%32") : CV_NO_PATH_MEMORY;
        bool failed = alloc_fault_end();
        assert_true(good || tree->error.kind == CUVEE_ERROR_MEMORY);
        assert_int_equal(found, failed ? CV_NO_PATH_MEMORY : CV_FOUND);
        free_tree(tree);
        if (!failed)
            break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_literals_and_parameters),
        cmocka_unit_test(decodes_segments_after_the_split),
        cmocka_unit_test(literal_wins_whatever_the_order),
        cmocka_unit_test(rest_takes_all_that_is_left),
        cmocka_unit_test(tells_methods_apart),
        cmocka_unit_test(lists_the_methods_of_a_path),
        cmocka_unit_test(refuses_what_no_path_can_be),
        cmocka_unit_test(survives_lack_of_memory),
    };
    return cmocka_run_group_tests_name("web/app/path", tests, NULL, NULL);
}
