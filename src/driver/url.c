#include "driver/url.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/buffer.h"
#include "base/error.h"

extern char **environ;

enum { HIGHEST_PORT = 65535 };

#define HOST_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"

static const char in_password[] = "In a password write / as %2F, ? as %3F, @ as %40, : as %3A and & as %26.";

/* A part of the URL that is being taken apart. */
struct part {
    const char *at;
    const char *end;
};

/* The compiler may not leave it out. */
static void wipe(char *secret, size_t size)
{
    volatile char *at = secret;
    while (size-- > 0)
        *at++ = '\0';
}

static const char *find(struct part part, const char *characters)
{
    while (part.at < part.end && !strchr(characters, *part.at))
        part.at++;
    return part.at;
}

/* Percent-decoded; NULL (error set) for bad escapes and NUL. */
static const char *decode(struct cv_url *url, struct part part, cuvee_error *error)
{
    char *text = cv_arena_copy(&url->arena, part.at, (size_t)(part.end - part.at));
    char *to = text;
    if (!text) {
        cv_error_memory(error);
        return NULL;
    }
    for (const char *at = part.at; at < part.end; at++) {
        if (*at != '%') {
            *to++ = *at;
            continue;
        }
        int high = part.end - at > 2 ? cv_hex_value(at[1]) : -1;
        int low = high >= 0 ? cv_hex_value(at[2]) : -1;
        if (low < 0 || high + low == 0) {
            cv_error_set(error, CUVEE_ERROR_CONFIG, "the database's URL has a bad %% escape");
            return NULL;
        }
        *to++ = (char)(high * 16 + low);
        at += 2;
    }
    *to = '\0';
    return text;
}

/* ---- user and hosts ---- */

static bool read_user(struct cv_url *url, struct part part, cuvee_error *error)
{
    const char *colon = find(part, ":");
    if (colon > part.at)
        url->user = decode(url, (struct part){part.at, colon}, error);
    if (colon < part.end)
        url->password = decode(url, (struct part){colon + 1, part.end}, error);
    return !error->kind;
}

/* One host behind the others, a comma between them. */
static void add_to_list(struct cv_buffer *list, struct part part, bool first)
{
    if (!first)
        cv_buffer_char(list, ',');
    cv_buffer_bytes(list, part.at, (size_t)(part.end - part.at));
}

static struct part host_of(struct part part)
{
    bool bracket = part.at < part.end && *part.at == '[';
    if (!bracket)
        return (struct part){part.at, find(part, ":")};
    return (struct part){part.at + 1, find(part, "]")};
}

/* Hosts and their ports, as many of each, while they are collected. */
struct places {
    struct cv_buffer hosts;
    struct cv_buffer ports;
    size_t count;
    bool has_port;
};

static void places_init(struct places *places)
{
    *places = (struct places){.count = 0};
    cv_buffer_init(&places->hosts, 0);
    cv_buffer_init(&places->ports, 0);
}

static void places_free(struct places *places)
{
    cv_buffer_free(&places->hosts);
    cv_buffer_free(&places->ports);
}

static void add_place(struct places *places, struct part host, struct part port)
{
    add_to_list(&places->hosts, host, places->count == 0);
    add_to_list(&places->ports, port, places->count == 0);
    places->count++;
    places->has_port = places->has_port || port.at < port.end;
}

/* Numbers, commas between them. What stands there instead is not told: it may belong to a password. */
static bool check_ports(const struct cv_url *url, cuvee_error *error)
{
    unsigned long number = 0;
    const char *at = url->ports ? url->ports : "";
    for (; *at; at++) {
        bool digit = *at >= '0' && *at <= '9';
        number = digit ? number * 10 + (unsigned long)(*at - '0') : 0;
        if ((digit || *at == ',') && number <= HIGHEST_PORT)
            continue;
        cv_error_set(error, CUVEE_ERROR_CONFIG, "the port in the database's URL is no number up to %d", HIGHEST_PORT);
        cv_error_text(error->hint, sizeof error->hint, in_password);
        return false;
    }
    return true;
}

/* A list as part of the URL; `encoded`: with percent signs that stand for other characters. NULL: *error. */
static const char *take_list(struct cv_url *url, struct cv_buffer *list, bool encoded, cuvee_error *error)
{
    const char *text = cv_buffer_text(list);
    if (text && encoded)
        return decode(url, (struct part){text, text + list->size}, error);
    const char *copy = text ? cv_arena_text(&url->arena, text) : NULL;
    if (!copy)
        cv_error_memory(error);
    return copy;
}

