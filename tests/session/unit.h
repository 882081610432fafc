/**
 * A unit of work that is known: beside a session, what its databases should hold and what each of its objects should
 * look like.
 */
#ifndef TESTS_SESSION_UNIT_H
#define TESTS_SESSION_UNIT_H

#include "session/image.h"
#include "support/dice.h"

enum { MOST_THINGS = 600, LEVELS = 4 };

enum state { NEW, STORED, DELETED, GONE, OUT };

/* An object of the session. */
struct thing {
    int kind;
    const void *object;
    enum state state;
    struct row now;              /* as it should look */
    struct row written;          /* as its row was last known */
    struct row original;         /* as it was before the unit of work */
    bool born, changed, flushed; /* in this unit of work */
    bool doubted;                /* it is read again when it is next asked for */
    bool stale;                  /* it may be: raw SQL wrote to its table */
};

struct level {
    cuvee_savepoint *point;
    struct image image;
    struct thing things[MOST_THINGS];
    size_t count;
};

struct unit {
    struct world *world;
    cuvee_session *session;
    uint64_t seed; /* 0: none is at work */
    size_t step;
    struct dice dice;
    struct image now, committed;
    struct thing things[MOST_THINGS];
    size_t count;
    struct level levels[LEVELS];
    size_t level;
    bool past_objects[KINDS]; /* written without them */
    bool faulty;              /* an allocation is to fail in this step */
};

/** Opens its session; what the databases hold is told by `committed`. */
void unit_open(struct unit *unit);
/** Closes the session and opens another one: its objects are forgotten. */
void unit_open_anew(struct unit *unit);
size_t unit_throw(struct unit *unit, size_t sides);

/** Another object of the session. */
struct thing *unit_add_thing(struct unit *unit, int kind, const void *object, enum state state);
/** Its objects look as they should. */
void unit_assert_things(const struct unit *unit);
/** An object came back; what is `fresh` was read from its row just now. */
void unit_meet(struct unit *unit, int kind, const void *object, bool fresh);
bool thing_is_edited(const struct thing *thing);

/** Whether a database has a reason to refuse what is pending. */
bool unit_may_fail(struct unit *unit);
/**
 * Flushes. False: it failed, as it may, and was recovered from. `was_read`: objects may have come that are not known.
 */
bool unit_flush(struct unit *unit, bool was_read);
/** What was pending has been written. */
void unit_follow_flush(struct unit *unit);

/** Rolls back; everything is as it was. */
void unit_roll_back(struct unit *unit);
/** Goes back to a savepoint; everything is as it was there. */
void unit_go_back(struct unit *unit, size_t to);
/**
 * Something failed: one of these. Which objects were read or left until then is not known; if that matters, all are
 * forgotten.
 */
void unit_recover(struct unit *unit, bool was_read);
/** It was committed. */
void unit_settle(struct unit *unit);

#endif
