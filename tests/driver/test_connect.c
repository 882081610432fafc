/*
 * How a server is reached and trusted: TLS, passwords and where they come from, several hosts, servers that will not
 * do.
 */
#include "driver/support.h"

#include <stdio.h>
#include <sys/stat.h>

#include "support/old_server.h"

static const char secret[] = "s3cr/t?p@ss:zebra&%";
static const char secret_in_url[] = "s3cr%2Ft%3Fp%40ss%3Azebra%26%25";

static bool is_postgres(const struct engine *engine)
{
    return strcmp(engine->name, "postgres") == 0;
}

/* ---- over TCP, with a password ---- */

static int login_open(void **state)
{
    engine_open(state);
    struct engine *engine = *state;
    char sql[300];
    if (is_postgres(engine))
        snprintf(sql, sizeof sql, "DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN PASSWORD '%s'", secret);
    else
        snprintf(sql, sizeof sql,
                 "CREATE OR REPLACE USER guest@'127.0.0.1' IDENTIFIED BY '%s'; GRANT ALL ON *.* TO guest@'127.0.0.1'",
                 secret);
    run(engine->connection, sql);
    return 0;
}

static int login_close(void **state)
{
    struct engine *engine = *state;
    run(engine->connection, is_postgres(engine) ? "DROP ROLE guest" : "DROP USER guest@'127.0.0.1'");
    return engine_close(state);
}

#define LOGIN_TEST(name) cmocka_unit_test_setup_teardown(name, login_open, login_close)

static unsigned port_of(const struct engine *engine)
{
    const char *port = strstr(engine->place.url, "port=");
    return port ? (unsigned)strtoul(port + 5, NULL, 10) : (unsigned)ask(engine->connection, "SELECT @@port");
}

/* A URL of the engine's database over TCP: scheme://LOGIN@HOST:port/database?OPTIONS; static. */
static const char *url_with(const struct engine *engine, const char *login, const char *host, const char *options)
{
    static char url[1000];
    const char *name = strstr(engine->place.url, "/cuvee_test_");
    snprintf(url, sizeof url, "%s://%s@%s:%u%.*s?%s", is_postgres(engine) ? "postgresql" : "mariadb", login, host,
             port_of(engine), (int)strcspn(name, "?"), name, options);
    return url;
}

static const char *guest(void)
{
    static char login[100];
    snprintf(login, sizeof login, "guest:%s", secret_in_url);
    return login;
}

static void assert_connects(const char *url)
{
    struct cv_database *database = database_open(url, NULL, (cuvee_bind_options){0});
    struct cv_connection *connection = connection_open(database);
    assert_int_equal(ask(connection, "SELECT 7"), 7);
    connection_close(connection);
    database_close(database);
}

static void assert_no_secret(const char *text)
{
    assert_null(strstr(text, secret));
    assert_null(strstr(text, secret_in_url));
    assert_null(strstr(text, "s3cr"));
    assert_null(strstr(text, "zebra"));
}

static cuvee_error refused(const char *url)
{
    struct cv_database *database = database_open(url, NULL, (cuvee_bind_options){0});
    cuvee_error error = connection_refused(database);
    assert_no_secret(database->shown);
    assert_no_secret(database->identity);
    assert_no_secret(error.message);
    assert_no_secret(error.hint);
    database_close(database);
    return error;
}

static void assert_refused(const char *url)
{
    cuvee_error error = refused(url);
    assert_error(&error, CUVEE_ERROR_CONNECT, "08001");
    assert_says(&error, "127.");
}

/* ---- passwords ---- */

static void a_password_may_stand_in_the_url(void **state)
{
    struct engine *engine = *state;
    char options[200];
    assert_connects(url_with(engine, guest(), "127.0.0.1", "connect_timeout=60"));
    snprintf(options, sizeof options, "password=%s", secret_in_url);
    assert_connects(url_with(engine, "guest", "127.0.0.1", options));
    assert_refused(url_with(engine, "guest:s3cr3t-zebra", "127.0.0.1", "connect_timeout=60"));
    assert_refused(url_with(engine, "guest", "127.0.0.1", "password=s3cr3t-zebra"));
}

