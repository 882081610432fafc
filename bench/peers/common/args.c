#include "args.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { max_threads = 64 };

static bool read_number(unsigned *number, const char *text, unsigned max)
{
    char *end = NULL;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value == 0 || value > max) {
        fprintf(stderr, "'%s' is not a number from 1 to %u\n", text, max);
        return false;
    }
    *number = (unsigned)value;
    return true;
}

static bool read_option(struct args *args, int option)
{
    unsigned port = 0;
    switch (option) {
    case 'p':
        if (!read_number(&port, optarg, UINT16_MAX)) {
            return false;
        }
        args->port = (uint16_t)port;
        return true;
    case 'd': args->data = optarg; return true;
    case 'e': return read_number(&args->event_threads, optarg, max_threads);
    case 'w': return read_number(&args->workers, optarg, max_threads);
    default: return false;
    }
}

bool args_read(struct args *args, int argc, char **argv)
{
    static const struct option options[] = {
        {"port", required_argument, NULL, 'p'},
        {"data", required_argument, NULL, 'd'},
        {"event-threads", required_argument, NULL, 'e'},
        {"workers", required_argument, NULL, 'w'},
        {NULL, 0, NULL, 0},
    };
    *args = (struct args){.port = 8000, .event_threads = 2, .workers = 4, .data = "."};
    int option = 0;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (!read_option(args, option)) {
            fprintf(stderr, "usage: %s [--port N] [--data PLACE] [--event-threads N] [--workers N]\n", argv[0]);
            return false;
        }
    }
    return true;
}

static sigset_t stop_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

void args_block_stop(void)
{
    sigset_t set = stop_signals();
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

void args_wait_stop(void)
{
    sigset_t set = stop_signals();
    int signal_number = 0;
    sigwait(&set, &signal_number);
}
