/**
 * Raw SQL on a named base, for what queries cannot say.
 *
 *     cuvee_rows *rows = cuvee_sql_rows(s, &sales, "SELECT item, SUM(quantity) FROM orders WHERE id > ? GROUP BY item",
 *                                       (cuvee_value[]){CUVEE_VALUE(100)}, 1);
 *     const cuvee_value *v;
 *     while ((v = cuvee_next_values(rows)))
 *         …
 *     cuvee_rows_close(rows);
 *
 * One statement at a time. Parameters are written `?` on every engine ('??' for a question mark outside of quotes) and
 * are always bound. A statement cannot begin or end a transaction, attach a database or change a setting: the session
 * does, or nobody.
 *
 * What is asked for rows cannot write, whatever functions it calls: outside of a transaction that has written, the
 * engine refuses it (READ_ONLY), and what it did in a snapshot session that writes nothing itself is undone. What raw
 * SQL left on its connection (settings, temporary tables, locks, cursors) is taken away when the session ends; on
 * servers that is one more round trip.
 */
#ifndef CUVEE_SQL_H
#define CUVEE_SQL_H

#include <cuvee/query.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Runs a statement that gives rows, after a flush. Values come as the engine has them. NULL on error: MISUSE (base not
 * bound, wrong number of values), or the database's. A statement that also writes, be it by a function that it calls,
 * needs cuvee_sql_execute.
 */
cuvee_rows *cuvee_sql_rows(cuvee_session *session, const cuvee_base *base, const char *sql, const cuvee_value *values,
                           size_t count);
/** The name of a result column; valid until the rows are closed. NULL past the end. */
const char *cuvee_rows_name(const cuvee_rows *rows, size_t column);

/**
 * Objects of `model` from a statement on its base whose columns have the names of the model's columns, all of them, in
 * any order. An empty list on error: SCHEMA names a column that is missing or of another kind.
 */
cuvee_list cuvee_sql_objects(cuvee_session *session, const cuvee_model *model, const char *sql,
                             const cuvee_value *values, size_t count);

/** Runs a statement in the base's transaction, which it begins. Returns the number of rows it changed, -1 on error. */
int64_t cuvee_sql_execute(cuvee_session *session, const cuvee_base *base, const char *sql, const cuvee_value *values,
                          size_t count);

#ifdef __cplusplus
}
#endif
#endif
