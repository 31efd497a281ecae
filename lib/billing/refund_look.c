/*
 * A refund that is pending counts as given back, else the same money could be
 * promised twice; one that failed or was cancelled left the money where it was.
 */
#include "billing/refund_look.h"

#include <string.h>

bool
refund_has_failed(const struct stripe_refund *refund)
{
	return strcmp(refund->status, "failed") == 0 ||
	    strcmp(refund->status, "canceled") == 0;
}

void
refund_put(const struct stripe_refund *refund, const char *payment_intent,
    struct buf *words)
{
	if (payment_intent != NULL)
		buf_putf(words, "of %s, refund %s is %s", payment_intent,
		    refund->id, refund->status);
	else if (refund_has_failed(refund))
		buf_putf(words, "could not be given back by card (Stripe says: "
		    "%s). Give it back in cash or by bank transfer",
		    refund->status);
	else if (strcmp(refund->status, "succeeded") == 0)
		buf_puts(words, "goes back the way it came, within 5 to 10 "
		    "days");
	else
		buf_putf(words, "waits at Stripe before it goes back; Stripe "
		    "says: %s", refund->status);
}

/* Each says one thing to do next. */
static const char *
refusal_of(const struct stripe_reply *reply)
{
	static const struct {
		const char *code;
		const char *words;
	} refusals[] = {
		{ "resource_missing", "Stripe does not know this payment. Give "
		    "it back in cash or by bank transfer" },
		{ "charge_already_refunded", "it went back before. Nothing is "
		    "left to do" },
		{ "charge_disputed", "the bank disputes this payment. Answer "
		    "the dispute at Stripe" },
		{ "balance_insufficient", "the club has too little money at "
		    "Stripe. Ask again in some days, when more has come" },
	};

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (strcmp(reply->code, refusals[i].code) == 0)
			return refusals[i].words;
	return "Stripe refused it. Show this page to whoever looks after "
	    "the server";
}

enum status
refund_refused(const struct stripe_reply *reply, struct err *err)
{
	const struct err why = *err;

	if (why.st == ST_UPSTREAM && reply->http >= 400 && reply->http < 500)
		(void)err_set(err, why.st, "the money did not go back: %s "
		    "(%s)", refusal_of(reply), why.msg);
	return why.st;
}

static void
count_refund(const struct stripe_refund *refund, const char *request,
    struct refund_look *look)
{
	look->count++;
	if (request != NULL && strcmp(refund->request, request) == 0)
		look->own = *refund;
	if (refund_has_failed(refund))
		return;
	look->given_cents += refund->amount;
	if (strcmp(refund->status, "succeeded") != 0)
		look->pending_cents += refund->amount;
}

static enum status
read_refunds(struct json_node page, const char *request,
    struct refund_look *look, struct err *err)
{
	struct json_node data = json_at(page, "data");
	struct stripe_refund refund;
	bool has_more = false;
	enum status st = json_get_bool(page, "has_more", &has_more, err);

	/*
	 * The sum of a page alone would be too small, and too much would be
	 * given back.
	 */
	if (st == ST_OK && has_more)
		return err_set(err, ST_UPSTREAM, "the payment has more than "
		    "a hundred refunds: give it back at Stripe");
	for (struct json_node object = json_first(data);
	    st == ST_OK && json_exists(object);
	    object = json_next(data, object)) {
		st = stripe_refund_parse(object, &refund, err);
		if (st == ST_OK)
			count_refund(&refund, request, look);
	}
	return st;
}

/*
 * An inquiry (warning_needs_response and the like), and a dispute that the club
 * has won, leave the money with the club.
 */
static bool
takes_money(const struct stripe_dispute *dispute)
{
	static const char *const words[] = {
		"needs_response", "under_review", "lost"
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(dispute->status, words[i]) == 0)
			return true;
	return false;
}

static enum status
read_disputes(struct json_node page, struct refund_look *look,
    struct err *err)
{
	struct json_node data = json_at(page, "data");
	struct stripe_dispute dispute;
	enum status st = ST_OK;

	for (struct json_node object = json_first(data);
	    st == ST_OK && json_exists(object);
	    object = json_next(data, object)) {
		st = stripe_dispute_parse(object, &dispute, err);
		if (st == ST_OK)
			look->is_disputed |= takes_money(&dispute);
	}
	return st;
}

enum status
refund_look(struct stripe *stripe, const char *payment_intent,
    const char *request, int64_t deadline_ms, struct refund_look *look,
    struct err *err)
{
	struct json_doc refunds = { .text = NULL };
	struct json_doc disputes = { .text = NULL };
	enum status st;

	*look = (struct refund_look){ .count = 0 };
	st = stripe_refund_list(stripe, payment_intent, deadline_ms, &refunds,
	    err);
	if (st == ST_OK)
		st = read_refunds(json_root(&refunds), request, look, err);
	if (st == ST_OK)
		st = stripe_dispute_list(stripe, payment_intent, deadline_ms,
		    &disputes, err);
	if (st == ST_OK)
		st = read_disputes(json_root(&disputes), look, err);
	/* Stripe sent what cannot be read: the caller's request was right. */
	if (st == ST_BAD_INPUT || st == ST_NOT_FOUND)
		st = err->st = ST_UPSTREAM;
	json_clear(&refunds);
	json_clear(&disputes);
	return st;
}
