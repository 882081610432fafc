#include "driver/url.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"

extern char **environ;

/* A part of the URL that is being taken apart. */
struct part {
    const char *at;
    const char *end;
};

static const char *find(struct part part, const char *characters)
{
    while (part.at < part.end && !strchr(characters, *part.at))
        part.at++;
    return part.at;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
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
        int high = part.end - at > 2 ? hex_digit(at[1]) : -1;
        int low = high >= 0 ? hex_digit(at[2]) : -1;
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

static bool read_hosts(struct cv_url *url, struct part part, cuvee_error *error)
{
    struct cv_buffer hosts;
    struct cv_buffer ports;
    cv_buffer_init(&hosts, 0);
    cv_buffer_init(&ports, 0);
    for (bool first = true; first || part.at < part.end; first = false) {
        struct part one = {part.at, find(part, ",")};
        struct part host = host_of(one);
        const char *colon = find((struct part){host.end, one.end}, ":");
        add_to_list(&hosts, host, first);
        add_to_list(&ports, (struct part){colon < one.end ? colon + 1 : one.end, one.end}, first);
        part.at = one.end < part.end ? one.end + 1 : part.end;
    }
    bool good = !hosts.failed && !ports.failed;
    if (!good)
        cv_error_memory(error);
    if (good && hosts.size > 0)
        url->hosts = decode(url, (struct part){hosts.data, hosts.data + hosts.size}, error);
    if (good && ports.size > 0)
        url->ports = decode(url, (struct part){ports.data, ports.data + ports.size}, error);
    cv_buffer_free(&hosts);
    cv_buffer_free(&ports);
    return !error->kind;
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
    url->password = cv_arena_copy(&url->arena, line, (size_t)(end - line));
    memset(line, 0, sizeof line);
    return url->password || cv_error_memory(error);
}

static bool take_option(struct cv_url *url, struct cv_url_option option, cuvee_error *error)
{
    if (strcmp(option.name, "password_env") == 0)
        return password_from_environment(url, option.value, error);
    if (strcmp(option.name, "password_file") == 0)
        return password_from_file(url, option.value, error);
    if (url->option_count == CV_URL_OPTIONS)
        return cv_error_set(error, CUVEE_ERROR_CONFIG, "the database's URL has more than %d options", CV_URL_OPTIONS);
    url->options[url->option_count++] = option;
    return true;
}

static bool read_options(struct cv_url *url, struct part part, cuvee_error *error)
{
    while (part.at < part.end) {
        struct part one = {part.at, find(part, "&")};
        const char *sign = find(one, "=");
        part.at = one.end < part.end ? one.end + 1 : part.end;
        if (sign == one.end || sign == one.at)
            return cv_error_set(error, CUVEE_ERROR_CONFIG, "the database's URL has an option that is not name=value");
        struct cv_url_option option = {.name = decode(url, (struct part){one.at, sign}, error)};
        option.value = option.name ? decode(url, (struct part){sign + 1, one.end}, error) : NULL;
        if (!option.value || !take_option(url, option, error))
            return false;
    }
    return true;
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
    if (path.end - path.at > 1)
        url->database = decode(url, (struct part){path.at + 1, path.end}, error);
    return !error->kind && make_shown(url, scheme, authority, path, error) && read_authority(url, authority, error) &&
           (path.end == rest.end || read_options(url, (struct part){path.end + 1, rest.end}, error));
}

void cv_url_free(struct cv_url *url)
{
    if (url->password) {
        volatile char *secret = (volatile char *)url->password;
        while (*secret)
            *secret++ = '\0';
    }
    cv_arena_free(&url->arena);
}

const char *cv_url_option(const struct cv_url *url, const char *name)
{
    for (size_t i = 0; i < url->option_count; i++)
        if (strcmp(url->options[i].name, name) == 0)
            return url->options[i].value;
    return NULL;
}
