/*
 * A call is one or more tries until its deadline.  It holds a handle of the
 * pool for each try only, so that a call that waits for its next try keeps no
 * other one waiting.  The shapes of STRIPE_VERSION are those that session.c and
 * event.c read.
 */
#include "stripe/client.h"

#include <openssl/crypto.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "stripe/answer.h"
#include "stripe/pool.h"
#include "stripe/transfer.h"

enum {
	/* For one try, so that one that hangs leaves time for another. */
	TRY_MAX_MS = 10000,
	/* Stripe's limit (docs: api/idempotent_requests). */
	IDEMPOTENCY_KEY_MAX = 255,
	HEADER_MAX = 1024,
	BASE_MAX = 512,
	WHAT_MAX = 1024,
};

struct stripe {
	struct buf base;
	struct transfer_setup setup;
	struct pool pool;
};

struct call {
	const char *path;
	const char *form;		/* NULL: a GET */
	int64_t deadline_ms;
	struct buf key_header;		/* empty with a GET */
	struct buf what;		/* "POST /v1/customers", for people */
	int tries;
};

/* Appends text, which curl copies, to the headers of every call. */
static enum status
add_header(struct stripe *stripe, const struct buf *text, struct err *err)
{
	struct curl_slist *longer;

	if (buf_str(text) == NULL)
		return err_set(err, ST_CONFIG,
		    "STRIPE_SECRET_KEY cannot be sent in a header");
	longer = curl_slist_append(stripe->setup.headers, text->data);
	if (longer == NULL)
		return err_set(err, ST_NOMEM, "no memory for a header");
	stripe->setup.headers = longer;
	return ST_OK;
}

static enum status
add_headers(struct stripe *stripe, const struct secret *key, struct err *err)
{
	char bytes[HEADER_MAX];
	struct buf text = BUF_FIXED(bytes);
	enum status st;

	buf_puts(&text, "Stripe-Version: " STRIPE_VERSION);
	st = add_header(stripe, &text, err);
	if (st != ST_OK)
		return st;
	buf_reset(&text);
	buf_puts(&text, "Authorization: Bearer ");
	buf_put_header(&text, secret_bytes(key), key->len);
	st = add_header(stripe, &text, err);
	/* The stack keeps no copy of the key; drop_headers() wipes curl's. */
	OPENSSL_cleanse(bytes, sizeof(bytes));
	return st;
}

static void
drop_headers(struct stripe *stripe)
{
	for (struct curl_slist *header = stripe->setup.headers;
	    header != NULL; header = header->next)
		OPENSSL_cleanse(header->data, strlen(header->data));
	curl_slist_free_all(stripe->setup.headers);
	stripe->setup.headers = NULL;
}

static enum status
set_base(struct stripe *stripe, const char *base, struct err *err)
{
	size_t len = strlen(base);

	/* Paths begin with a slash; Stripe does not know //v1. */
	while (len > 0 && base[len - 1] == '/')
		len--;
	buf_put(&stripe->base, base, len);
	stripe->setup.base = buf_str(&stripe->base);
	return buf_check(&stripe->base, "STRIPE_API_BASE", err);
}

/*
 * The system's certificate authorities in one store for all handles: a store of
 * its own would cost each near 1 MB.  From a directory of hashed names only the
 * authority that is met is read.  Plain http needs none; it is allowed to
 * loopback only (base/config_check.c).
 */
static enum status
load_trust(struct stripe *stripe, struct err *err)
{
	if (strncmp(stripe->setup.base, "http://", 7) == 0)
		return ST_OK;
	stripe->setup.trust = X509_STORE_new();
	if (stripe->setup.trust == NULL ||
	    X509_STORE_set_default_paths(stripe->setup.trust) != 1)
		return err_set(err, ST_NOMEM,
		    "the system's certificate authorities cannot be loaded");
	return ST_OK;
}

