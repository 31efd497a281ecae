/*
 * Whether to try again follows the rules of Stripe's libraries: the header
 * Stripe-Should-Retry first, then the status.  A try that was lost may have
 * been carried out, so each further one sends the same idempotency key.
 */
#include "stripe/answer.h"

#include <string.h>

#include "base/crypto.h"
#include "stripe/field.h"

enum {
	/* Number and delays are those of Stripe's own library for Node. */
	RETRIES_MAX = 2,
	WAIT_FIRST_MS = 500,
	WAIT_MAX_MS = 5000,
	LAST_TRY_MS = 500,	/* what a wait must leave for the try itself */
	CAUSE_SHOWN_MAX = 200,
};

static bool
is_success(int http)
{
	return http >= 200 && http < 300;
}

static bool
is_worth_a_retry(const struct transfer_answer *answer, bool is_post, int tries)
{
	if (answer->end == TRANSFER_LOST)
		return tries <= RETRIES_MAX;
	if (answer->end != TRANSFER_ANSWERED || is_success(answer->http) ||
	    answer->should_retry == SHOULD_RETRY_NO)
		return false;

	/* Another call with our key is still running; its answer is ours, so
	 * this one is repeated until the deadline, not RETRIES_MAX times. */
	if (is_post && answer->http == 409)
		return true;
	if (tries > RETRIES_MAX)
		return false;
	return answer->should_retry == SHOULD_RETRY_YES ||
	    answer->http == 409 || answer->http >= 500;
}

/* Doubles with each try; a random part keeps calls that failed together from
 * meeting again. */
static int64_t
backoff_ms(int tries)
{
	int64_t wait_ms = WAIT_FIRST_MS;
	unsigned char random = 255;
	struct err unused;

	for (int i = 1; i < tries && wait_ms < WAIT_MAX_MS; i++)
		wait_ms *= 2;
	if (wait_ms > WAIT_MAX_MS)
		wait_ms = WAIT_MAX_MS;
	/* Without a random source the wait is the longest one. */
	if (crypto_random(&random, 1, &unused) != ST_OK)
		random = 255;
	wait_ms = wait_ms * (255 + random) / 510;
	return wait_ms > WAIT_FIRST_MS ? wait_ms : WAIT_FIRST_MS;
}

int64_t
answer_retry_wait_ms(const struct transfer_answer *answer, bool is_post,
    int tries, int64_t left_ms)
{
	/* The wait that a server asks for is kept; if it ends after the
	 * deadline, there is no further try. */
	int64_t least_ms = answer->retry_after_s > 0
	    ? answer->retry_after_s * 1000 : WAIT_FIRST_MS;
	int64_t most_ms = left_ms - LAST_TRY_MS;

	if (!is_worth_a_retry(answer, is_post, tries) || least_ms > most_ms)
		return -1;

	int64_t wait_ms = backoff_ms(tries);
	if (wait_ms < least_ms)
		wait_ms = least_ms;
	return wait_ms < most_ms ? wait_ms : most_ms;
}

bool
answer_needs_person(const struct transfer_answer *answer)
{
	return answer->end == TRANSFER_UNTRUSTED || answer->http == 401 ||
	    answer->http == 403;
}

/* An answer without Stripe's error object may come from a proxy: its status is
 * all that is known, and the texts stay "". */
static void
read_error(const struct transfer_answer *answer, struct stripe_reply *reply)
{
	struct json_doc doc;
	struct json_node json;
	struct err unused;

	if (json_parse(answer->body.data, answer->body.len, &doc, &unused) !=
	    ST_OK)
		return;
	json = json_root(&doc);
	field_text_or_blank(json, "error.type", reply->type,
	    sizeof(reply->type));
	field_text_or_blank(json, "error.code", reply->code,
	    sizeof(reply->code));
	field_text_or_blank(json, "error.param", reply->param,
	    sizeof(reply->param));
	json_clear(&doc);
}

static enum status
refused(const struct stripe_reply *reply, const char *what, struct err *err)
{
	/* A 409 here was repeated until the deadline, so it is a time-out.
	 * Stripe also sends 400 with the code rate_limit instead of 429. */
	bool busy = reply->http == 409 || reply->http == 429 ||
	    reply->http >= 500 || strcmp(reply->code, "rate_limit") == 0;
	const char *code = reply->code[0] != '\0' ? reply->code : reply->type;
	bool has_code = code[0] != '\0';
	bool has_param = reply->param[0] != '\0';
	bool has_id = reply->request_id[0] != '\0';

	return err_set(err, busy ? ST_UPSTREAM_BUSY : ST_UPSTREAM,
	    "Stripe answered %d%s%s%s%s%s to %s%s%s", reply->http,
	    has_code ? " " : "", code,
	    has_param ? " (" : "", reply->param, has_param ? ")" : "",
	    what, has_id ? ", request " : "", reply->request_id);
}

static enum status
read_object(const struct transfer_answer *answer, const char *what,
    struct json_doc *object, struct err *err)
{
	struct err cause;
	enum status st;

	/* Copied, because the answer's memory is cleared with the call. */
	st = json_parse_copy(answer->body.data, answer->body.len, object,
	    &cause);
	if (st == ST_OK)
		return ST_OK;
	return err_set(err, st == ST_NOMEM ? ST_NOMEM : ST_UPSTREAM,
	    "Stripe answered %d to %s with no JSON object: %.*s",
	    answer->http, what, CAUSE_SHOWN_MAX, cause.msg);
}

static enum status
judge_answered(const struct transfer_answer *answer, const char *what,
    struct json_doc *object, struct stripe_reply *reply,
    struct err *err)
{
	reply->http = answer->http;
	reply->replayed = answer->replayed;
	memcpy(reply->request_id, answer->request_id,
	    sizeof(reply->request_id));
	if (is_success(answer->http))
		return read_object(answer, what, object, err);
	read_error(answer, reply);
	return refused(reply, what, err);
}

enum status
answer_judge(const struct transfer_answer *answer, const char *what,
    struct json_doc *object, struct stripe_reply *reply,
    struct err *err)
{
	switch (answer->end) {
	case TRANSFER_ANSWERED:
		return judge_answered(answer, what, object, reply, err);
	case TRANSFER_LOST:
		return err_set(err, ST_UPSTREAM_BUSY,
		    "Stripe gave no answer to %s: %s", what, answer->cause);
	case TRANSFER_UNTRUSTED:
		return err_set(err, ST_UPSTREAM,
		    "Stripe's certificate is not trusted, %s was not sent: %s",
		    what, answer->cause);
	case TRANSFER_TOO_LARGE:
		return err_set(err, ST_UPSTREAM,
		    "Stripe's answer to %s is too large", what);
	case TRANSFER_NOMEM:
		return err_set(err, ST_NOMEM, "no memory for %s", what);
	case TRANSFER_REFUSED:
		break;
	}
	return err_set(err, ST_UPSTREAM, "%s failed: %s", what,
	    answer->cause);
}
