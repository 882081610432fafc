#include "sql/sql.h"

#include "driver/values.h"

void cv_sql_init(struct cv_sql *sql, const struct cv_dialect *dialect)
{
    sql->dialect = dialect;
    cv_buffer_init(&sql->text, 0);
    cv_buffer_init(&sql->params, 0);
    cv_buffer_init(&sql->columns, 0);
}

void cv_sql_free(struct cv_sql *sql)
{
    cv_buffer_free(&sql->text);
    cv_buffer_free(&sql->params);
    cv_buffer_free(&sql->columns);
}

bool cv_sql_finish(struct cv_sql *sql, struct cv_statement_text *text)
{
    *text = (struct cv_statement_text){
        .sql = cv_buffer_text(&sql->text),
        .params = (const uint8_t *)sql->params.data,
        .param_count = sql->params.size,
        .columns = (const uint8_t *)sql->columns.data,
        .column_count = sql->columns.size,
    };
    return text->sql && !sql->params.failed && !sql->columns.failed;
}

void cv_sql_put(struct cv_sql *sql, const char *text)
{
    cv_buffer_put(&sql->text, text);
}

void cv_sql_name(struct cv_sql *sql, const char *name)
{
    cv_values_name(&sql->text, sql->dialect, name);
}

void cv_sql_param(struct cv_sql *sql, cuvee_kind kind)
{
    cv_buffer_char(&sql->params, (char)kind);
    if (!sql->dialect->numbered) {
        cv_buffer_char(&sql->text, '?');
        return;
    }
    cv_buffer_char(&sql->text, '$');
    cv_buffer_int(&sql->text, (int64_t)sql->params.size);
}

void cv_sql_compared(struct cv_sql *sql, cuvee_kind kind)
{
    const struct cv_dialect *dialect = sql->dialect;
    if (kind == CUVEE_JSON && dialect->json_before)
        cv_sql_put(sql, dialect->json_before);
    cv_sql_param(sql, kind);
    if (kind == CUVEE_JSON && dialect->json_behind)
        cv_sql_put(sql, dialect->json_behind);
}