static bool take_places(struct cv_url *url, struct places *places, bool encoded, cuvee_error *error)
{
    if (places->hosts.size > 0 || places->hosts.failed)
        url->hosts = take_list(url, &places->hosts, encoded, error);
    if (!error->kind && (places->ports.size > 0 || places->ports.failed))
        url->ports = take_list(url, &places->ports, encoded, error);
    return !error->kind;
}

static bool read_hosts(struct cv_url *url, struct part part, cuvee_error *error)
{
    struct places places;
    places_init(&places);
    for (bool first = true; first || part.at < part.end; first = false) {
        struct part one = {part.at, find(part, ",")};
        struct part host = host_of(one);
        const char *colon = find((struct part){host.end, one.end}, ":");
        add_place(&places, host, (struct part){colon < one.end ? colon + 1 : one.end, one.end});
        part.at = one.end < part.end ? one.end + 1 : part.end;
    }
    bool good = take_places(url, &places, true, error);
    places_free(&places);
    return good;
}

static bool read_authority(struct cv_url *url, struct part part, cuvee_error *error)
{
    const char *sign = part.end; /* the last '@': a password may have others */
    while (sign > part.at && sign[-1] != '@')
        sign--;
    if (sign > part.at && !read_user(url, (struct part){part.at, sign - 1}, error))
        return false;
    return read_hosts(url, (struct part){sign, part.end}, error);
}

/* ---- options and secrets ---- */

static const char *environment(const char *name)
{
    size_t size = strlen(name);
    for (char **variable = environ; variable && *variable; variable++)
        if (strncmp(*variable, name, size) == 0 && (*variable)[size] == '=')
            return *variable + size + 1;
    return NULL;
}

static bool password_from_environment(struct cv_url *url, const char *name, cuvee_error *error)
{
    const char *value = environment(name);
    if (!value)
        return cv_error_set(error, CUVEE_ERROR_CONFIG,
                            "the environment variable %s, which has the password, is not set", name);
    url->password = cv_arena_text(&url->arena, value);
    return url->password || cv_error_memory(error);
}

static bool password_from_file(struct cv_url *url, const char *path, cuvee_error *error)
{
    char line[1024];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = file >= 0 ? read(file, line, sizeof line) : -1;
    if (file >= 0)
        close(file);
    if (size < 0)
        return cv_error_set(error, CUVEE_ERROR_CONFIG, "the file %s, which has the password, cannot be read", path);
    const char *end = find((struct part){line, line + size}, "\r\n");
    if (end == line + sizeof line)
        cv_error_set(error, CUVEE_ERROR_CONFIG, "the password in the file %s is longer than %zu bytes", path,
                     sizeof line - 1);
    url->password = cv_arena_copy(&url->arena, line, (size_t)(end - line));
    wipe(line, sizeof line);
    return !error->kind && (url->password || cv_error_memory(error));
}

/* The same parts of the URL may be written as options; the later counts. */
static const char **part_named(struct cv_url *url, const char *name)
{
    if (strcmp(name, "user") == 0)
        return &url->user;
    if (strcmp(name, "password") == 0)
        return &url->password;
    if (strcmp(name, "port") == 0)
        return &url->ports;
    return strcmp(name, "dbname") == 0 ? &url->database : NULL;
}

static bool take_option(struct cv_url *url, struct cv_url_option option, cuvee_error *error)
{
    const char **part = part_named(url, option.name);
    if (part) {
        *part = option.value;
        return true;
    }
    if (strcmp(option.name, "password_env") == 0)
        return password_from_environment(url, option.value, error);
    if (strcmp(option.name, "password_file") == 0)
        return password_from_file(url, option.value, error);
    if (url->option_count == CV_URL_OPTIONS)
        return cv_error_set(error, CUVEE_ERROR_CONFIG, "the database's URL has more than %d options", CV_URL_OPTIONS);
    url->options[url->option_count++] = option;
    return true;
}

/* Where the port of "db.example:5432" begins; the end for "db.example", "::1" and "/run/socket". */
static const char *port_in(struct part host)
{
    const char *colon = find(host, ":");
    for (const char *at = host.at; at < colon; at++)
        if (!strchr(HOST_CHARACTERS, *at))
            return host.end;
    for (const char *at = colon; at + 1 < host.end; at++)
        if (at[1] < '0' || at[1] > '9')
            return host.end;
    return colon;
}

/* host=a,b or host=a:5432&host=b:5433 */
static void take_host(struct places *places, const char *value)
{
    struct part part = {value, value + strlen(value)};
    while (part.at < part.end) {
        struct part one = {part.at, find(part, ",")};
        const char *colon = port_in(one);
        add_place(places, (struct part){one.at, colon}, (struct part){colon < one.end ? colon + 1 : colon, one.end});
        part.at = one.end < part.end ? one.end + 1 : part.end;
    }
}

