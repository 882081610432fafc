/**
 * Scanner: reads a text as JSON and tells what stands in it, or where it stops being JSON, and why, in the words and at
 * the character that Python's json module gives. Takes no memory and does not recurse.
 *
 * Three things that Python lets pass are faults here: NaN and Infinity, half of a surrogate pair, a NUL in a name.
 */
#ifndef CV_MODEL_JSON_SCAN_H
#define CV_MODEL_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

enum { CV_JSON_DEPTH = 2048 }; /* most values inside each other; a scalar counts */

struct cv_json_fault {
    const char *message; /* "Expecting ',' delimiter"; static */
    size_t position;     /* characters in front of it */
    bool nul;            /* \u0000 stands in some text; known only where there is no fault */
};

/* What hears of the values, in order. A function that returns false ends the scan. */
struct cv_json_listener {
    bool (*open)(void *arg, bool object);
    bool (*close)(void *arg);
    bool (*name)(void *arg, const char *raw, size_t size); /* between the quotes, escapes as they stand there */
    bool (*text)(void *arg, const char *raw, size_t size);
    bool (*number)(void *arg, const char *raw, size_t size);
    bool (*word)(void *arg, char first); /* 'n', 't' or 'f' */
    size_t depth;                        /* most values inside each other that it takes; at most CV_JSON_DEPTH */
    void *arg;
};

enum cv_json_scan { CV_JSON_GOOD = 0, CV_JSON_FAULT, CV_JSON_STOPPED };

/**
 * Reads `size` bytes of valid UTF-8 as one JSON value. FAULT: they are none, and *fault says where and why. STOPPED:
 * the listener (NULL: nobody) ended it.
 */
enum cv_json_scan cv_json_scan(const char *text, size_t size, const struct cv_json_listener *listener,
                               struct cv_json_fault *fault);

#endif
