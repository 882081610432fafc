#include "support/check.h"

#include "support/proxy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { PAIRS = 32, CHUNK = 65536, CLIENT = 0, SERVER = 1 };

struct pair {
    int ends[2];  /* of client and server; -1 when there is none */
    bool cutting; /* its server's next answer is not passed on */
};

struct proxy {
    char path[108];
    int listener;
    unsigned port;
    int wake[2]; /* a pipe that stops poll */
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows */
    struct pair pairs[PAIRS];
    char word[32];
    enum proxy_cut cut;
    bool down;
    bool ignores; /* who connects now */
    bool stopped;
    unsigned taken;
};

static void close_pair(struct pair *pair)
{
    for (int end = 0; end < 2; end++) {
        if (pair->ends[end] < 0)
            continue;
        shutdown(pair->ends[end], SHUT_RDWR); /* at once: close alone waits for the poll that looks at it */
        close(pair->ends[end]);
    }
    *pair = (struct pair){.ends = {-1, -1}};
}

static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    memcpy(address.sun_path, path, strlen(path) + 1);
    if (server >= 0 && connect(server, (struct sockaddr *)&address, sizeof address) != 0) {
        close(server);
        return -1;
    }
    return server;
}

static void take(struct proxy *proxy)
{
    int client = accept(proxy->listener, NULL, NULL);
    struct pair *free_pair = NULL;
    for (int i = 0; i < PAIRS && !free_pair; i++)
        if (proxy->pairs[i].ends[CLIENT] < 0)
            free_pair = &proxy->pairs[i];
    int server = client >= 0 && free_pair && !proxy->down ? connect_to(proxy->path) : -1;
    if (server < 0) {
        close(client);
        return;
    }
    *free_pair = (struct pair){.ends = {client, server}};
    proxy->taken++;
}

static bool holds(const char *bytes, size_t size, const char *word)
{
    size_t length = strlen(word);
    for (size_t i = 0; length > 0 && i + length <= size; i++)
        if (memcmp(bytes + i, word, length) == 0)
            return true;
    return false;
}

static bool send_all(int to, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(to, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        size -= (size_t)sent;
    }
    return true;
}

/* Whether these bytes go on to the other side. */
static bool passes(struct proxy *proxy, struct pair *pair, int from, const char *bytes, size_t size)
{
    if (from == SERVER)
        return !pair->cutting;
    if (!proxy->cut || !holds(bytes, size, proxy->word))
        return true;
    pair->cutting = true;
    enum proxy_cut cut = proxy->cut;
    proxy->cut = 0;
    return cut == PROXY_BEHIND;
}

