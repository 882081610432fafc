#include "web/support.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "web/wire.h"

/* ---- programs: an application's main in a process of its own ---- */

static int entered[2]; /* the slow handler writes a byte when it is at work */
static int go_on[2];   /* and waits for one before it ends */

static void be_slow(cuvee_request *req)
{
    char byte = 'x';
    if (write(entered[1], &byte, 1) != 1 || read(go_on[0], &byte, 1) != 1)
        abort();
    cuvee_reply_object(req, &item_model, &(Item){.name = "slow", .secret = ""});
}

static void read_items(cuvee_request *req)
{
    cuvee_reply_query(req, cuvee_select(cuvee_request_session(req), &item_model));
}

static void break_down(cuvee_request *req)
{
    cuvee_select(cuvee_request_session(req), NULL);
}

static bool fill(cuvee_blend *blend)
{
    cuvee_session *s = cuvee_session_open(blend);
    if (cuvee_count(cuvee_select(s, &item_model)) == 0)
        cuvee_add(s, &item_model, &(Item){.name = "first", .amount = 1});
    bool good = cuvee_commit(s) == CUVEE_COMMITTED;
    cuvee_session_close(s);
    return good;
}

static void say_good_bye(cuvee_blend *blend)
{
    cuvee_session *s = cuvee_session_open(blend); /* which is still there */
    fprintf(stderr, "%d items at the end\n", (int)cuvee_count(cuvee_select(s, &item_model)));
    cuvee_session_close(s);
}

static cuvee_app *polite_app(void)
{
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_bind(blend, &stock, "sqlite::memory:");
    return cuvee_app_new(blend, .on_start = fill, .on_stop = say_good_bye);
}

static bool refuse(cuvee_blend *blend)
{
    (void)blend;
    return false;
}

static cuvee_app *good_app(void)
{
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_bind(blend, &stock, "sqlite:stock.db");
    cuvee_app *app = cuvee_app_new(blend, .title = "Stock", .version = "1.2", .on_start = fill);
    cuvee_app_get(app, "/items", read_items, .returns = CUVEE_LIST(&item_model));
    cuvee_app_get(app, "/slow", be_slow);
    cuvee_app_get(app, "/broken", break_down);
    return app;
}

static cuvee_app *wrong_app(void)
{
    cuvee_app *app = cuvee_app_new(cuvee_blend_new());
    cuvee_app_get(app, "no-slash", read_items);
    return app;
}

static cuvee_app *refusing_app(void)
{
    return cuvee_app_new(cuvee_blend_new(), .on_start = refuse, .on_stop = say_good_bye);
}

static cuvee_app *no_app(void)
{
    return NULL;
}

struct program {
    pid_t pid;
    int out;
    int err;
};

static struct program start(cuvee_app *(*make)(void), const char *const *argv)
{
    int out[2];
    int err[2];
    int argc = 0;
    while (argv[argc])
        argc++;
    fflush(NULL);
    assert_true(pipe(out) == 0 && pipe(err) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(out[1], STDOUT_FILENO);
        dup2(err[1], STDERR_FILENO);
        exit(cuvee_app_main(make(), argc, (char **)argv));
    }
    close(out[1]);
    close(err[1]);
    return (struct program){pid, out[0], err[0]};
}

#define ARGUMENTS(...)                                                                                                 \
    (const char *const[])                                                                                              \
    {                                                                                                                  \
        "/usr/bin/stock", __VA_ARGS__, NULL                                                                            \
    }

static void read_all(int fd, char *text, size_t size)
{
    size_t used = 0;
    ssize_t got;
    while (used < size - 1 && (got = read(fd, text + used, size - 1 - used)) > 0)
        used += (size_t)got;
    text[used] = '\0';
    close(fd);
}

static char out[20000];
static char err[20000];

/* Waits for its end; what it printed is in `out` and `err`. */
static int finish(struct program program)
{
    int status = 0;
    read_all(program.out, out, sizeof out);
    read_all(program.err, err, sizeof err);
    waitpid(program.pid, &status, 0);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int run(cuvee_app *(*make)(void), const char *const *argv)
{
    return finish(start(make, argv));
}

/* The port in the line that a serving program prints. */
static unsigned port_of(struct program program)
{
    char line[200];
    size_t used = 0;
    while (used < sizeof line - 1 && read(program.out, line + used, 1) == 1 && line[used++] != '\n')
        ;
    line[used] = '\0';
    const char *colon = strstr(line, "http://127.0.0.1:");
    if (!colon)
        fail_msg("it printed: %s", line);
    return (unsigned)strtoul(colon + strlen("http://127.0.0.1:"), NULL, 10);
}

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/cuvee-main-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    static const char *const files[] = {"stock.db", "stock.db-wal", "stock.db-shm",
                                        "other.db", "other.db-wal", "other.db-shm"};
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        unlink(path);
    }
    return rmdir(folder);
}

