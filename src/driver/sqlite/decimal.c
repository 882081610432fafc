/*
 * Decimals on SQLite: the collation that compares them as numbers, and the sum that loses no digit.
 *
 * The sum is kept as limbs of nine digits on both sides of the point. Each limb is a signed number that takes up what
 * is added without carrying; carries are done at the end, or before they could overflow.
 */
#include "driver/sqlite/sqlite.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal_text.h"

enum { LIMB_DIGITS = 9, LIMB = 1000000000, SIDE = (CV_DECIMAL_DIGITS + LIMB_DIGITS) / LIMB_DIGITS + 3 };
enum { CARRY_EVERY = 1 << 30 };

/* Texts that are no decimals stand behind all that are, in the order of their bytes. */
static int compare(void *arg, int a_size, const void *a, int b_size, const void *b)
{
    (void)arg;
    bool a_good = cv_decimal_is_canonical(a, (size_t)a_size);
    bool b_good = cv_decimal_is_canonical(b, (size_t)b_size);
    if (a_good && b_good)
        return cv_decimal_compare(a, (size_t)a_size, b, (size_t)b_size);
    if (a_good != b_good)
        return a_good ? -1 : 1;
    int order = memcmp(a, b, (size_t)(a_size < b_size ? a_size : b_size));
    return order != 0 ? order : (a_size > b_size) - (a_size < b_size);
}

struct sum {
    bool any;
    int scale;               /* most digits behind the point that were added */
    int64_t additions;       /* since the last carry */
    int64_t limbs[2 * SIDE]; /* the least first; the point stands between SIDE - 1 and SIDE */
};

/* ---- adding ---- */

static int64_t digits(const char *text, size_t size)
{
    int64_t number = 0;
    for (size_t i = 0; i < size; i++)
        number = number * 10 + (text[i] - '0');
    return number;
}

static void add_whole(struct sum *sum, const char *text, size_t size, int sign)
{
    for (int limb = SIDE; size > 0; limb++) {
        size_t part = size < LIMB_DIGITS ? size : LIMB_DIGITS;
        size -= part;
        sum->limbs[limb] += sign * digits(text + size, part);
    }
}

static void add_fraction(struct sum *sum, const char *text, size_t size, int sign)
{
    if ((int)size > sum->scale)
        sum->scale = (int)size;
    for (int limb = SIDE - 1; size > 0; limb--) {
        size_t part = size < LIMB_DIGITS ? size : LIMB_DIGITS;
        int64_t number = digits(text, part);
        for (size_t i = part; i < LIMB_DIGITS; i++)
            number *= 10;
        sum->limbs[limb] += sign * number;
        text += part;
        size -= part;
    }
}

/* Brings every limb but the last between -LIMB and LIMB. */
static void carry(struct sum *sum)
{
    for (int i = 0; i < 2 * SIDE - 1; i++) {
        sum->limbs[i + 1] += sum->limbs[i] / LIMB;
        sum->limbs[i] %= LIMB;
    }
    sum->additions = 0;
}

static void step(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    struct sum *sum = sqlite3_aggregate_context(context, sizeof *sum);
    int class = sqlite3_value_type(values[0]);
    if (class == SQLITE_NULL)
        return;
    const char *text = (const char *)sqlite3_value_text(values[0]);
    if (!sum || !text) {
        sqlite3_result_error_nomem(context);
        return;
    }
    size_t size = (size_t)sqlite3_value_bytes(values[0]);
    /* A floating-point number has lost digits already. */
    if ((class != SQLITE_TEXT && class != SQLITE_INTEGER) || !cv_decimal_is_canonical(text, size)) {
        sqlite3_result_error(context, "cuvee_sum: a value is no decimal", -1);
        return;
    }
    int sign = *text == '-' ? -1 : 1;
    text += sign < 0;
    size -= sign < 0;
    const char *point = memchr(text, '.', size);
    size_t whole = point ? (size_t)(point - text) : size;
    add_whole(sum, text, whole, sign);
    if (point)
        add_fraction(sum, point + 1, size - whole - 1, sign);
    sum->any = true;
    if (++sum->additions == CARRY_EVERY)
        carry(sum);
}

/* ---- writing out ---- */

static int sign_of(const struct sum *sum)
{
    for (int i = 2 * SIDE - 1; i >= 0; i--)
        if (sum->limbs[i] != 0)
            return sum->limbs[i] < 0 ? -1 : 1;
    return 0;
}

/* Makes the limbs the digits of the sum without its sign, which is returned. */
static int settle(struct sum *sum)
{
    carry(sum);
    int sign = sign_of(sum);
    for (int i = 0; i < 2 * SIDE; i++)
        sum->limbs[i] *= sign;
    for (int i = 0; i < 2 * SIDE - 1; i++) {
        if (sum->limbs[i] >= 0)
            continue;
        sum->limbs[i] += LIMB;
        sum->limbs[i + 1]--;
    }
    return sign;
}

static char *put_limb(char *at, int64_t limb)
{
    for (int i = LIMB_DIGITS - 1; i >= 0; i--, limb /= 10)
        at[i] = (char)('0' + limb % 10);
    return at + LIMB_DIGITS;
}

static void finish(sqlite3_context *context)
{
    struct sum *sum = sqlite3_aggregate_context(context, 0);
    if (!sum || !sum->any)
        return; /* NULL, as for every sum of nothing */
    char all[2 * SIDE * LIMB_DIGITS];
    char text[2 * SIDE * LIMB_DIGITS + 2];
    char *end = all;
    int sign = settle(sum);
    for (int i = 2 * SIDE - 1; i >= 0; i--)
        end = put_limb(end, sum->limbs[i]);
    const char *point = all + (size_t)SIDE * LIMB_DIGITS;
    const char *from = all;
    while (from < point - 1 && *from == '0')
        from++;
    char *to = text;
    if (sign < 0)
        *to++ = '-';
    memcpy(to, from, (size_t)(point - from));
    to += point - from;
    if (sum->scale > 0) {
        *to++ = '.';
        memcpy(to, point, (size_t)sum->scale);
        to += sum->scale;
    }
    sqlite3_result_text(context, text, (int)(to - text), SQLITE_TRANSIENT);
}

int cv_sqlite_register_decimal(sqlite3 *db)
{
    int code = sqlite3_create_collation(db, "CUVEE_DECIMAL", SQLITE_UTF8, NULL, compare);
    if (code != SQLITE_OK)
        return code;
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    return sqlite3_create_function(db, "cuvee_sum", 1, flags, NULL, NULL, step, finish);
}
