#include "web/pages/assets.h"

/* Stands in where the docs pages' files are not built in. The one entry is not counted; C has no empty arrays. */
const struct cv_web_asset cv_web_assets[] = {{0}};
const size_t cv_web_asset_count = 0;
