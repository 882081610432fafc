/** Writing shapes: small helpers of this room. */
#ifndef CV_SQL_SHAPE_H
#define CV_SQL_SHAPE_H

#include "base/buffer.h"
#include "model/plan.h"

/* What a shape begins with, so that two kinds of statement never share one. */
enum cv_shape_head {
    CV_SHAPE_SELECT = 'S',
    CV_SHAPE_CHANGE = 'C',
    CV_SHAPE_MASS = 'M',
    CV_SHAPE_UPSERT = 'U',
    CV_SHAPE_RAW = 'R'
};

static inline void cv_shape_head(struct cv_buffer *shape, enum cv_shape_head head, const struct cv_plan *plan,
                                 unsigned kind)
{
    struct {
        const struct cv_plan *plan; /* a plan's address is the model's identity within a blend */
        uint32_t head, kind;
    } start = {plan, (uint32_t)head, kind};
    cv_buffer_bytes(shape, (const char *)&start, sizeof start);
}

static inline void cv_shape_number(struct cv_buffer *shape, uint64_t number)
{
    cv_buffer_bytes(shape, (const char *)&number, sizeof number);
}

#endif
