/*
 * A refund is the one call that moves money.  Its amount is always sent:
 * without one Stripe gives back whatever is left.
 */
#include "stripe/refund.h"

#include "stripe/form.h"

static void
put_refund(struct buf *form, const struct stripe_refund_request *request)
{
	form_put(form, "payment_intent", request->payment_intent);
	form_put_i64(form, "amount", request->amount);
	for (size_t i = 0; i < request->metadata_count; i++)
		if (request->metadata[i].value[0] != '\0')
			form_put_member(form, "metadata",
			    request->metadata[i].key,
			    request->metadata[i].value);
}

enum status
stripe_refund_create(struct stripe *stripe,
    const struct stripe_refund_request *request, int64_t deadline_ms,
    struct stripe_refund *refund, struct stripe_reply *reply,
    struct err *err)
{
	struct buf form = BUF_INIT(STRIPE_FORM_MAX);
	struct stripe_post post = {
		.path = "/v1/refunds",
		.idempotency_key = request->idempotency_key,
		.deadline_ms = deadline_ms,
	};
	struct json_doc answer = { .text = NULL };
	enum status st;

	put_refund(&form, request);
	st = buf_check(&form, "a refund", err);
	post.form = buf_str(&form);
	if (st == ST_OK)
		st = stripe_post(stripe, &post, &answer, reply, err);
	if (st == ST_OK)
		st = stripe_refund_parse(json_root(&answer), refund, err);
	/* An answer that cannot be read: the refund may exist, so the caller
	 * must not report that nothing happened. */
	if (st == ST_BAD_INPUT)
		st = err->st = ST_UPSTREAM;
	json_clear(&answer);
	buf_clear(&form);
	return st;
}
