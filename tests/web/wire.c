#include "wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE_MS = 120000 };

int wire_dial(unsigned port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

bool wire_send(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        size -= (size_t)sent;
    }
    return true;
}

bool wire_say(int fd, const char *text)
{
    return wire_send(fd, text, strlen(text));
}

/* One more byte; false: the end, or patience is over. */
static bool hear_byte(int fd, char *byte)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    return poll(&wait, 1, PATIENCE_MS) == 1 && recv(fd, byte, 1, 0) == 1;
}

/* Room is made for twice as many at a time, with the closing NUL: the sanitizers move what grows each time. */
static void append(char **text, size_t *size, char byte)
{
    if (((*size + 1) & *size) == 0)
        *text = realloc(*text, 2 * (*size + 1));
    (*text)[(*size)++] = byte;
    (*text)[*size] = '\0';
}

struct wire_reply wire_hear_begin(int fd)
{
    struct wire_reply reply = {.head = strdup(""), .body = strdup("")};
    size_t size = 0;
    char byte;
    while (!strstr(reply.head, "\r\n\r\n") && hear_byte(fd, &byte))
        append(&reply.head, &size, byte);
    if (strstr(reply.head, "\r\n\r\n") && strncmp(reply.head, "HTTP/1.", 7) == 0)
        reply.status = (int)strtol(reply.head + 9, NULL, 10);
    return reply;
}

static struct wire_reply hear(int fd, bool with_body)
{
    struct wire_reply reply = wire_hear_begin(fd);
    int status = reply.status;
    char byte;
    char length[32];
    if (status == 0)
        return reply;
    reply.status = 0; /* until it is there */
    bool known = wire_header(&reply, "Content-Length", length, sizeof length);
    size_t left = known ? strtoul(length, NULL, 10) : (size_t)-1;
    if (!with_body || status == 204 || status == 304 || status == 100)
        left = 0;
    while (left-- > 0 && hear_byte(fd, &byte))
        append(&reply.body, &reply.body_size, byte);
    reply.status = status;
    return reply;
}

struct wire_reply wire_hear(int fd)
{
    return hear(fd, true);
}

/* Many at a time. */
static bool hear_bytes(int fd, char *into, size_t size)
{
    while (size > 0) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        ssize_t got = poll(&wait, 1, PATIENCE_MS) == 1 ? recv(fd, into, size, 0) : 0;
        if (got <= 0)
            return false;
        into += got;
        size -= (size_t)got;
    }
    return true;
}

bool wire_hear_chunk(int fd, struct wire_reply *reply, bool *whole)
{
    char line[32] = "";
    size_t length = 0;
    while (length < sizeof line - 1 && hear_byte(fd, &line[length]) && line[length] != '\n')
        length++;
    *whole = false;
    if (line[length] != '\n')
        return false;
    size_t size = strtoul(line, NULL, 16);
    reply->body = realloc(reply->body, reply->body_size + size + 3);
    bool good = hear_bytes(fd, reply->body + reply->body_size, size + 2); /* with the line's end */
    if (good)
        reply->body_size += size;
    reply->body[reply->body_size] = '\0';
    *whole = good && size == 0;
    return good && size > 0;
}

struct wire_reply wire_hear_chunks(int fd, bool *whole)
{
    struct wire_reply reply = wire_hear_begin(fd);
    *whole = false;
    if (reply.status == 0)
        return reply;
    while (wire_hear_chunk(fd, &reply, whole))
        ;
    return reply;
}

struct wire_reply wire_hear_head(int fd)
{
    return hear(fd, false);
}

void wire_free(struct wire_reply *reply)
{
    free(reply->head);
    free(reply->body);
    *reply = (struct wire_reply){0};
}

bool wire_header(const struct wire_reply *reply, const char *name, char *value, size_t size)
{
    size_t length = strlen(name);
    for (const char *line = strstr(reply->head, "\r\n"); line; line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, name, length) != 0 || line[2 + length] != ':')
            continue;
        const char *begin = line + 3 + length + strspn(line + 3 + length, " ");
        size_t count = strcspn(begin, "\r");
        if (count >= size)
            count = size - 1;
        memcpy(value, begin, count);
        value[count] = '\0';
        return true;
    }
    return false;
}

bool wire_hung_up(int fd)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    char bytes[4096];
    for (;;) {
        if (poll(&wait, 1, PATIENCE_MS) != 1)
            return false;
        if (recv(fd, bytes, sizeof bytes, 0) <= 0)
            return true;
    }
}

struct wire_reply wire_ask(unsigned port, const char *request)
{
    int fd = wire_dial(port);
    if (fd < 0 || !wire_say(fd, request))
        return (struct wire_reply){.head = strdup(""), .body = strdup("")};
    struct wire_reply reply = wire_hear(fd);
    close(fd);
    return reply;
}
