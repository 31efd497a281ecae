/*
 * Lists first, then the sessions that are due, then strays: each step may
 * record what spares the next one a question.  A failure with one object is
 * counted and passed over; the run is noted as complete only when there was
 * none.
 */
#include "billing/repair/reconcile.h"

#include <string.h>

#include "base/clock.h"
#include "billing/facts/charge_note.h"
#include "billing/facts/fetched_facts.h"
#include "billing/facts/fulfilment.h"
#include "billing/repair/finding.h"
#include "billing/repair/walk.h"
#include "billing/session_expire.h"
#include "store/runs.h"
#include "stripe/charge.h"

/* For one stray: the command may wait longer than the clerk. */
enum { STRAY_MS = 20000 };

/*
 * Asked only where Stripe's total is not ours.  The refunds are read one by
 * one: once one of them has failed, the total does not say what went back.
 */
static enum status
add_refunds(struct walk *walk, const struct stripe_charge *charge,
    struct finding *finding, struct err *err)
{
	struct json_doc page = { .text = NULL };
	enum status st;

	if (charge->amount_refunded > 0)
		fetched_facts_add_charge(&finding->facts, charge);
	st = paced_reader_refunds(&walk->reader, charge->payment_intent, &page,
	    err);
	if (st == ST_OK)
		st = fetched_facts_add_refunds(&finding->facts,
		    json_root(&page), err);
	json_clear(&page);
	return st;
}

static enum status
add_disputes(struct walk *walk, const struct stripe_charge *charge,
    struct finding *finding, struct err *err)
{
	struct json_doc page = { .text = NULL };
	enum status st;

	st = paced_reader_disputes(&walk->reader, charge->payment_intent, &page,
	    err);
	if (st == ST_OK)
		st = fetched_facts_add_disputes(&finding->facts,
		    json_root(&page), err);
	json_clear(&page);
	return st;
}

/* What became of the money after it was paid. */
static enum status
add_money(struct walk *walk, const struct stripe_session *session,
    const struct known_session *known, struct finding *finding,
    struct err *err)
{
	struct json_node json = json_at(session->json,
	    "payment_intent.latest_charge");
	struct stripe_charge charge;
	enum status st;

	if (!json_is(json, JSON_OBJECT))
		return ST_OK;
	st = stripe_charge_parse(json, &charge, err);
	if (st == ST_OK && charge.amount_refunded != known->refunded_cents)
		st = add_refunds(walk, &charge, finding, err);
	if (st == ST_OK && charge.is_disputed)
		st = add_disputes(walk, &charge, finding, err);
	return st;
}

/* Only a payment is reported: nobody lost anything by an unpaid session. */
static void
tell_stranger(const struct walk *walk, const char *installation_id,
    const struct stripe_session *session)
{
	const struct reconcile_listener *listener = &walk->task->listener;

	if (session->payment_status == PAYMENT_PAID)
		listener->stranger(listener->context, installation_id,
		    session);
}

/* item: the session's.  session NULL: Stripe does not know it. */
static enum status
compare(struct walk *walk, const struct fact_item *item,
    const struct stripe_session *session, struct finding *finding,
    struct err *err)
{
	struct known_session known;
	enum status st;

	fetched_facts_init(&finding->facts);
	st = store_known_session(walk->task->app->store, item, &known, err);
	if (st == ST_OK && known.stranger[0] != '\0' && session != NULL)
		tell_stranger(walk, known.stranger, session);
	/*
	 * A payment of an unknown installation is recorded, as its event would
	 * be: a person may decide later that it is ours.
	 */
	if (st != ST_OK || (!known.is_ours && known.stranger[0] == '\0'))
		return st;
	if (known.is_news)
		fetched_facts_add(&finding->facts, item);
	if (session != NULL)
		st = add_money(walk, session, &known, finding, err);
	if (st == ST_OK)
		st = finding_try(walk->task, finding,
		    &walk->counts.failures, err);
	if (st == ST_OK && session != NULL && walk->task->commit)
		st = charge_note_session(walk->task->app, session, err);
	fetched_facts_clear(&finding->facts);
	return st;
}

static enum status
compare_session(struct walk *walk, const struct stripe_session *session,
    struct err *err)
{
	struct finding finding = {
		.id = session->id,
		.amount_cents = session->amount_total,
		.currency = session->currency,
	};
	struct fact_item item;

	if (!fact_from_session(session, walk->livemode, &item))
		return ST_OK;
	return compare(walk, &item, session, &finding, err);
}

