#include "driver/sqlstate.h"

#include <string.h>

struct meaning {
    const char *code;
    cuvee_error_kind kind;
    enum cv_action action;
};

/* Whole codes stand before their class, which is its first two characters. */
static const struct meaning meanings[] = {
    {"23505", CUVEE_ERROR_UNIQUE, CV_ACTION_CONSTRAINT},
    {"23P01", CUVEE_ERROR_UNIQUE, CV_ACTION_CONSTRAINT}, /* exclusion constraint */
    {"23503", CUVEE_ERROR_FOREIGN_KEY, CV_ACTION_CONSTRAINT},
    {"23001", CUVEE_ERROR_FOREIGN_KEY, CV_ACTION_CONSTRAINT}, /* restrict */
    {"23502", CUVEE_ERROR_NOT_NULL, CV_ACTION_CONSTRAINT},
    {"23514", CUVEE_ERROR_CHECK, CV_ACTION_CONSTRAINT},
    {"23", CUVEE_ERROR_DATABASE, CV_ACTION_CONSTRAINT},
    {"44000", CUVEE_ERROR_CHECK, CV_ACTION_CONSTRAINT}, /* WITH CHECK OPTION */
    {"09000", CUVEE_ERROR_CHECK, CV_ACTION_CONSTRAINT}, /* a trigger refused */
    {"P0001", CUVEE_ERROR_CHECK, CV_ACTION_CONSTRAINT},
    {"40003", CUVEE_ERROR_IN_DOUBT, CV_ACTION_IN_DOUBT}, /* completion unknown */
    {"08007", CUVEE_ERROR_IN_DOUBT, CV_ACTION_IN_DOUBT}, /* transaction resolution unknown */
    {"40", CUVEE_ERROR_RETRY, CV_ACTION_RETRY},
    {"55P03", CUVEE_ERROR_BUSY, CV_ACTION_RETRY},
    {"55006", CUVEE_ERROR_BUSY, CV_ACTION_RETRY},
    {"57014", CUVEE_ERROR_CANCELLED, CV_ACTION_FATAL},
    {"25006", CUVEE_ERROR_READ_ONLY, CV_ACTION_FATAL},
    {"25P03", CUVEE_ERROR_CONNECTION, CV_ACTION_RECONNECT}, /* idle in a transaction for too long */
    {"25P04", CUVEE_ERROR_CONNECTION, CV_ACTION_RECONNECT}, /* a transaction that took too long */
    {"53300", CUVEE_ERROR_EXHAUSTED, CV_ACTION_RETRY},
    {"53", CUVEE_ERROR_FULL, CV_ACTION_FATAL},
    {"54", CUVEE_ERROR_FULL, CV_ACTION_FATAL},
    {"57", CUVEE_ERROR_CONNECTION, CV_ACTION_RECONNECT}, /* the server shuts down or starts up */
    {"58030", CUVEE_ERROR_DATABASE, CV_ACTION_FATAL},
    {"08", CUVEE_ERROR_CONNECTION, CV_ACTION_RECONNECT},
    {"28", CUVEE_ERROR_DENIED, CV_ACTION_FATAL},
    {"42501", CUVEE_ERROR_DENIED, CV_ACTION_FATAL},
    {"42P01", CUVEE_ERROR_SCHEMA, CV_ACTION_FATAL},
    {"42S02", CUVEE_ERROR_SCHEMA, CV_ACTION_FATAL},
    {"42703", CUVEE_ERROR_SCHEMA, CV_ACTION_FATAL},
    {"42S22", CUVEE_ERROR_SCHEMA, CV_ACTION_FATAL},
    {"42704", CUVEE_ERROR_SCHEMA, CV_ACTION_FATAL},
    {"3D000", CUVEE_ERROR_SCHEMA, CV_ACTION_FATAL},
    {"3F000", CUVEE_ERROR_SCHEMA, CV_ACTION_FATAL},
    {"22", CUVEE_ERROR_VALUE, CV_ACTION_FATAL},
    {"0A000", CUVEE_ERROR_UNSUPPORTED, CV_ACTION_FATAL},
    {"XX001", CUVEE_ERROR_CORRUPT, CV_ACTION_FATAL},
    {"XX002", CUVEE_ERROR_CORRUPT, CV_ACTION_FATAL},
    {"", CUVEE_ERROR_DATABASE, CV_ACTION_FATAL}, /* any other */
};

static const struct meaning *meaning_of(const char *sqlstate)
{
    const struct meaning *meaning = meanings;
    while (strncmp(sqlstate, meaning->code, strlen(meaning->code)) != 0)
        meaning++;
    return meaning;
}

cuvee_error_kind cv_sqlstate_kind(const char *sqlstate)
{
    return meaning_of(sqlstate)->kind;
}

enum cv_action cv_sqlstate_action(const char *sqlstate)
{
    return meaning_of(sqlstate)->action;
}

const char *cv_sqlstate_hint(cuvee_error_kind kind)
{
    switch (kind) {
    case CUVEE_ERROR_BUSY: return "Try again; if it lasts, look for a transaction that stays open.";
    case CUVEE_ERROR_RETRY: return "Run the whole session again.";
    case CUVEE_ERROR_EXHAUSTED: return "Lower max_connections of the bindings, or raise the server's.";
    case CUVEE_ERROR_CONNECTION: return "Try again; if it lasts, look whether the server runs.";
    case CUVEE_ERROR_IN_DOUBT: return "Look whether it happened before doing it again.";
    case CUVEE_ERROR_DENIED: return "Grant the right to the login that the URL names, or use another login.";
    case CUVEE_ERROR_READ_ONLY: return "Write through a binding that is not read-only, to a server that takes writes.";
    case CUVEE_ERROR_FULL: return "Make room on the disk, or write less at once.";
    default: return "";
    }
}
