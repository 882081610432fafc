#include "driver/sqlstate.h"

#include <string.h>

/* Whole codes stand before their class, which is its first two characters. */
static const struct {
    const char *code;
    cuvee_error_kind kind;
} kinds[] = {
    {"23505", CUVEE_ERROR_UNIQUE},      {"23P01", CUVEE_ERROR_UNIQUE},      /* exclusion constraint */
    {"23503", CUVEE_ERROR_FOREIGN_KEY}, {"23001", CUVEE_ERROR_FOREIGN_KEY}, /* restrict */
    {"23502", CUVEE_ERROR_NOT_NULL},    {"23514", CUVEE_ERROR_CHECK},
    {"44000", CUVEE_ERROR_CHECK},                                          /* WITH CHECK OPTION */
    {"09000", CUVEE_ERROR_CHECK},                                          /* a trigger refused */
    {"P0001", CUVEE_ERROR_CHECK},       {"40003", CUVEE_ERROR_CONNECTION}, /* completion unknown */
    {"40", CUVEE_ERROR_RETRY},          {"55P03", CUVEE_ERROR_BUSY},
    {"55006", CUVEE_ERROR_BUSY},        {"57014", CUVEE_ERROR_CANCELLED},
    {"25006", CUVEE_ERROR_READ_ONLY},   {"25P03", CUVEE_ERROR_CONNECTION}, /* idle in a transaction for too long */
    {"53300", CUVEE_ERROR_EXHAUSTED},   {"53", CUVEE_ERROR_FULL},
    {"54", CUVEE_ERROR_FULL},           {"57", CUVEE_ERROR_CONNECTION}, /* the server shuts down or starts up */
    {"58030", CUVEE_ERROR_DATABASE},    {"08", CUVEE_ERROR_CONNECTION},
    {"28", CUVEE_ERROR_DENIED},         {"42501", CUVEE_ERROR_DENIED},
    {"42P01", CUVEE_ERROR_SCHEMA},      {"42S02", CUVEE_ERROR_SCHEMA},
    {"42703", CUVEE_ERROR_SCHEMA},      {"42S22", CUVEE_ERROR_SCHEMA},
    {"42704", CUVEE_ERROR_SCHEMA},      {"3D000", CUVEE_ERROR_SCHEMA},
    {"3F000", CUVEE_ERROR_SCHEMA},      {"22", CUVEE_ERROR_VALUE},
    {"0A000", CUVEE_ERROR_UNSUPPORTED}, {"XX001", CUVEE_ERROR_CORRUPT},
    {"XX002", CUVEE_ERROR_CORRUPT},
};

cuvee_error_kind cv_sqlstate_kind(const char *sqlstate)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strncmp(sqlstate, kinds[i].code, strlen(kinds[i].code)) == 0)
            return kinds[i].kind;
    return CUVEE_ERROR_DATABASE;
}

const char *cv_sqlstate_hint(cuvee_error_kind kind)
{
    switch (kind) {
    case CUVEE_ERROR_BUSY: return "Try again; if it lasts, look for a transaction that stays open.";
    case CUVEE_ERROR_RETRY: return "Run the whole session again.";
    case CUVEE_ERROR_EXHAUSTED: return "Lower max_connections of the bindings, or raise the server's.";
    case CUVEE_ERROR_CONNECTION: return "Try again; if it lasts, look whether the server runs.";
    case CUVEE_ERROR_DENIED: return "Grant the right to the login that the URL names, or use another login.";
    case CUVEE_ERROR_READ_ONLY: return "Write through a binding that is not read-only, to a server that takes writes.";
    case CUVEE_ERROR_FULL: return "Make room on the disk, or write less at once.";
    default: return "";
    }
}
