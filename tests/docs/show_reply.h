/** Replies as the pages show them. */
#ifndef TESTS_DOCS_SHOW_REPLY_H
#define TESTS_DOCS_SHOW_REPLY_H

#include <cuvee/test.h>
#include <stdio.h>

/** Prints status, the headers of these names (ended by NULL), and body. */
static inline void show_reply(const cuvee_test_reply *reply, const char *const *names)
{
    printf("HTTP/1.1 %d\n", reply->status);
    for (; *names; names++) {
        const char *value = cuvee_test_header(reply, *names);
        printf("%s: %s\n", *names, value ? value : "none");
    }
    if (reply->body_size > 0)
        printf("\n%s\n", reply->body);
    if (reply->cause)
        fprintf(stderr, "%s\n", reply->cause);
}

#endif
