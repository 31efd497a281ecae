/*
 * A refund carries the id of its request in its metadata.  So a second run of
 * the request, after a crash at any place, finds at Stripe what the first run
 * did, and gives back only the rest.
 */
#include "billing/refund.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"
#include "billing/facts/fulfilment.h"
#include "billing/refund_look.h"
#include "store/refund.h"
#include "stripe/refund.h"

/*
 * KEYS_MAX: refusals of earlier days that one refund gets past.  The deadline
 * is for all calls of a request.
 */
enum { DEADLINE_MS = 40000, KEYS_MAX = 5, KEY_SIZE = 128, WORDS_SIZE = 512 };

/* One request on its way. */
struct task {
	struct app *app;
	const struct refund_request *request;
	struct refund_sources sources;
	struct refund_look looks[REFUND_SOURCES_MAX];
	char id[STRIPE_REQUEST_SIZE];
	int64_t left_cents;	/* to give back, of all payments */
	int64_t given_cents;	/* so far, this request's own among them */
	int64_t pending_cents;	/* of that */
	int64_t own_cents;
	int64_t wanted_cents;	/* still to be given back for the request */
	int64_t deadline_ms;
	struct act_result *result;
	struct buf words;	/* the result's */
};

static void
put_money(struct task *task, int64_t cents)
{
	money_put_plain(&task->words, cents);
	buf_putf(&task->words, " %s", task->sources.list[0].currency);
}

static enum status
end(struct task *task, enum act_outcome outcome, struct err *err)
{
	task->result->outcome = outcome;
	return buf_check(&task->words, "what is given back", err);
}

static void
put_subject(struct task *task)
{
	const struct refund_source *source = &task->sources.list[0];

	if (source->order_id != 0)
		buf_putf(&task->words, "order %" PRId64, source->order_id);
	else if (task->request->is_plain)
		buf_puts(&task->words, "the payment");
	else
		buf_puts(&task->words, source->payment_intent);
}

/*
 * Why nothing may be given back; NULL when it may.  The books are asked alone
 * at first, and together with Stripe once the looks are filled.
 */
static const char *
fault_of(const struct task *task)
{
	for (size_t i = 0; i < task->sources.count; i++) {
		const struct refund_source *source = &task->sources.list[i];

		if (source->fault[0] != '\0')
			return source->fault;
		if (task->looks[i].is_disputed)
			return "the payment is disputed at Stripe: it is not "
			    "given back";
		if (task->looks[i].own.id[0] != '\0' &&
		    refund_has_failed(&task->looks[i].own))
			return "Stripe could not give it back: the refund "
			    "failed";
	}
	return NULL;
}

static void
add_up(struct task *task)
{
	size_t count = 0;

	for (size_t i = 0; i < task->sources.count; i++) {
		const struct refund_look *look = &task->looks[i];
		int64_t left_cents = task->sources.list[i].amount_cents -
		    look->given_cents;

		task->left_cents += left_cents > 0 ? left_cents : 0;
		task->given_cents += look->given_cents;
		task->pending_cents += look->pending_cents;
		if (look->own.id[0] != '\0')
			task->own_cents += look->own.amount;
		count += look->count;
	}
	task->wanted_cents = task->request->amount_cents == 0
	    ? task->left_cents
	    : task->request->amount_cents - task->own_cents;
	/*
	 * The same command after a crash gets the same id, and a new one once
	 * its refund exists: then the count has changed.
	 */
	if (task->request->id == NULL) {
		struct buf id = BUF_FIXED(task->id);

		buf_putf(&id, "%" PRId64 "-%" PRId64 "-%zu",
		    task->request->order_id, task->wanted_cents, count);
	}
}

static enum status
look_at_stripe(struct task *task, struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < task->sources.count; i++)
		if (task->sources.list[i].payment_intent[0] != '\0')
			st = refund_look(task->app->stripe,
			    task->sources.list[i].payment_intent,
			    task->request->id, task->deadline_ms,
			    &task->looks[i], err);
	if (st == ST_OK)
		add_up(task);
	return st;
}

/* A key for each payment and turn: under the same one Stripe repeats a refusal
 * for a day. */
