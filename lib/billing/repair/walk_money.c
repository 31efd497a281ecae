/*
 * Compares refunds, disputes and early fraud warnings, as Stripe lists them,
 * with the books.
 */
#include "base/clock.h"
#include "billing/facts/fetched_facts.h"
#include "billing/facts/money_fact.h"
#include "billing/repair/finding.h"
#include "billing/repair/walk.h"
#include "store/runs.h"
#include "stripe/charge.h"

/*
 * How long before the period something may have begun that ended within it:
 * Stripe lists by creation, but a dispute is decided, and a refund may fail,
 * long after.
 */
enum { DAY_S = 24 * 3600, REFUND_LIFE_S = 30 * DAY_S,
	DISPUTE_LIFE_S = 150 * DAY_S };

/*
 * Compares one whose payment's session is older than the period: sessions of
 * the period were read with their refunds and disputes.  They show no warnings,
 * so of these all are compared (a session is never of tomorrow).
 */
static enum status
compare_money(struct walk *walk, const char *id, const char *currency,
    const struct fact_item *item, struct err *err)
{
	struct finding finding = { .id = id, .currency = currency,
	    .amount_cents = item->amount_cents };
	bool is_news = false;
	enum status st = ST_OK;

	fetched_facts_init(&finding.facts);
	if (item->kind != FACT_NONE)
		st = store_money_is_news(walk->task->app->store, item,
		    item->kind == FACT_WARNING ? clock_now_s() + DAY_S
		    : walk->task->since, &is_news, err);
	if (st == ST_OK && is_news) {
		fetched_facts_add(&finding.facts, item);
		st = finding_try(walk->task, &finding,
		    &walk->counts.failures, err);
	}
	fetched_facts_clear(&finding.facts);
	return st;
}

/* A paced_reader_object. */
static enum status
take_refund(void *context, struct json_node json, struct err *err)
{
	struct fact_item item = { .kind = FACT_NONE };
	struct stripe_refund refund;
	struct walk *walk = context;
	char currency[8];
	enum status st;

	walk->counts.refunds++;
	walk_report(walk);
	st = stripe_refund_parse(json, &refund, err);
	if (st == ST_OK)
		st = json_get_text_or_empty(json, "currency", currency,
		    sizeof(currency), err);
	if (st == ST_OK) {
		refund_fact_fill(&item, &refund);
		st = compare_money(walk, refund.id, currency, &item, err);
	}
	return walk_pass_over_listed(walk, json, st, err);
}

/* A paced_reader_object. */
static enum status
take_dispute(void *context, struct json_node json, struct err *err)
{
	struct fact_item item = { .kind = FACT_NONE };
	struct stripe_dispute dispute;
	struct walk *walk = context;
	char currency[8];
	enum status st;

	walk->counts.disputes++;
	walk_report(walk);
	st = stripe_dispute_parse(json, &dispute, err);
	if (st == ST_OK)
		st = json_get_text_or_empty(json, "currency", currency,
		    sizeof(currency), err);
	if (st == ST_OK) {
		dispute_fact_fill(&item, &dispute);
		st = compare_money(walk, dispute.id, currency, &item, err);
	}
	return walk_pass_over_listed(walk, json, st, err);
}

/* A paced_reader_object. */
static enum status
take_warning(void *context, struct json_node json, struct err *err)
{
	struct fact_item item = { .kind = FACT_NONE };
	struct stripe_warning warning;
	struct walk *walk = context;
	enum status st = stripe_warning_parse(json, &warning, err);

	if (st == ST_OK) {
		warning_fact_fill(&item, &warning);
		st = compare_money(walk, warning.id, "", &item, err);
	}
	return walk_pass_over_listed(walk, json, st, err);
}

/*
 * A restricted key that was made for an older version may lack this one
 * permission: the rest of the run goes on.
 */
static enum status
walk_warnings(struct walk *walk, struct err *err)
{
	const struct reconcile *task = walk->task;
	enum status st = paced_reader_each(&walk->reader,
	    "/v1/radar/early_fraud_warnings", task->since - REFUND_LIFE_S,
	    take_warning, walk, err);

	if (st != ST_DENIED)
		return st;
	task->listener.denied(task->listener.context,
	    "early fraud warnings");
	return ST_OK;
}

enum status
walk_money(struct walk *walk, struct err *err)
{
	int64_t since = walk->task->since;
	enum status st = paced_reader_each(&walk->reader, "/v1/refunds",
	    since - REFUND_LIFE_S, take_refund, walk, err);

	if (st == ST_OK)
		st = paced_reader_each(&walk->reader, "/v1/disputes",
		    since - DISPUTE_LIFE_S, take_dispute, walk, err);
	return st == ST_OK ? walk_warnings(walk, err) : st;
}
