#include "web/request/service.h"

#include <time.h>
#include <unistd.h>

enum { DEFAULT_TASKS = 1000 };

void cv_service_init(struct cv_service *service, cuvee_app *app, cuvee_blend *blend)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    *service = (struct cv_service){.app = app, .blend = blend};
    service->id_base = ((uint64_t)now.tv_sec << 24) ^ ((uint64_t)getpid() << 44);
    atomic_init(&service->requests, 0);
    atomic_init(&service->tasks, 0);
    service->max_tasks = DEFAULT_TASKS;
    atomic_init(&service->streaming.streams, 0);
    atomic_init(&service->streaming.listeners, 0);
    service->streaming.max_streams = CV_DEFAULT_STREAMS;
    service->streaming.max_listeners = CV_DEFAULT_LISTENERS;
}

bool cv_take_place(atomic_size_t *taken, size_t limit)
{
    size_t now = atomic_load(taken);
    while (now < limit)
        if (atomic_compare_exchange_weak(taken, &now, now + 1))
            return true;
    return false;
}
