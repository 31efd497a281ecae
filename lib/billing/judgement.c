#include "billing/judgement.h"

#include <string.h>

#include "billing/session_fact.h"
#include "stripe/session.h"

/*
 * Reads one kind of object.  A status of ST_BAD_INPUT refuses the event; a fact
 * without a payment intent (a charge of somebody's old integration) is left
 * empty, and the event is ignored.
 */
typedef enum status judge_object(const struct stripe_event *event,
    bool livemode, struct fact *fact, struct err *err);

static enum status
judge_session(const struct stripe_event *event, bool livemode,
    struct fact *fact, struct err *err)
{
	struct stripe_session session;
	struct session_fact f = { .session = &session, .at = event->created };
	enum status st;

	st = stripe_session_parse(event->object, &session, err);
	if (st != ST_OK)
		goto out;
	f.is_our_mode = session.livemode == livemode
	    && event->livemode == livemode;
	f.name = session_fact_name(&session);
	if (strcmp(event->type, "checkout.session.async_payment_failed") == 0)
		f.name = "failed";
	if (f.name == NULL)
		st = err_set(err, ST_BAD_INPUT, "%s of an open session",
		    event->type);
	else if (session.status == SESSION_EXPIRED && !f.is_our_mode)
		st = err_set(err, ST_BAD_INPUT, "made in %s mode",
		    event->livemode ? "live" : "test");
	else
		st = session_fact_json(&f, &fact->json, err);
	fact->name = "session";
out:
	stripe_session_clear(&session);
	return st;
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
    struct fact *fact, struct err *err)
{
	struct stripe_charge charge = { .payment_intent = "" };
	enum status st = check_mode(event, livemode, err);

	if (st == ST_OK)
		st = stripe_charge_parse(event->object, &charge, err);
	if (st != ST_OK || charge.payment_intent[0] == '\0')
		return st;
	fact->name = "charge";
	return item_charge(&charge, &fact->json, err);
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
    struct fact *fact, struct err *err)
{
	static const char *const statuses[] = { "pending", "requires_action",
	    "succeeded", "failed", "canceled", NULL };
	struct stripe_refund refund = { .payment_intent = "" };
	enum status st = check_mode(event, livemode, err);

	if (st == ST_OK)
		st = stripe_refund_parse(event->object, &refund, err);
	if (st == ST_OK && !is_among(refund.status, statuses))
		st = err_set(err, ST_BAD_INPUT, "unknown status of a refund");
	if (st != ST_OK || refund.payment_intent[0] == '\0')
		return st;
	fact->name = "refund";
	return item_refund(&refund, &fact->json, err);
}

/* Moves of the funds are told by the event's type alone. */
static enum status
judge_dispute(const struct stripe_event *event, bool livemode,
    struct fact *fact, struct err *err)
{
	static const char *const statuses[] = { "won", "lost",
	    "warning_closed", "prevented", "charge_refunded",
	    "needs_response", "under_review", "warning_needs_response",
	    "warning_under_review", NULL };
	struct stripe_dispute dispute = { .payment_intent = "" };
	const char *facts[3] = { dispute.status, NULL, NULL };
	const char *move = strstr(event->type, "funds_");
	enum status st = check_mode(event, livemode, err);

	facts[1] = move;
	if (st == ST_OK)
		st = stripe_dispute_parse(event->object, &dispute, err);
	if (st == ST_OK && !is_among(dispute.status, statuses))
		st = err_set(err, ST_BAD_INPUT, "unknown status of a dispute");
	if (st != ST_OK || dispute.payment_intent[0] == '\0')
		return st;
	fact->name = "dispute";
	return item_dispute(&dispute, facts, &fact->json, err);
}

static enum status
judge_failure(const struct stripe_event *event, bool livemode,
    struct fact *fact, struct err *err)
{
	struct stripe_failure failure;
	enum status st = check_mode(event, livemode, err);

	if (st == ST_OK)
		st = stripe_failure_parse(event->object, &failure, err);
	if (st != ST_OK)
		return st;
	fact->name = "failure";
	return item_failure(&failure, event->created, &fact->json, err);
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

enum status
judge_event(const struct stripe_event *event, bool livemode,
    struct verdict *verdict, struct fact *fact, struct err *err)
{
	judge_object *judge = find_judge(event->type);
	enum status st;

	*fact = (struct fact){ NULL, NULL };
	*verdict = (struct verdict){ "foreign", "of a connected account" };
	if (event->is_of_account)
		return ST_OK;
	*verdict = (struct verdict){ "ignored", "not about a payment" };
	if (judge == NULL)
		return ST_OK;
	*verdict = (struct verdict){ "foreign", "not in payment mode" };
	if (json_exists(event->object) && is_of_other_mode_of_payment(event))
		return ST_OK;

	*verdict = (struct verdict){ "refused", err->msg };
	if (!json_exists(event->object))
		st = err_set(err, ST_BAD_INPUT, "data.object is missing");
	else
		st = judge(event, livemode, fact, err);
	if (st == ST_OK && fact->json != NULL)
		*verdict = (struct verdict){ "fact", "" };
	else if (st == ST_OK)
		*verdict = (struct verdict){ "ignored", "no payment intent" };
	return st == ST_BAD_INPUT ? ST_OK : st;
}
