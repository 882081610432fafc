/** Opening the socket that a server listens on. */
#ifndef CV_WEB_SERVER_LISTEN_H
#define CV_WEB_SERVER_LISTEN_H

#include <cuvee/error.h>

/** A listening socket for host and port (0: any free one); -1: *error says why not. Gives the port in *actual. */
int cv_listen(const char *host, unsigned port, unsigned *actual, cuvee_error *error);

#endif
