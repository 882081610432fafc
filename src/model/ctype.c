#include "model/ctype.h"

#include <stdalign.h>

#define PLAIN(type)                                                                                                    \
    {                                                                                                                  \
        sizeof(type), alignof(type), 0                                                                                 \
    }
#define OPTIONAL(type)                                                                                                 \
    {                                                                                                                  \
        sizeof(type), alignof(type), offsetof(type, value)                                                             \
    }

struct cv_ctype cv_ctype_of(cuvee_kind kind, bool nullable)
{
    static const struct cv_ctype plain[] = {
        [CUVEE_BOOL] = PLAIN(bool),         [CUVEE_INT32] = PLAIN(int32_t),
        [CUVEE_INT64] = PLAIN(int64_t),     [CUVEE_DOUBLE] = PLAIN(double),
        [CUVEE_TEXT] = PLAIN(const char *), [CUVEE_TIME] = PLAIN(cuvee_time),
        [CUVEE_DATE] = PLAIN(cuvee_date),   [CUVEE_DECIMAL] = PLAIN(cuvee_decimal),
        [CUVEE_UUID] = PLAIN(cuvee_uuid),   [CUVEE_BLOB] = PLAIN(cuvee_blob),
        [CUVEE_JSON] = PLAIN(cuvee_json),   [CUVEE_OBJECT] = PLAIN(const void *),
        [CUVEE_ARRAY] = PLAIN(cuvee_array),
    };
    static const struct cv_ctype optional[] = {
        [CUVEE_BOOL] = OPTIONAL(cuvee_opt_bool),   [CUVEE_INT32] = OPTIONAL(cuvee_opt_int32),
        [CUVEE_INT64] = OPTIONAL(cuvee_opt_int64), [CUVEE_DOUBLE] = OPTIONAL(cuvee_opt_double),
        [CUVEE_TEXT] = OPTIONAL(cuvee_opt_text),   [CUVEE_TIME] = OPTIONAL(cuvee_opt_time),
        [CUVEE_DATE] = OPTIONAL(cuvee_opt_date),   [CUVEE_DECIMAL] = OPTIONAL(cuvee_opt_decimal),
        [CUVEE_UUID] = OPTIONAL(cuvee_opt_uuid),   [CUVEE_BLOB] = OPTIONAL(cuvee_opt_blob),
        [CUVEE_JSON] = OPTIONAL(cuvee_opt_json),
    };
    return nullable && kind < CUVEE_OBJECT ? optional[kind] : plain[kind];
}
