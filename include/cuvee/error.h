/**
 * Errors: what went wrong, where, and what to do about it.
 *
 * Sessions, blends and applications keep their first error ("errors stay put"): later calls on them do nothing and
 * return NULL, false or zero, so that code reads straight down and looks once, at the end. An error is a plain value
 * without pointers; copy it freely.
 */
#ifndef CUVEE_ERROR_H
#define CUVEE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What kind of thing went wrong. Branch on this, never on the message. */
typedef enum cuvee_error_kind {
    CUVEE_ERROR_NONE = 0,
    CUVEE_ERROR_MEMORY,      /**< out of memory */
    CUVEE_ERROR_MISUSE,      /**< the program called something wrongly: unknown model, session of another thread, … */
    CUVEE_ERROR_CONFIG,      /**< a URL, option or descriptor that cannot be used */
    CUVEE_ERROR_CONNECT,     /**< the database cannot be opened or reached */
    CUVEE_ERROR_SCHEMA,      /**< table or column missing, or of another shape than the model says */
    CUVEE_ERROR_MISSING,     /**< the row that was asked for is not there */
    CUVEE_ERROR_UNIQUE,      /**< a unique constraint or primary key refused the row */
    CUVEE_ERROR_FOREIGN_KEY, /**< a reference to a row that is not there, or a row that is still referred to */
    CUVEE_ERROR_NOT_NULL,    /**< NULL in a column that takes none */
    CUVEE_ERROR_CHECK,       /**< a check constraint, or a rule of the model, refused the value */
    CUVEE_ERROR_VALUE,       /**< a value that its kind cannot hold: NaN, invalid UTF-8, NUL in text, wrong type */
    CUVEE_ERROR_VERSION,     /**< somebody else changed or deleted the row since it was loaded */
    CUVEE_ERROR_READ_ONLY,   /**< a write through something that only reads */
    CUVEE_ERROR_DENIED,      /**< the engine refused for lack of rights */
    CUVEE_ERROR_RETRY,       /**< deadlock, serialization failure, moved snapshot: run the whole session again */
    CUVEE_ERROR_BUSY,        /**< another connection holds a lock for longer than we wait */
    CUVEE_ERROR_EXHAUSTED,   /**< no connection became free in time */
    CUVEE_ERROR_CANCELLED,   /**< cancelled from another thread, or over the statement time limit */
    CUVEE_ERROR_FULL,        /**< disk full, or a size limit of the engine */
    CUVEE_ERROR_CORRUPT,     /**< the database is damaged, or is no database */
    CUVEE_ERROR_CONNECTION,  /**< the connection was lost in the middle */
    CUVEE_ERROR_IN_DOUBT,    /**< it is not known whether a commit happened */
    CUVEE_ERROR_TORN,        /**< some databases committed and others did not; the message names both */
    CUVEE_ERROR_UNSUPPORTED, /**< this engine cannot do it (docs/engines.md) */
    CUVEE_ERROR_DATABASE,    /**< any other error of the database; see sqlstate and vendor_code */
} cuvee_error_kind;

/** One error. Texts that are too long are cut at a character's border; an empty text means "does not apply". */
typedef struct cuvee_error {
    cuvee_error_kind kind;
    int vendor_code;   /**< the engine's own number (SQLite's extended result code, MariaDB's errno), 0 if none */
    char sqlstate[6];  /**< five characters of SQLSTATE, or empty */
    char database[64]; /**< name of the base whose database it was */
    char model[64];    /**< name of the model */
    char fields[128];  /**< names of the fields, separated by ", " */
    char message[512]; /**< one sentence: what happened, and where */
    char hint[256];    /**< what to do about it */
} cuvee_error;

/** The kind's name in lower case with underscores ("foreign_key"), for logs. Never NULL; static; any thread. */
const char *cuvee_error_kind_name(cuvee_error_kind kind);

#ifdef __cplusplus
}
#endif
#endif