static enum status
put_key(const struct task *task, size_t i, int turn, char key[KEY_SIZE],
    struct err *err)
{
	char text[STORE_ID_SIZE + STRIPE_REQUEST_SIZE];
	struct buf all = BUF_FIXED(text);
	char hex[SHA256_HEX_LEN + 1];
	struct buf out = buf_over(key, KEY_SIZE);
	enum status st;

	buf_putf(&all, "%s %s", task->sources.list[i].payment_intent,
	    task->id);
	st = buf_check(&all, "a refund's key", err);
	if (st == ST_OK)
		st = crypto_sha256_hex(text, all.len, hex, err);
	if (st == ST_OK) {
		buf_putf(&out, "refund-%s-%d", hex, turn);
		st = buf_check(&out, "a refund's key", err);
	}
	return st;
}

/*
 * A replayed 4xx is the refusal of an earlier try, and nothing was done under
 * its key: the next key asks anew.  A replayed 5xx does not say whether a
 * refund was made: the list of refunds does.
 */
static enum status
ask(struct task *task, size_t i, const struct stripe_refund_request *refund,
    struct stripe_refund *made, struct err *err)
{
	struct stripe *stripe = task->app->stripe;
	struct refund_look *look = &task->looks[i];
	struct stripe_refund_request request = *refund;
	struct stripe_reply reply = { .replayed = true, .http = 400 };
	char key[KEY_SIZE];
	enum status st = ST_UPSTREAM;

	request.idempotency_key = key;
	for (int turn = 0; st != ST_OK && reply.replayed && turn < KEYS_MAX &&
	    reply.http < 500; turn++) {
		st = put_key(task, i, turn, key, err);
		if (st != ST_OK)
			return st;
		st = stripe_refund_create(stripe, &request,
		    task->deadline_ms, made, &reply, err);
	}
	if (st == ST_OK)
		return ST_OK;
	/* Made, but unreadable: the same request again will find it. */
	if (reply.http >= 200 && reply.http < 300)
		return err->st = ST_UPSTREAM_BUSY;
	if (!reply.replayed || reply.http < 500)
		return task->request->is_plain ? refund_refused(&reply, err)
		    : st;
	st = refund_look(stripe, request.payment_intent, task->id,
	    clock_monotonic_ms() + DEADLINE_MS, look, err);
	*made = look->own;
	if (st == ST_OK && made->id[0] == '\0')
		st = err_set(err, ST_UPSTREAM, "Stripe failed (%d): see there "
		    "whether the money went back before it is asked for again",
		    reply.http);
	return st;
}

static enum status
note(struct task *task, size_t i, const struct stripe_refund *made,
    struct err *err)
{
	char text[WORDS_SIZE * 2];
	struct buf detail = BUF_FIXED(text);
	const struct refund_note entry = {
		.session_id = task->sources.list[i].session_id,
		.refund_id = made->id,
		.actor = task->request->actor,
		.detail = text,
	};
	enum status st;

	money_put_plain(&detail, made->amount);
	buf_putf(&detail, " %s of %s", task->sources.list[i].currency,
	    task->sources.list[i].payment_intent);
	if (task->request->reason[0] != '\0')
		buf_putf(&detail, ": %s", task->request->reason);
	st = buf_check(&detail, "a refund's reason", err);
	if (st == ST_OK)
		st = store_note_refund(task->app->store, &entry, err);
	return st;
}

/*
 * What Stripe made, now or when this request was cut off.  The books know it at
 * once: its event may be late, and whoever looks meanwhile would give the same
 * back again.
 */
static enum status
tell(struct task *task, size_t i, const struct stripe_refund *made,
    struct err *err)
{
	enum status st;

	if (task->words.len > 0)
		buf_puts(&task->words, "; ");
	put_money(task, made->amount);
	buf_putc(&task->words, ' ');
	refund_put(made, task->request->is_plain ? NULL
	    : task->sources.list[i].payment_intent, &task->words);
	log_event(LOG_INFO, "refund", LOG_TEXT("id", made->id),
	    LOG_TEXT("status", made->status),
	    LOG_NUM("cents", made->amount), NULL);
	st = note(task, i, made, err);
	return st == ST_OK ? fulfilment_refund(task->app, made, err) : st;
}

