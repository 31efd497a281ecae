/* A run over a year must not end at one bad object, nor hide it. */
#include "billing/repair/walk.h"

enum status
walk_pass_over(struct walk *walk, const char *id, enum status st,
    const struct err *err)
{
	const struct reconcile_listener *listener = &walk->task->listener;

	if (st == ST_OK || st == ST_DB || st == ST_NOMEM)
		return st;
	walk->counts.failures++;
	listener->failure(listener->context, id, err);
	return ST_OK;
}

enum status
walk_pass_over_listed(struct walk *walk, struct json_node json, enum status st,
    const struct err *err)
{
	char id[STRIPE_ID_SIZE];
	struct err ignored;

	if (json_get_text(json, "id", id, sizeof(id), &ignored) != ST_OK)
		return walk_pass_over(walk, "an object without an id", st, err);
	return walk_pass_over(walk, id, st, err);
}

void
walk_report(const struct walk *walk)
{
	const struct reconcile_listener *listener = &walk->task->listener;

	listener->progress(listener->context, &walk->counts);
}
