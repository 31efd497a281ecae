/*
 * A session's calls.  An answer is read strictly: one without an id, of another
 * session, or closed from the start is refused, because a family would be sent
 * to it.
 */
#include "stripe/session.h"

#include <string.h>

#include "base/crypto.h"
#include "stripe/form.h"
#include "stripe/list.h"

/* tests/lint/mint-check.sh checks that no other object has this text: sessions
 * are created here only. */
#define SESSIONS_PATH "/v1/checkout/sessions"

#define EXPAND "expand[]=data.payment_intent.latest_charge"

enum { PATH_MAX_LEN = 1024, FILTER_MAX_LEN = 1900, KEY_RANDOM_LEN = 16 };

static void
put_line_item(struct buf *form, const struct stripe_session_request *request)
{
	form_put_i64(form, "line_items[0][quantity]", 1);
	form_put(form, "line_items[0][price_data][currency]",
	    request->currency);
	form_put_i64(form, "line_items[0][price_data][unit_amount]",
	    request->amount_cents);
	form_put(form, "line_items[0][price_data][product_data][name]",
	    request->product_name);
	form_put_given(form,
	    "line_items[0][price_data][product_data][description]",
	    request->product_description);
}

/* Options that somebody could switch on in Stripe's dashboard; each of them
 * would change what a family pays. */
static void
put_pins(struct buf *form)
{
	form_put(form, "line_items[0][adjustable_quantity][enabled]", "false");
	form_put(form, "adaptive_pricing[enabled]", "false");
	form_put(form, "allow_promotion_codes", "false");
	form_put(form, "automatic_tax[enabled]", "false");
}

static void
put_metadata(struct buf *form, const char *prefix,
    const struct stripe_session_request *request)
{
	for (size_t i = 0; i < request->metadata_count; i++)
		if (request->metadata[i].value[0] != '\0')
			form_put_member(form, prefix, request->metadata[i].key,
			    request->metadata[i].value);
}

/*
 * The body has no time in it (Stripe's 24 hours hold instead of an expires_at):
 * the idempotency key is a hash of these bytes, and a repeated call must send
 * them again.
 */
void
stripe_session_form(struct buf *form,
    const struct stripe_session_request *request)
{
	form_put(form, "mode", "payment");
	form_put_given(form, "customer", request->customer);
	form_put_given(form, "customer_email", request->customer_email);
	form_put(form, "client_reference_id", request->client_reference_id);
	put_line_item(form, request);
	put_pins(form);
	put_metadata(form, "metadata", request);
	form_put(form, "payment_intent_data[description]",
	    request->payment_description);
	/* On the intent, too: refunds, disputes and failures reach us without
	 * the session. */
	put_metadata(form, "payment_intent_data[metadata]", request);
	form_put(form, "success_url", request->success_url);
	form_put(form, "cancel_url", request->cancel_url);
}

/* Takes answer.  An answer that differs from Stripe's documentation is Stripe's
 * fault, not a caller's. */
static enum status
read_answer(struct json_doc *answer, struct stripe_session *session,
    struct err *err)
{
	enum status st = stripe_session_parse(json_root(answer), session, err);

	session->doc = *answer;
	*answer = (struct json_doc){ .text = NULL };
	if (st != ST_BAD_INPUT)
		return st;
	err->st = ST_UPSTREAM;
	return ST_UPSTREAM;
}

enum status
stripe_session_create(struct stripe *stripe, const char *form,
    const char *idempotency_key, int64_t deadline_ms,
    struct stripe_session *session, struct stripe_reply *reply,
    struct err *err)
{
	const struct stripe_post post = {
		.path = SESSIONS_PATH,
		.form = form,
		.idempotency_key = idempotency_key,
		.deadline_ms = deadline_ms,
	};
	struct json_doc answer = { .text = NULL };
	enum status st;

	*session = (struct stripe_session){ 0 };
	st = stripe_post(stripe, &post, &answer, reply, err);
	if (st == ST_OK)
		st = read_answer(&answer, session, err);
	/*
	 * A new session is open and has an address.  If it is not so in this
	 * answer, it never will be: a replay repeats the first answer word for
	 * word.
	 */
	if (st == ST_OK && (session->status != SESSION_OPEN ||
	    session->url[0] == '\0'))
		st = err_set(err, ST_UPSTREAM,
		    "Stripe made %s, where nobody can pay", session->id);
	return st;
}

static enum status
put_session_path(struct buf *path, const char *id, const char *rest,
    struct err *err)
{
	if (!stripe_id_ok(id))
		return err_set(err, ST_BAD_INPUT, "not a session's id");
	buf_puts(path, SESSIONS_PATH "/");
	buf_puts(path, id);
	buf_puts(path, rest);
	return buf_check(path, "the session's path", err);
}

