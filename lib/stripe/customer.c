/*
 * Creates Stripe's customer for a parent.  Sessions name it, so that Stripe
 * shows a family's payments together and fills in its address.
 */
#include "stripe/customer.h"

#include "stripe/field.h"
#include "stripe/form.h"

#define CUSTOMERS_PATH "/v1/customers"

void
stripe_customer_form(struct buf *form,
    const struct stripe_customer_request *request)
{
	form_put_given(form, "name", request->name);
	form_put_given(form, "email", request->email);
	form_put_given(form, "phone", request->phone);
	for (size_t i = 0; i < request->metadata_count; i++)
		form_put_member(form, "metadata", request->metadata[i].key,
		    request->metadata[i].value);
}

enum status
stripe_customer_create(struct stripe *stripe, const char *form,
    const char *idempotency_key, int64_t deadline_ms,
    char id[STRIPE_ID_SIZE], struct stripe_reply *reply, struct err *err)
{
	const struct stripe_post post = {
		.path = CUSTOMERS_PATH,
		.form = form,
		.idempotency_key = idempotency_key,
		.deadline_ms = deadline_ms,
	};
	struct json_doc answer = { .text = NULL };
	enum status st;

	id[0] = '\0';
	st = stripe_post(stripe, &post, &answer, reply, err);
	if (st == ST_OK)
		st = field_own_id(json_root(&answer), id, err);
	/* Malformed input here is Stripe's, not a caller's. */
	if (st == ST_BAD_INPUT)
		st = err->st = ST_UPSTREAM;
	json_clear(&answer);
	return st;
}
