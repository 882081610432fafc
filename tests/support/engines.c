#include "support/check.h"

#include "support/engines.h"

#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "driver/driver.h"
#include "support/folder.h"

const char *const engine_names[ENGINE_COUNT] = {"sqlite", "postgres", "mariadb"};

static const char *variable_of(const char *engine)
{
    if (strcmp(engine, "postgres") == 0)
        return "CUVEE_TEST_POSTGRES";
    return strcmp(engine, "mariadb") == 0 ? "CUVEE_TEST_MARIADB" : NULL;
}

const char *engine_server(const char *engine)
{
    const char *variable = variable_of(engine);
    return variable ? getenv(variable) : NULL;
}

bool engine_is_there(const char *engine)
{
    const char *server = engine_server(engine);
    return !variable_of(engine) || (server && cv_driver_for(server));
}

static char *text_of(const char *format, const char *a, const char *b, const char *c)
{
    size_t size = strlen(format) + strlen(a) + strlen(b) + strlen(c) + 1;
    char *text = malloc(size);
    assert_non_null(text);
    snprintf(text, size, format, a, b, c);
    return text;
}

static struct engine_place make_file(void)
{
    struct engine_place place = {.engine = engine_names[0], .folder = folder_make()};
    place.url = text_of("sqlite:%s/engine.db%s%s", place.folder, "", "");
    return place;
}

/* ---- servers ---- */

static void on_server(const char *server, const char *sql)
{
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    const struct cv_driver *driver = cv_driver_for(server);
    struct cv_place place = {.url = server};
    struct cv_database *database = driver->open_database(&place, &error);
    struct cv_connection *connection = database ? driver->connect(database, &error) : NULL;
    if (!connection || !driver->execute(connection, sql, &error))
        fail_msg("%s: %s", sql, error.message);
    driver->disconnect(connection);
    driver->close_database(database);
}

/* The server's URL with another database in it. */
static char *url_of(const char *server, const char *name)
{
    const char *path = strchr(strstr(server, "://") + 3, '/');
    const char *options = strchr(path, '?');
    char *front = text_of("%s%s%s", server, "", "");
    front[path - server] = '\0';
    char *url = text_of("%s/%s%s", front, name, options ? options : "");
    free(front);
    return url;
}

static struct engine_place make_on_server(const char *engine)
{
    static atomic_uint made;
    char name[48];
    snprintf(name, sizeof name, "cuvee_test_%ld_%u", (long)getpid(), atomic_fetch_add(&made, 1));
    char *sql = text_of("CREATE DATABASE %s%s%s", name, "", "");
    on_server(engine_server(engine), sql);
    free(sql);
    return (struct engine_place){.engine = engine, .url = url_of(engine_server(engine), name)};
}

struct name {
    char text[48];
};

static struct name name_of(const struct engine_place *place)
{
    struct name name = {""};
    const char *from = strstr(place->url, "/cuvee_test_") + 1;
    size_t size = strcspn(from, "?");
    assert_true(size < sizeof name.text);
    memcpy(name.text, from, size);
    return name;
}

static bool is_postgres_url(const char *url)
{
    return strncmp(url, "postgresql:", 11) == 0;
}

char *engine_socket(const char *url)
{
    const char *option = strstr(url, is_postgres_url(url) ? "?host=" : "?socket=");
    const char *port = strstr(url, "&port=");
    assert_non_null(option);
    option = strchr(option, '=') + 1;
    char *value = strndup(option, strcspn(option, "&"));
    assert_non_null(value);
    if (!port)
        return value;
    char *path = text_of("%s/.s.PGSQL.%s%s", value, port + 6, "");
    free(value);
    return path;
}

char *engine_url_through(const char *url, unsigned port)
{
    char digits[12];
    const char *name = strstr(url, "/cuvee_test_") + 1;
    snprintf(digits, sizeof digits, "%u", port);
    char *through =
        text_of(is_postgres_url(url) ? "postgresql://cuvee@127.0.0.1:%s/%s%s" : "mariadb://root@127.0.0.1:%s/%s%s",
                digits, name, "");
    through[strcspn(through, "?")] = '\0';
    return through;
}

static bool is_postgres(const struct engine_place *place)
{
    return strcmp(place->engine, "postgres") == 0;
}

static void remove_on_server(const struct engine_place *place)
{
    struct name name = name_of(place);
    char *sql = text_of("DROP DATABASE %s%s%s", name.text, is_postgres(place) ? " WITH (FORCE)" : "", "");
    on_server(engine_server(place->engine), sql);
    free(sql);
}

void engine_place_run(const struct engine_place *place, const char *sql)
{
    assert_null(place->folder);
    on_server(place->url, sql);
}

void engine_place_clear(const struct engine_place *place)
{
    assert_null(place->folder);
    /* What a failed test left open must not stop it. */
    if (is_postgres(place)) { /* where a new database takes its time */
        on_server(place->url, "DO 'BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
                              "current_database() AND pid <> pg_backend_pid(); END';"
                              "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        return;
    }
    struct name name = name_of(place);
    char *sql = text_of("BEGIN NOT ATOMIC DECLARE CONTINUE HANDLER FOR 1094 BEGIN END; " /* it is gone already */
                        "FOR other IN (SELECT id FROM information_schema.processlist WHERE db = '%s') DO "
                        "KILL other.id; END FOR; DROP DATABASE %s; CREATE DATABASE %s; END",
                        name.text, name.text, name.text);
    on_server(engine_server(place->engine), sql);
    free(sql);
}

/* ---- either ---- */

struct engine_place engine_place_make(const char *engine)
{
    assert_true(engine_is_there(engine));
    return engine_server(engine) ? make_on_server(engine) : make_file();
}

void engine_place_remove(struct engine_place *place)
{
    if (place->folder)
        folder_remove(place->folder);
    else
        remove_on_server(place);
    free(place->url);
}
