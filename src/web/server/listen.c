#include "web/server/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"

enum { BACKLOG = 511 };

static int open_socket(const struct addrinfo *address)
{
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int yes = 1;
    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
        bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

static void explain(const char *host, unsigned port, int reason, cuvee_error *error)
{
    char words[128] = "";
    if (reason == EADDRINUSE)
        cv_error_set(error, CUVEE_ERROR_CONFIG, "port %u of %s is in use by another program", port, host);
    else if (reason == EACCES)
        cv_error_set(error, CUVEE_ERROR_CONFIG, "not allowed to listen on port %u of %s", port, host);
    else if (reason == EADDRNOTAVAIL)
        cv_error_set(error, CUVEE_ERROR_CONFIG, "%s is no address of this machine", host);
    else if (strerror_r(reason, words, sizeof words) == 0)
        cv_error_set(error, CUVEE_ERROR_CONFIG, "cannot listen on port %u of %s: %s", port, host, words);
}

static unsigned port_of(int fd)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        return 0;
    if (address.ss_family == AF_INET6)
        return ntohs(((const struct sockaddr_in6 *)&address)->sin6_port);
    return ntohs(((const struct sockaddr_in *)&address)->sin_port);
}

int cv_listen(const char *host, unsigned port, unsigned *actual, cuvee_error *error)
{
    char service[16];
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *addresses = NULL;
    if (port > 65535) {
        cv_error_set(error, CUVEE_ERROR_CONFIG, "%u is no port", port);
        return -1;
    }
    snprintf(service, sizeof service, "%u", port);
    int found = getaddrinfo(host, service, &hints, &addresses);
    if (found != 0) {
        cv_error_set(error, CUVEE_ERROR_CONFIG, "%s is no host: %s", host, gai_strerror(found));
        return -1;
    }
    int fd = -1;
    int reason = 0;
    for (const struct addrinfo *address = addresses; address && fd < 0; address = address->ai_next) {
        fd = open_socket(address);
        reason = errno;
    }
    freeaddrinfo(addresses);
    if (fd < 0)
        explain(host, port, reason, error);
    else
        *actual = port_of(fd);
    return fd;
}
