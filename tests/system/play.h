/*
 * Plays a history to the real database functions: its events become items of
 * teamdues.record by the webhook's own code, and are recorded as a plan says,
 * in a transaction that is undone.
 */
#ifndef TEAMDUES_TESTS_SYSTEM_PLAY_H
#define TEAMDUES_TESTS_SYSTEM_PLAY_H

#include "plan.h"
#include "world.h"

/* What the rows were at the end of a plan. */
struct outcome {
	char *summary;		/* as model.h's */
	char *rows;		/* every row that must be the same, as JSON */
	char *faults;		/* teamdues.audit's, "" for none */
};

/* Makes the functions below; once for a connection, before any transaction. */
void play_prepare(struct stack *stack);

/*
 * Plays each plan on the world as it is, and undoes it again; the first and the
 * last are audited.  A transaction must be open.  The caller clears the
 * outcomes.
 */
void play_plans(struct stack *stack, const struct world *world,
    const struct plan *plans, int count, struct outcome *outcomes);

/* What the rows are now; nothing is audited. */
void play_look(struct stack *stack, const struct world *world,
    struct outcome *outcome);

/* The item that the webhook makes of an event; the caller puts it. */
struct json_object *play_item(struct json_object *event);

void outcome_clear(struct outcome *outcome);

#endif
