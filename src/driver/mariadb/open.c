/* Options of the URL, what they set in the client library, and connecting to one of the URL's hosts. */
#include "driver/mariadb/mariadb.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/error.h"

enum { CONNECT_SECONDS = 10, SILENT_SECONDS = 30, HOST_SIZE = 256, MOST_SECONDS = 1000000 };

/* ---- options ---- */

enum form { TEXT, SECONDS, SWITCH, HANDLED };

static const struct {
    const char *name;
    enum form form;
    enum mysql_option sets;
} known[] = {
    {"socket", HANDLED, 0},
    {"unix_socket", HANDLED, 0},
    {"charset", HANDLED, 0},
    {"connect_timeout", SECONDS, MYSQL_OPT_CONNECT_TIMEOUT},
    {"read_timeout", SECONDS, MYSQL_OPT_READ_TIMEOUT},
    {"write_timeout", SECONDS, MYSQL_OPT_WRITE_TIMEOUT},
    {"ssl", SWITCH, MYSQL_OPT_SSL_ENFORCE},
    {"ssl_ca", TEXT, MYSQL_OPT_SSL_CA},
    {"ssl_capath", TEXT, MYSQL_OPT_SSL_CAPATH},
    {"ssl_cert", TEXT, MYSQL_OPT_SSL_CERT},
    {"ssl_key", TEXT, MYSQL_OPT_SSL_KEY},
    {"ssl_cipher", TEXT, MYSQL_OPT_SSL_CIPHER},
    {"ssl_crl", TEXT, MYSQL_OPT_SSL_CRL},
    {"ssl_verify", SWITCH, MYSQL_OPT_SSL_VERIFY_SERVER_CERT},
    {"ssl_verify_cert", SWITCH, MYSQL_OPT_SSL_VERIFY_SERVER_CERT},
    {"ssl_verify_identity", SWITCH, MYSQL_OPT_SSL_VERIFY_SERVER_CERT},
};

enum { KNOWN = sizeof known / sizeof known[0] };

static size_t number_of(const char *name)
{
    size_t k = 0;
    while (k < KNOWN && strcmp(known[k].name, name) != 0)
        k++;
    return k;
}

/* 1 or 0; -1 for neither. */
static int switch_of(const char *value)
{
    static const char *const words[] = {"0", "1", "false", "true", "off", "on", "no", "yes"};
    for (int i = 0; i < 8; i++)
        if (strcmp(words[i], value) == 0)
            return i % 2;
    return -1;
}

static bool read_number(const char *digits, unsigned *number)
{
    char *end;
    if (*digits < '0' || *digits > '9')
        return false;
    unsigned long value = strtoul(digits, &end, 10);
    *number = (unsigned)value;
    return *end == '\0' && value <= MOST_SECONDS;
}

static bool check_option(const struct cv_url *url, const struct cv_url_option *option, cuvee_error *error)
{
    unsigned seconds;
    size_t k = number_of(option->name);
    if (k == KNOWN)
        return cv_error_set(error, CUVEE_ERROR_CONFIG, "%s: there is no option %s", url->shown, option->name);
    if (known[k].form == SECONDS && !read_number(option->value, &seconds))
        return cv_error_set(error, CUVEE_ERROR_CONFIG, "%s: %s takes a number of seconds", url->shown, option->name);
    if (known[k].form == SWITCH && switch_of(option->value) < 0)
        return cv_error_set(error, CUVEE_ERROR_CONFIG, "%s: %s takes true or false", url->shown, option->name);
    return true;
}

bool cv_maria_check_options(const struct cv_url *url, cuvee_error *error)
{
    for (size_t i = 0; i < url->option_count; i++)
        if (!check_option(url, &url->options[i], error))
            return false;
    const char *charset = cv_url_option(url, "charset");
    if (charset && strcmp(charset, "utf8mb4") != 0)
        return cv_error_set(error, CUVEE_ERROR_CONFIG, "%s: the charset is always utf8mb4", url->shown);
    return url->database || cv_error_set(error, CUVEE_ERROR_CONFIG, "%s names no database", url->shown);
}

