/** Objects: where loaded and added rows live, and which row is which object. A session has one home per model. */
#ifndef CV_SESSION_OBJECTS_H
#define CV_SESSION_OBJECTS_H

#include "session/state.h"

/* A piece of a home's rows, and beside each row the number of its pending change (0: none). */
struct cv_slab {
    struct cv_home *home;
    char *rows;
    uint32_t *changes;   /* NULL in a read-only session */
    uint32_t used, room; /* rows */
    uint32_t first;      /* row's number in the home */
};

/* In cv_slab.changes, instead of a number: */
#define CV_LEFT_SESSION UINT32_MAX       /* the object is no more of the session */
#define CV_UNSURE       (UINT32_MAX - 1) /* its row may be another by now, or gone: it is read again before it counts */

struct cv_slot {
    uint32_t hash;
    uint32_t number; /* of the row in its home, plus one; 0: empty place */
};

enum { CV_FIRST_SLOTS = 16 };

struct cv_loaded;

/* What a session holds of one model. */
struct cv_home {
    const struct cv_route *route;
    uint64_t seed;          /* of the keys' hashes */
    struct cv_slab **slabs; /* in the order of their rows' numbers */
    size_t slab_count, slab_room;
    unsigned slab_bits;    /* the largest slabs hold `1 << slab_bits` rows */
    size_t last_slab;      /* where the last row asked for lay */
    struct cv_slot *slots; /* identity map: open addressing, at most 7/8 full */
    size_t slot_mask;
    struct cv_slot first_slots[CV_FIRST_SLOTS]; /* enough for a few rows */
    size_t known;                               /* rows in the identity map */
    bool unsure;                                /* some of its rows may be unsure */
    struct cv_loaded *loaded;                   /* relations of its rows, relation.h */
    uint32_t *pending;                          /* numbers of the changes of this model, in order */
    size_t pending_count, pending_room;
};

/* An object's place. */
struct cv_place_of {
    struct cv_slab *slab;
    uint32_t index;
};

/** The home of a model, made when it is first asked for. NULL: MISUSE (in no bound base) or MEMORY. */
struct cv_home *cv_home_of(cuvee_session *session, const cuvee_model *model);
/** A new zeroed row. NULL: out of memory (in the session). */
void *cv_home_new_row(cuvee_session *session, struct cv_home *home);
/** The row with these key values if the session has it; keys are values of the key fields' kinds. */
void *cv_home_find(const struct cv_home *home, const cuvee_value *keys);
/** Makes room for `more` rows in the identity map. False: out of memory (in the session). */
bool cv_home_reserve(cuvee_session *session, struct cv_home *home, size_t more);
/**
 * The slot of these keys: the one that is filled with them, or an empty one (number 0) for cv_home_fill, before
 * anything else is done with the home's slots. NULL: out of memory.
 */
struct cv_slot *cv_home_slot(cuvee_session *session, struct cv_home *home, const cuvee_value *keys);
void cv_home_fill(struct cv_home *home, struct cv_slot *slot, const void *row);
/** How many rows its slabs have room for: each number is less. */
uint32_t cv_home_room(const struct cv_home *home);
/** The row of this number. */
void *cv_home_row(const struct cv_home *home, uint32_t number);
/**
 * Puts a row into the identity map, under its own key. What stood there is *before, which has no slab if there was
 * nothing else. False: out of memory.
 */
bool cv_home_know(cuvee_session *session, struct cv_home *home, const void *row, struct cv_place_of *before);
/** Takes it out again. */
void cv_home_forget(struct cv_home *home, const void *row);
/** The row's number in its home, from 0, in the order in which rows were made. */
uint32_t cv_home_number(struct cv_home *home, const void *row);
/** Where this object of the session lies; false when it is none of it. */
bool cv_object_find(cuvee_session *session, const void *object, struct cv_place_of *place);
void cv_homes_free(cuvee_session *session);

#endif
