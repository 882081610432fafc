/* Opening a database file, and saying why it cannot be opened and what to do about it. */
#include "driver/sqlite/sqlite.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

static bool refuse(cuvee_error *error, cuvee_error_kind kind, int code, const char *path, const char *reason,
                   const char *hint)
{
    if (error->kind != CUVEE_ERROR_NONE)
        return false;
    cv_error_set(error, kind, "cannot open %s: %s", path, reason);
    cv_error_text(error->hint, sizeof error->hint, hint);
    error->vendor_code = code;
    if (code)
        cv_sqlite_kind(code, "", error->sqlstate);
    return false;
}

/* A folder may be written where files can be made in it: the database itself, and its -wal and -shm. */
static bool folder_is_writable(const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t size = slash ? (size_t)(slash - path) + 1 : 0;
    char folder[4096];
    if (size == 0 || size >= sizeof folder)
        return true; /* then this is not what is wrong */
    memcpy(folder, path, size);
    folder[size] = '\0';
    return access(folder, W_OK | X_OK) == 0;
}

static bool explain_missing(const struct cv_sqlite_database *database, int code, cuvee_error *error)
{
    if (database->read_only)
        return refuse(error, CUVEE_ERROR_CONNECT, code, database->path, "there is no such file",
                      "A read-only binding cannot create it: create it first through one that writes.");
    if (!folder_is_writable(database->path))
        return refuse(error, CUVEE_ERROR_CONNECT, code, database->path, "its folder may not be written",
                      "Give this user the right to write there, or name another path.");
    return refuse(error, CUVEE_ERROR_CONNECT, code, database->path, "the file cannot be created",
                  "Check that the folder exists and is on a file system that can be written.");
}

static bool explain_existing(const struct cv_sqlite_database *database, int code, const char *reason,
                             cuvee_error *error)
{
    const char *path = database->path;
    if (access(path, R_OK) != 0)
        return refuse(error, CUVEE_ERROR_CONNECT, code, path, "this user may not read it",
                      "Give this user the right to read the file.");
    if (!database->read_only && access(path, W_OK) != 0)
        return refuse(error, CUVEE_ERROR_CONNECT, code, path, "this user may not write it",
                      "Give this user the right to write the file, or bind it with .read_only = true.");
    if (!folder_is_writable(path))
        return refuse(error, CUVEE_ERROR_CONNECT, code, path, "its folder may not be written",
                      "SQLite keeps two more files beside the database: give this user the right to write there.");
    return refuse(error, CUVEE_ERROR_CONNECT, code, path, reason, "Check the file and the file system that it is on.");
}

bool cv_sqlite_cannot_open(const struct cv_sqlite_database *database, sqlite3 *db, int code, cuvee_error *error)
{
    struct stat file;
    char sqlstate[6];
    const char *reason = db ? sqlite3_errmsg(db) : sqlite3_errstr(code);
    cuvee_error_kind kind = cv_sqlite_kind(code, "", sqlstate);
    if (kind == CUVEE_ERROR_MEMORY)
        return cv_error_memory(error);
    if ((code & 0xFF) == SQLITE_NOTADB)
        return refuse(error, kind, code, database->path, "it is no SQLite database",
                      "The file holds something else, or is encrypted: name another file.");
    if (kind == CUVEE_ERROR_CORRUPT)
        return refuse(error, kind, code, database->path, "the database is damaged",
                      "Restore it from a backup, or rescue what is left with sqlite3's .recover.");
    if (kind == CUVEE_ERROR_BUSY)
        return refuse(error, kind, code, database->path, "another program holds its lock",
                      "Wait for that program to finish, or end it.");
    if (database->memory)
        return refuse(error, CUVEE_ERROR_CONNECT, code,
                      database->base.shown ? database->base.shown : "sqlite::memory:", reason, "");
    if (stat(database->path, &file) != 0)
        return explain_missing(database, code, error);
    return explain_existing(database, code, reason, error);
}

