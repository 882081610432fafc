/** All of Cuvee: models, blend, session, queries and the web layer. The test client is in <cuvee/test.h>. */
#ifndef CUVEE_CUVEE_H
#define CUVEE_CUVEE_H

#include <cuvee/blend.h>
#include <cuvee/error.h>
#include <cuvee/expr.h>
#include <cuvee/model.h>
#include <cuvee/outcome.h>
#include <cuvee/query.h>
#include <cuvee/relation.h>
#include <cuvee/session.h>
#include <cuvee/sql.h>
#include <cuvee/value.h>
#include <cuvee/web.h>

#endif
