#include "support/check.h"

#include <pthread.h>
#include <sched.h>

#include "support/alloc_fault.h"
#include "web/flow/pipe.h"

/* What is on its way, up to 200 bytes. */
static const char *read_all(struct cv_pipe *pipe, enum cv_pipe_state *state)
{
    static char text[201];
    size_t size = 0;
    size_t got;
    while ((got = cv_pipe_read(pipe, text + size, sizeof text - 1 - size, state)) > 0)
        size += got;
    text[size] = '\0';
    return text;
}

static void holds(struct cv_pipe *pipe, const char *text, enum cv_pipe_state state)
{
    enum cv_pipe_state found;
    assert_string_equal(read_all(pipe, &found), text);
    assert_int_equal(found, state);
}

static void bytes_come_out_as_they_went_in(void **state)
{
    (void)state;
    struct cv_pipe pipe;
    enum cv_pipe_state open;
    char byte;
    assert_true(cv_pipe_init(&pipe, 10, 0));
    assert_int_equal(cv_pipe_write(&pipe, "abc", 3), CV_PUT_GOOD);
    assert_int_equal(cv_pipe_read(&pipe, &byte, 1, &open), 1);
    assert_int_equal(byte, 'a');
    assert_int_equal(cv_pipe_write(&pipe, "defghijk", 8), CV_PUT_GOOD);
    assert_int_equal(cv_pipe_write(&pipe, "", 0), CV_PUT_GOOD);
    holds(&pipe, "bcdefghijk", CV_PIPE_OPEN);
    assert_int_equal(cv_pipe_write(&pipe, "l", 1), CV_PUT_GOOD);
    cv_pipe_close(&pipe, CV_PIPE_ENDED);
    assert_int_equal(cv_pipe_write(&pipe, "m", 1), CV_PUT_CLOSED);
    assert_int_equal(cv_pipe_offer(&pipe, "m", 1, true), CV_PUT_CLOSED);
    holds(&pipe, "l", CV_PIPE_ENDED);
    cv_pipe_free(&pipe);
}

static void a_writer_without_patience_stalls_when_it_is_full(void **state)
{
    (void)state;
    struct cv_pipe pipe;
    assert_true(cv_pipe_init(&pipe, 4, 0));
    assert_int_equal(cv_pipe_write(&pipe, "abcdef", 6), CV_PUT_STALLED);
    holds(&pipe, "abcd", CV_PIPE_OPEN); /* what there was room for */
    assert_int_equal(cv_pipe_write(&pipe, "efgh", 4), CV_PUT_GOOD);
    assert_int_equal(cv_pipe_write(&pipe, "i", 1), CV_PUT_STALLED);
    cv_pipe_free(&pipe);
}

static void offers_go_in_as_a_whole_or_not_at_all(void **state)
{
    (void)state;
    struct cv_pipe pipe;
    assert_true(cv_pipe_init(&pipe, 4, 0));
    assert_int_equal(cv_pipe_offer(&pipe, "larger than it", 14, false), CV_PUT_GOOD); /* an empty one takes anything */
    assert_int_equal(cv_pipe_offer(&pipe, "x", 1, false), CV_PUT_STALLED);
    assert_int_equal(cv_pipe_offer(&pipe, "!", 1, true), CV_PUT_GOOD);
    holds(&pipe, "larger than it!", CV_PIPE_OPEN);
    assert_int_equal(cv_pipe_offer(&pipe, "abc", 3, false), CV_PUT_GOOD);
    assert_int_equal(cv_pipe_offer(&pipe, "de", 2, false), CV_PUT_STALLED);
    assert_int_equal(cv_pipe_offer(&pipe, "d", 1, false), CV_PUT_GOOD);
    holds(&pipe, "abcd", CV_PIPE_OPEN);
    cv_pipe_free(&pipe);
}

static void states_only_move_on(void **state)
{
    (void)state;
    struct cv_pipe pipe;
    assert_true(cv_pipe_init(&pipe, 4, 0));
    cv_pipe_write(&pipe, "abc", 3);
    cv_pipe_close(&pipe, CV_PIPE_BROKEN);
    cv_pipe_close(&pipe, CV_PIPE_ENDED);
    assert_int_equal(cv_pipe_write(&pipe, "d", 1), CV_PUT_CLOSED);
    holds(&pipe, "abc", CV_PIPE_BROKEN);
    cv_pipe_free(&pipe);
}

/* ---- sleeping ---- */

static int asleep;
static int wakes;
static int cuts;

