/* The script: what was asked, and what is to fail. */
#include "driver/scripted/scripted.h"

#include <string.h>

#include "base/error.h"

static const char *const call_names[CV_CALL_COUNT] = {
    [CV_CALL_CONNECT] = "connect",   [CV_CALL_EXECUTE] = "execute",   [CV_CALL_PREPARE] = "prepare",
    [CV_CALL_START] = "start",       [CV_CALL_NEXT] = "next",         [CV_CALL_RUN_MANY] = "run_many",
    [CV_CALL_DESCRIBE] = "describe", [CV_CALL_BEGIN] = "begin",       [CV_CALL_VOTE] = "vote",
    [CV_CALL_COMMIT] = "commit",     [CV_CALL_ROLLBACK] = "rollback", [CV_CALL_CANCEL] = "cancel",
    [CV_CALL_LIMIT] = "limit",
};

void cv_script_init(struct cv_script *script)
{
    memset(script, 0, sizeof *script);
    pthread_mutex_init(&script->lock, NULL);
    cv_buffer_init(&script->record, 0);
    script->fail_commit = CV_NOT_COMMITTED;
}

void cv_script_free(struct cv_script *script)
{
    cv_buffer_free(&script->record);
    pthread_mutex_destroy(&script->lock);
}

const char *cv_script_text(struct cv_script *script)
{
    pthread_mutex_lock(&script->lock);
    const char *text = cv_buffer_text(&script->record);
    pthread_mutex_unlock(&script->lock);
    return text ? text : "";
}

void cv_script_fail(struct cv_script *script, enum cv_call call, size_t n, cuvee_error_kind kind)
{
    pthread_mutex_lock(&script->lock);
    script->fail_call = call;
    script->fail_at = n > 0 ? script->calls[call] + n : 0;
    cv_error_clear(&script->fail_with);
    cv_error_set(&script->fail_with, kind, "the script makes this %s fail", call_names[call]);
    pthread_mutex_unlock(&script->lock);
}

bool cv_script_call(struct cv_script *script, enum cv_call call, const char *what, cuvee_error *error)
{
    if (script->on_call)
        script->on_call(script->on_call_arg, call);
    pthread_mutex_lock(&script->lock);
    cv_buffer_put(&script->record, call_names[call]);
    if (*what) {
        cv_buffer_char(&script->record, ' ');
        cv_buffer_put(&script->record, what);
    }
    cv_buffer_char(&script->record, '\n');
    script->calls[call]++;
    bool fails = script->fail_at > 0 && script->fail_call == call && script->fail_at == script->calls[call];
    if (fails)
        cv_error_keep(error, &script->fail_with);
    pthread_mutex_unlock(&script->lock);
    return !fails;
}
