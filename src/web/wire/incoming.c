#include "web/wire/incoming.h"

/* ---- where texts stand ---- */

static bool keep_first(void *arg, struct cv_slice value)
{
    *(struct cv_slice *)arg = value;
    return false;
}

struct cv_slice cv_header_of(const struct cv_headers *headers, const char *name)
{
    struct cv_slice value = {NULL, 0};
    if (headers->each)
        headers->each(headers->of, name, keep_first, &value);
    return value;
}
