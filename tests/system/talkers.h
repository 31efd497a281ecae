/*
 * Several webhook programs, as on several hosts: connections of their own to
 * the database, over which histories are told at once, in calls of several
 * events of several orders.
 */
#ifndef TEAMDUES_TESTS_SYSTEM_TALKERS_H
#define TEAMDUES_TESTS_SYSTEM_TALKERS_H

#include "world.h"

struct talkers;

struct talkers *talkers_open(struct stack *stack);

/*
 * Tells all that happens in these worlds, some of it more than once.  A call
 * that fails, by a deadlock or otherwise, fails the test.
 */
void talkers_tell(struct talkers *talkers, const struct world *worlds,
    int count, struct chance *chance);

void talkers_close(struct talkers *talkers);

#endif
