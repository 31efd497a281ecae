/*
 * These facts have no event whose id tells whether they are known: the database
 * compares what they say.  Each is written as JSON at once, since its texts
 * belong to an object that ends before the list does.
 */
#include "billing/facts/fetched_facts.h"

#include <string.h>

#include "base/clock.h"
#include "billing/facts/money_fact.h"
#include "billing/facts/session_fact.h"

bool
fact_from_session(const struct stripe_session *session, bool livemode,
    struct fact_item *item)
{
	const char *word = session_fact_name(session);

	*item = (struct fact_item){ .kind = FACT_NONE };
	if (word == NULL)
		return false;
	session_fact_fill(item, session, word, session_fact_time(session),
	    session->livemode == livemode);
	return true;
}

void
fact_from_gone(const char *session_id, struct fact_item *item)
{
	*item = (struct fact_item){
		.disposition = "fact",
		.kind = FACT_SESSION,
		.word = "expired",
		/* Stripe shows no time of a session that it does not know. */
		.at = clock_now_s(),
		.session_id = session_id,
	};
}

void
fetched_facts_init(struct fetched_facts *facts)
{
	facts->json = (struct buf)BUF_INIT((size_t)FETCHED_FACTS_MAX *
	    FACT_ITEM_MAX);
	facts->count = 0;
}

void
fetched_facts_clear(struct fetched_facts *facts)
{
	buf_clear(&facts->json);
	facts->count = 0;
}

enum status
fetched_facts_text(struct fetched_facts *facts, const char **text,
    struct err *err)
{
	enum status st;

	if (facts->count > FETCHED_FACTS_MAX)
		return err_set(err, ST_BUG, "%zu facts at once",
		    facts->count);
	/* The first fact opens the array; an empty one is opened here. */
	buf_putc(&facts->json, facts->count == 0 ? '[' : ' ');
	buf_putc(&facts->json, ']');
	st = buf_check(&facts->json, "the list of facts", err);
	*text = buf_str(&facts->json);
	return st;
}

/*
 * Beyond the maximum only the count goes on, so that fetched_facts_text() fails
 * instead of recording a part.  The word is copied: it is borrowed from the
 * object.
 */
void
fetched_facts_add(struct fetched_facts *facts, const struct fact_item *item)
{
	const char *word = item->word != NULL ? item->word : "";

	if (item->kind == FACT_NONE)
		return;
	if (facts->count < FETCHED_FACTS_MAX) {
		struct fetched_fact *fact = &facts->facts[facts->count];
		struct buf copy = BUF_FIXED(fact->word);

		fact->kind = item->kind;
		buf_puts(&copy, word);
		if (facts->count == 0)
			buf_putc(&facts->json, '[');
		fact_item_put(&facts->json, item);
	}
	facts->count++;
}

void
fetched_facts_add_charge(struct fetched_facts *facts,
    const struct stripe_charge *charge)
{
	struct fact_item item = { .kind = FACT_NONE };

	charge_fact_fill(&item, charge);
	fetched_facts_add(facts, &item);
}

static enum status
add_refund(struct fetched_facts *facts, struct json_node json, struct err *err)
{
	struct fact_item item = { .kind = FACT_NONE };
	struct stripe_refund refund;
	enum status st = stripe_refund_parse(json, &refund, err);

	if (st != ST_OK)
		return st;
	refund_fact_fill(&item, &refund);
	fetched_facts_add(facts, &item);
	return ST_OK;
}

static enum status
add_dispute(struct fetched_facts *facts, struct json_node json, struct err *err)
{
	struct fact_item item = { .kind = FACT_NONE };
	struct stripe_dispute dispute;
	enum status st = stripe_dispute_parse(json, &dispute, err);

	if (st != ST_OK)
		return st;
	dispute_fact_fill(&item, &dispute);
	fetched_facts_add(facts, &item);
	return ST_OK;
}

/*
 * An answer without the array must not pass for an empty list, which would mean
 * that nothing was given back.
 */
static enum status
add_page(struct fetched_facts *facts, struct json_node page,
    enum status (*add)(struct fetched_facts *, struct json_node, struct err *),
    struct err *err)
{
	struct json_node data = json_at(page, "data");
	struct json_node object = json_first(data);
	enum status st = ST_OK;

	if (!json_is(data, JSON_ARRAY))
		return err_set(err, ST_BAD_INPUT, "a list without data");
	while (st == ST_OK && json_exists(object)) {
		st = add(facts, object, err);
		object = json_next(data, object);
	}
	return st;
}

enum status
fetched_facts_add_refunds(struct fetched_facts *facts, struct json_node page,
    struct err *err)
{
	return add_page(facts, page, add_refund, err);
}

enum status
fetched_facts_add_disputes(struct fetched_facts *facts, struct json_node page,
    struct err *err)
{
	return add_page(facts, page, add_dispute, err);
}