enum status
stripe_open(const struct config *config, int handles_max,
    struct stripe **stripe, struct err *err)
{
	const struct secret *key =
	    config_secret(config, SETTING_STRIPE_SECRET_KEY);
	const char *base = config_text(config, SETTING_STRIPE_API_BASE);
	struct stripe *made;
	enum status st;

	if (key == NULL || secret_bytes(key) == NULL || base == NULL)
		return err_set(err, ST_CONFIG,
		    "STRIPE_SECRET_KEY and STRIPE_API_BASE are needed");
	/* In older versions of libcurl no other thread may run during this. */
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(err, ST_NOMEM, "libcurl did not start");
	made = calloc(1, sizeof(*made));
	if (made == NULL) {
		curl_global_cleanup();
		return err_set(err, ST_NOMEM, "no memory for the client");
	}

	made->base = (struct buf)BUF_INIT(BASE_MAX);
	st = set_base(made, base, err);
	if (st == ST_OK)
		st = add_headers(made, key, err);
	if (st == ST_OK)
		st = load_trust(made, err);
	if (st == ST_OK)
		st = pool_init(&made->pool, &made->setup, handles_max, err);
	if (st != ST_OK) {
		stripe_close(made);
		return st;
	}
	*stripe = made;
	return ST_OK;
}

void
stripe_close(struct stripe *stripe)
{
	if (stripe == NULL)
		return;
	pool_clear(&stripe->pool);
	X509_STORE_free(stripe->setup.trust);
	drop_headers(stripe);
	buf_clear(&stripe->base);
	free(stripe);
	curl_global_cleanup();
}

static const char *
end_name(const struct transfer_answer *answer)
{
	static const char *const NAMES[] = {
		[TRANSFER_ANSWERED] = "status",
		[TRANSFER_LOST] = "lost",
		[TRANSFER_UNTRUSTED] = "untrusted",
		[TRANSFER_TOO_LARGE] = "too_large",
		[TRANSFER_NOMEM] = "no_memory",
		[TRANSFER_REFUSED] = "refused",
	};

	return NAMES[answer->end];
}

static void
log_retry(const struct call *call, const struct transfer_answer *answer,
    int64_t wait_ms)
{
	log_event(LOG_INFO, "stripe_retry",
	    LOG_TEXT("call", buf_str(&call->what)),
	    LOG_TEXT("after", end_name(answer)),
	    LOG_NUM("http", answer->http),
	    LOG_TEXT("cause", answer->cause),
	    LOG_NUM("tries", call->tries),
	    LOG_NUM("wait_ms", wait_ms), NULL);
}

static void
log_failure(const struct call *call, const struct transfer_answer *answer,
    const struct stripe_reply *reply, const struct err *err)
{
	log_event(answer_needs_person(answer) ? LOG_ERROR : LOG_WARN,
	    "stripe_failed",
	    LOG_TEXT("call", buf_str(&call->what)),
	    LOG_NUM("http", reply->http),
	    LOG_TEXT("code", reply->code),
	    LOG_TEXT("stripe_request", reply->request_id),
	    LOG_NUM("tries", call->tries),
	    LOG_TEXT("error", err->msg), NULL);
}

static int64_t
left_ms(const struct call *call)
{
	return call->deadline_ms - clock_monotonic_ms();
}

/* The handle is held for the try alone, not during the wait for the next.
 * Waiting for it may use up all the time that the call has. */
static enum status
try_once(struct stripe *stripe, const struct call *call,
    struct transfer_answer *answer, struct err *err)
{
	struct transfer *transfer = NULL;
	enum status st;

	st = pool_take(&stripe->pool, call->deadline_ms, &transfer, err);
	if (st != ST_OK)
		return st;

	int64_t left = left_ms(call);
	const struct transfer_request request = {
		.path = call->path,
		.form = call->form,
		.key_header = call->key_header.data,
		.timeout_ms = left < TRY_MAX_MS ? left : TRY_MAX_MS,
	};

