#include "stripe/customer.h"

#include <string.h>

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
		st = field_id(json_root(&answer), "id", id, err);
	if (st == ST_BAD_INPUT)
		st = err->st = ST_UPSTREAM;
	json_clear(&answer);
	return st;
}

/* A deleted one is still answered, with 200 and `deleted`: true. */
static enum status
check_alive(struct json_node json, const char *id, struct err *err)
{
	char answered[STRIPE_ID_SIZE];
	bool deleted = false;
	enum status st = field_id(json, "id", answered, err);

	if (st == ST_OK && strcmp(answered, id) != 0)
		st = err_set(err, ST_BAD_INPUT,
		    "Stripe answered with another customer than %s", id);
	if (st == ST_OK && json_exists(json_at(json, "deleted")))
		st = field_bool(json, "deleted", &deleted, err);
	if (st == ST_BAD_INPUT)
		st = err->st = ST_UPSTREAM;
	if (st == ST_OK && deleted)
		st = err_set(err, ST_NOT_FOUND,
		    "the customer %s was deleted at Stripe", id);
	return st;
}

enum status
stripe_customer_check(struct stripe *stripe, const char *id,
    int64_t deadline_ms, struct err *err)
{
	struct buf path = BUF_INIT(512);
	struct json_doc answer = { .text = NULL };
	struct stripe_reply reply;
	enum status st;

	if (!stripe_id_ok(id))
		return err_set(err, ST_BAD_INPUT, "not a customer's id");
	buf_puts(&path, CUSTOMERS_PATH "/");
	buf_puts(&path, id);
	st = buf_check(&path, "the customer's path", err);
	if (st != ST_OK)
		goto out;
	st = stripe_get(stripe, buf_str(&path), deadline_ms, &answer, &reply,
	    err);
	if (st == ST_UPSTREAM && reply.http == 404)
		st = err->st = ST_NOT_FOUND;
	if (st == ST_OK)
		st = check_alive(json_root(&answer), id, err);
out:
	json_clear(&answer);
	buf_clear(&path);
	return st;
}