/*
 * Believed only when our key can be expected to know the session: another
 * account's knows none of ours.
 */
static enum status
compare_gone(struct walk *walk, const char *session_id, struct err *err)
{
	struct finding finding = { .id = session_id, .currency = "" };
	struct fact_item item;
	enum status st;

	st = fulfilment_check_unknown(walk->task->app, session_id, err);
	if (st != ST_OK)
		return st;
	fact_from_gone(session_id, &item);
	return compare(walk, &item, NULL, &finding, err);
}

/* A paced_reader_object. */
static enum status
take_session(void *context, struct json_node json, struct err *err)
{
	struct walk *walk = context;
	struct stripe_session session;
	enum status st;

	walk->counts.sessions++;
	walk_report(walk);
	/* Counted above: the count shows what was read, not what is ours. */
	if (!stripe_session_is_of_payment(json))
		return ST_OK;
	st = stripe_session_parse(json, &session, err);
	if (st == ST_OK)
		st = compare_session(walk, &session, err);
	st = walk_pass_over_listed(walk, json, st, err);
	stripe_session_clear(&session);
	return st;
}

/*
 * Sessions created since `since` were compared when the list was read; here
 * only older ones are.  Marked as asked even when nothing is news, so that the
 * next question waits longer; not in a dry run, which changes nothing.
 */
static enum status
ask(struct walk *walk, const char *session_id, struct err *err)
{
	struct stripe_session session;
	enum status st;

	walk->counts.sessions++;
	st = paced_reader_session(&walk->reader, session_id, &session, err);
	if (st == ST_NOT_FOUND)
		st = compare_gone(walk, session_id, err);
	else if (st == ST_OK && session.created < walk->task->since)
		st = compare_session(walk, &session, err);
	if (st == ST_OK && walk->task->commit)
		st = store_mark_asked(walk->task->app->store, session_id,
		    err);
	st = walk_pass_over(walk, session_id, st, err);
	stripe_session_clear(&session);
	return st;
}

static enum status
walk_due(struct walk *walk, struct err *err)
{
	char after[STORE_ID_SIZE] = "";
	char id[STORE_ID_SIZE];
	enum status st;

	for (;;) {
		st = store_next_due_session(walk->task->app->store, after,
		    id, err);
		if (st == ST_NOT_FOUND)
			return ST_OK;
		if (st == ST_OK)
			st = ask(walk, id, err);
		if (st != ST_OK)
			return st;
		/*
		 * Passed by its id, so that one which stays due is asked once a
		 * run.
		 */
		memcpy(after, id, sizeof(after));
		walk_report(walk);
	}
}

/*
 * Ends sessions that are open for an order that is not pending.  Last of all,
 * since what was recorded before may have made an order paid.
 */
static enum status
walk_strays(struct walk *walk, struct err *err)
{
	const struct reconcile *task = walk->task;
	struct stray stray = { .session_id = "" };
	enum status st;

	for (;;) {
		bool was_complete = false;

		st = store_next_stray(task->app->store, stray.session_id,
		    walk->livemode, &stray, err);
		if (st == ST_NOT_FOUND)
			return ST_OK;
		if (st == ST_OK && task->commit)
			st = session_expire(task->app, stray.session_id,
			    clock_monotonic_ms() + STRAY_MS, &was_complete,
			    err);
		if (st == ST_OK)
			task->listener.stray(task->listener.context, &stray,
			    was_complete);
		st = walk_pass_over(walk, stray.session_id, st, err);
		if (st != ST_OK)
			return st;
	}
}

enum status
reconcile_run(const struct reconcile *task, struct reconcile_counts *counts,
    struct err *err)
{
	struct walk walk = {
		.task = task,
		.reader = { .stripe = task->app->stripe },
		.livemode = config_livemode(&task->app->config),
	};
	/*
	 * The next run goes on from the beginning of this one: what happened
	 * meanwhile may be missing in the lists.
	 */
	int64_t began = clock_now_s();
	enum status st = paced_reader_each_session(&walk.reader, task->since,
	    take_session, &walk, err);

	if (st == ST_OK)
		st = walk_money(&walk, err);
	if (st == ST_OK)
		st = walk_due(&walk, err);
	if (st == ST_OK)
		st = walk_strays(&walk, err);
	if (st == ST_OK && task->commit && walk.counts.failures == 0)
		st = store_note_run(task->app->store, RUN_RECONCILE, began,
		    task->since, err);
	*counts = walk.counts;
	return st;
}
