/** Projection: how the rows of one model are written when the route declares another. */
#ifndef CV_WEB_REPLY_PROJECTION_H
#define CV_WEB_REPLY_PROJECTION_H

#include "web/request/request.h"

struct cv_projection {
    const struct cv_plan *from;
    const struct cv_plan *to;
    size_t *source;     /* for each field of `to`, the one of `from`; NULL: they are the same model */
    cuvee_value *cells; /* room for one row */
    void (*write_row)(struct cv_buffer *out, const struct cv_plan *plan, const void *row);
    void (*write_cells)(struct cv_buffer *out, const struct cv_plan *plan, const cuvee_value *cells);
};

/**
 * Objects of `from`, one or a list, as the route declares its replies; lives in `arena`. False: the request has failed.
 */
bool cv_projection_make(cuvee_request *request, struct cv_arena *arena, const struct cv_plan *from, bool list,
                        struct cv_projection *projection);

/** Writes an object from a struct of `from`. */
void cv_project_row(struct cv_buffer *out, const struct cv_projection *projection, const void *row);
/** Writes one from a cursor's cells. */
void cv_project_cells(struct cv_buffer *out, const struct cv_projection *projection, const cuvee_value *cells);

#endif
