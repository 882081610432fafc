/** Tasks: what is done when a reply has left. */
#ifndef CV_WEB_DISPATCH_TASK_H
#define CV_WEB_DISPATCH_TASK_H

#include <pthread.h>

#include "web/flow/queue.h"
#include "web/request/service.h"

/** Forgets the reply's tasks. */
void cv_tasks_drop(struct cv_service *service, struct cv_reply *reply);
/** Runs the reply's tasks, here and now, and frees them. */
void cv_tasks_run(struct cv_service *service, struct cv_reply *reply);

/* A thread that runs tasks behind everybody's back. */
struct cv_runner {
    struct cv_service *service;
    struct cv_queue queue;
    pthread_t thread;
    bool started;
};

/** Starts the thread. False: *error. */
bool cv_runner_start(struct cv_runner *runner, struct cv_service *service, cuvee_error *error);
/** Hands over the reply's tasks. */
void cv_runner_take(struct cv_runner *runner, struct cv_reply *reply);
/** Waits until all are done, and ends the thread. One that was not started is fine. */
void cv_runner_stop(struct cv_runner *runner);

#endif
