/*
 * An event whose object cannot be read is recorded as refused, for a person to
 * see, and answered like any other: Stripe would only send the same bytes
 * again.
 */
#include "billing/facts/event_facts.h"

#include <string.h>

#include "billing/facts/money_fact.h"
#include "billing/facts/session_fact.h"

/*
 * Reads one kind of object into event_fact.  A status of ST_BAD_INPUT refuses
 * the event; one without a payment intent (a charge of somebody's old
 * integration) is ignored: it is left without a kind.
 */
typedef enum status object_to_fact(const struct stripe_event *event,
    bool livemode, struct event_fact *event_fact, struct err *err);

static enum status
session_to_fact(const struct stripe_event *event, bool livemode,
    struct event_fact *event_fact, struct err *err)
{
	struct stripe_session *session = &event_fact->object.session;
	const char *word;
	bool is_our_mode;
	enum status st;

	st = stripe_session_parse(event->object, session, err);
	if (st != ST_OK)
		return st;
	is_our_mode = session->livemode == livemode &&
	    event->livemode == livemode;
	word = session_fact_name(session);
	/*
	 * The session of a failed bank payment looks like one whose payment is
	 * still under way: only the event's type tells them apart.
	 */
	if (strcmp(event->type, "checkout.session.async_payment_failed") == 0)
		word = "failed";
	if (word == NULL)
		return err_set(err, ST_BAD_INPUT, "%s of an open session",
		    event->type);
	/*
	 * A payment of the other mode is kept, and waits for a person; an
	 * expired session brought nothing that could wait.
	 */
	if (session->status == SESSION_EXPIRED && !is_our_mode)
		return err_set(err, ST_BAD_INPUT, "made in %s mode",
		    event->livemode ? "live" : "test");
	session_fact_fill(&event_fact->item, session, word, event->created,
	    is_our_mode);
	return ST_OK;
}

/*
 * No payment of ours can have a refund or dispute in the other mode: the event
 * is refused, so that a person looks at the endpoint at Stripe.
 */
static enum status
check_mode(const struct stripe_event *event, bool livemode, struct err *err)
{
	if (event->livemode == livemode)
		return ST_OK;
	return err_set(err, ST_BAD_INPUT, "made in %s mode",
	    event->livemode ? "live" : "test");
}

static enum status
charge_to_fact(const struct stripe_event *event, bool livemode,
    struct event_fact *event_fact, struct err *err)
{
	enum status st = check_mode(event, livemode, err);

	if (st == ST_OK)
		st = stripe_charge_parse(event->object,
		    &event_fact->object.money.charge, err);
	if (st == ST_OK)
		charge_fact_fill(&event_fact->item,
		    &event_fact->object.money.charge);
	return st;
}

/* texts ends with NULL. */
static bool
is_among(const char *text, const char *const *texts)
{
	while (*texts != NULL && strcmp(*texts, text) != 0)
		texts++;
	return *texts != NULL;
}

/*
 * A status that is new to this list is refused: whether the money went back
 * must not be guessed.
 */
static enum status
refund_to_fact(const struct stripe_event *event, bool livemode,
    struct event_fact *event_fact, struct err *err)
{
	static const char *const statuses[] = { "pending", "requires_action",
	    "succeeded", "failed", "canceled", NULL };
	struct stripe_refund *refund = &event_fact->object.money.refund;
	enum status st = check_mode(event, livemode, err);

	if (st == ST_OK)
		st = stripe_refund_parse(event->object, refund, err);
	if (st == ST_OK && !is_among(refund->status, statuses))
		st = err_set(err, ST_BAD_INPUT, "unknown status of a refund");
	if (st == ST_OK)
		refund_fact_fill(&event_fact->item, refund);
	return st;
}

/*
 * Only the event's type says that the funds were withdrawn or given back; the
 * dispute itself does not.
 */
static enum status
dispute_to_fact(const struct stripe_event *event, bool livemode,
    struct event_fact *event_fact, struct err *err)
{
	static const char *const statuses[] = { "won", "lost",
	    "warning_closed", "prevented", "charge_refunded",
	    "needs_response", "under_review", "warning_needs_response",
	    "warning_under_review", NULL };
	struct stripe_dispute *dispute = &event_fact->object.money.dispute;
	enum status st = check_mode(event, livemode, err);

	if (st == ST_OK)
		st = stripe_dispute_parse(event->object, dispute, err);
	if (st == ST_OK && !is_among(dispute->status, statuses))
		st = err_set(err, ST_BAD_INPUT, "unknown status of a dispute");
	if (st != ST_OK)
		return st;
	dispute->is_withdrawn = strcmp(event->type,
	    "charge.dispute.funds_withdrawn") == 0;
	dispute->is_reinstated = strcmp(event->type,
	    "charge.dispute.funds_reinstated") == 0;
	dispute_fact_fill(&event_fact->item, dispute);
	return ST_OK;
}

static enum status
warning_to_fact(const struct stripe_event *event, bool livemode,
    struct event_fact *event_fact, struct err *err)
{
	enum status st = check_mode(event, livemode, err);

