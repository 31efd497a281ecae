/*
 * Two of Stripe's fields make one word here, status and payment_status (docs:
 * api/checkout/sessions/object): a session is complete as soon as its payer is
 * done, which may be days before a bank pays.
 */
#include <string.h>

#include "billing/facts/session_fact.h"

/*
 * After a failed debit the payment intent asks for another method, or is
 * cancelled; its session stays complete and unpaid.
 */
static bool
has_failed(const struct stripe_session *session)
{
	char status[64];
	struct err ignored;

	if (json_get_text(session->json, "payment_intent.status", status,
	    sizeof(status), &ignored) != ST_OK)
		return false;
	return strcmp(status, "requires_payment_method") == 0 ||
	    strcmp(status, "canceled") == 0;
}

const char *
session_fact_name(const struct stripe_session *session)
{
	if (session->status == SESSION_EXPIRED)
		return "expired";
	if (session->status != SESSION_COMPLETE)
		return NULL;
	if (session->payment_status == PAYMENT_PAID)
		return "paid";
	if (session->payment_status == PAYMENT_NOT_REQUIRED)
		return "free";
	return has_failed(session) ? "failed" : "unpaid";
}

/*
 * The same time at every question, as the clock's would not be.  Without
 * expanded objects only the session's creation is known, which is never too
 * late.
 */
int64_t
session_fact_time(const struct stripe_session *session)
{
	static const char *const paths[] = {
		"payment_intent.latest_charge.created",
		"payment_intent.created",
	};
	struct err ignored;
	int64_t at;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (json_get_i64(session->json, paths[i], 0, INT64_MAX, &at,
		    &ignored) == ST_OK)
			return at;
	return session->created;
}

void
session_fact_fill(struct fact_item *item,
    const struct stripe_session *session, const char *word, int64_t at,
    bool is_our_mode)
{
	item->disposition = "fact";
	item->kind = FACT_SESSION;
	item->word = word;
	item->at = at;
	item->session_id = session->id;
	item->payment_intent_id = session->payment_intent;
	item->created = session->created;
	item->livemode = session->livemode;
	item->is_our_mode = is_our_mode;
	item->amount_cents = session->amount_total;
	item->currency = session->currency;
	item->customer_id = session->customer;
	item->email = session->email;
	item->payer_name = session->payer_name;
	item->client_reference_id = session->client_reference_id;
	item->payment_link = session->payment_link;
	item->metadata = session->metadata;
}
