/*
 * An endpoint is disabled and not deleted: what Stripe could not deliver there
 * stays to be looked at.
 */
#include "stripe/endpoint.h"

#include <openssl/crypto.h>
#include <string.h>

#include "stripe/field.h"
#include "stripe/form.h"
#include "stripe/list.h"

#define ENDPOINTS_PATH "/v1/webhook_endpoints"

enum { SECRET_SIZE = 256, PATH_SIZE = 512, ENDPOINTS_MAX = 100 };

enum status
stripe_endpoint_parse(struct json_node object,
    struct stripe_endpoint *endpoint, struct err *err)
{
	struct field_reader reader = FIELD_READER(object, err);
	char state[16];

	field_id(&reader, "id", endpoint->id);
	field_text(&reader, "url", endpoint->url, sizeof(endpoint->url));
	field_text(&reader, "status", state, sizeof(state));
	endpoint->is_enabled = reader.st == ST_OK &&
	    strcmp(state, "enabled") == 0;
	return reader.st;
}

/* An account has 16 at most. */
enum status
stripe_endpoint_list(struct stripe *stripe, int64_t deadline_ms,
    struct json_doc *page, struct err *err)
{
	return stripe_list(stripe, &(struct stripe_listing){
		.path = ENDPOINTS_PATH,
		.limit = ENDPOINTS_MAX,
	}, deadline_ms, page, err);
}

static enum status
read_secret(struct json_node object, struct secret *secret, struct err *err)
{
	struct field_reader reader = FIELD_READER(object, err);
	char text[SECRET_SIZE];
	enum status st;

	field_text(&reader, "secret", text, sizeof(text));
	st = reader.st;
	if (st == ST_OK)
		st = secret_set(secret, text, strlen(text), err);
	OPENSSL_cleanse(text, sizeof(text));
	return st;
}

enum status
stripe_endpoint_create(struct stripe *stripe,
    const struct stripe_new_endpoint *wanted, int64_t deadline_ms,
    struct stripe_endpoint *endpoint, struct secret *secret, struct err *err)
{
	struct buf form = BUF_INIT(STRIPE_FORM_MAX);
	struct stripe_post post = {
		.path = ENDPOINTS_PATH,
		.idempotency_key = wanted->idempotency_key,
		.deadline_ms = deadline_ms,
	};
	struct json_doc answer = { .text = NULL };
	struct stripe_reply reply;
	enum status st;

	form_put(&form, "url", wanted->url);
	form_put(&form, "api_version", STRIPE_VERSION);
	buf_put(&form, wanted->events->data, wanted->events->len);
	st = buf_check(&form, "a webhook endpoint", err);
	post.form = buf_str(&form);
	if (st == ST_OK)
		st = stripe_post(stripe, &post, &answer, &reply, err);
	if (st == ST_OK)
		st = stripe_endpoint_parse(json_root(&answer), endpoint, err);
	if (st == ST_OK)
		st = read_secret(json_root(&answer), secret, err);
	/* Malformed input here is Stripe's, not a caller's. */
	if (st == ST_BAD_INPUT)
		st = err->st = ST_UPSTREAM;
	json_clear(&answer);
	buf_clear(&form);
	return st;
}

enum status
stripe_endpoint_enable(struct stripe *stripe, const char *id,
    bool is_enabled, const struct buf *events, const char *idempotency_key,
    int64_t deadline_ms, struct err *err)
{
	char text[PATH_SIZE];
	struct buf path = BUF_FIXED(text);
	struct buf form = BUF_INIT(STRIPE_FORM_MAX);
	struct stripe_post post = {
		.idempotency_key = idempotency_key,
		.deadline_ms = deadline_ms,
	};
	struct json_doc answer = { .text = NULL };
	struct stripe_reply reply;
	enum status st;

	if (!stripe_id_ok(id))
		return err_set(err, ST_BAD_INPUT, "no id of Stripe's");
	buf_putf(&path, ENDPOINTS_PATH "/%s", id);
	form_put(&form, "disabled", is_enabled ? "false" : "true");
	if (events != NULL)
		buf_put(&form, events->data, events->len);
	st = buf_check(&path, "a webhook endpoint's path", err);
	if (st == ST_OK)
		st = buf_check(&form, "a webhook endpoint", err);
	post.path = text;
	post.form = buf_str(&form);
	if (st == ST_OK)
		st = stripe_post(stripe, &post, &answer, &reply, err);
	json_clear(&answer);
	buf_clear(&form);
	return st;
}
