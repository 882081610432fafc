/** Databases on a server, as its drivers share them. */
#ifndef CV_DRIVER_REMOTE_DATABASE_H
#define CV_DRIVER_REMOTE_DATABASE_H

#include "driver/driver.h"
#include "driver/url.h"

struct cv_remote_database {
    struct cv_database base;
    struct cv_url url;
    unsigned busy_ms;
    bool read_only;
};

/** Checks the URL's options and says what place it names: see cv_remote_identity. NULL on error. */
typedef char *(*cv_remote_identify)(const struct cv_url *url, cuvee_error *error);

/** See `open_database` and `close_database` in struct cv_driver. */
struct cv_database *cv_remote_open(const struct cv_driver *driver, const struct cv_place *place,
                                   cv_remote_identify identify, cuvee_error *error);
void cv_remote_close(struct cv_database *database);

/** An identity (see struct cv_database) made of all that tells places apart. From malloc; NULL when memory is out. */
char *cv_remote_identity(const char *engine, const char *const *parts, size_t count, cuvee_error *error);

#endif
