/*
 * What a history must come to, told anew from the rules of the club's books and
 * from nothing of the database's: a second opinion on sql/functions.  A history
 * is judged as the set that it is.
 */
#ifndef TEAMDUES_TESTS_SYSTEM_MODEL_H
#define TEAMDUES_TESTS_SYSTEM_MODEL_H

#include "world.h"

/*
 * A line per order and per payment, as play.h's summary.  absent: happenings
 * that are left out, by place (NULL: none).  The caller frees it.
 */
char *model_summary(const struct world *world, const bool *absent);

#endif
