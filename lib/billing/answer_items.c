#include "billing/answer_items.h"

#include "base/clock.h"
#include "billing/session_fact.h"

static enum status
fact_item(struct fact *fact, struct json_object **item, struct err *err)
{
	static const struct verdict verdict = { "fact", "" };

	return item_new(NULL, fact, &verdict, item, err);
}

enum status
answer_session(const struct stripe_session *session, bool livemode,
    struct json_object **item, struct err *err)
{
	const struct session_fact f = {
		.session = session,
		.name = session_fact_name(session),
		.at = session_fact_time(session),
		.is_our_mode = session->livemode == livemode,
	};
	struct fact fact = { "session", NULL };
	enum status st;

	if (f.name == NULL)
		return ST_OK;
	st = session_fact_json(&f, &fact.json, err);
	return st == ST_OK ? fact_item(&fact, item, err) : st;
}

enum status
answer_gone(const char *session_id, struct json_object **item,
    struct err *err)
{
	struct fact fact = { "session", json_object_new_object() };
	enum status st;

	if (fact.json == NULL)
		return err_set(err, ST_NOMEM, "no memory for a fact");
	st = json_put_text(fact.json, "id", session_id, err);
	if (st == ST_OK)
		st = json_put_text(fact.json, "fact", "expired", err);
	if (st == ST_OK)
		st = json_put_i64(fact.json, "at", clock_now_s(), err);
	if (st == ST_OK)
		st = fact_item(&fact, item, err);
	fact_clear(&fact);
	return st;
}

enum status
answer_add(struct json_object *items, struct json_object *item,
    struct err *err)
{
	if (json_object_array_add(items, json_object_get(item)) == 0)
		return ST_OK;
	json_object_put(item);
	return err_set(err, ST_NOMEM, "no memory for an answer");
}

/* Takes fact, made with st. */
static enum status
add_fact(struct json_object *items, enum status st, struct fact *fact,
    struct err *err)
{
	struct json_object *item = NULL;

	if (st == ST_OK)
		st = fact_item(fact, &item, err);
	if (st == ST_OK)
		st = answer_add(items, item, err);
	json_object_put(item);
	return st;
}

enum status
answer_add_charge(struct json_object *items,
    const struct stripe_charge *charge, struct err *err)
{
	struct fact fact = { "charge", NULL };
	enum status st = item_charge(charge, &fact.json, err);

	return add_fact(items, st, &fact, err);
}

static enum status
add_refund(struct json_object *items, struct json_node json, struct err *err)
{
	struct fact fact = { "refund", NULL };
	struct stripe_refund refund;
	enum status st;

	st = stripe_refund_parse(json, &refund, err);
	if (st == ST_OK)
		st = item_refund(&refund, &fact.json, err);
	return add_fact(items, st, &fact, err);
}

/* Moves of the funds are events of their own; asked, the dispute lists them. */
static enum status
add_dispute(struct json_object *items, struct json_node json, struct err *err)
{
	struct fact fact = { "dispute", NULL };
	struct stripe_dispute dispute;
	const char *facts[4] = { dispute.status, NULL, NULL, NULL };
	size_t count = 1;
	enum status st;

	st = stripe_dispute_parse(json, &dispute, err);
	if (st != ST_OK)
		return st;
	if (dispute.is_withdrawn)
		facts[count++] = "funds_withdrawn";
	if (dispute.is_reinstated)
		facts[count++] = "funds_reinstated";
	st = item_dispute(&dispute, facts, &fact.json, err);
	return add_fact(items, st, &fact, err);
}

static enum status
add_page(struct json_object *items, struct json_node page,
    enum status (*add)(struct json_object *, struct json_node, struct err *),
    struct err *err)
{
	struct json_node data = json_at(page, "data");
	enum status st = ST_OK;

	if (!json_is(data, JSON_ARRAY))
		return err_set(err, ST_BAD_INPUT, "a list without data");
	for (struct json_node object = json_first(data);
	    st == ST_OK && json_exists(object);
	    object = json_next(data, object))
		st = add(items, object, err);
	return st;
}

enum status
answer_add_refunds(struct json_object *items, struct json_node page,
    struct err *err)
{
	return add_page(items, page, add_refund, err);
}

enum status
answer_add_disputes(struct json_object *items, struct json_node page,
    struct err *err)
{
	return add_page(items, page, add_dispute, err);
}
