/*
 * Stripe is asked outside any transaction; these statements choose what to ask
 * about and compare the answer.  A dry run calls the same SQL as the real one
 * and undoes it, so that it says what would happen and not what somebody coded
 * a second time.
 */
#include "store/reconcile.h"

#include <string.h>

#include "base/text.h"
#include "store/db.h"

/*
 * Not repeated: if the first call granted the claim and its answer was lost,
 * the second one finds it taken.  Nobody asks then, and the payer's page asks
 * again in a moment.
 */
static const struct statement claim_question = {
	.name = "claim_question",
	.roles = ROLE_CHECKOUT,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.once = true,
	.sql =
	"select teamdues.claim_question($1::text) as is_granted"
};

static const struct statement due_session = {
	.name = "due_session",
	.roles = ROLE_OPERATOR,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "session",
	.sql =
	"select session_id\n"
	"from teamdues.due_sessions($1::text, 1)"
};

static const struct statement young_session = {
	.name = "young_session",
	.roles = ROLE_CHECKOUT | ROLE_OPERATOR | ROLE_CLERK,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.is_young_session($1::text) as is_young"
};

static const struct statement mark_asked = {
	.name = "mark_asked",
	.roles = ROLE_OPERATOR,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.mark_asked($1::text)"
};

/*
 * Only reads, without a lock, since reconcile calls it for every session of a
 * period: most say nothing new.
 */
static const struct statement known_session = {
	.name = "known_session",
	.roles = ROLE_OPERATOR,
	.params = 1,
	.columns = 4,
	.shape = SHAPE_ONE_ROW,
	.is_hot = true,
	.sql =
	"select concerns, is_news, refunded_cents, stranger\n"
	"from teamdues.known_session($1::jsonb)"
};

/* Repeated without harm: a fact that is known already is added once. */
static const struct statement answers_try = {
	.name = "answers_try",
	.roles = ROLE_OPERATOR | ROLE_CLERK,
	.params = 3,
	.columns = 7,
	.shape = SHAPE_ROWS,
	.sql =
	"select outcome, reason, order_id, is_news, is_alarm, before, after\n"
	"from teamdues.try_answers($1::jsonb, $2::boolean, $3::text)"
};

static const struct statement replay_event = {
	.name = "replay_event",
	.roles = ROLE_OPERATOR,
	.params = 2,
	.columns = 6,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select outcome, reason, order_id, is_news, before, after\n"
	"from teamdues.replay_event($1::jsonb, $2::boolean)"
};

const struct statement *const store_reconcile_statements[] = {
	&claim_question, &due_session, &young_session, &mark_asked,
	&known_session, &answers_try, &replay_event, NULL
};

enum status
store_claim_question(struct store *store, const char *session_id,
    bool *is_granted, struct err *err)
{
	const char *const argv[] = { session_id };

	return db_get_bool(store, &claim_question, argv, is_granted, err);
}

enum status
store_next_due_session(struct store *store, const char *after,
    char session_id[STORE_ID_SIZE], struct err *err)
{
	const char *const argv[] = { after };

	return db_get_text(store, &due_session, argv, session_id,
	    STORE_ID_SIZE, err);
}

enum status
store_is_young_session(struct store *store, const char *session_id,
    bool *is_young, struct err *err)
{
	const char *const argv[] = { session_id };

	return db_get_bool(store, &young_session, argv, is_young, err);
}

enum status
store_mark_asked(struct store *store, const char *session_id, struct err *err)
{
	const char *const argv[] = { session_id };

	return db_do(store, &mark_asked, argv, err);
}

enum status
store_known_session(struct store *store, const struct fact_item *item,
    struct known_session *known, struct err *err)
{
	struct buf text = BUF_INIT(FACT_ITEM_MAX);
	const char *argv[1];
	PGresult *r = NULL;
	enum status st;

	fact_item_put(&text, item);
	st = buf_check(&text, "an answer", err);
	argv[0] = buf_str(&text);
	if (st == ST_OK)
		st = db_run(store, &known_session, argv, &r, err);
	if (st == ST_OK) {
		known->is_ours = row_bool(r, 0, "concerns");
		known->is_news = row_bool(r, 0, "is_news");
		known->refunded_cents = row_i64(r, 0, "refunded_cents");
		row_copy(known->stranger, sizeof(known->stranger), r,
		    "stranger");
	}
	PQclear(r);
	buf_clear(&text);
	return st;
}

/*
 * The status words are ours and fit; a longer one would be a newer schema's,
 * and is only shown.
 */
static void
copy(char out[STORE_STATUS_SIZE], const PGresult *r, int row,
    const char *column)
{
	const char *text = row_text(r, row, column);
	size_t len = strnlen(text, STORE_STATUS_SIZE - 1);

	memcpy(out, text, len);
	out[len] = '\0';
}

static enum status
read_effect(const PGresult *r, int row, struct record_effect *effect,
    struct err *err)
{
	copy(effect->before, r, row, "before");
	copy(effect->after, r, row, "after");
	return row_record_result(r, row, &effect->result, err);
}

enum status
store_record_answers(struct store *store, const char *items, int count,
    bool commit, struct record_effect *effects, struct err *err)
{
	const char *const argv[] = { items, db_bool(commit),
	    store_receipt_zone(store) };
	PGresult *r = NULL;
	enum status st;

	st = db_run(store, &answers_try, argv, &r, err);
	if (st == ST_OK && PQntuples(r) != count)
		/* An effect would be shown beside another item. */
		st = err_set(err, ST_BUG, "%s: %d rows for %d items",
		    answers_try.name, PQntuples(r), count);
	for (int i = 0; st == ST_OK && i < count; i++)
		st = read_effect(r, i, &effects[i], err);
	PQclear(r);
	return st;
}

enum status
store_replay_event(struct store *store, const struct fact_item *item,
    bool commit, struct replay_result *result, struct err *err)
{
	struct buf text = BUF_INIT(FACT_ITEM_MAX);
	const char *argv[] = { NULL, db_bool(commit) };
	PGresult *r = NULL;
	enum status st;

	fact_item_put(&text, item);
	st = buf_check(&text, "an event", err);
	argv[0] = buf_str(&text);
	if (st == ST_OK)
		st = db_run(store, &replay_event, argv, &r, err);
	if (st == ST_OK) {
		row_copy(result->outcome, sizeof(result->outcome), r,
		    "outcome");
		row_copy(result->reason, sizeof(result->reason), r, "reason");
		/*
		 * The reason may quote what a stranger wrote in a payment, and
		 * people read it.
		 */
		text_disarm(result->reason, strlen(result->reason));
		result->order_id = row_i64(r, 0, "order_id");
		result->is_news = row_bool(r, 0, "is_news");
		row_copy(result->before, sizeof(result->before), r, "before");
		row_copy(result->after, sizeof(result->after), r, "after");
	}
	PQclear(r);
	buf_clear(&text);
	return st;
}
