/** The scripted driver, inside. */
#ifndef CV_DRIVER_SCRIPTED_SCRIPTED_H
#define CV_DRIVER_SCRIPTED_SCRIPTED_H

#include "driver/scripted/script.h"

/** Records a call, `what` being its object (""), and tells whether it is to go on. False: it fails, with *error. */
bool cv_script_call(struct cv_script *script, enum cv_call call, const char *what, cuvee_error *error);

#endif
