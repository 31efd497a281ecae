#include "billing/judgement.h"

#include <string.h>

#include "billing/money_fact.h"
#include "billing/session_fact.h"

/*
 * Reads one kind of object into judged.  A status of ST_BAD_INPUT refuses the
 * event; one without a payment intent (a charge of somebody's old integration)
 * is ignored: it is left without a kind.
 */
typedef enum status judge_object(const struct stripe_event *event,
    bool livemode, struct judged *judged, struct err *err);

static enum status
judge_session(const struct stripe_event *event, bool livemode,
    struct judged *judged, struct err *err)
{
	struct stripe_session *session = &judged->object.session;
	const char *word;
	bool is_our_mode;
	enum status st;

	st = stripe_session_parse(event->object, session, err);
	if (st != ST_OK)
		return st;
	is_our_mode = session->livemode == livemode
	    && event->livemode == livemode;
	word = session_fact_name(session);
	if (strcmp(event->type, "checkout.session.async_payment_failed") == 0)
		word = "failed";
	if (word == NULL)
		return err_set(err, ST_BAD_INPUT, "%s of an open session",
		    event->type);
	if (session->status == SESSION_EXPIRED && !is_our_mode)
		return err_set(err, ST_BAD_INPUT, "made in %s mode",
		    event->livemode ? "live" : "test");
	session_fact_fill(&judged->item, session, word, event->created,
	    is_our_mode);
	return ST_OK;
}

/* Money that moved in the other mode is nobody's here; a person must look. */
static enum status
check_mode(const struct stripe_event *event, bool livemode, struct err *err)
{
	if (event->livemode == livemode)
		return ST_OK;
	return err_set(err, ST_BAD_INPUT, "made in %s mode",
	    event->livemode ? "live" : "test");
}

static enum status
judge_charge(const struct stripe_event *event, bool livemode,
    struct judged *judged, struct err *err)
{
	enum status st = check_mode(event, livemode, err);

	if (st == ST_OK)
		st = stripe_charge_parse(event->object, &judged->object.charge,
		    err);
	if (st == ST_OK)
		charge_fact_fill(&judged->item, &judged->object.charge);
	return st;
}

static bool
is_among(const char *text, const char *const *texts)
{
	while (*texts != NULL && strcmp(*texts, text) != 0)
		texts++;
	return *texts != NULL;
}

static enum status
judge_refund(const struct stripe_event *event, bool livemode,
    struct judged *judged, struct err *err)
{
	static const char *const statuses[] = { "pending", "requires_action",
	    "succeeded", "failed", "canceled", NULL };
	struct stripe_refund *refund = &judged->object.refund;
	enum status st = check_mode(event, livemode, err);

	if (st == ST_OK)
		st = stripe_refund_parse(event->object, refund, err);
	if (st == ST_OK && !is_among(refund->status, statuses))
		st = err_set(err, ST_BAD_INPUT, "unknown status of a refund");
	if (st == ST_OK)
		refund_fact_fill(&judged->item, refund);
	return st;
}

/* Moves of the funds are told by the event's type alone. */
static enum status
judge_dispute(const struct stripe_event *event, bool livemode,
    struct judged *judged, struct err *err)
{
	static const char *const statuses[] = { "won", "lost",
	    "warning_closed", "prevented", "charge_refunded",
	    "needs_response", "under_review", "warning_needs_response",
	    "warning_under_review", NULL };
	struct stripe_dispute *dispute = &judged->object.dispute;
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
	dispute_fact_fill(&judged->item, dispute);
	return ST_OK;
}

static enum status
judge_warning(const struct stripe_event *event, bool livemode,
    struct judged *judged, struct err *err)
{
	enum status st = check_mode(event, livemode, err);

	if (st == ST_OK)
		st = stripe_warning_parse(event->object,
		    &judged->object.warning, err);
	if (st == ST_OK)
		warning_fact_fill(&judged->item, &judged->object.warning);
	return st;
}

static enum status
judge_failure(const struct stripe_event *event, bool livemode,
    struct judged *judged, struct err *err)
{
	struct stripe_failure *failure = &judged->object.failure;
	struct fact_item *item = &judged->item;
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

static const struct {
	const char *type;
	judge_object *judge;
} judges[] = {
	{ "checkout.session.completed", judge_session },
	{ "checkout.session.async_payment_succeeded", judge_session },
	{ "checkout.session.async_payment_failed", judge_session },
	{ "checkout.session.expired", judge_session },
	{ "charge.refunded", judge_charge },
	{ "charge.refund.updated", judge_refund },
	{ "refund.created", judge_refund },
	{ "refund.updated", judge_refund },
	{ "refund.failed", judge_refund },
	{ "charge.dispute.created", judge_dispute },
	{ "charge.dispute.updated", judge_dispute },
	{ "charge.dispute.closed", judge_dispute },
	{ "charge.dispute.funds_withdrawn", judge_dispute },
	{ "charge.dispute.funds_reinstated", judge_dispute },
	{ "payment_intent.payment_failed", judge_failure },
	{ "radar.early_fraud_warning.created", judge_warning },
	{ "radar.early_fraud_warning.updated", judge_warning },
};

static judge_object *
find_judge(const char *type)
{
	for (size_t i = 0; i < sizeof(judges) / sizeof(judges[0]); i++)
		if (strcmp(judges[i].type, type) == 0)
			return judges[i].judge;
	return NULL;
}

/* A subscription's or a saved card's session is another program's. */
static bool
is_of_other_mode_of_payment(const struct stripe_event *event)
{
	char mode[32];
	struct err unused;

	return strncmp(event->type, "checkout.session.", 17) == 0
	    && json_get_text(event->object, "mode", mode, sizeof(mode),
	    &unused) == ST_OK && strcmp(mode, "payment") != 0;
}

static void
settle(struct fact_item *item, const char *disposition, const char *reason)
{
	item->disposition = disposition;
	item->reason = reason;
	item->kind = FACT_NONE;
}

static enum status
judge_by_type(const struct stripe_event *event, bool livemode,
    struct judged *judged, struct err *err)
{
	judge_object *judge = find_judge(event->type);
	struct fact_item *item = &judged->item;
	enum status st = ST_OK;

	if (event->is_of_account)
		settle(item, "foreign", "of a connected account");
	else if (judge == NULL)
		settle(item, "ignored", "not about a payment");
	else if (is_of_other_mode_of_payment(event))
		settle(item, "foreign", "not in payment mode");
	else if (!json_exists(event->object))
		st = err_set(err, ST_BAD_INPUT, "data.object is missing");
	else
		st = judge(event, livemode, judged, err);
	return st;
}

enum status
judge_event(const struct stripe_event *event, bool livemode,
    struct judged *judged, struct err *err)
{
	struct fact_item *item = &judged->item;
	enum status st;

	*item = (struct fact_item){
		.event_id = event->id,
		.event_type = event->type,
		.object_id = event->object_id,
		.event_livemode = event->livemode,
		.api_version = event->api_version,
		.event_created = event->created,
	};
	st = judge_by_type(event, livemode, judged, err);
	if (st == ST_BAD_INPUT) {
		settle(item, "refused", err->msg);
		return ST_OK;
	}
	if (st == ST_OK && item->disposition == NULL)
		settle(item, "ignored", "no payment intent");
	return st;
}