static enum status
give(struct task *task, size_t i, int64_t cents, struct stripe_refund *made,
    struct err *err)
{
	const struct refund_source *source = &task->sources.list[i];
	char order[24] = "";
	struct buf order_id = BUF_FIXED(order);
	const struct stripe_pair metadata[] = {
		{ "teamdues", task->sources.installation_id },
		{ "order_id", order },
		{ "request", task->id },
	};
	const struct stripe_refund_request refund = {
		.payment_intent = source->payment_intent,
		.amount = cents,
		.metadata = metadata,
		.metadata_count = sizeof(metadata) / sizeof(metadata[0]),
	};
	enum status st;

	if (source->order_id != 0)
		buf_put_i64(&order_id, source->order_id);
	st = ask(task, i, &refund, made, err);
	return st == ST_OK ? tell(task, i, made, err) : st;
}

/*
 * A request over several payments may fail at the second one: the error names
 * what was given back before it.
 */
static enum status
tell_part(struct task *task, enum status st, struct err *err)
{
	const struct err why = *err;
	const char *words = buf_str(&task->words);

	if (words != NULL && words[0] != '\0')
		(void)err_set(err, st, "%.200s; then: %s", words, why.msg);
	return st;
}

/*
 * Payment by payment, the newest first, until the amount is reached.  What an
 * earlier run of the request made is only noted.
 */
static enum status
give_all(struct task *task, struct err *err)
{
	enum act_outcome outcome = ACT_DONE;
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < task->sources.count; i++) {
		const struct refund_look *look = &task->looks[i];
		int64_t cents = task->sources.list[i].amount_cents -
		    look->given_cents;
		struct stripe_refund made;

		if (look->own.id[0] != '\0') {
			st = tell(task, i, &look->own, err);
			continue;
		}
		if (cents > task->wanted_cents)
			cents = task->wanted_cents;
		if (cents <= 0)
			continue;
		st = give(task, i, cents, &made, err);
		task->wanted_cents -= cents;
		if (st == ST_OK && refund_has_failed(&made))
			outcome = ACT_REFUSED;
	}
	return st == ST_OK ? end(task, outcome, err)
	    : tell_part(task, st, err);
}

static enum status
foresee(struct task *task, struct err *err)
{
	put_money(task, task->wanted_cents);
	buf_puts(&task->words, " of ");
	put_subject(task);
	buf_puts(&task->words, ", and ");
	put_money(task, task->left_cents - task->wanted_cents);
	buf_puts(&task->words, " stay; ");
	put_money(task, task->given_cents);
	buf_puts(&task->words, " went back before");
	if (task->pending_cents > 0) {
		buf_puts(&task->words, ", of which ");
		put_money(task, task->pending_cents);
		buf_puts(&task->words, " are pending");
	}
	return end(task, ACT_DONE, err);
}

static enum status
decide(struct task *task, bool commit, struct err *err)
{
	const char *fault = fault_of(task);

	if (fault != NULL) {
		buf_puts(&task->words, fault);
		return end(task, ACT_REFUSED, err);
	}
	if (task->own_cents == 0 && task->left_cents == 0) {
		buf_puts(&task->words, "all of ");
		put_subject(task);
		buf_puts(&task->words, " was given back");
		if (task->pending_cents > 0)
			buf_puts(&task->words, ", or is pending");
		return end(task, ACT_ALREADY, err);
	}
	if (task->wanted_cents > task->left_cents) {
		buf_puts(&task->words, "only ");
		put_money(task, task->left_cents);
		buf_puts(&task->words, " of ");
		put_subject(task);
		buf_puts(&task->words, " are left to give back");
		return end(task, ACT_REFUSED, err);
	}
	return commit ? give_all(task, err) : foresee(task, err);
}

enum status
refund_give(struct app *app, const struct refund_request *request,
    bool commit, struct act_result *result, struct err *err)
{
	struct task task = {
		.app = app,
		.request = request,
		.deadline_ms = clock_monotonic_ms() + DEADLINE_MS,
		.result = result,
		.words = BUF_FIXED(result->detail),
	};
	struct buf id = BUF_FIXED(task.id);
	enum status st = ST_OK;

	if (request->id != NULL)
		buf_puts(&id, request->id);
	st = buf_check(&id, "the request's id", err);
	if (st == ST_OK)
		st = store_refund_sources(app->store, request->order_id,
		    request->payment, &task.sources, err);
	if (st == ST_OK && fault_of(&task) == NULL)
		st = look_at_stripe(&task, err);
	return st == ST_OK ? decide(&task, commit, err) : st;
}
