/** UUIDs as text, and new ones. Any thread. */
#ifndef CV_BASE_UUID_TEXT_H
#define CV_BASE_UUID_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <cuvee/value.h>

enum { CV_UUID_TEXT_SIZE = 36 };

/** Reads a UUID with or without hyphens, in braces, or after "urn:uuid:", whatever the case of its letters. */
bool cv_uuid_parse(const char *text, size_t size, cuvee_uuid *uuid);
/** Writes it in lower case with hyphens, without a closing NUL, into `out`, which has room for CV_UUID_TEXT_SIZE. */
void cv_uuid_format(char *out, const uint8_t uuid[16]);
/** A new random UUID (version 4). False when the system has no random bytes. */
bool cv_uuid_new(cuvee_uuid *uuid);

#endif