static void a_password_may_stand_outside_the_url(void **state)
{
    struct engine *engine = *state;
    char *folder = folder_make();
    char *path = path_in(folder, "password");
    char options[300];
    file_write(path, secret, strlen(secret));
    setenv("CUVEE_TEST_SECRET", secret, 1);
    assert_connects(url_with(engine, "guest", "127.0.0.1", "password_env=CUVEE_TEST_SECRET"));
    snprintf(options, sizeof options, "password_file=%s", path);
    assert_connects(url_with(engine, "guest", "127.0.0.1", options));
    file_write(path, "s3cr3t-zebra\n", 13);
    assert_refused(url_with(engine, "guest", "127.0.0.1", options));
    setenv("CUVEE_TEST_SECRET", "s3cr3t-zebra", 1);
    assert_refused(url_with(engine, "guest", "127.0.0.1", "password_env=CUVEE_TEST_SECRET"));
    unsetenv("CUVEE_TEST_SECRET");
    free(path);
    folder_remove(folder);
}

static void the_client_librarys_own_variables_count(void **state)
{
    struct engine *engine = *state;
    const char *variable = is_postgres(engine) ? "PGPASSWORD" : "MYSQL_PWD";
    setenv(variable, secret, 1);
    assert_connects(url_with(engine, "guest", "127.0.0.1", "connect_timeout=60"));
    setenv(variable, "s3cr3t-zebra", 1);
    assert_refused(url_with(engine, "guest", "127.0.0.1", "connect_timeout=60"));
    unsetenv(variable);
    assert_refused(url_with(engine, "guest", "127.0.0.1", "connect_timeout=60"));
}

static void password_and_service_files_of_libpq_count(void **state)
{
    struct engine *engine = *state;
    if (!is_postgres(engine))
        return;
    char *folder = folder_make();
    char *passwords = path_in(folder, "pgpass"), *services = path_in(folder, "services");
    char text[300], url[300];
    const char *name = strstr(engine->place.url, "/cuvee_test_") + 1;
    snprintf(text, sizeof text, "127.0.0.1:*:*:guest:s3cr/t?p@ss\\:zebra&%%\n");
    file_write(passwords, text, strlen(text));
    assert_int_equal(chmod(passwords, 0600), 0);
    snprintf(text, sizeof text, "[wine]\nhost=127.0.0.1\nport=%u\ndbname=%.*s\nuser=guest\n", port_of(engine),
             (int)strcspn(name, "?"), name);
    file_write(services, text, strlen(text));
    setenv("PGSERVICEFILE", services, 1);
    snprintf(url, sizeof url, "postgresql://?service=wine&passfile=%s", passwords);
    assert_connects(url);
    setenv("PGPASSFILE", passwords, 1);
    setenv("PGSERVICE", "wine", 1);
    assert_connects("postgresql://");
    unsetenv("PGPASSFILE");
    unsetenv("PGSERVICE");
    unsetenv("PGSERVICEFILE");
    free(passwords);
    free(services);
    folder_remove(folder);
}

/* ---- TLS ---- */

/* The options that trust this authority alone; static. */
static const char *trusting(const struct engine *engine, const char *authority, const char *more)
{
    static char options[400];
    const char *folder = getenv("CUVEE_TEST_TLS");
    assert_non_null(folder);
    if (is_postgres(engine))
        snprintf(options, sizeof options, "sslmode=verify-full&sslrootcert=%s/%s.pem%s", folder, authority, more);
    else
        snprintf(options, sizeof options, "ssl_ca=%s/%s.pem%s", folder, authority, more);
    return options;
}

static void assert_encrypts(const struct engine *engine, const char *url, bool encrypted)
{
    struct cv_database *database = database_open(url, NULL, (cuvee_bind_options){0});
    struct cv_connection *connection = connection_open(database);
    int64_t count =
        ask(connection, is_postgres(engine)
                            ? "SELECT CAST(count(*) AS bigint) FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl"
                            : "SELECT count(*) FROM information_schema.session_status"
                              " WHERE variable_name = 'SSL_CIPHER' AND variable_value <> ''");
    assert_int_equal(count, encrypted);
    connection_close(connection);
    database_close(database);
}

static void who_shows_a_certificate_of_ones_authority_is_trusted(void **state)
{
    struct engine *engine = *state;
    assert_encrypts(engine, url_with(engine, guest(), "127.0.0.1", trusting(engine, "authority", "")), true);
}

