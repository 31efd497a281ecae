/*
 * Ways to tell a history: in which order its happenings come, how often, and
 * how many in one call.
 */
#ifndef TEAMDUES_TESTS_SYSTEM_PLAN_H
#define TEAMDUES_TESTS_SYSTEM_PLAN_H

#include "history.h"

enum { PLANS_MAX = 24, PLAN_STEPS_MAX = 2 * HISTORY_HAPPENINGS_MAX };

/* One thing said: which happening, and how it comes. */
struct plan_step {
	int happening;
	bool is_asked;		/* Stripe was asked: there is no event */
	bool is_joined;		/* in one call with the one before */
};

struct plan {
	int count;
	struct plan_step steps[PLAN_STEPS_MAX];
};

/* Every happening in this order, with duplicates anywhere. */
void plan_make(struct chance *chance, const struct history *history,
    const int *order, struct plan *plan);

/*
 * Each order once when there are no more than limit, which is so for four
 * happenings and PLANS_MAX; else 20 random ones or limit.  Gives how many.
 */
int plan_make_many(struct chance *chance, const struct history *history,
    int limit, struct plan plans[PLANS_MAX]);

/* Calls are parted by |, ? is without an event. */
void plan_print(const struct plan *plan, const bool *absent);

void plan_shuffle(struct chance *chance, int *order, int count);

#endif