	if (st == ST_OK)
		st = stripe_warning_parse(event->object,
		    &event_fact->object.money.warning, err);
	if (st == ST_OK)
		warning_fact_fill(&event_fact->item,
		    &event_fact->object.money.warning);
	return st;
}

static enum status
failure_to_fact(const struct stripe_event *event, bool livemode,
    struct event_fact *event_fact, struct err *err)
{
	struct stripe_failure *failure = &event_fact->object.money.failure;
	struct fact_item *item = &event_fact->item;
	enum status st = check_mode(event, livemode, err);

	if (st == ST_OK)
		st = stripe_failure_parse(event->object, failure, err);
	if (st != ST_OK)
		return st;
	item->disposition = "fact";
	item->kind = FACT_FAILURE;
	item->payment_intent_id = failure->payment_intent;
	item->at = event->created;
	item->message = failure->message;
	item->metadata = failure->metadata;
	return ST_OK;
}

/*
 * A session's events state all that a payment is.  So of the events of its
 * payment intent only the failed attempt is here, which no session shows; of
 * its charge, what was given back.
 */
static const struct {
	const char *type;
	object_to_fact *to_fact;
} conversions[] = {
	{ "checkout.session.completed", session_to_fact },
	{ "checkout.session.async_payment_succeeded", session_to_fact },
	{ "checkout.session.async_payment_failed", session_to_fact },
	{ "checkout.session.expired", session_to_fact },
	{ "charge.refunded", charge_to_fact },
	{ "charge.refund.updated", refund_to_fact },
	{ "refund.created", refund_to_fact },
	{ "refund.updated", refund_to_fact },
	{ "refund.failed", refund_to_fact },
	{ "charge.dispute.created", dispute_to_fact },
	{ "charge.dispute.updated", dispute_to_fact },
	{ "charge.dispute.closed", dispute_to_fact },
	{ "charge.dispute.funds_withdrawn", dispute_to_fact },
	{ "charge.dispute.funds_reinstated", dispute_to_fact },
	{ "payment_intent.payment_failed", failure_to_fact },
	{ "radar.early_fraud_warning.created", warning_to_fact },
	{ "radar.early_fraud_warning.updated", warning_to_fact },
};

void
event_facts_put_types(struct buf *form, const char *name)
{
	for (size_t i = 0; i < sizeof(conversions) / sizeof(conversions[0]);
	    i++)
		buf_putf(form, "&%s=%s", name, conversions[i].type);
}

static object_to_fact *
find_conversion(const char *type)
{
	for (size_t i = 0; i < sizeof(conversions) / sizeof(conversions[0]);
	    i++)
		if (strcmp(conversions[i].type, type) == 0)
			return conversions[i].to_fact;
	return NULL;
}

static void
settle(struct fact_item *item, const char *disposition, const char *reason)
{
	item->disposition = disposition;
	item->reason = reason;
	item->kind = FACT_NONE;
}

static enum status
convert_by_type(const struct stripe_event *event, bool livemode,
    struct event_fact *event_fact, struct err *err)
{
	object_to_fact *to_fact = find_conversion(event->type);
	struct fact_item *item = &event_fact->item;
	enum status st = ST_OK;

	/*
	 * Another account's event is another business's, whatever its type; and
	 * a session of a subscription lacks fields that every payment has, so
	 * it is sorted out before it is parsed.
	 */
	if (event->is_of_account)
		settle(item, "foreign", "of a connected account");
	else if (to_fact == NULL)
		settle(item, "ignored", "not about a payment");
	else if (to_fact == session_to_fact &&
	    !stripe_session_is_of_payment(event->object))
		settle(item, "foreign", "not in payment mode");
	else if (!json_exists(event->object))
		st = err_set(err, ST_BAD_INPUT, "data.object is missing");
	else
		st = to_fact(event, livemode, event_fact, err);
	return st;
}

static enum status
convert(bool livemode, struct event_fact *event_fact, struct err *err)
{
	const struct stripe_event *event = &event_fact->event;
	struct fact_item *item = &event_fact->item;
	enum status st;

	/* Filled first: a refused event is recorded under its id as well. */
	*item = (struct fact_item){
		.event_id = event->id,
		.event_type = event->type,
		.object_id = event->object_id,
		.event_livemode = event->livemode,
		.api_version = event->api_version,
		.event_created = event->created,
	};
	st = convert_by_type(event, livemode, event_fact, &event_fact->why);
	if (st == ST_BAD_INPUT) {
		settle(item, "refused", event_fact->why.msg);
		return ST_OK;
	}
	if (st == ST_OK && item->disposition == NULL)
		settle(item, "ignored", "no payment intent");
	if (st != ST_OK)
		*err = event_fact->why;
	return st;
}

enum status
event_fact_read(struct event_fact *event_fact, const char *body, size_t len,
    const struct event_terms *terms, struct err *err)
{
	struct stripe_event *event = &event_fact->event;
	enum status st = stripe_event_parse(body, len, event, err);

	if (st != ST_OK)
		return st;
	stripe_event_accept_account(event, terms->account);
	return convert(terms->livemode, event_fact, err);
}

void
event_fact_clear(struct event_fact *event_fact)
{
	stripe_event_clear(&event_fact->event);
}