	if (left > 0)
		transfer_run(transfer, &request, answer);
	else
		st = err_set(err, ST_UPSTREAM_BUSY,
		    "no time is left for %s", buf_str(&call->what));
	pool_give_back(&stripe->pool, transfer);
	return st;
}

/* ST_OK: answer is the last try's, even a failure.  The idempotency key is the
 * same in all tries, so Stripe carries the call out once. */
static enum status
try_until_final(struct stripe *stripe, struct call *call,
    struct transfer_answer *answer, struct err *err)
{
	for (;;) {
		enum status st;
		int64_t wait_ms;

		transfer_answer_clear(answer);
		call->tries++;
		st = try_once(stripe, call, answer, err);
		if (st != ST_OK)
			return st;
		wait_ms = answer_retry_wait_ms(answer, call->form != NULL,
		    call->tries, left_ms(call));
		if (wait_ms < 0)
			return ST_OK;
		log_retry(call, answer, wait_ms);
		clock_sleep_ms(wait_ms);
	}
}

/* The path without its query, which may be long and says little to a reader of
 * the log. */
static enum status
put_what(struct call *call, struct err *err)
{
	buf_puts(&call->what, call->form != NULL ? "POST " : "GET ");
	buf_put(&call->what, call->path, strcspn(call->path, "?"));
	return buf_check(&call->what, "the path of a call to Stripe", err);
}

static enum status
run(struct stripe *stripe, struct call *call, struct json_doc *object,
    struct stripe_reply *reply, struct err *err)
{
	struct transfer_answer answer = { 0 };
	enum status st;

	*object = (struct json_doc){ .text = NULL };
	*reply = (struct stripe_reply){ 0 };
	st = put_what(call, err);
	if (st != ST_OK)
		goto out;
	st = try_until_final(stripe, call, &answer, err);
	if (st == ST_OK)
		st = answer_judge(&answer, buf_str(&call->what), object,
		    reply, err);
	if (st != ST_OK)
		log_failure(call, &answer, reply, err);
out:
	transfer_answer_clear(&answer);
	return st;
}

enum status
stripe_get(struct stripe *stripe, const char *path, int64_t deadline_ms,
    struct json_doc *object, struct stripe_reply *reply, struct err *err)
{
	struct call call = {
		.path = path,
		.deadline_ms = deadline_ms,
		.key_header = BUF_INIT(0),
		.what = BUF_INIT(WHAT_MAX),
	};
	enum status st = run(stripe, &call, object, reply, err);

	buf_clear(&call.what);
	return st;
}

static enum status
put_key_header(struct buf *header, const char *key, struct err *err)
{
	size_t len = key != NULL ? strlen(key) : 0;

	/* Without a key a lost answer could not be asked for again: a second
	 * POST would be a second act. */
	if (len == 0 || len > IDEMPOTENCY_KEY_MAX)
		return err_set(err, ST_BUG, "an idempotency key of %zu bytes",
		    len);
	buf_puts(header, "Idempotency-Key: ");
	buf_put_header(header, key, len);
	return buf_check(header, "the idempotency key", err);
}

enum status
stripe_post(struct stripe *stripe, const struct stripe_post *post,
    struct json_doc *object, struct stripe_reply *reply, struct err *err)
{
	struct call call = {
		.path = post->path,
		/* NULL would make it a GET. */
		.form = post->form != NULL ? post->form : "",
		.deadline_ms = post->deadline_ms,
		.key_header = BUF_INIT(HEADER_MAX),
		.what = BUF_INIT(WHAT_MAX),
	};
	enum status st;

	*object = (struct json_doc){ .text = NULL };
	*reply = (struct stripe_reply){ 0 };
	st = put_key_header(&call.key_header, post->idempotency_key, err);
	if (st == ST_OK)
		st = run(stripe, &call, object, reply, err);
	buf_clear(&call.key_header);
	buf_clear(&call.what);
	return st;
}
