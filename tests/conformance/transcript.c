/*
 * Runs the cases on one engine and compares what they said with expected.txt, line by line.
 *
 *     transcript ENGINE EXPECTED DIFFERENCES ENGINES.MD    exit code 77 when the engine's server is not there
 *     transcript ENGINE --write FILE                       writes what was said instead
 */
#include "conformance/transcript.h"

#include <stdio.h>

enum { CASES = 100 };

/* One run of the program. */
struct run {
    struct transcript transcript;
    const char *write_to;  /* NULL: compare */
    struct lines expected; /* of this engine */
    struct lines said;     /* by all cases */
    size_t mistakes;       /* in the table of differences */
    struct CMUnitTest tests[CASES + 2];
    const struct transcript_case *cases[CASES];
    size_t count;
};

/* Each test's state: the run and its case. */
struct step {
    struct run *run;
    const struct transcript_case *its;
};

/* ---- one case ---- */

static bool is_server(const struct run *run)
{
    return engine_server(run->transcript.engine) != NULL;
}

static int open_case(void **state)
{
    const struct step *step = *state;
    struct transcript *t = &step->run->transcript;
    t->name = step->its->name;
    if (!is_server(step->run))
        t->place = engine_place_make(t->engine);
    t->blend = cuvee_blend_new();
    cuvee_blend_bind(t->blend, &conformance_base, t->place.url, .busy_ms = 50, .wait_ms = 2000);
    if (!cuvee_create_tables(t->blend))
        fail_msg("%s", cuvee_blend_error(t->blend)->message);
    return 0;
}

static int close_case(void **state)
{
    const struct step *step = *state;
    struct transcript *t = &step->run->transcript;
    cuvee_blend_free(t->blend);
    lines_clear(&t->scraps);
    lines_clear(&t->lines);
    if (is_server(step->run))
        engine_place_clear(&t->place);
    else
        engine_place_remove(&t->place);
    return 0;
}

static void keep(struct lines *all, struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        lines_add(all, lines->items[i]);
        lines->items[i] = NULL;
    }
}

static void run_case(void **state)
{
    const struct step *step = *state;
    struct run *run = step->run;
    step->its->run(&run->transcript);
    assert_true(run->transcript.lines.count > 0);
    if (run->write_to)
        keep(&run->said, &run->transcript.lines);
    else if (lines_compare(&run->transcript.lines, &run->expected, step->its->name))
        fail_msg("%s says otherwise (-: what is expected, +: what it said)", run->transcript.engine);
}

/* ---- the files ---- */

static bool is_case(const struct run *run, const char *line)
{
    for (size_t i = 0; i < run->count; i++)
        if (line_is_of(line, run->cases[i]->name))
            return true;
    return false;
}

static void expects_known_cases_only(void **state)
{
    const struct step *step = *state;
    for (size_t i = 0; i < step->run->expected.count; i++)
        if (!is_case(step->run, step->run->expected.items[i]))
            fail_msg("no such case: %s", step->run->expected.items[i]);
}

static void the_table_of_differences_is_right(void **state)
{
    const struct step *step = *state;
    assert_int_equal(step->run->mistakes, 0);
}

static void write_file(const struct run *run)
{
    FILE *file = fopen(run->write_to, "w");
    assert_non_null(file);
    for (size_t i = 0; i < run->said.count; i++)
        fprintf(file, "%s\n", run->said.items[i]);
    assert_int_equal(fclose(file), 0);
}

/* ---- the program ---- */

static void collect(struct run *run, const struct transcript_case *cases)
{
    for (; cases->name; cases++) {
        assert_true(run->count < CASES);
        run->cases[run->count++] = cases;
    }
}

static void collect_all(struct run *run)
{
    collect(run, value_cases);
    collect(run, order_cases);
    collect(run, text_cases);
    collect(run, query_cases);
    collect(run, write_cases);
    collect(run, error_cases);
    collect(run, transaction_cases);
    collect(run, lock_cases);
}

static int run_cases(struct run *run)
{
    struct step steps[CASES + 1];
    size_t count = 0;
    for (; count < run->count; count++) {
        steps[count] = (struct step){run, run->cases[count]};
        run->tests[count] =
            (struct CMUnitTest){run->cases[count]->name, run_case, open_case, close_case, &steps[count]};
    }
    steps[count] = (struct step){run, NULL};
    if (!run->write_to) {
        run->tests[count + 1] =
            (struct CMUnitTest){"expected.txt", expects_known_cases_only, NULL, NULL, &steps[count]};
        run->tests[count] =
            (struct CMUnitTest){"differences.txt", the_table_of_differences_is_right, NULL, NULL, &steps[count]};
        count += 2;
    }
    return _cmocka_run_group_tests(run->transcript.engine, run->tests, count, NULL, NULL);
}

static void read_files(struct run *run, char **paths)
{
    struct lines differences = lines_read(paths[1]);
    run->expected = lines_read(paths[0]);
    run->mistakes = lines_differ(&run->expected, &differences, run->transcript.engine, paths[2]);
    lines_clear(&differences);
}

static int run_on_engine(struct run *run)
{
    if (is_server(run))
        run->transcript.place = engine_place_make(run->transcript.engine);
    int result = run_cases(run);
    if (is_server(run))
        engine_place_remove(&run->transcript.place);
    if (run->write_to)
        write_file(run);
    lines_clear(&run->expected);
    lines_clear(&run->said);
    return result;
}

int main(int argc, char **argv)
{
    static struct run run;
    if (argc != 5 && !(argc == 4 && strcmp(argv[2], "--write") == 0)) {
        print_error("Usage: transcript ENGINE EXPECTED DIFFERENCES ENGINES.MD\n"
                    "       transcript ENGINE --write FILE\n");
        return 2;
    }
    run.transcript.engine = argv[1];
    if (!engine_is_there(argv[1])) {
        print_message("SKIPPED: no server for %s; run me with tests/support/servers run\n", argv[1]);
        return 77;
    }
    collect_all(&run);
    if (argc == 4)
        run.write_to = argv[3];
    else
        read_files(&run, argv + 2);
    return run_on_engine(&run);
}
