/* A treasurer at the desk, and an order that acts of the desk are tried on. */
#ifndef TEAMDUES_TESTS_SYSTEM_SCENE_H
#define TEAMDUES_TESTS_SYSTEM_SCENE_H

#include "reconcile.h"
#include "treasurer.h"

enum { SCENE_AMOUNT = 15000 };

/* A treasurer and a pending order; with a page of Stripe's that is open. */
struct scene {
	struct stack *stack;
	struct treasurer ruth;
	struct club club;
	char session[SESSION_ID_SIZE];	/* "": none */
};

void scene_make(struct stack *stack, struct scene *s);

/* The same, and the order's page at Stripe is open. */
void scene_open(struct stack *stack, struct scene *s);

/* An act of the treasurer's on the order. */
struct desk_act scene_act(const struct scene *s, const char *action);

/* How often the audit log has such an act of the treasurer's. */
void scene_assert_logged(const struct scene *s, const char *action, int count);

void scene_assert_status(const struct scene *s, const char *status);

#endif