static void sleep_now(void *arg)
{
    assert_ptr_equal(arg, &asleep);
    assert_int_equal(asleep, 0);
    asleep = 1;
}

static void wake_up(void *arg)
{
    assert_ptr_equal(arg, &asleep);
    assert_int_equal(asleep, 1);
    asleep = 0;
    wakes++;
}

static void cut_now(void *arg)
{
    assert_ptr_equal(arg, &asleep);
    cuts++;
}

static void a_reader_sleeps_when_it_is_empty_and_is_woken_once(void **state)
{
    (void)state;
    struct cv_pipe pipe;
    enum cv_pipe_state open;
    char bytes[8];
    asleep = wakes = cuts = 0;
    assert_true(cv_pipe_init(&pipe, 100, 0));
    cv_pipe_set_reader(&pipe, &(struct cv_pipe_reader){sleep_now, wake_up, cut_now, &asleep});
    assert_int_equal(cv_pipe_read(&pipe, bytes, sizeof bytes, &open), 0);
    assert_int_equal(asleep, 1);
    cv_pipe_write(&pipe, "ab", 2);
    cv_pipe_write(&pipe, "cd", 2);
    assert_int_equal(wakes, 1);
    assert_int_equal(cv_pipe_read(&pipe, bytes, sizeof bytes, &open), 4);
    assert_int_equal(asleep, 0);
    assert_int_equal(cv_pipe_read(&pipe, bytes, sizeof bytes, &open), 0);
    cv_pipe_close(&pipe, CV_PIPE_ENDED);
    assert_int_equal(wakes, 2);
    assert_int_equal(cv_pipe_read(&pipe, bytes, sizeof bytes, &open), 0); /* and sleeps no more */
    assert_int_equal(asleep, 0);
    cv_pipe_close(&pipe, CV_PIPE_BROKEN);
    assert_int_equal(wakes, 2);
    assert_int_equal(cuts, 0);
    cv_pipe_free(&pipe);
}

static void a_cut_reaches_the_reader_and_lets_nothing_in(void **state)
{
    (void)state;
    struct cv_pipe pipe;
    enum cv_pipe_state found;
    char bytes[8];
    asleep = wakes = cuts = 0;
    assert_true(cv_pipe_init(&pipe, 4, 0));
    cv_pipe_set_reader(&pipe, &(struct cv_pipe_reader){sleep_now, wake_up, cut_now, &asleep});
    cv_pipe_write(&pipe, "abc", 3);
    assert_int_equal(cv_pipe_read(&pipe, bytes, 2, &found), 2);
    cv_pipe_cut(&pipe);
    assert_int_equal(cuts, 1);
    assert_int_equal(cv_pipe_write(&pipe, "d", 1), CV_PUT_CLOSED);
    assert_int_equal(cv_pipe_offer(&pipe, "d", 1, true), CV_PUT_CLOSED);
    holds(&pipe, "c", CV_PIPE_BROKEN);
    assert_int_equal(pipe.taken, 3);
    cv_pipe_free(&pipe);
}

static void a_cut_wakes_a_reader_that_sleeps(void **state)
{
    (void)state;
    struct cv_pipe pipe;
    asleep = wakes = cuts = 0;
    assert_true(cv_pipe_init(&pipe, 4, 0));
    cv_pipe_set_reader(&pipe, &(struct cv_pipe_reader){sleep_now, wake_up, cut_now, &asleep});
    holds(&pipe, "", CV_PIPE_OPEN);
    assert_int_equal(asleep, 1);
    cv_pipe_cut(&pipe);
    assert_int_equal(wakes, 1);
    assert_int_equal(cuts, 1);
    cv_pipe_free(&pipe);
}

static void a_reader_that_has_left_is_called_no_more(void **state)
{
    (void)state;
    struct cv_pipe pipe;
    asleep = wakes = cuts = 0;
    assert_true(cv_pipe_init(&pipe, 4, 0));
    cv_pipe_set_reader(&pipe, &(struct cv_pipe_reader){sleep_now, wake_up, cut_now, &asleep});
    holds(&pipe, "", CV_PIPE_OPEN);
    cv_pipe_leave(&pipe);
    assert_int_equal(cv_pipe_write(&pipe, "a", 1), CV_PUT_CLOSED);
    cv_pipe_cut(&pipe);
    cv_pipe_close(&pipe, CV_PIPE_ENDED);
    assert_int_equal(asleep, 1);
    assert_int_equal(wakes, 0);
    assert_int_equal(cuts, 0);
    cv_pipe_free(&pipe);
}

