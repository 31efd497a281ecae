#include "billing/reconcile.h"

#include <stdlib.h>
#include <string.h>

#include "billing/answer_items.h"
#include "billing/fulfilment.h"
#include "billing/reader.h"
#include "stripe/charge.h"

struct walk {
	const struct reconcile *task;
	struct reader reader;
	int64_t sessions;
};

/* A session with what Stripe showed of it that may be news. */
struct finding {
	const char *session_id;
	int64_t amount_cents;
	const char *currency;
	struct answers answers;
};

/* Adds what one answer with news says to the difference. */
static void
note_news(struct difference *difference, const struct answer *answer)
{
	if (answer->kind == FACT_SESSION)
		difference->fact = answer->word;
	else if (answer->kind == FACT_DISPUTE)
		difference->dispute = answer->word;
	else
		difference->has_refunds = true;
}

/* Refused without an event: it contradicts what is known of its object. */
static bool
is_refused(const struct standing *standing)
{
	return standing->outcome == OUTCOME_REVIEW && !standing->is_news;
}

/*
 * All items were judged after the last: they share one standing.  Another
 * business's payment is recorded, so that it is known the next time, and quiet.
 */
static void
tell(struct walk *walk, const struct finding *finding,
    const struct trial *trials)
{
	const struct reconcile_listener *listener = &walk->task->listener;
	struct difference difference = {
		.session_id = finding->session_id,
		.amount_cents = finding->amount_cents,
		.currency = finding->currency,
	};

	for (size_t i = 0; i < finding->answers.count; i++) {
		const struct standing *standing = &trials[i].standing;
		struct err err;

		if (is_refused(standing)) {
			(void)err_set(&err, ST_CONFLICT, "%s",
			    standing->reason);
			listener->failure(listener->context,
			    finding->session_id, &err);
		}
		if (!standing->is_news)
			continue;
		if (walk->task->commit && standing->is_alarm)
			fulfilment_log("session", finding->session_id,
			    standing);
		difference.trial = &trials[i];
		note_news(&difference, &finding->answers.answers[i]);
	}
	if (difference.trial != NULL
	    && difference.trial->standing.outcome != OUTCOME_FOREIGN)
		listener->difference(listener->context, &difference);
}

static enum status
try_finding(struct walk *walk, struct finding *finding, struct err *err)
{
	size_t count = finding->answers.count;
	struct trial *trials;
	const char *items;
	enum status st;

	if (count == 0)
		return ST_OK;
	trials = calloc(count, sizeof(*trials));
	if (trials == NULL)
		return err_set(err, ST_NOMEM, "no memory for answers");
	st = answers_text(&finding->answers, &items, err);
	if (st == ST_OK)
		st = store_try_answers(walk->task->store, items, (int)count,
		    walk->task->commit, trials, err);
	if (st == ST_OK)
		tell(walk, finding, trials);
	free(trials);
	return st;
}

/*
 * Where Stripe's total of refunds is not ours, the refunds themselves tell: the
 * total alone cannot, once one of them has failed.
 */
static enum status
add_refunds(struct walk *walk, const struct stripe_charge *charge,
    struct finding *finding, struct err *err)
{
	struct json_doc page = { .text = NULL };
	enum status st;

	if (charge->amount_refunded > 0)
		answers_add_charge(&finding->answers, charge);
	st = reader_refunds(&walk->reader, charge->payment_intent, &page, err);
	if (st == ST_OK)
		st = answers_add_refunds(&finding->answers, json_root(&page),
		    err);
	json_clear(&page);
	return st;
}

static enum status
add_disputes(struct walk *walk, const struct stripe_charge *charge,
    struct finding *finding, struct err *err)
{
	struct json_doc page = { .text = NULL };
	enum status st;

	st = reader_disputes(&walk->reader, charge->payment_intent, &page,
	    err);
	if (st == ST_OK)
		st = answers_add_disputes(&finding->answers, json_root(&page),
		    err);
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

/* item: the session's.  session NULL: Stripe does not know it. */
static enum status
compare(struct walk *walk, const struct fact_item *item,
    const struct stripe_session *session, struct finding *finding,
    struct err *err)
{
	struct known_session known;
	enum status st;

	answers_init(&finding->answers);
	st = store_known_session(walk->task->store, item, &known, err);
	if (st != ST_OK || !known.concerns)
		return st;
	if (known.is_news)
		answers_add(&finding->answers, item);
	if (session != NULL)
		st = add_money(walk, session, &known, finding, err);
	if (st == ST_OK)
		st = try_finding(walk, finding, err);
	answers_clear(&finding->answers);
	return st;
}

static enum status
compare_session(struct walk *walk, const struct stripe_session *session,
    struct err *err)
{
	struct finding finding = {
		.session_id = session->id,
		.amount_cents = session->amount_total,
		.currency = session->currency,
	};
	struct fact_item item;