static void pass_on(struct proxy *proxy, struct pair *pair, int from)
{
    static char bytes[CHUNK]; /* of the one thread of the one proxy that a test has */
    ssize_t size = recv(pair->ends[from], bytes, sizeof bytes, MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return; /* what was polled was an older socket of this number */
    if (size <= 0 || !passes(proxy, pair, from, bytes, (size_t)size) ||
        !send_all(pair->ends[!from], bytes, (size_t)size))
        close_pair(pair);
}

static void look(struct proxy *proxy, struct pollfd *polled)
{
    char byte;
    if (polled[1].revents && read(proxy->wake[0], &byte, 1) != 1)
        proxy->stopped = true;
    if (polled[0].revents && !proxy->ignores)
        take(proxy);
    for (int i = 0; i < PAIRS * 2; i++)
        if (polled[2 + i].revents && proxy->pairs[i / 2].ends[i % 2] == polled[2 + i].fd)
            pass_on(proxy, &proxy->pairs[i / 2], i % 2);
}

static void *work(void *arg)
{
    struct proxy *proxy = arg;
    pthread_mutex_lock(&proxy->lock);
    while (!proxy->stopped) {
        struct pollfd polled[2 + PAIRS * 2] = {{.fd = proxy->ignores ? -1 : proxy->listener, .events = POLLIN},
                                               {.fd = proxy->wake[0], .events = POLLIN}};
        for (int i = 0; i < PAIRS * 2; i++)
            polled[2 + i] = (struct pollfd){.fd = proxy->pairs[i / 2].ends[i % 2], .events = POLLIN};
        pthread_mutex_unlock(&proxy->lock);
        poll(polled, 2 + PAIRS * 2, -1);
        pthread_mutex_lock(&proxy->lock);
        look(proxy, polled);
    }
    pthread_mutex_unlock(&proxy->lock);
    return NULL;
}

struct proxy *proxy_start(const char *path)
{
    struct proxy *proxy = calloc(1, sizeof *proxy);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    assert_non_null(proxy);
    assert_true(strlen(path) < sizeof proxy->path);
    memcpy(proxy->path, path, strlen(path) + 1);
    for (int i = 0; i < PAIRS; i++)
        proxy->pairs[i] = (struct pair){.ends = {-1, -1}};
    proxy->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(proxy->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(proxy->listener, PAIRS), 0);
    assert_int_equal(getsockname(proxy->listener, (struct sockaddr *)&address, &size), 0);
    proxy->port = ntohs(address.sin_port);
    assert_int_equal(pipe(proxy->wake), 0);
    pthread_mutex_init(&proxy->lock, NULL);
    assert_int_equal(pthread_create(&proxy->thread, NULL, work, proxy), 0);
    return proxy;
}

static void wake(struct proxy *proxy)
{
    assert_int_equal(write(proxy->wake[1], "x", 1), 1);
}

void proxy_stop(struct proxy *proxy)
{
    pthread_mutex_lock(&proxy->lock);
    proxy->stopped = true;
    pthread_mutex_unlock(&proxy->lock);
    wake(proxy);
    pthread_join(proxy->thread, NULL);
    for (int i = 0; i < PAIRS; i++)
        close_pair(&proxy->pairs[i]);
    close(proxy->listener);
    close(proxy->wake[0]);
    close(proxy->wake[1]);
    pthread_mutex_destroy(&proxy->lock);
    free(proxy);
}

unsigned proxy_port(const struct proxy *proxy)
{
    return proxy->port;
}

void proxy_cut(struct proxy *proxy, const char *word, enum proxy_cut when)
{
    pthread_mutex_lock(&proxy->lock);
    assert_true(strlen(word) < sizeof proxy->word);
    memcpy(proxy->word, word, strlen(word) + 1);
    proxy->cut = when;
    pthread_mutex_unlock(&proxy->lock);
}

void proxy_down(struct proxy *proxy)
{
    pthread_mutex_lock(&proxy->lock);
    proxy->down = true;
    for (int i = 0; i < PAIRS; i++)
        close_pair(&proxy->pairs[i]);
    pthread_mutex_unlock(&proxy->lock);
    wake(proxy); /* what it polled is closed */
}

void proxy_up(struct proxy *proxy)
{
    pthread_mutex_lock(&proxy->lock);
    proxy->down = false;
    pthread_mutex_unlock(&proxy->lock);
}

static void ignore(struct proxy *proxy, bool ignores)
{
    pthread_mutex_lock(&proxy->lock);
    proxy->ignores = ignores;
    pthread_mutex_unlock(&proxy->lock);
    wake(proxy);
}

void proxy_ignore(struct proxy *proxy)
{
    ignore(proxy, true);
}

void proxy_hear(struct proxy *proxy)
{
    ignore(proxy, false);
}

void proxy_await(struct proxy *proxy)
{
    struct pollfd polled = {.fd = proxy->listener, .events = POLLIN};
    assert_int_equal(poll(&polled, 1, -1), 1);
}

unsigned proxy_taken(struct proxy *proxy)
{
    pthread_mutex_lock(&proxy->lock);
    unsigned taken = proxy->taken;
    pthread_mutex_unlock(&proxy->lock);
    return taken;
}
