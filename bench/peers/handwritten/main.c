#include "server.h"

#include <stdlib.h>

int main(int argc, char **argv)
{
    struct args args;
    if (!args_read(&args, argc, argv)) {
        return 2;
    }
    args_block_stop();
    struct server *server = server_start(&args);
    if (server == NULL) {
        return EXIT_FAILURE;
    }
    args_wait_stop();
    server_stop(server);
    return EXIT_SUCCESS;
}