static void who_shows_a_strangers_certificate_is_not(void **state)
{
    struct engine *engine = *state;
    assert_refused(url_with(engine, guest(), "127.0.0.1", trusting(engine, "stranger", "")));
    assert_refused(url_with(engine, guest(), "127.0.0.1", trusting(engine, "nobody", "")));
}

/* The certificate is for 127.0.0.1 by that name alone. */
static void a_certificate_for_another_host_is_not_enough(void **state)
{
    struct engine *engine = *state;
    if (is_postgres(engine))
        assert_refused(
            url_with(engine, guest(), "database.example", trusting(engine, "authority", "&hostaddr=127.0.0.1")));
    else
        assert_refused(url_with(engine, guest(), "127.1", trusting(engine, "authority", "")));
}

static void looking_at_the_certificate_can_be_left_out(void **state)
{
    struct engine *engine = *state;
    const char *without = is_postgres(engine) ? "sslmode=require" : "ssl=true";
    assert_encrypts(engine, url_with(engine, guest(), "127.0.0.1", without), true);
    if (is_postgres(engine)) {
        assert_encrypts(engine, url_with(engine, guest(), "127.0.0.1", "ssl=true"), true);
        assert_encrypts(engine, url_with(engine, guest(), "127.0.0.1", "sslmode=disable"), false);
    } else {
        const char *options = trusting(engine, "authority", "&ssl_verify=false"); /* the name, that is */
        assert_encrypts(engine, url_with(engine, guest(), "127.1", options), true);
        assert_refused(url_with(engine, guest(), "127.1", trusting(engine, "stranger", "&ssl_verify=false")));
        assert_encrypts(engine, url_with(engine, guest(), "127.0.0.1", "ssl=0"), false);
        assert_refused(url_with(engine, guest(), "127.0.0.1", "ssl=1&ssl_verify_cert=1")); /* not the system's */
    }
}

static void who_wants_tls_gets_no_connection_without(void **state)
{
    struct engine *engine = *state;
    char url[200];
    struct old_server *server = old_server_start(engine->name, is_postgres(engine) ? "15.0" : "5.5.5-10.11.0-MariaDB");
    snprintf(url, sizeof url, "%s://guest:s3cr3t-zebra@127.0.0.1:%u/x?%s",
             is_postgres(engine) ? "postgresql" : "mariadb", old_server_port(server),
             is_postgres(engine) ? "sslmode=require" : "ssl=true");
    assert_refused(url);
    old_server_stop(server);
}

static void options_have_values_that_make_sense(void **state)
{
    struct engine *engine = *state;
    static const char *const options[] = {"connect_timeout=soon",  "connect_timeout=", "read_timeout=-1",
                                          "ssl=perhaps",           "ssl_verify=",      "charset=latin1",
                                          "write_timeout=99999999"};
    for (size_t i = 0; !is_postgres(engine) && i < sizeof options / sizeof options[0]; i++) {
        cuvee_error error = database_refused(url_with(engine, guest(), "127.0.0.1", options[i]), NULL);
        assert_int_equal(error.kind, CUVEE_ERROR_CONFIG);
        assert_no_secret(error.message);
    }
    if (is_postgres(engine))
        refused(url_with(engine, guest(), "127.0.0.1", "sslmode=perhaps"));
}

/* ---- several hosts ---- */

static void the_host_that_writes_is_found(void **state)
{
    struct engine *engine = *state;
    if (!is_postgres(engine))
        return;
    char options[200], sql[200];
    const char *name = strstr(engine->place.url, "/cuvee_test_") + 1;
    snprintf(options, sizeof options, "host=127.0.0.1:1,127.0.0.1:%u&target_session_attrs=read-write", port_of(engine));
    assert_connects(url_with(engine, guest(), "127.0.0.1", options));
    /* as if it were a copy that only reads */
    snprintf(sql, sizeof sql, "ALTER DATABASE %.*s SET default_transaction_read_only = on", (int)strcspn(name, "?"),
             name);
    run(engine->connection, sql);
    assert_refused(url_with(engine, guest(), "127.0.0.1", options));
    assert_connects(url_with(engine, guest(), "127.0.0.1", "target_session_attrs=read-only"));
}

