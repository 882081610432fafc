/* Objects: what add, get and select return, and which row is which object. */
#include "session/support.h"

static void an_added_row_is_a_live_object(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    char name[] = "Jane";
    const User *user = cuvee_add(session, &user_model, &(User){.id = 77, .name = name, .email = "jane@example.com"});
    assert_non_null(user);
    name[0] = 'X';
    assert_string_equal(user->name, "Jane");
    assert_int_equal(user->id, 0);
    assert_true(cuvee_flush(session));
    assert_int_equal(user->id, 1);
    commit_and_close(session);
    assert_int_equal(rows_of(world, &user_model), 1);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(an_added_row_is_a_live_object),
    };
    return WORLD_MAIN(argc, argv, "objects", tests);
}
