/**
 * What a statement does, as far as its first words tell: for servers, which do not say before it runs. Comments and
 * blanks in front are skipped. No parser: what the words do not show is left to the server.
 */
#ifndef CV_DRIVER_KEYWORD_H
#define CV_DRIVER_KEYWORD_H

#include <stdbool.h>
#include <stddef.h>

/** Whether it only reads: SELECT, VALUES, TABLE, SHOW, EXPLAIN, and WITH unless a word of it writes. */
bool cv_keyword_reads(const char *sql);
/**
 * Why raw SQL may not be this, or NULL: it is nothing at all, or would begin or end a transaction or a part of one, or
 * change what others find on the connection after it. Static.
 */
const char *cv_keyword_refusal(const char *sql);
/**
 * The table that it writes, without quotes and what stands in front of a point; cut to size; "" when it writes none.
 */
void cv_keyword_table(const char *sql, char *table, size_t table_size);
/** Whether it is a SET. */
bool cv_keyword_sets(const char *sql);
/**
 * Whether on MariaDB it ends a transaction by the way, or may: it changes tables or rights, serves the server, or is a
 * program.
 */
bool cv_keyword_ends(const char *sql);

#endif
