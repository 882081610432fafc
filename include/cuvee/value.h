/**
 * Values: the C types that a field can have, and cuvee_value, which can hold any of them.
 *
 * A field's kind and whether it may be NULL follow from the C type of its struct member, so a struct says it all:
 *
 *     int64_t id;            bigint, not null           cuvee_opt_int64 age;    bigint or NULL
 *     const char *name;      text, not null             cuvee_opt_text nick;    text or NULL
 *     cuvee_time at;         timestamp, not null        …
 *
 * Text is UTF-8 without NUL bytes and ends with NUL.
 */
#ifndef CUVEE_VALUE_H
#define CUVEE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The kinds of value. Numbers are stable. */
typedef enum cuvee_kind {
    CUVEE_BOOL = 1,
    CUVEE_INT32 = 2,
    CUVEE_INT64 = 3,
    CUVEE_DOUBLE = 4,
    CUVEE_TEXT = 5,
    CUVEE_TIME = 6,    /**< an instant, microseconds */
    CUVEE_DATE = 7,    /**< a day of the Gregorian calendar */
    CUVEE_DECIMAL = 8, /**< an exact decimal number */
    CUVEE_UUID = 9,
    CUVEE_BLOB = 10,
    CUVEE_JSON = 11,
    CUVEE_OBJECT = 12, /**< pointer to a struct that another model describes (replies and bodies, never a column) */
    CUVEE_ARRAY = 13,  /**< cuvee_array: a list (replies, bodies and parameters, never a column) */
} cuvee_kind;

/**
 * An instant: microseconds since 1970-01-01T00:00:00Z, no leap seconds; years 1 to 9999. On the wire RFC 3339 with Z.
 */
typedef struct cuvee_time {
    int64_t us;
} cuvee_time;

/** A day: days since 1970-01-01; years 1 to 9999. On the wire YYYY-MM-DD. */
typedef struct cuvee_date {
    int32_t days;
} cuvee_date;

/** Room for the text of any time or date, with its NUL. */
enum { CUVEE_TIME_TEXT_SIZE = 28, CUVEE_DATE_TEXT_SIZE = 11 };

/**
 * Reads an instant as RFC 3339 writes it, with any offset: "2024-02-29T12:00:00.5+01:00". Digits beyond microseconds
 * are dropped. Also good, as in ISO 8601: no seconds, no offset (then it is UTC), an offset without colon or with
 * U+2212 as its minus, ',' before the fraction; and ' ' or '_' instead of the T. The whole text must be the time, in
 * the years 1 to 9999, in UTC too; a leap second (:60) is refused. False if it is no such text, or a pointer is NULL;
 * then `time` is as it was. Keeps no pointer. Any thread.
 */
bool cuvee_time_from_text(const char *text, cuvee_time *time);
/**
 * Reads a day of the Gregorian calendar as YYYY-MM-DD, 0001-01-01 to 9999-12-31; the whole text must be it. False if it
 * is none ("2023-02-29"), or a pointer is NULL; then `date` is as it was. Keeps no pointer. Any thread.
 */
bool cuvee_date_from_text(const char *text, cuvee_date *date);
/**
 * Writes the instant as RFC 3339 in UTC, "2024-02-29T11:00:00.500000Z": six digits of fraction, or none when they are
 * all zero. Fills `to`, whose `size` must be CUVEE_TIME_TEXT_SIZE or more however short the text, and returns it. NULL
 * if `size` is less, `to` is NULL (both leave `to` as it was) or the time is not in the years 1 to 9999 (`to` is then
 * ""). Any thread.
 */
const char *cuvee_time_text(cuvee_time time, char *to, size_t size);
/** The same for a day, as YYYY-MM-DD, into CUVEE_DATE_TEXT_SIZE bytes or more. Any thread. */
const char *cuvee_date_text(cuvee_date date, char *to, size_t size);

/** An exact decimal number as text: optional '-', digits, optional '.' and digits ("-12.50"). A string on the wire. */
typedef struct cuvee_decimal {
    const char *text;
} cuvee_decimal;

