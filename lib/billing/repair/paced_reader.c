#include "billing/repair/paced_reader.h"

#include "base/clock.h"
#include "base/log.h"
#include "stripe/charge.h"
#include "stripe/list.h"

/*
 * Stripe allows an account 25 reads a second in test mode (docs: rate-limits),
 * which the families' clicks and the club's other programs share.
 */
enum {
	PACE_MS = 50,
	CALL_MS = 30000,
	WAIT_FIRST_MS = 1000,
	WAITS_MAX = 4,		/* 1 + 2 + 4 + 8 seconds */
	PAGE_MAX = 100,
};

struct read {
	enum status (*once)(struct paced_reader *, const struct read *,
	    int64_t deadline_ms, struct err *);
	const char *id;
	const char *path;	/* of a list */
	int64_t created_from;
	struct json_doc *page;
	struct stripe_session *session;
};

/*
 * From start to start of two calls: a slow answer is not followed by a pause on
 * top.
 */
static void
keep_pace(struct paced_reader *reader)
{
	int64_t now_ms = clock_monotonic_ms();

	if (now_ms < reader->next_ms) {
		clock_sleep_ms(reader->next_ms - now_ms);
		now_ms = reader->next_ms;
	}
	reader->next_ms = now_ms + PACE_MS;
}

/*
 * Only what passes by itself is waited out: a refusal would come again.  The
 * waits are logged, so that a person sees why the command pauses.
 */
static enum status
run(struct paced_reader *reader, const struct read *read, struct err *err)
{
	for (int waits = 0;; waits++) {
		enum status st;

		keep_pace(reader);
		st = read->once(reader, read, clock_monotonic_ms() + CALL_MS,
		    err);
		if (st != ST_UPSTREAM_BUSY || waits == WAITS_MAX)
			return st;
		log_event(LOG_INFO, "stripe_wait",
		    LOG_NUM("wait_ms", WAIT_FIRST_MS << waits),
		    LOG_TEXT("error", err->msg), NULL);
		clock_sleep_ms(WAIT_FIRST_MS << waits);
	}
}

static enum status
sessions_once(struct paced_reader *reader, const struct read *read,
    int64_t deadline_ms, struct err *err)
{
	return stripe_session_list(reader->stripe, read->created_from,
	    read->id, PAGE_MAX, deadline_ms, read->page, err);
}

static enum status
list_once(struct paced_reader *reader, const struct read *read,
    int64_t deadline_ms, struct err *err)
{
	return stripe_list(reader->stripe, &(struct stripe_listing){
		.path = read->path,
		/*
		 * Some refunds and disputes name only their charge, which names
		 * the payment intent.
		 */
		.filter = "expand[]=data.charge",
		.created_from = read->created_from,
		.starting_after = read->id,
		.limit = PAGE_MAX,
	}, deadline_ms, read->page, err);
}

static enum status
refunds_once(struct paced_reader *reader, const struct read *read,
    int64_t deadline_ms, struct err *err)
{
	return stripe_refund_list(reader->stripe, read->id, deadline_ms,
	    read->page, err);
}

static enum status
disputes_once(struct paced_reader *reader, const struct read *read,
    int64_t deadline_ms, struct err *err)
{
	return stripe_dispute_list(reader->stripe, read->id, deadline_ms,
	    read->page, err);
}

static enum status
session_once(struct paced_reader *reader, const struct read *read,
    int64_t deadline_ms, struct err *err)
{
	/* A repeated call has a session of the call before. */
	stripe_session_clear(read->session);
	return stripe_session_retrieve(reader->stripe, read->id, deadline_ms,
	    read->session, err);
}

/*
 * Stripe continues after the id of the last object (docs: api/pagination).  The
 * newest come first, so what is created meanwhile moves no object between two
 * pages.  last becomes that id, or "" at the end.
 */
static enum status
take_page(struct json_node page, paced_reader_object *each, void *context,
    char last[STRIPE_ID_SIZE], struct err *err)
{
	struct json_node data = json_at(page, "data");
	struct json_node oldest = JSON_NONE;
	bool has_more = false;
	enum status st = ST_OK;

	for (struct json_node json = json_first(data);
	    st == ST_OK && json_exists(json); json = json_next(data, json)) {
		st = each(context, json, err);
		oldest = json;
	}
	if (st == ST_OK)
		st = json_get_bool(page, "has_more", &has_more, err);
	if (st == ST_OK && has_more && json_exists(oldest))
		return json_get_text(oldest, "id", last, STRIPE_ID_SIZE, err);
	last[0] = '\0';
	return st;
}

static enum status
walk(struct paced_reader *reader, const struct read *list, paced_reader_object
    *each, void *context, struct err *err)
{
	char last[STRIPE_ID_SIZE] = "";
	enum status st;

	do {
		struct json_doc page = { .text = NULL };
		struct read read = *list;

		/*
		 * Each page is freed before the next is read: a year's lists do
		 * not have to fit into memory.
		 */
		read.id = last[0] != '\0' ? last : NULL;
		read.page = &page;
		st = run(reader, &read, err);
		if (st == ST_OK)
			st = take_page(json_root(&page), each, context, last,
			    err);
		json_clear(&page);
	} while (st == ST_OK && last[0] != '\0');
	return st;
}

enum status
paced_reader_each_session(struct paced_reader *reader, int64_t created_from,
    paced_reader_object *each, void *context, struct err *err)
{
	return walk(reader, &(struct read){ .once = sessions_once,
	    .created_from = created_from }, each, context, err);
}

enum status
paced_reader_each(struct paced_reader *reader, const char *path,
    int64_t created_from, paced_reader_object *each, void *context,
    struct err *err)
{
	return walk(reader, &(struct read){ .once = list_once, .path = path,
	    .created_from = created_from }, each, context, err);
}

enum status
paced_reader_refunds(struct paced_reader *reader, const char *payment_intent,
    struct json_doc *page, struct err *err)
{
	return run(reader, &(struct read){ .once = refunds_once,
	    .id = payment_intent, .page = page }, err);
}

enum status
paced_reader_disputes(struct paced_reader *reader, const char *payment_intent,
    struct json_doc *page, struct err *err)
{
	return run(reader, &(struct read){ .once = disputes_once,
	    .id = payment_intent, .page = page }, err);
}

enum status
paced_reader_session(struct paced_reader *reader, const char *id,
    struct stripe_session *session, struct err *err)
{
	*session = (struct stripe_session){ .id = "" };
	return run(reader, &(struct read){ .once = session_once, .id = id,
	    .session = session }, err);
}