/* ---- servers that will not do ---- */

static void assert_too_old(const struct engine *engine, const char *version, const char *says)
{
    char url[200];
    struct old_server *server = old_server_start(engine->name, version);
    snprintf(url, sizeof url, "%s://guest:s3cr3t-zebra@127.0.0.1:%u/x", is_postgres(engine) ? "postgresql" : "mariadb",
             old_server_port(server));
    cuvee_error error = refused(url);
    assert_error(&error, CUVEE_ERROR_UNSUPPORTED, "0A000");
    assert_says(&error, says);
    old_server_stop(server);
}

static void servers_that_are_too_old_or_others_are_told(void **state)
{
    struct engine *engine = *state;
    if (is_postgres(engine)) {
        assert_too_old(engine, "9.6.24", "PostgreSQL 9.6.24");
        assert_too_old(engine, "9.6.24", "PostgreSQL 10 or later");
        return;
    }
    assert_too_old(engine, "5.5.5-10.4.34-MariaDB", "MariaDB 10.4.34");
    assert_too_old(engine, "8.0.36", "MySQL 8.0.36");
    assert_too_old(engine, "8.0.36", "MariaDB 10.5 or later");
}

/* PostgreSQL's library does not say why the server let nobody in. */
static void a_server_that_is_full_is_told(void **state)
{
    struct engine *engine = *state;
    char url[200];
    struct old_server *server = old_server_start_full(engine->name);
    snprintf(url, sizeof url, "%s://guest:s3cr3t-zebra@127.0.0.1:%u/x", is_postgres(engine) ? "postgresql" : "mariadb",
             old_server_port(server));
    cuvee_error error = refused(url);
    if (is_postgres(engine)) {
        assert_error(&error, CUVEE_ERROR_CONNECT, "08001");
        assert_says(&error, "too many clients already");
    } else {
        assert_error(&error, CUVEE_ERROR_EXHAUSTED, "53300");
        assert_int_equal(error.vendor_code, 1040);
        assert_says(&error, "Too many connections");
        assert_says(&error, "raise the server's");
    }
    old_server_stop(server);
}

static void databases_in_other_encodings_are_told(void **state)
{
    struct engine *engine = *state;
    if (!is_postgres(engine))
        return;
    static const char *const encodings[] = {"LATIN1", "SQL_ASCII"};
    for (size_t i = 0; i < 2; i++) {
        char sql[200], url[300];
        snprintf(sql, sizeof sql, "CREATE DATABASE cuvee_other ENCODING '%s' LOCALE 'C' TEMPLATE template0",
                 encodings[i]);
        run(engine->connection, "DROP DATABASE IF EXISTS cuvee_other");
        run(engine->connection, sql);
        snprintf(url, sizeof url, "postgresql://cuvee@/cuvee_other%s", strchr(engine->place.url, '?'));
        cuvee_error error = refused(url);
        assert_error(&error, CUVEE_ERROR_UNSUPPORTED, "0A000");
        assert_says(&error, encodings[i]);
    }
    run(engine->connection, "DROP DATABASE cuvee_other");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        LOGIN_TEST(a_password_may_stand_in_the_url),
        LOGIN_TEST(a_password_may_stand_outside_the_url),
        LOGIN_TEST(the_client_librarys_own_variables_count),
        LOGIN_TEST(password_and_service_files_of_libpq_count),
        LOGIN_TEST(who_shows_a_certificate_of_ones_authority_is_trusted),
        LOGIN_TEST(who_shows_a_strangers_certificate_is_not),
        LOGIN_TEST(a_certificate_for_another_host_is_not_enough),
        LOGIN_TEST(looking_at_the_certificate_can_be_left_out),
        LOGIN_TEST(who_wants_tls_gets_no_connection_without),
        LOGIN_TEST(options_have_values_that_make_sense),
        LOGIN_TEST(the_host_that_writes_is_found),
        LOGIN_TEST(servers_that_are_too_old_or_others_are_told),
        LOGIN_TEST(a_server_that_is_full_is_told),
        LOGIN_TEST(databases_in_other_encodings_are_told),
    };
    return ENGINE_MAIN(argc, argv, "connect", tests);
}
