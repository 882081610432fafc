#include "support/check.h"

#include "support/old_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct old_server {
    const char *version; /* NULL: it is full */
    bool postgres;
    int listener;
    unsigned port;
    pthread_t thread;
};

static void put(char **to, const void *bytes, size_t size)
{
    memcpy(*to, bytes, size);
    *to += size;
}

static void answer(int client, const char *bytes, const char *end)
{
    ssize_t sent = send(client, bytes, (size_t)(end - bytes), MSG_NOSIGNAL);
    (void)sent; /* a client that went away */
}

/* One message: its letter, its length with itself, what it says. */
static void put_message(char **to, char letter, const void *bytes, size_t size)
{
    uint32_t length = htonl((uint32_t)size + 4);
    put(to, &letter, 1);
    put(to, &length, 4);
    put(to, bytes, size);
}

/* PostgreSQL's clients may ask for TLS first, which there is not. */
static bool hear_hello(int client)
{
    static const char no = 'N';
    char heard[1024];
    ssize_t size = recv(client, heard, sizeof heard, 0);
    if (size != 8)
        return size > 0;
    answer(client, &no, &no + 1);
    return recv(client, heard, sizeof heard, 0) > 0;
}

static void be_postgres(const struct old_server *server, int client)
{
    char heard[1024], said[400], version[100] = "server_version";
    char *end = said;
    if (!hear_hello(client))
        return;
    size_t name = strlen(version) + 1;
    memcpy(version + name, server->version, strlen(server->version) + 1);
    put_message(&end, 'R', "\0\0\0", 4); /* you may come in */
    put_message(&end, 'S', version, name + strlen(server->version) + 1);
    put_message(&end, 'S', "server_encoding\0UTF8", 21);
    put_message(&end, 'S', "client_encoding\0UTF8", 21);
    put_message(&end, 'K', "\0\0\0\1\0\0\0\1", 8);
    put_message(&end, 'Z', "I", 1);
    answer(client, said, end);
    while (recv(client, heard, sizeof heard, 0) > 0)
        ;
}

static void put_packet(char **to, char number, const char *bytes, size_t size)
{
    char head[4] = {(char)size, 0, 0, number};
    put(to, head, 4);
    put(to, bytes, size);
}

static void be_mariadb(const struct old_server *server, int client)
{
    char heard[1024], said[300], hello[200];
    char *end = hello;
    char *all = said;
    put(&end, "\n", 1); /* the protocol's version */
    put(&end, server->version, strlen(server->version) + 1);
    put(&end, "\1\0\0\0", 4); /* the connection's number */
    put(&end, "12345678", 9); /* salt */
    put(&end, "\x08\xA2",
        2); /* what it can: a database named at once, protocol 4.1, secure authentication, transactions */
    put(&end, "\x2D\2\0", 3);                        /* character set, status */
    put(&end, "\x08\0\x15\0\0\0\0\0\0\0\0\0\0", 13); /* … plugins, the salt's length */
    put(&end, "123456789012", 13);
    put(&end, "mysql_native_password", 22);
    put_packet(&all, 0, hello, (size_t)(end - hello));
    answer(client, said, all);
    if (recv(client, heard, sizeof heard, 0) <= 0)
        return;
    all = said;
    put_packet(&all, 2, "\0\0\0\2\0\0\0", 7); /* fine */
    answer(client, said, all);
    while (recv(client, heard, sizeof heard, 0) > 0)
        ;
}

static void be_full(const struct old_server *server, int client)
{
    char said[200];
    char *end = said;
    if (server->postgres) {
        static const char error[] = "SFATAL\0VFATAL\0C53300\0Msorry, too many clients already\0";
        if (!hear_hello(client))
            return;
        put_message(&end, 'E', error, sizeof error);
    } else {
        static const char error[] = "\xFF\x10\x04Too many connections";
        put_packet(&end, 0, error, sizeof error - 1);
    }
    answer(client, said, end);
}

static void *work(void *arg)
{
    struct old_server *server = arg;
    int client;
    while ((client = accept(server->listener, NULL, NULL)) >= 0) {
        if (!server->version)
            be_full(server, client);
        else if (server->postgres)
            be_postgres(server, client);
        else
            be_mariadb(server, client);
        close(client);
    }
    return NULL;
}

struct old_server *old_server_start(const char *engine, const char *version)
{
    struct old_server *server = calloc(1, sizeof *server);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    assert_non_null(server);
    server->version = version;
    server->postgres = strcmp(engine, "postgres") == 0;
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(server->listener, 8), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &size), 0);
    server->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&server->thread, NULL, work, server), 0);
    return server;
}

struct old_server *old_server_start_full(const char *engine)
{
    return old_server_start(engine, NULL);
}

void old_server_stop(struct old_server *server)
{
    shutdown(server->listener, SHUT_RDWR); /* accept gives up */
    pthread_join(server->thread, NULL);
    close(server->listener);
    free(server);
}

unsigned old_server_port(const struct old_server *server)
{
    return server->port;
}