/** A UUID (RFC 9562), bytes in network order. */
typedef struct cuvee_uuid {
    uint8_t bytes[16];
} cuvee_uuid;

/** Room for the text of a UUID, with its NUL. */
enum { CUVEE_UUID_TEXT_SIZE = 37 };

/**
 * Reads a UUID as RFC 9562 writes it, "01234567-89ab-cdef-fedc-ba9876543210", in letters of either case. Also good:
 * without hyphens, in braces, or behind "urn:uuid:". The whole text must be it. False if it is none, or a pointer is
 * NULL; then `uuid` is as it was. Keeps no pointer. Any thread.
 */
bool cuvee_uuid_from_text(const char *text, cuvee_uuid *uuid);
/**
 * Writes the UUID in lower case with hyphens. Fills `to`, whose `size` must be CUVEE_UUID_TEXT_SIZE or more, and
 * returns it. NULL if `size` is less or `to` is NULL; then `to` is as it was. Any thread.
 */
const char *cuvee_uuid_text(cuvee_uuid uuid, char *to, size_t size);

/** Bytes. `data` may be NULL when size is 0. Base64 on the wire. */
typedef struct cuvee_blob {
    const void *data;
    size_t size;
} cuvee_blob;

/** A JSON value as its text. */
typedef struct cuvee_json {
    const char *text;
} cuvee_json;

/** A list of values or structs of one descriptor: `count` elements that lie side by side at `items`. */
typedef struct cuvee_array {
    const void *items;
    size_t count;
} cuvee_array;

/* The nullable forms: `set` false is NULL. */
typedef struct cuvee_opt_bool {
    bool set;
    bool value;
} cuvee_opt_bool;
typedef struct cuvee_opt_int32 {
    bool set;
    int32_t value;
} cuvee_opt_int32;
typedef struct cuvee_opt_int64 {
    bool set;
    int64_t value;
} cuvee_opt_int64;
typedef struct cuvee_opt_double {
    bool set;
    double value;
} cuvee_opt_double;
typedef struct cuvee_opt_text {
    bool set;
    const char *value;
} cuvee_opt_text;
typedef struct cuvee_opt_time {
    bool set;
    cuvee_time value;
} cuvee_opt_time;
typedef struct cuvee_opt_date {
    bool set;
    cuvee_date value;
} cuvee_opt_date;
typedef struct cuvee_opt_decimal {
    bool set;
    cuvee_decimal value;
} cuvee_opt_decimal;
typedef struct cuvee_opt_uuid {
    bool set;
    cuvee_uuid value;
} cuvee_opt_uuid;
typedef struct cuvee_opt_blob {
    bool set;
    cuvee_blob value;
} cuvee_opt_blob;
typedef struct cuvee_opt_json {
    bool set;
    cuvee_json value;
} cuvee_opt_json;

/**
 * Any value: what is bound to a statement and what comes back in a row. kind 0 is NULL.
 * Texts and blobs are borrowed: the pointer lives as long as the call that takes the value, or, in a row, until the
 * next row is fetched.
 */
typedef struct cuvee_value {
    cuvee_kind kind; /**< 0: NULL */
    union {
        bool boolean;
        int64_t integer; /**< INT32, INT64, TIME (microseconds), DATE (days) */
        double real;
        struct {
            const char *data; /**< TEXT, DECIMAL, JSON (UTF-8), BLOB */
            size_t size;      /**< bytes, without a closing NUL */
        } text;
        uint8_t uuid[16];
    } as;
} cuvee_value;

