#include "web/support.h"

#include "web/request/request.h"

/* Replies to an error as if it were the session's; the log's line goes to `logged`. */
static char logged[2048];

static void keep_line(void *arg, const char *line)
{
    (void)arg;
    snprintf(logged, sizeof logged, "%s", line);
}

static struct cv_reply reply;
static struct cv_arena arena;

static int set_up(void **state)
{
    (void)state;
    cv_reply_init(&reply);
    cv_arena_init(&arena, 0);
    logged[0] = '\0';
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    cv_reply_free(&reply);
    cv_arena_free(&arena);
    return 0;
}

static void reply_to(const cuvee_error *error)
{
    struct cv_service service = {.log = {keep_line, NULL}, .id_base = 7};
    struct cv_incoming in = {.method = cv_slice("GET"), .target = cv_slice("/x")};
    cuvee_request request = {.service = &service, .in = &in, .arena = &arena, .reply = &reply, .path = cv_slice("/x")};
    cv_reply_session_error(&request, error);
    cv_tell_id(&request);
    assert_true(request.failed);
}

static void body_is(int status, const char *body)
{
    assert_int_equal(reply.status, status);
    assert_string_equal(reply.fixed.data ? reply.fixed.data : cv_buffer_text(&reply.body), body);
}

static const char *header(const char *name)
{
    for (const struct cv_header *h = reply.headers; h; h = h->next)
        if (strcmp(h->name, name) == 0)
            return h->value;
    return NULL;
}

static void conflicts_are_409_in_plain_words(void **state)
{
    (void)state;
    reply_to(&(cuvee_error){.kind = CUVEE_ERROR_UNIQUE, .model = "User", .fields = "tenant, email", .message = "SQL"});
    body_is(409, "{\"detail\":\"There is another User with the same tenant, email already\"}");
    reply_to(&(cuvee_error){.kind = CUVEE_ERROR_UNIQUE});
    body_is(409, "{\"detail\":\"There is another row with the same key already\"}");
    reply_to(&(cuvee_error){.kind = CUVEE_ERROR_FOREIGN_KEY, .model = "Order", .fields = "user_id"});
    body_is(409,
            "{\"detail\":\"This Order refers to something that does not exist, or is still referred to (user_id)\"}");
    reply_to(&(cuvee_error){.kind = CUVEE_ERROR_FOREIGN_KEY, .model = "Order"});
    body_is(409, "{\"detail\":\"This Order refers to something that does not exist, or is still referred to\"}");
    reply_to(&(cuvee_error){.kind = CUVEE_ERROR_VERSION, .model = "Order"});
    body_is(409, "{\"detail\":\"This Order was changed by somebody else in the meantime\"}");
    assert_string_equal(logged, "");
}

static void missing_is_404(void **state)
{
    (void)state;
    reply_to(&(cuvee_error){.kind = CUVEE_ERROR_MISSING, .message = "no User with id = 7"});
    body_is(404, "{\"detail\":\"Not Found\"}");
}

static void busy_is_503_with_retry_after(void **state)
{
    (void)state;
    static const cuvee_error_kind kinds[] = {CUVEE_ERROR_RETRY, CUVEE_ERROR_BUSY, CUVEE_ERROR_EXHAUSTED};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        reply_to(&(cuvee_error){.kind = kinds[i], .message = "the lock of accounts"});
        body_is(503, "{\"detail\":\"Busy, please try again\"}");
        assert_string_equal(header("Retry-After"), "1");
        assert_non_null(strstr(logged, "GET /x: the lock of accounts"));
    }
}

static void uncertain_commits_have_a_body_of_their_own(void **state)
{
    (void)state;
    reply_to(&(cuvee_error){.kind = CUVEE_ERROR_IN_DOUBT, .message = "sales did not answer"});
    body_is(500, "{\"detail\":\"It is not known whether the change was made\"}");
    assert_non_null(strstr(logged, "sales did not answer"));
    reply_to(&(cuvee_error){.kind = CUVEE_ERROR_TORN, .message = "accounts yes, sales no"});
    body_is(500, "{\"detail\":\"Only a part of the change was made\"}");
    assert_non_null(strstr(logged, "accounts yes, sales no"));
}

static void all_others_are_500_and_tell_nothing(void **state)
{
    (void)state;
    for (int kind = CUVEE_ERROR_MEMORY; kind <= CUVEE_ERROR_DATABASE; kind++) {
        switch (kind) {
        case CUVEE_ERROR_UNIQUE:
        case CUVEE_ERROR_FOREIGN_KEY:
        case CUVEE_ERROR_VERSION:
        case CUVEE_ERROR_MISSING:
        case CUVEE_ERROR_RETRY:
        case CUVEE_ERROR_BUSY:
        case CUVEE_ERROR_EXHAUSTED:
        case CUVEE_ERROR_IN_DOUBT:
        case CUVEE_ERROR_TORN: continue;
        default: break;
        }
        cuvee_error error = {.kind = (cuvee_error_kind)kind, .message = "SELECT /secret/path.db"};
        reply_to(&error);
        body_is(500, "Internal Server Error");
        assert_string_equal(reply.content_type, CV_TEXT_TYPE);
        assert_non_null(strstr(logged, cuvee_error_kind_name(error.kind)));
        assert_non_null(strstr(logged, "SELECT /secret/path.db"));
        assert_memory_equal(logged, header("X-Request-ID"), 16);
    }
}

static void long_messages_fit(void **state)
{
    (void)state;
    cuvee_error error = {.kind = CUVEE_ERROR_DATABASE};
    memset(error.message, 'x', sizeof error.message - 1);
    reply_to(&error);
    assert_non_null(strstr(logged, error.message));
    error.kind = CUVEE_ERROR_UNIQUE;
    memset(error.model, 'm', sizeof error.model - 1);
    memset(error.fields, 'f', sizeof error.fields - 1);
    reply_to(&error);
    assert_non_null(strstr(cv_buffer_text(&reply.body), "already\"}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(conflicts_are_409_in_plain_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(missing_is_404, set_up, tear_down),
        cmocka_unit_test_setup_teardown(busy_is_503_with_retry_after, set_up, tear_down),
        cmocka_unit_test_setup_teardown(uncertain_commits_have_a_body_of_their_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(all_others_are_500_and_tell_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_messages_fit, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("web/request/error", tests, NULL, NULL);
}