	if (!answer_session(session, walk->task->livemode, &item))
		return ST_OK;
	return compare(walk, &item, session, &finding, err);
}

static enum status
compare_gone(struct walk *walk, const char *session_id, struct err *err)
{
	struct finding finding = { .session_id = session_id, .currency = "" };
	struct fact_item item;

	answer_gone(session_id, &item);
	return compare(walk, &item, NULL, &finding, err);
}

/*
 * One session that cannot be read, or is refused, must not hide the others; a
 * database that is away would fail them all.
 */
static enum status
pass_over(const struct walk *walk, const char *session_id, enum status st,
    const struct err *err)
{
	const struct reconcile_listener *listener = &walk->task->listener;

	if (st == ST_OK || st == ST_DB || st == ST_NOMEM)
		return st;
	listener->failure(listener->context, session_id, err);
	return ST_OK;
}

/* Subscriptions and saved cards are another program's. */
static bool
is_payment(struct json_node json)
{
	return !json_exists(json_at(json, "mode")) ||
	    json_text_is(json, "mode", "payment");
}

static enum status
take_listed(struct walk *walk, struct json_node json, struct err *err)
{
	struct stripe_session session;
	char id[STRIPE_ID_SIZE];
	struct err ignored;
	enum status st;

	walk->sessions++;
	if (!is_payment(json))
		return ST_OK;
	st = stripe_session_parse(json, &session, err);
	if (st == ST_OK)
		st = compare_session(walk, &session, err);
	if (json_get_text(json, "id", id, sizeof(id), &ignored) != ST_OK)
		id[0] = '\0';
	st = pass_over(walk, id[0] != '\0' ? id : "a session without an id",
	    st, err);
	stripe_session_clear(&session);
	return st;
}

static void
report_progress(const struct walk *walk)
{
	const struct reconcile_listener *listener = &walk->task->listener;

	listener->progress(listener->context, walk->sessions);
}

/* last becomes the id to go on after, or "" at the end. */
static enum status
take_page(struct walk *walk, struct json_node page,
    char last[STRIPE_ID_SIZE], struct err *err)
{
	struct json_node data = json_at(page, "data");
	struct json_node newest = JSON_NONE;
	bool has_more = false;
	enum status st = ST_OK;

	for (struct json_node json = json_first(data);
	    st == ST_OK && json_exists(json); json = json_next(data, json)) {
		st = take_listed(walk, json, err);
		newest = json;
	}
	report_progress(walk);
	if (st == ST_OK)
		st = json_get_bool(page, "has_more", &has_more, err);
	if (st == ST_OK && has_more && json_exists(newest))
		return json_get_text(newest, "id", last, STRIPE_ID_SIZE, err);
	last[0] = '\0';
	return st;
}

static enum status
walk_list(struct walk *walk, struct err *err)
{
	char last[STRIPE_ID_SIZE] = "";
	enum status st;

	do {
		struct json_doc page = { .text = NULL };

		st = reader_sessions(&walk->reader, walk->task->since,
		    last[0] != '\0' ? last : NULL, &page, err);
		if (st == ST_OK)
			st = take_page(walk, json_root(&page), last, err);
		json_clear(&page);
	} while (st == ST_OK && last[0] != '\0');
	return st;
}

/* What is of the period was in the list, and is not told twice. */
static enum status
ask(struct walk *walk, const char *session_id, struct err *err)
{
	struct stripe_session session;
	enum status st;

	walk->sessions++;
	st = reader_session(&walk->reader, session_id, &session, err);
	if (st == ST_NOT_FOUND)
		st = compare_gone(walk, session_id, err);
	else if (st == ST_OK && session.created < walk->task->since)
		st = compare_session(walk, &session, err);
	if (st == ST_OK && walk->task->commit)
		st = store_mark_asked(walk->task->store, session_id, err);
	st = pass_over(walk, session_id, st, err);
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
		st = store_next_due_session(walk->task->store, after, id, err);
		if (st == ST_NOT_FOUND)
			return ST_OK;
		if (st == ST_OK)
			st = ask(walk, id, err);
		if (st != ST_OK)
			return st;
		memcpy(after, id, sizeof(after));
		report_progress(walk);
	}
}

enum status
reconcile_run(const struct reconcile *task, struct err *err)
{
	struct walk walk = {
		.task = task,
		.reader = { .stripe = task->stripe },
	};
	enum status st = walk_list(&walk, err);

	return st == ST_OK ? walk_due(&walk, err) : st;
}
