/* What is closed but may still be called. */
#include "blend/internal.h"

enum { KEPT_BYTES = 256 * 1024 };

/* The oldest of too many, chained. The newest stays, however large it is. */
static struct cv_retired *surplus(struct cv_retirees *retirees)
{
    struct cv_retired *first = retirees->oldest, **end = &retirees->oldest;
    while (retirees->bytes > KEPT_BYTES && *end != retirees->newest) {
        retirees->bytes -= (*end)->bytes;
        end = &(*end)->next;
    }
    if (end == &retirees->oldest)
        return NULL;
    retirees->oldest = *end;
    *end = NULL;
    return first;
}

static void free_chain(struct cv_retired *retired)
{
    while (retired) {
        struct cv_retired *next = retired->next;
        retired->free(retired);
        retired = next;
    }
}

void cv_blend_expect(cuvee_blend *blend, struct cv_retired *retired)
{
    if (!blend)
        return;
    retired->expected = true;
    pthread_mutex_lock(&blend->retirees.came.mutex);
    blend->retirees.expected++;
    pthread_mutex_unlock(&blend->retirees.came.mutex);
}

void cv_blend_retire(cuvee_blend *blend, struct cv_retired *retired)
{
    retired->next = NULL;
    if (!blend) {
        free_chain(retired);
        return;
    }
    struct cv_retirees *retirees = &blend->retirees;
    pthread_mutex_lock(&retirees->came.mutex);
    if (retirees->oldest)
        retirees->newest->next = retired;
    else
        retirees->oldest = retired;
    retirees->newest = retired;
    retirees->bytes += retired->bytes;
    struct cv_retired *old = surplus(retirees);
    if (retired->expected) {
        retirees->expected--;
        pthread_cond_signal(&retirees->came.changed);
    }
    pthread_mutex_unlock(&retirees->came.mutex); /* from here on the blend may be gone */
    free_chain(old);
}

bool cv_retirees_init(struct cv_retirees *retirees)
{
    *retirees = (struct cv_retirees){0};
    return cv_wait_init(&retirees->came);
}

void cv_retirees_wait(struct cv_retirees *retirees)
{
    pthread_mutex_lock(&retirees->came.mutex);
    while (retirees->expected > 0)
        pthread_cond_wait(&retirees->came.changed, &retirees->came.mutex);
    pthread_mutex_unlock(&retirees->came.mutex);
}

void cv_retirees_free(struct cv_retirees *retirees)
{
    free_chain(retirees->oldest);
    cv_wait_free(&retirees->came);
}