static bool is_there(const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

static void says(const char *text, const char *words)
{
    if (!strstr(text, words))
        fail_msg("\"%s\" is not in: %s", words, text);
}

static void is_one_line(const char *text)
{
    const char *end = strchr(text, '\n');
    if (!end || end[1] != '\0')
        fail_msg("not one line: %s", text);
}

/* ---- commands that end by themselves ---- */

static void help_tells_everything(void **state)
{
    (void)state;
    assert_int_equal(run(good_app, ARGUMENTS("--help")), 0);
    static const char *const words[] = {"Usage: stock [serve|routes|openapi]",
                                        "--host ADDRESS",
                                        "--port N",
                                        "--data DIR",
                                        "--event-threads N",
                                        "--workers N",
                                        "--stock URL",
                                        "CUVEE_HOST",
                                        "CUVEE_PORT",
                                        "CUVEE_DATA",
                                        "CUVEE_WORKERS",
                                        "CUVEE_EVENT_THREADS",
                                        "CUVEE_STOCK_URL",
                                        "--root-path PATH",
                                        "CUVEE_ROOT_PATH",
                                        "--proxies LIST",
                                        "CUVEE_PROXIES",
                                        "--access-log ",
                                        "CUVEE_ACCESS_LOG",
                                        "Exit codes: 0 done",
                                        "SIGTERM"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        says(out, words[i]);
    assert_string_equal(err, "");
    assert_int_equal(run(good_app, ARGUMENTS("routes", "--port", "1", "-h")), 0);
    says(out, "Usage:");
    assert_false(is_there("stock.db"));
}

static void version_is_the_applications(void **state)
{
    (void)state;
    assert_int_equal(run(good_app, ARGUMENTS("--version")), 0);
    assert_string_equal(out, "Stock 1.2\n");
}

static void routes_are_listed(void **state)
{
    (void)state;
    assert_int_equal(run(good_app, ARGUMENTS("routes")), 0);
    says(out, "GET     /items                           read_items\n");
    says(out, "GET     /slow");
    assert_null(strstr(out, "/docs"));
}

static void openapi_is_printed(void **state)
{
    (void)state;
    assert_int_equal(run(good_app, ARGUMENTS("openapi")), 0);
    assert_memory_equal(out, "{\"openapi\":\"3.1.0\",", 19);
    is_one_line(out);
}

static void wrong_arguments_are_2_and_one_line(void **state)
{
    (void)state;
    static const struct {
        const char *arguments[4];
        const char *words;
    } cases[] = {
        {{"--nonsense"}, "stock: there is no option --nonsense (try --help)"},
        {{"--por", "1"}, "there is no option --por"},
        {{"dance"}, "there is no command dance"},
        {{"serve", "routes"}, "one command is enough: routes"},
        {{"--port"}, "--port needs a value: N"},
        {{"--port", "x"}, "--port must be a number from 0 to 65535, not \"x\""},
        {{"--port="}, "must be a number"},
        {{"--port", "65536"}, "must be a number"},
        {{"--port", "99999999999999999999"}, "must be a number"},
        {{"--port", "-1"}, "must be a number"},
        {{"--workers", "0"}, "--workers must be a number from 1 to 1024"},
        {{"--event-threads", "65"}, "from 1 to 64"},
        {{"--host="}, "--host= is empty"},
        {{"--stock"}, "--stock needs a value: URL"},
        {{"--access-log=2"}, "--access-log=2 must be a number from 0 to 1"},
        {{"--root-path"}, "--root-path needs a value: PATH"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *argv[6] = {"stock"};
        memcpy(argv + 1, cases[i].arguments, sizeof cases[i].arguments);
        assert_int_equal(run(good_app, argv), 2);
        says(err, cases[i].words);
        is_one_line(err);
        assert_string_equal(out, "");
    }
}

static void wrong_environment_is_2(void **state)
{
    (void)state;
    setenv("CUVEE_PORT", "many", 1);
    assert_int_equal(run(good_app, ARGUMENTS("serve")), 2);
    says(err, "CUVEE_PORT must be a number");
    assert_int_equal(run(good_app, ARGUMENTS("routes", "--port", "1")), 0); /* the command line comes first */
    unsetenv("CUVEE_PORT");
}

static void what_cannot_be_done_is_1_and_one_line(void **state)
{
    (void)state;
    char corrupt[80];
    snprintf(corrupt, sizeof corrupt, "%s/other.db", folder);
    FILE *file = fopen(corrupt, "w");
    fputs("this is no database, and long enough to be seen as none by anyone who reads its first page", file);
    fclose(file);
    const char *const missing[] = {"stock", "--data", "/nonexistent/folder", NULL};
    const char *const no_folder[] = {"stock", "--data", corrupt, NULL};
    const char *const unwritable[] = {"stock", "--data", "/proc", NULL}; /* for root too */
    const char *const damaged[] = {"stock", "--data", folder, "--stock", "sqlite:other.db", NULL};
    const char *const unknown[] = {"stock", "--stock", "nosuch:thing", NULL};
    const char *const address[] = {"stock", "--data", folder, "--host", "203.0.113.7", NULL};
    static const struct {
        cuvee_app *(*make)(void);
        const char *words;
    } cases[] = {{good_app, "/nonexistent/folder"}, {good_app, "other.db/stock.db"},
                 {good_app, "/proc/stock.db"},      {good_app, "other.db"},
                 {good_app, "names no engine"},     {good_app, "203.0.113.7"},
                 {wrong_app, "no-slash"},           {refusing_app, "on_start failed"},
                 {no_app, "out of memory"}};
    const char *const plain[] = {"stock", NULL};
    const char *const *arguments[] = {missing, no_folder, unwritable, damaged, unknown, address, plain, plain, plain};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(run(cases[i].make, arguments[i]), 1);
        says(err, "stock: ");
        says(err, cases[i].words);
        is_one_line(err);
        assert_string_equal(out, "");
    }
}

/* ---- serving ---- */

static void asks_items(unsigned port)
{
    struct wire_reply reply = wire_ask(port, "GET /items HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.body, "[{\"id\":1,\"name\":\"first\",\"amount\":1,\"note\":null}]");
    wire_free(&reply);
}

static void serves_what_on_start_filled(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) { /* the second time the folder is used as it is */
        struct program program = start(good_app, ARGUMENTS("--port", "0", "--data", folder));
        asks_items(port_of(program));
        kill(program.pid, i == 0 ? SIGTERM : SIGINT);
        assert_int_equal(finish(program), 0);
        assert_string_equal(err, "");
        assert_true(is_there("stock.db"));
    }
}

static void databases_can_be_given_by_option_or_environment(void **state)
{
    (void)state;
    struct program program =
        start(good_app, ARGUMENTS("serve", "--port=0", "--data", folder, "--stock=sqlite:other.db"));
    asks_items(port_of(program));
    kill(program.pid, SIGTERM);
    assert_int_equal(finish(program), 0);
    assert_true(is_there("other.db"));
    assert_false(is_there("stock.db"));
    setenv("CUVEE_DATA", folder, 1);
    setenv("CUVEE_PORT", "0", 1);
    setenv("CUVEE_STOCK_URL", "sqlite:stock.db", 1);
    setenv("CUVEE_WORKERS", "1", 1);
    setenv("CUVEE_EVENT_THREADS", "1", 1);
    program = start(good_app, ARGUMENTS("serve"));
    asks_items(port_of(program));
    kill(program.pid, SIGTERM);
    assert_int_equal(finish(program), 0);
    assert_true(is_there("stock.db"));
    static const char *const names[] = {"CUVEE_DATA", "CUVEE_PORT", "CUVEE_STOCK_URL", "CUVEE_WORKERS",
                                        "CUVEE_EVENT_THREADS"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unsetenv(names[i]);
}

static void a_port_in_use_is_1(void **state)
{
    (void)state;
    struct program program = start(good_app, ARGUMENTS("--port", "0", "--data", folder));
    unsigned port = port_of(program);
    char text[16];
    snprintf(text, sizeof text, "%u", port);
    assert_int_equal(run(good_app, ARGUMENTS("--port", text, "--data", folder)), 1);
    says(err, "is in use by another program");
    is_one_line(err);
    asks_items(port);
    kill(program.pid, SIGTERM);
    assert_int_equal(finish(program), 0);
}

static void a_signal_lets_a_running_request_end(void **state)
{
    (void)state;
    char byte = 'x';
    assert_true(pipe(entered) == 0 && pipe(go_on) == 0);
    struct program program = start(good_app, ARGUMENTS("--port", "0", "--data", folder));
    unsigned port = port_of(program);
    int fd = wire_dial(port);
    wire_say(fd, "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_int_equal(read(entered[0], &byte, 1), 1);
    kill(program.pid, SIGTERM);
    for (int other = wire_dial(port); other >= 0; other = wire_dial(port)) { /* until it takes no more */
        close(other);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    assert_int_equal(write(go_on[1], &byte, 1), 1);
    struct wire_reply reply = wire_hear(fd);
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.body, "{\"id\":0,\"name\":\"slow\",\"amount\":0,\"note\":null}");
    wire_free(&reply);
    assert_int_equal(finish(program), 0);
    close(fd);
}

static void on_stop_runs_when_on_start_did(void **state)
{
    (void)state;
    struct program program = start(polite_app, ARGUMENTS("--port", "0"));
    port_of(program);
    kill(program.pid, SIGTERM);
    assert_int_equal(finish(program), 0);
    assert_string_equal(err, "1 items at the end\n");
    assert_int_equal(run(polite_app, ARGUMENTS("--host", "203.0.113.7")), 1); /* it was started, and cannot listen */
    says(err, "1 items at the end\n");
    assert_int_equal(run(polite_app, ARGUMENTS("routes")), 0);
    assert_string_equal(err, "");
}

static void failures_are_logged_with_the_replys_id(void **state)
{
    (void)state;
    struct program program = start(good_app, ARGUMENTS("--port", "0", "--data", folder));
    struct wire_reply reply = wire_ask(port_of(program), "GET /broken?secret=1 HTTP/1.1\r\nHost: h\r\n\r\n");
    char id[32];
    assert_int_equal(reply.status, 500);
    assert_string_equal(reply.body, "Internal Server Error");
    assert_true(wire_header(&reply, "X-Request-ID", id, sizeof id));
    wire_free(&reply);
    kill(program.pid, SIGTERM);
    assert_int_equal(finish(program), 0);
    says(err, id);
    says(err, "GET /broken: ");
    assert_null(strstr(err, "secret"));
    is_one_line(err);
}

/* ---- behind a proxy ---- */

static void what_a_proxy_needs_can_be_given(void **state)
{
    (void)state;
    struct program program = start(good_app, ARGUMENTS("--port", "0", "--data", folder, "--root-path", "/api",
                                                       "--proxies=127.0.0.1", "--access-log"));
    struct wire_reply reply =
        wire_ask(port_of(program), "GET /api/items/ HTTP/1.1\r\nHost: h\r\nX-Request-ID: seven\r\n"
                                   "X-Forwarded-For: 203.0.113.9\r\n\r\n");
    char location[32];
    assert_int_equal(reply.status, 307);
    assert_true(wire_header(&reply, "Location", location, sizeof location));
    assert_string_equal(location, "/api/items");
    wire_free(&reply);
    kill(program.pid, SIGTERM);
    assert_int_equal(finish(program), 0);
    says(err, "seven 203.0.113.9 GET /items/ 307 0 bytes ");
    is_one_line(err);
    setenv("CUVEE_ROOT_PATH", "/from-environment", 1);
    setenv("CUVEE_ACCESS_LOG", "1", 1);
    assert_int_equal(run(good_app, ARGUMENTS("openapi")), 0);
    says(out, "\"servers\":[{\"url\":\"/from-environment\"}]");
    setenv("CUVEE_ACCESS_LOG", "yes", 1);
    assert_int_equal(run(good_app, ARGUMENTS("openapi")), 2);
    says(err, "CUVEE_ACCESS_LOG must be a number from 0 to 1");
    unsetenv("CUVEE_ROOT_PATH");
    unsetenv("CUVEE_ACCESS_LOG");
    assert_int_equal(run(good_app, ARGUMENTS("openapi", "--root-path", "api")), 1);
    says(err, "root path api must begin with /");
    assert_int_equal(run(good_app, ARGUMENTS("openapi", "--proxies", "x")), 1);
    says(err, "proxy x is no address");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(help_tells_everything, make_folder, remove_folder),
        cmocka_unit_test(version_is_the_applications),
        cmocka_unit_test(routes_are_listed),
        cmocka_unit_test(openapi_is_printed),
        cmocka_unit_test(wrong_arguments_are_2_and_one_line),
        cmocka_unit_test(wrong_environment_is_2),
        cmocka_unit_test_setup_teardown(what_cannot_be_done_is_1_and_one_line, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(serves_what_on_start_filled, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(databases_can_be_given_by_option_or_environment, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_port_in_use_is_1, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_signal_lets_a_running_request_end, make_folder, remove_folder),
        cmocka_unit_test(on_stop_runs_when_on_start_did),
        cmocka_unit_test_setup_teardown(failures_are_logged_with_the_replys_id, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(what_a_proxy_needs_can_be_given, make_folder, remove_folder),
    };
    return cmocka_run_group_tests_name("web/server/main", tests, NULL, NULL);
}