static bool read_option(struct cv_url *url, struct part part, struct places *places, cuvee_error *error)
{
    const char *sign = find(part, "=");
    if (sign == part.end || sign == part.at) {
        cv_error_set(error, CUVEE_ERROR_CONFIG, "the database's URL has an option that is not name=value");
        cv_error_text(error->hint, sizeof error->hint, in_password);
        return false;
    }
    struct cv_url_option option = {.name = decode(url, (struct part){part.at, sign}, error)};
    option.value = option.name ? decode(url, (struct part){sign + 1, part.end}, error) : NULL;
    if (!option.value)
        return false;
    if (strcmp(option.name, "host") != 0)
        return take_option(url, option, error);
    take_host(places, option.value);
    return true;
}

static bool read_options(struct cv_url *url, struct part part, cuvee_error *error)
{
    struct places places;
    bool good = true;
    places_init(&places);
    while (good && part.at < part.end) {
        struct part one = {part.at, find(part, "&")};
        good = read_option(url, one, &places, error);
        part.at = one.end < part.end ? one.end + 1 : part.end;
    }
    if (!places.has_port)
        cv_buffer_clear(&places.ports);
    good = good && take_places(url, &places, false, error);
    places_free(&places);
    return good;
}

/* ---- the whole ---- */

/* What may be shown: scheme, user, hosts, path. */
static bool make_shown(struct cv_url *url, struct part scheme, struct part authority, struct part path,
                       cuvee_error *error)
{
    struct cv_buffer shown;
    const char *sign = authority.end;
    while (sign > authority.at && sign[-1] != '@')
        sign--;
    struct part user = {authority.at, sign > authority.at ? sign - 1 : authority.at};
    cv_buffer_init(&shown, 0);
    cv_buffer_bytes(&shown, scheme.at, (size_t)(scheme.end - scheme.at));
    cv_buffer_put(&shown, "://");
    cv_buffer_bytes(&shown, user.at, (size_t)(find(user, ":") - user.at));
    if (find(user, ":") < user.end)
        cv_buffer_put(&shown, ":***");
    if (sign > authority.at)
        cv_buffer_char(&shown, '@');
    cv_buffer_bytes(&shown, sign, (size_t)(path.end - sign));
    const char *text = cv_buffer_text(&shown);
    url->shown = text ? cv_arena_text(&url->arena, text) : NULL;
    cv_buffer_free(&shown);
    return url->shown || cv_error_memory(error);
}

/* Whether a '/' or '?' was one of the password's: then what looks like port, database or options would be shown. */
static bool is_cut_password(struct part authority, struct part path, const char *end)
{
    bool has_user = find(authority, "@") < authority.end;
    bool has_port = find(authority, ":") < authority.end;
    return find(path, "@") < path.end ||
           (!has_user && has_port && path.at == path.end && find((struct part){path.end, end}, "@") < end);
}

bool cv_url_read(const char *text, struct cv_url *url, cuvee_error *error)
{
    *url = (struct cv_url){.user = NULL};
    cv_arena_init(&url->arena, 0);
    struct part whole = {text, text + strlen(text)};
    struct part scheme = {text, find(whole, ":")};
    if (whole.end - scheme.end < 3 || strncmp(scheme.end, "://", 3) != 0)
        return cv_error_set(error, CUVEE_ERROR_CONFIG, "the URL of a server begins like %.*s://user@host/database",
                            (int)(scheme.end - scheme.at), scheme.at);
    struct part rest = {scheme.end + 3, whole.end};
    struct part authority = {rest.at, find(rest, "/?")};
    struct part path = {authority.end, find((struct part){authority.end, rest.end}, "?")};
    if (is_cut_password(authority, path, rest.end)) {
        cv_error_set(error, CUVEE_ERROR_CONFIG, "the database's URL has an @ behind its first / or ?");
        cv_error_text(error->hint, sizeof error->hint, in_password);
        return false;
    }
    if (path.end - path.at > 1)
        url->database = decode(url, (struct part){path.at + 1, path.end}, error);
    return !error->kind && make_shown(url, scheme, authority, path, error) && read_authority(url, authority, error) &&
           (path.end == rest.end || read_options(url, (struct part){path.end + 1, rest.end}, error)) &&
           check_ports(url, error);
}

void cv_url_free(struct cv_url *url)
{
    if (url->password)
        wipe((char *)url->password, strlen(url->password)); /* it lies in our arena */
    cv_arena_free(&url->arena);
}

const char *cv_url_option(const struct cv_url *url, const char *name)
{
    for (size_t i = 0; i < url->option_count; i++)
        if (strcmp(url->options[i].name, name) == 0)
            return url->options[i].value;
    return NULL;
}