enum status
stripe_session_retrieve(struct stripe *stripe, const char *id,
    int64_t deadline_ms, struct stripe_session *session, struct err *err)
{
	struct buf path = BUF_INIT(PATH_MAX_LEN);
	struct json_doc answer = { .text = NULL };
	struct stripe_reply reply;
	enum status st;

	*session = (struct stripe_session){ 0 };
	st = put_session_path(&path, id,
	    "?expand[]=payment_intent.latest_charge", err);
	if (st != ST_OK)
		goto out;
	st = stripe_get(stripe, buf_str(&path), deadline_ms, &answer, &reply,
	    err);
	if (st == ST_UPSTREAM && reply.http == 404)
		st = err->st = ST_NOT_FOUND;
	if (st != ST_OK)
		goto out;
	st = read_answer(&answer, session, err);
	/* A proxy's cache could answer so; the money of one order would be
	 * recorded under another. */
	if (st == ST_OK && strcmp(session->id, id) != 0)
		st = err_set(err, ST_UPSTREAM,
		    "Stripe answered with another session than %s", id);
out:
	buf_clear(&path);
	return st;
}

/* Two calls are two acts, so the key is random; the retries of one call share
 * it. */
static enum status
put_fresh_key(struct buf *key, struct err *err)
{
	unsigned char bytes[KEY_RANDOM_LEN];
	enum status st = crypto_random(bytes, sizeof(bytes), err);

	if (st != ST_OK)
		return st;
	buf_puts(key, "teamdues-expire-");
	buf_put_hex(key, bytes, sizeof(bytes));
	return buf_check(key, "the idempotency key", err);
}

enum status
stripe_session_expire(struct stripe *stripe, const char *id,
    int64_t deadline_ms, struct err *err)
{
	struct buf path = BUF_INIT(PATH_MAX_LEN);
	struct buf key = BUF_INIT(64);
	struct json_doc answer = { .text = NULL };
	struct stripe_reply reply;
	enum status st;

	st = put_session_path(&path, id, "/expire", err);
	if (st == ST_OK)
		st = put_fresh_key(&key, err);
	if (st != ST_OK)
		goto out;

	const struct stripe_post post = {
		.path = buf_str(&path),
		.form = "",
		.idempotency_key = buf_str(&key),
		.deadline_ms = deadline_ms,
	};

	st = stripe_post(stripe, &post, &answer, &reply, err);
	/* Stripe has no code for a session that is not open any more, only this
	 * status (docs: api/checkout/sessions/expire). */
	if (st == ST_UPSTREAM && reply.http == 400)
		st = err->st = ST_CONFLICT;
	if (st == ST_UPSTREAM && reply.http == 404)
		st = err->st = ST_NOT_FOUND;
out:
	json_clear(&answer);
	buf_clear(&key);
	buf_clear(&path);
	return st;
}

enum status
stripe_session_list(struct stripe *stripe, int64_t created_from,
    const char *starting_after, int limit, int64_t deadline_ms,
    struct json_doc *page, struct err *err)
{
	return stripe_list(stripe, &(struct stripe_listing){
		.path = SESSIONS_PATH,
		.filter = EXPAND,
		.created_from = created_from,
		.starting_after = starting_after,
		.limit = limit,
	}, deadline_ms, page, err);
}

enum status
stripe_session_list_complete(struct stripe *stripe, int64_t created_from,
    int64_t deadline_ms, struct json_doc *page, struct err *err)
{
	return stripe_list(stripe, &(struct stripe_listing){
		.path = SESSIONS_PATH,
		.filter = EXPAND "&status=complete",
		.created_from = created_from,
		.limit = 100,
	}, deadline_ms, page, err);
}

enum status
stripe_session_list_of_payer(struct stripe *stripe, const char *email,
    int64_t deadline_ms, struct json_doc *page, struct err *err)
{
	struct buf filter = BUF_INIT(FILTER_MAX_LEN);
	enum status st;

	buf_puts(&filter, EXPAND "&status=complete&customer_details[email]=");
	buf_put_urlenc(&filter, email, strlen(email));
	st = buf_check(&filter, "the list's filter", err);
	if (st == ST_OK)
		st = stripe_list(stripe, &(struct stripe_listing){
			.path = SESSIONS_PATH,
			.filter = buf_str(&filter),
			.limit = 100,
		}, deadline_ms, page, err);
	buf_clear(&filter);
	return st;
}
