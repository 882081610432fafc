/** The unit of work: what was added, edited and deleted, and how it ends. */
#ifndef CV_SESSION_CHANGES_H
#define CV_SESSION_CHANGES_H

#include "session/objects.h"

enum cv_state {
    CV_STATE_NEW = 1, /* to be inserted */
    CV_STATE_EDITED,  /* to be compared with `written`, and updated where it differs */
    CV_STATE_STORED,  /* as it stands in the open transaction */
    CV_STATE_DELETED, /* to be deleted */
    CV_STATE_GONE,    /* deleted in the open transaction */
    CV_STATE_EXPUNGED,
};

/* A pending change of one object; lives until commit or rollback. */
struct cv_pending {
    void *row;
    struct cv_home *home;
    uint32_t *number; /* what stands beside the row: this change, in its slab */
    void *original;   /* the row as it was loaded; NULL when it was added in this unit of work */
    void *written;    /* the row as it was last written; NULL: not edited since */
    enum cv_state state;
    bool born;                  /* added in this unit of work */
    bool unsure;                /* as CV_UNSURE */
    const struct cv_link *link; /* whose key it takes when it is inserted; NULL: nobody's */
};

/* A new row that gets its parent's key. */
struct cv_link {
    const void *parent;
    const struct cv_field *parent_field;
    const struct cv_field *field;
};

/** Whether rows of this model may be changed or locked through this session; READ_ONLY otherwise. */
bool cv_can_write(cuvee_session *session, const struct cv_route *route);
/** The same for raw SQL on a base. */
bool cv_can_write_base(cuvee_session *session, const cuvee_base *base);
/** Where an object lies that is still in the session; false: MISUSE, in the name of `verb`. */
bool cv_object_of_session(cuvee_session *session, const void *object, const char *verb, struct cv_place_of *place);
/** Whether the object was added and not flushed yet. */
bool cv_object_is_new(cuvee_session *session, const void *object);
/** Whether it has a row in the database, as far as this session knows. */
bool cv_object_is_written(cuvee_session *session, const void *object);
/** Whether it is to be deleted at flush. */
bool cv_object_is_deleted(cuvee_session *session, const void *object);
/** Whether its row must be read again before it counts. False while it has edits that would be lost. */
bool cv_object_is_unsure(cuvee_session *session, const void *object);
/** What was edited in the object and not flushed is no more: its values were read again, and count as written. */
void cv_object_renewed(cuvee_session *session, const void *object);
/**
 * The object stands for its row from now on; one that stood for it before leaves the session. *given_up: with something
 * that was still to be written. False: out of memory.
 */
bool cv_object_known(cuvee_session *session, struct cv_home *home, const void *object, bool *given_up);
/**
 * All rows of a home may have been changed or deleted without their objects: each is read again when it is next asked
 * for.
 */
void cv_changes_doubt(cuvee_session *session, struct cv_home *home);
/** The same for all homes of a database, if it was written without objects since the unit of work began. */
void cv_changes_doubt_past_objects(cuvee_session *session, const struct cv_branch *branch);
/** Undoes the pending changes from number `from` on: objects that were added leave, others are as they were loaded. */
void cv_changes_undo_from(cuvee_session *session, size_t from);
/** The unit of work is over: what it held is as committed, or is undone. */
void cv_changes_settled(cuvee_session *session);
/** It is over, and nobody knows which of it stands: its objects leave the session. */
void cv_changes_abandoned(cuvee_session *session);
void cv_changes_undone(cuvee_session *session);

#endif