/** NULL as a value. */
cuvee_value cuvee_null(void);
/** These wrap a C value; texts and blobs are borrowed. A NULL text is the value NULL. Any thread. */
cuvee_value cuvee_bool_value(bool value);
cuvee_value cuvee_int_value(int64_t value);
cuvee_value cuvee_double_value(double value);
cuvee_value cuvee_text_value(const char *value);
cuvee_value cuvee_time_value(cuvee_time value);
cuvee_value cuvee_date_value(cuvee_date value);
cuvee_value cuvee_decimal_value(cuvee_decimal value);
cuvee_value cuvee_uuid_value(cuvee_uuid value);
cuvee_value cuvee_blob_value(cuvee_blob value);
cuvee_value cuvee_json_value(cuvee_json value);
cuvee_value cuvee_same_value(cuvee_value value);
/** The same for the nullable forms: one that is not set is the value NULL. Any thread. */
cuvee_value cuvee_opt_bool_value(cuvee_opt_bool value);
cuvee_value cuvee_opt_int32_value(cuvee_opt_int32 value);
cuvee_value cuvee_opt_int64_value(cuvee_opt_int64 value);
cuvee_value cuvee_opt_double_value(cuvee_opt_double value);
cuvee_value cuvee_opt_text_value(cuvee_opt_text value);
cuvee_value cuvee_opt_time_value(cuvee_opt_time value);
cuvee_value cuvee_opt_date_value(cuvee_opt_date value);
cuvee_value cuvee_opt_decimal_value(cuvee_opt_decimal value);
cuvee_value cuvee_opt_uuid_value(cuvee_opt_uuid value);
cuvee_value cuvee_opt_blob_value(cuvee_opt_blob value);
cuvee_value cuvee_opt_json_value(cuvee_opt_json value);

/* What CUVEE_VALUE makes of an unsigned type of 64 bits: the compiler's message names what the parameter is not. */
struct cuvee_no_kind_holds_uint64_cast_it_to_int64 {
    char unused;
};
typedef cuvee_value (*cuvee_uint64_value_)(struct cuvee_no_kind_holds_uint64_cast_it_to_int64 value);

/** Wraps any of the C types above as a cuvee_value: CUVEE_VALUE(42), CUVEE_VALUE("text"), CUVEE_VALUE(user->age). */
#define CUVEE_VALUE(x)                                                                                                 \
    _Generic((x), bool                                                                                                 \
             : cuvee_bool_value, signed char                                                                           \
             : cuvee_int_value, unsigned char                                                                          \
             : cuvee_int_value, short                                                                                  \
             : cuvee_int_value, unsigned short                                                                         \
             : cuvee_int_value, int                                                                                    \
             : cuvee_int_value, unsigned                                                                               \
             : cuvee_int_value, long                                                                                   \
             : cuvee_int_value, long long                                                                              \
             : cuvee_int_value, unsigned long                                                                          \
             : (cuvee_uint64_value_)0, unsigned long long                                                              \
             : (cuvee_uint64_value_)0, float                                                                           \
             : cuvee_double_value, double                                                                              \
             : cuvee_double_value, char *                                                                              \
             : cuvee_text_value, const char *                                                                          \
             : cuvee_text_value, cuvee_time                                                                            \
             : cuvee_time_value, cuvee_date                                                                            \
             : cuvee_date_value, cuvee_decimal                                                                         \
             : cuvee_decimal_value, cuvee_uuid                                                                         \
             : cuvee_uuid_value, cuvee_blob                                                                            \
             : cuvee_blob_value, cuvee_json                                                                            \
             : cuvee_json_value, cuvee_opt_bool                                                                        \
             : cuvee_opt_bool_value, cuvee_opt_int32                                                                   \
             : cuvee_opt_int32_value, cuvee_opt_int64                                                                  \
             : cuvee_opt_int64_value, cuvee_opt_double                                                                 \
             : cuvee_opt_double_value, cuvee_opt_text                                                                  \
             : cuvee_opt_text_value, cuvee_opt_time                                                                    \
             : cuvee_opt_time_value, cuvee_opt_date                                                                    \
             : cuvee_opt_date_value, cuvee_opt_decimal                                                                 \
             : cuvee_opt_decimal_value, cuvee_opt_uuid                                                                 \
             : cuvee_opt_uuid_value, cuvee_opt_blob                                                                    \
             : cuvee_opt_blob_value, cuvee_opt_json                                                                    \
             : cuvee_opt_json_value, cuvee_value                                                                       \
             : cuvee_same_value)(x)

#ifdef __cplusplus
}
#endif
#endif
