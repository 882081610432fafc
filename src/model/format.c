#include "model/format.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/ascii.h"

enum { LONGEST_HOST = 253, LONGEST_LABEL = 63, LONGEST_LOCAL_PART = 64, LONGEST_EMAIL = 2048 };

/* Letters of other scripts are left to those who resolve the name. */
static bool is_label_character(char c)
{
    return cv_is_alnum(c) || c == '-' || (unsigned char)c >= 0x80;
}

static bool is_hostname(const char *text, size_t size)
{
    if (size == 0 || size > LONGEST_HOST)
        return false;
    const char *end = text + size;
    for (const char *label = text;;) {
        const char *p = label;
        while (p < end && is_label_character(*p))
            p++;
        if (p == label || p - label > LONGEST_LABEL || *label == '-' || p[-1] == '-')
            return false;
        if (p == end)
            return true;
        if (*p != '.')
            return false;
        label = p + 1;
    }
}

static bool is_address(int family, const char *text, size_t size)
{
    char closed[INET6_ADDRSTRLEN + 1];
    unsigned char address[16];
    if (size >= sizeof closed || memchr(text, '\0', size))
        return false;
    memcpy(closed, text, size);
    closed[size] = '\0';
    return inet_pton(family, closed, address) == 1;
}

/* ---- e-mail ---- */

static bool is_local_character(char c)
{
    return cv_is_alnum(c) || (unsigned char)c >= 0x80 || (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

static const char *local_part_fault(const char *text, size_t size)
{
    if (size == 0)
        return "There must be something before the @-sign.";
    if (size > LONGEST_LOCAL_PART)
        return "The email address is too long before the @-sign.";
    if (text[0] == '.')
        return "An email address cannot start with a period.";
    if (text[size - 1] == '.')
        return "An email address cannot have a period immediately before the @-sign.";
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '.' && text[i + 1] == '.')
            return "An email address cannot have two periods in a row.";
        if (text[i] != '.' && !is_local_character(text[i]))
            return "The email address contains invalid characters before the @-sign.";
    }
    return NULL;
}

static const char *email_fault(const char *text, size_t size)
{
    if (size > LONGEST_EMAIL)
        return "Length must not exceed 2048 characters";
    const char *at = size > 0 ? memchr(text, '@', size) : NULL;
    if (!at)
        return "An email address must have an @-sign.";
    const char *host = at + 1;
    size_t host_size = (size_t)(text + size - host);
    if (memchr(host, '@', host_size))
        return "The email address contains more than one @-sign.";
    const char *fault = local_part_fault(text, (size_t)(at - text));
    if (fault)
        return fault;
    if (host_size == 0)
        return "There must be something after the @-sign.";
    if (!is_hostname(host, host_size))
        return "The part after the @-sign is not valid.";
    if (!memchr(host, '.', host_size))
        return "The part after the @-sign is not valid. It should have a period.";
    return NULL;
}

/* ---- URL ---- */

/* The end of "scheme:", or NULL. */
static const char *after_scheme(const char *text, const char *end)
{
    const char *p = text;
    if (p == end || !cv_is_letter(*p))
        return NULL;
    while (p < end && (cv_is_letter(*p) || cv_is_digit(*p) || *p == '+' || *p == '-' || *p == '.'))
        p++;
    return p < end && *p == ':' ? p + 1 : NULL;
}

static const char *port_fault(const char *p, const char *end)
{
    long port = 0;
    for (; p < end; p++) {
        if (!cv_is_digit(*p))
            return "invalid port number";
        port = port * 10 + (*p - '0');
        if (port > 65535)
            return "invalid port number";
    }
    return NULL;
}

/* user@host:port */
static const char *authority_fault(const char *p, const char *end)
{
    for (const char *at = end; at > p; at--)
        if (at[-1] == '@') {
            p = at;
            break;
        }
    if (p < end && *p == '[') {
        const char *close = memchr(p, ']', (size_t)(end - p));
        if (!close || !is_address(AF_INET6, p + 1, (size_t)(close - p - 1)))
            return "invalid IPv6 address";
        if (close + 1 == end)
            return NULL;
        return close[1] == ':' ? port_fault(close + 2, end) : "invalid IPv6 address";
    }
    const char *colon = p < end ? memchr(p, ':', (size_t)(end - p)) : NULL;
    const char *host_end = colon ? colon : end;
    if (host_end == p)
        return "empty host";
    if (!is_hostname(p, (size_t)(host_end - p)))
        return "invalid domain character";
    return colon ? port_fault(colon + 1, end) : NULL;
}

static const char *url_fault(const char *text, size_t size)
{
    const char *end = text + size;
    if (size == 0)
        return "input is empty";
    const char *p = after_scheme(text, end);
    if (!p)
        return "relative URL without a base";
    for (const char *c = p; c < end; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7F)
            return "invalid character";
    if (end - p < 2 || p[0] != '/' || p[1] != '/')
        return "empty host";
    p += 2;
    const char *stop = p;
    while (stop < end && *stop != '/' && *stop != '?' && *stop != '#')
        stop++;
    return authority_fault(p, stop);
}

const char *cv_format_fault(cuvee_format format, const char *text, size_t size)
{
    switch (format) {
    case CUVEE_EMAIL: return email_fault(text, size);
    case CUVEE_URL: return url_fault(text, size);
    case CUVEE_HOSTNAME: return is_hostname(text, size) ? NULL : "it is not a valid host name";
    case CUVEE_IPV4: return is_address(AF_INET, text, size) ? NULL : "it is not a valid IPv4 address";
    case CUVEE_IPV6: return is_address(AF_INET6, text, size) ? NULL : "it is not a valid IPv6 address";
    case CUVEE_NO_FORMAT: break;
    }
    return NULL;
}
