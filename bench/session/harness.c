#include "harness.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool read_number(int64_t *number, const char *text)
{
    char *end = NULL;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < 1 || value > INT32_MAX) {
        fprintf(stderr, "'%s' is not a positive number\n", text);
        return false;
    }
    *number = value;
    return true;
}

static bool read_option(struct harness_args *args, int option)
{
    int64_t repeat = 0;
    switch (option) {
    case 'c': args->case_name = optarg; return true;
    case 'd': args->db = optarg; return true;
    case 'n': return read_number(&args->rows, optarg);
    case 'r':
        if (!read_number(&repeat, optarg)) {
            return false;
        }
        args->repeat = (unsigned)repeat;
        return true;
    default: return false;
    }
}

bool harness_read(struct harness_args *args, int argc, char **argv)
{
    static const struct option options[] = {
        {"case", required_argument, NULL, 'c'},
        {"db", required_argument, NULL, 'd'},
        {"rows", required_argument, NULL, 'n'},
        {"repeat", required_argument, NULL, 'r'},
        {NULL, 0, NULL, 0},
    };
    *args = (struct harness_args){.rows = 100000, .repeat = 1};
    bool good = true;
    int option = 0;
    while (good && (option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        good = read_option(args, option);
    }
    if (!good || args->case_name == NULL || args->db == NULL) {
        fprintf(stderr, "usage: %s --case NAME --db PLACE [--rows N] [--repeat N]\n", argv[0]);
        return false;
    }
    return true;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

void harness_start(struct harness_result *result)
{
    result->began = now();
}

void harness_stop(struct harness_result *result)
{
    result->seconds = now() - result->began;
}

static bool repeat(const struct harness_args *args, const struct harness_case *chosen, void *context)
{
    unsigned warm_up = args->repeat > 1 ? 1 : 0;
    for (unsigned i = 0; i < args->repeat + warm_up; i++) {
        struct harness_result result = {0};
        if (!chosen->run(context, args, &result)) {
            return false;
        }
        if (i >= warm_up) {
            printf("{\"case\":\"%s\",\"seconds\":%.6f,\"check\":%" PRId64 ",\"bytes\":%zu}\n", chosen->name,
                   result.seconds, result.check, result.bytes);
        }
    }
    return true;
}

bool harness_main(const struct harness_args *args, const struct harness_case *cases, size_t count, void *context)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(cases[i].name, args->case_name) == 0) {
            return repeat(args, &cases[i], context);
        }
    }
    fprintf(stderr, "there is no case '%s'\n", args->case_name);
    return false;
}

int64_t harness_scattered_id(int64_t n, int64_t rows)
{
    /* A prime that no sensible number of rows is a multiple of: the steps meet every row once. */
    return n * 7919 % rows + 1;
}