static void set_option(MYSQL *my, const struct cv_url_option *option)
{
    size_t k = number_of(option->name);
    unsigned seconds;
    my_bool on = switch_of(option->value) == 1;
    switch (known[k].form) {
    case TEXT: mysql_options(my, known[k].sets, option->value); break;
    case SECONDS:
        if (read_number(option->value, &seconds))
            mysql_options(my, known[k].sets, &seconds);
        break;
    case SWITCH: mysql_options(my, known[k].sets, &on); break;
    case HANDLED: break;
    }
}

bool cv_maria_wants_tls(const struct cv_url *url)
{
    const char *ssl = cv_url_option(url, "ssl");
    return cv_url_option(url, "ssl_ca") || cv_url_option(url, "ssl_capath") || (ssl && switch_of(ssl) == 1);
}

/* Whoever says whom to trust wants no connection without that; what the URL says itself counts more. */
static void set_options(MYSQL *my, const struct cv_url *url)
{
    static const unsigned seconds = CONNECT_SECONDS;
    static const unsigned no_files = 0;
    static const my_bool on = 1;
    mysql_options(my, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    mysql_options(my, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
    mysql_options(my, MYSQL_OPT_LOCAL_INFILE, &no_files); /* a server could ask for any file of ours */
    if (cv_url_option(url, "ssl_ca") || cv_url_option(url, "ssl_capath")) {
        mysql_options(my, MYSQL_OPT_SSL_ENFORCE, &on);
        mysql_options(my, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &on);
    }
    for (size_t i = 0; i < url->option_count; i++)
        set_option(my, &url->options[i]);
}

/* ---- hosts ---- */

static size_t count_of(const char *list)
{
    size_t count = 1;
    for (; list && *list; list++)
        count += *list == ',';
    return count;
}

/* The n-th entry of a list with commas, or NULL. */
static const char *entry(const char *list, size_t n, char *room)
{
    for (; list && n > 0; n--) {
        list = strchr(list, ',');
        list = list ? list + 1 : NULL;
    }
    size_t size = list ? strcspn(list, ",") : 0;
    if (size == 0 || size >= HOST_SIZE)
        return NULL;
    memcpy(room, list, size);
    room[size] = '\0';
    return room;
}

static unsigned port_of(const struct cv_url *url, size_t n)
{
    char room[HOST_SIZE];
    unsigned port = 0;
    const char *digits = entry(url->ports, count_of(url->ports) == 1 ? 0 : n, room);
    return digits && read_number(digits, &port) ? port : 0;
}

/* A server that went away without a word is noticed. */
static void keep_alive(MYSQL *my)
{
    int on = 1;
    int seconds = SILENT_SECONDS;
    int socket = mysql_get_socket(my);
    setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &seconds, sizeof seconds);
#ifdef TCP_USER_TIMEOUT
    unsigned ms = SILENT_SECONDS * 1000;
    setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof ms);
#endif
}

MYSQL *cv_maria_connect_to(const struct cv_url *url, size_t n, bool *connected)
{
    char room[HOST_SIZE];
    const char *host = entry(url->hosts, n, room);
    const char *socket =
        cv_url_option(url, "socket") ? cv_url_option(url, "socket") : cv_url_option(url, "unix_socket");
    *connected = false;
    MYSQL *my = mysql_init(NULL);
    if (!my)
        return NULL;
    if (host && *host == '/') {
        socket = host;
        host = NULL;
    }
    set_options(my, url);
    *connected = mysql_real_connect(my, host, url->user, url->password, url->database, port_of(url, n), socket,
                                    CLIENT_FOUND_ROWS | CLIENT_MULTI_STATEMENTS) != NULL;
    if (*connected)
        keep_alive(my);
    return my;
}

MYSQL *cv_maria_connect_to_any(const struct cv_url *url, size_t *host, bool *connected)
{
    MYSQL *my = NULL;
    size_t count = count_of(url->hosts);
    *connected = false;
    for (size_t n = 0; !*connected && n < count; n++) {
        if (my)
            mysql_close(my);
        my = cv_maria_connect_to(url, n, connected);
        *host = n;
        if (!my)
            return NULL;
    }
    return my;
}