/* Devices, pipes and the like are no databases, and some of them would be waited for. */
static bool is_no_other_thing(const struct cv_sqlite_database *database, cuvee_error *error)
{
    struct stat file;
    if (database->memory || stat(database->path, &file) != 0 || S_ISREG(file.st_mode))
        return true;
    if (S_ISDIR(file.st_mode))
        return refuse(error, CUVEE_ERROR_CONNECT, 0, database->path, "it is a folder",
                      "Name a file inside the folder.");
    return refuse(error, CUVEE_ERROR_CONNECT, 0, database->path, "it is no regular file", "Name a file.");
}

bool cv_sqlite_has_moved(const struct cv_sqlite_database *database, sqlite3 *db)
{
    int moved = 0;
    if (!database->memory)
        sqlite3_file_control(db, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return moved != 0;
}

bool cv_sqlite_moved(const struct cv_sqlite_database *database, cuvee_error *error)
{
    return refuse(error, CUVEE_ERROR_CONNECT, 0, database->path, "the file was removed or replaced while it was in use",
                  "Put the file back with its -wal beside it, or start again with the new one.");
}

static bool is_known(const struct cv_sqlite_file *file)
{
    return atomic_load(&file->inode) != 0 || atomic_load(&file->device) != 0;
}

/* Remembers which file the first connection opened; a later one must have opened the same. */
static bool is_the_same(const struct cv_sqlite_database *database, cuvee_error *error)
{
    struct stat now;
    struct cv_sqlite_file *file = database->file;
    unsigned long long none = 0;
    if (stat(database->path, &now) != 0)
        return cv_sqlite_moved(database, error);
    if (atomic_compare_exchange_strong(&file->inode, &none, (unsigned long long)now.st_ino)) {
        atomic_store(&file->device, (unsigned long long)now.st_dev);
        return true;
    }
    if (none == (unsigned long long)now.st_ino)
        return true;
    return cv_sqlite_moved(database, error);
}

/*
 * SQLite takes a log beside an empty or new database for a left-over and deletes it. What was committed and not yet
 * moved into the database is in that log alone: if the database has gone astray, this would be its end.
 */
static bool would_lose_log(const struct cv_sqlite_database *database, cuvee_error *error)
{
    struct stat file;
    char log[4096 + 8];
    if (stat(database->path, &file) == 0 && file.st_size > 0)
        return false;
    int size = snprintf(log, sizeof log, "%s-wal", database->path);
    if (size < 0 || (size_t)size >= sizeof log || stat(log, &file) != 0 || file.st_size == 0)
        return false;
    return !refuse(error, CUVEE_ERROR_CONNECT, 0, database->path,
                   "the file is missing or empty, but its log (-wal) is there",
                   "Put the database back beside its -wal; if it is gone for good, move the -wal away.");
}

/* May the path be opened as the database that it was, or as a new one? */
static bool may_open(const struct cv_sqlite_database *database, cuvee_error *error)
{
    if (database->memory)
        return true;
    if (!is_no_other_thing(database, error))
        return false;
    if (is_known(database->file))
        return is_the_same(database, error);
    return database->read_only || !would_lose_log(database, error);
}

static int flags_of(const struct cv_sqlite_database *database)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (database->memory)
        return flags | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI;
    if (database->read_only)
        return flags | SQLITE_OPEN_READONLY;
    return flags | SQLITE_OPEN_READWRITE | (is_known(database->file) ? 0 : SQLITE_OPEN_CREATE);
}

sqlite3 *cv_sqlite_open(const struct cv_sqlite_database *database, cuvee_error *error)
{
    if (!may_open(database, error))
        return NULL;
    sqlite3 *db = NULL;
    int code = sqlite3_open_v2(database->path, &db, flags_of(database), NULL);
    /* Without the right to write, SQLite opens the file for reading and says nothing. */
    if (code == SQLITE_OK && !database->read_only && sqlite3_db_readonly(db, "main") == 1)
        code = SQLITE_READONLY;
    bool good = code == SQLITE_OK ? database->memory || is_the_same(database, error)
                                  : cv_sqlite_cannot_open(database, db, code, error);
    if (good)
        return db;
    sqlite3_close(db);
    return NULL;
}
