/**
 * Where a text stops being JSON, and why, in the words and at the character that Python's json module gives. Takes no memory
 * and does not recurse. It reads what is refused once more, so it is for the way to an error message, and for checking that
 * a text is JSON at all.
 *
 * Three things that Python lets pass are faults here: NaN and Infinity, half of a surrogate pair, a NUL in a name.
 */
#ifndef CV_MODEL_JSON_LOCATE_H
#define CV_MODEL_JSON_LOCATE_H

#include <stdbool.h>
#include <stddef.h>

enum { CV_JSON_DEPTH = 2048 }; /* most arrays and objects inside each other, as jansson has it */

struct cv_json_fault {
    const char *message; /* "Expecting ',' delimiter"; static */
    size_t position;     /* characters in front of it */
    bool nul;            /* \u0000 stands in some text; known only where there is no fault */
};

/** Reads `size` bytes of valid UTF-8 as one JSON value. True when they are none; then *fault says where and why. */
bool cv_json_locate(const char *text, size_t size, struct cv_json_fault *fault);

#endif
