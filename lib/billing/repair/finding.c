/*
 * The facts of one object are recorded in one transaction, apart from those of
 * all others: one that is refused, or killed, harms nothing else.
 */
#include "billing/repair/finding.h"

#include <stdlib.h>

#include "billing/facts/fulfilment.h"

/* Adds what one fact that is news says to the difference. */
static void
note_news(struct difference *difference, const struct fetched_fact *fact)
{
	if (fact->kind == FACT_SESSION)
		difference->fact = fact->word;
	else if (fact->kind == FACT_DISPUTE)
		difference->dispute = fact->word;
	else if (fact->kind == FACT_WARNING)
		difference->has_warning = true;
	else
		difference->has_refunds = true;
}

/*
 * A fact that contradicts what is known of its object: with no event that could
 * be kept for review, it is only reported.
 */
static bool
is_refused(const struct record_result *result)
{
	return result->outcome == OUTCOME_REVIEW && !result->is_news;
}

/*
 * The database decides after the last fact is recorded: all facts share one
 * result.  A payment of another business is recorded, so that it is known the
 * next time, and is not reported.
 */
static void
tell(const struct reconcile *task, const struct finding *finding,
    const struct record_effect *effects, int64_t *failures)
{
	const struct reconcile_listener *listener = &task->listener;
	struct difference difference = {
		.id = finding->id,
		.amount_cents = finding->amount_cents,
		.currency = finding->currency,
	};

	for (size_t i = 0; i < finding->facts.count; i++) {
		const struct record_result *result = &effects[i].result;
		struct err err;

		if (is_refused(result)) {
			(*failures)++;
			(void)err_set(&err, ST_CONFLICT, "%s",
			    result->reason);
			listener->failure(listener->context, finding->id,
			    &err);
		}
		if (!result->is_news)
			continue;
		if (task->commit && result->is_alarm)
			fulfilment_log("session", finding->id, result);
		difference.effect = &effects[i];
		note_news(&difference, &finding->facts.facts[i]);
	}
	if (difference.effect != NULL &&
	    difference.effect->result.outcome != OUTCOME_FOREIGN)
		listener->difference(listener->context, &difference);
}

enum status
finding_try(const struct reconcile *task, struct finding *finding,
    int64_t *failures, struct err *err)
{
	size_t count = finding->facts.count;
	struct record_effect *effects;
	const char *items;
	enum status st;

	if (count == 0)
		return ST_OK;
	effects = calloc(count, sizeof(*effects));
	if (effects == NULL)
		return err_set(err, ST_NOMEM, "no memory for facts");
	st = fetched_facts_text(&finding->facts, &items, err);
	if (st == ST_OK)
		st = store_record_answers(task->app->store, items, (int)count,
		    task->commit, effects, err);
	if (st == ST_OK)
		tell(task, finding, effects, failures);
	free(effects);
	return st;
}
