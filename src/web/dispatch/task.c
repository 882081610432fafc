#include "web/dispatch/task.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "web/request/request.h"

struct cv_task {
    struct cv_queued queued; /* first, for the queue */
    struct cv_task *next;    /* of the same request */
    cuvee_task run;
    alignas(max_align_t) char arg[];
};

bool cuvee_after_reply(cuvee_request *request, cuvee_task run, const void *arg, size_t size)
{
    struct cv_service *service = request->service;
    if (request->failed || !run || !cv_take_place(&service->tasks, service->max_tasks))
        return false;
    struct cv_task *task = size < SIZE_MAX - sizeof *task ? malloc(sizeof *task + size) : NULL;
    if (!task) {
        atomic_fetch_sub(&service->tasks, 1);
        return false;
    }
    *task = (struct cv_task){.run = run};
    if (size > 0)
        memcpy(task->arg, arg, size);
    struct cv_task **end = &request->reply->tasks;
    while (*end)
        end = &(*end)->next;
    *end = task;
    return true;
}

static void free_task(struct cv_service *service, struct cv_task *task)
{
    free(task);
    atomic_fetch_sub(&service->tasks, 1);
}

void cv_tasks_drop(struct cv_service *service, struct cv_reply *reply)
{
    while (reply->tasks) {
        struct cv_task *task = reply->tasks;
        reply->tasks = task->next;
        free_task(service, task);
    }
}

static void run_task(struct cv_service *service, struct cv_task *task)
{
    cuvee_session *session = cuvee_session_open(service->blend);
    task->run(session, task->arg);
    const cuvee_error *error = cuvee_session_error(session);
    if (error->kind != CUVEE_ERROR_NONE)
        cv_log_line(&service->log, "after a reply: %s: %s", cuvee_error_kind_name(error->kind), error->message);
    cuvee_session_close(session);
    free_task(service, task);
}

void cv_tasks_run(struct cv_service *service, struct cv_reply *reply)
{
    while (reply->tasks) {
        struct cv_task *task = reply->tasks;
        reply->tasks = task->next;
        run_task(service, task);
    }
}

/* ---- a thread for them ---- */

static void *work(void *arg)
{
    struct cv_runner *runner = arg;
    struct cv_queued *item;
    while ((item = cv_queue_pop(&runner->queue)))
        run_task(runner->service, (struct cv_task *)item);
    return NULL;
}

bool cv_runner_start(struct cv_runner *runner, struct cv_service *service, cuvee_error *error)
{
    runner->service = service;
    if (!cv_queue_init(&runner->queue, SIZE_MAX)) /* the service counts them */
        return cv_error_memory(error);
    if (pthread_create(&runner->thread, NULL, work, runner) == 0) {
        runner->started = true;
        return true;
    }
    cv_queue_free(&runner->queue);
    return cv_error_set(error, CUVEE_ERROR_CONFIG, "the system allows no thread for work after replies");
}

void cv_runner_take(struct cv_runner *runner, struct cv_reply *reply)
{
    while (reply->tasks) {
        struct cv_task *task = reply->tasks;
        reply->tasks = task->next;
        cv_queue_push(&runner->queue, &task->queued);
    }
}

void cv_runner_stop(struct cv_runner *runner)
{
    if (!runner->started)
        return;
    struct cv_queued *waiting = cv_queue_close(&runner->queue);
    pthread_join(runner->thread, NULL);
    while (waiting) {
        struct cv_task *task = (struct cv_task *)waiting;
        waiting = waiting->next;
        run_task(runner->service, task);
    }
    cv_queue_free(&runner->queue);
    runner->started = false;
}