/* ---- two threads ---- */

enum { MUCH = 1000000 };

static void *write_much(void *arg)
{
    struct cv_pipe *pipe = arg;
    char piece[977];
    for (size_t written = 0; written < MUCH;) {
        size_t size = written % sizeof piece + 1;
        if (size > MUCH - written)
            size = MUCH - written;
        for (size_t i = 0; i < size; i++)
            piece[i] = (char)((written + i) % 251);
        if (cv_pipe_write(pipe, piece, size) != CV_PUT_GOOD)
            return pipe;
        written += size;
    }
    cv_pipe_close(pipe, CV_PIPE_ENDED);
    return NULL;
}

static void all_of_much_comes_in_order_through_little(void **state)
{
    (void)state;
    struct cv_pipe pipe;
    enum cv_pipe_state open = CV_PIPE_OPEN;
    pthread_t writer;
    size_t seen = 0;
    assert_true(cv_pipe_init(&pipe, 1000, 20000));
    assert_int_equal(pthread_create(&writer, NULL, write_much, &pipe), 0);
    while (open == CV_PIPE_OPEN || seen < MUCH) {
        char bytes[333];
        size_t got = cv_pipe_read(&pipe, bytes, sizeof bytes, &open);
        for (size_t i = 0; i < got; i++)
            assert_int_equal((unsigned char)bytes[i], (seen + i) % 251);
        seen += got;
        if (got == 0)
            cv_pipe_wait(&pipe, 20000);
    }
    void *failed;
    pthread_join(writer, &failed);
    assert_null(failed);
    assert_int_equal(seen, MUCH);
    cv_pipe_free(&pipe);
}

static void a_writer_that_waits_hears_of_the_end(void **state)
{
    (void)state;
    struct cv_pipe pipe;
    pthread_t writer;
    void *failed;
    assert_true(cv_pipe_init(&pipe, 100, 20000));
    assert_int_equal(pthread_create(&writer, NULL, write_much, &pipe), 0);
    cv_pipe_wait(&pipe, 20000);
    cv_pipe_close(&pipe, CV_PIPE_BROKEN);
    pthread_join(writer, &failed);
    assert_non_null(failed);
    cv_pipe_free(&pipe);
}

static void waiting_for_nothing_ends(void **state)
{
    (void)state;
    struct cv_pipe pipe;
    assert_true(cv_pipe_init(&pipe, 100, 0));
    assert_false(cv_pipe_wait(&pipe, 0));
    assert_false(cv_pipe_wait(&pipe, 1));
    cv_pipe_write(&pipe, "a", 1);
    assert_true(cv_pipe_wait(&pipe, 20000));
    holds(&pipe, "a", CV_PIPE_OPEN);
    cv_pipe_close(&pipe, CV_PIPE_BROKEN);
    assert_false(cv_pipe_wait(&pipe, 20000));
    cv_pipe_free(&pipe);
}

static void without_memory_nothing_is_written(void **state)
{
    (void)state;
    struct cv_pipe pipe;
    assert_true(cv_pipe_init(&pipe, 100, 0));
    alloc_fault_at(1);
    assert_int_equal(cv_pipe_write(&pipe, "abc", 3), CV_PUT_NO_MEMORY);
    assert_int_equal(cv_pipe_offer(&pipe, "abc", 3, false), CV_PUT_NO_MEMORY);
    assert_true(alloc_fault_end());
    holds(&pipe, "", CV_PIPE_OPEN);
    cv_pipe_free(&pipe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_come_out_as_they_went_in),
        cmocka_unit_test(a_writer_without_patience_stalls_when_it_is_full),
        cmocka_unit_test(offers_go_in_as_a_whole_or_not_at_all),
        cmocka_unit_test(states_only_move_on),
        cmocka_unit_test(a_reader_sleeps_when_it_is_empty_and_is_woken_once),
        cmocka_unit_test(a_cut_reaches_the_reader_and_lets_nothing_in),
        cmocka_unit_test(a_cut_wakes_a_reader_that_sleeps),
        cmocka_unit_test(a_reader_that_has_left_is_called_no_more),
        cmocka_unit_test(all_of_much_comes_in_order_through_little),
        cmocka_unit_test(a_writer_that_waits_hears_of_the_end),
        cmocka_unit_test(waiting_for_nothing_ends),
        cmocka_unit_test(without_memory_nothing_is_written),
    };
    return cmocka_run_group_tests_name("web/flow/pipe", tests, NULL, NULL);
}
