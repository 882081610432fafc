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

void cv_blend_retire(cuvee_blend *blend, struct cv_retired *retired)
{
    retired->next = NULL;
    if (!blend) {
        free_chain(retired);
        return;
    }
    struct cv_retirees *retirees = &blend->retirees;
    pthread_mutex_lock(&retirees->lock);
    if (retirees->oldest)
        retirees->newest->next = retired;
    else
        retirees->oldest = retired;
    retirees->newest = retired;
    retirees->bytes += retired->bytes;
    struct cv_retired *old = surplus(retirees);
    pthread_mutex_unlock(&retirees->lock);
    free_chain(old);
}

bool cv_retirees_init(struct cv_retirees *retirees)
{
    *retirees = (struct cv_retirees){0};
    return pthread_mutex_init(&retirees->lock, NULL) == 0;
}

void cv_retirees_free(struct cv_retirees *retirees)
{
    free_chain(retirees->oldest);
    pthread_mutex_destroy(&retirees->lock);
}
