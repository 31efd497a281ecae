#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "store/db.h"
#include "store/ledger.h"

/* Bounds a commit: what a few busy seconds can bring, and no more. */
enum { BATCH_MAX = 64, BATCH_BYTES_MAX = 4 * 1024 * 1024 };

static const struct statement events_record = {
	.name = "events_record",
	.roles = ROLE_WEBHOOK,
	.params = 2,
	.columns = 5,
	.shape = SHAPE_ROWS,
	.is_hot = true,
	.sql =
	"select outcome, reason, order_id, is_news, is_alarm\n"
	"from teamdues.record_events($1::jsonb, $2::text)"
};

static const struct statement answers_record = {
	.name = "answers_record",
	.roles = ROLE_CHECKOUT | ROLE_OPERATOR,
	.params = 2,
	.columns = 5,
	.shape = SHAPE_ROWS,
	.is_hot = true,
	.sql =
	"select outcome, reason, order_id, is_news, is_alarm\n"
	"from teamdues.record_answers($1::jsonb, $2::text)"
};

const struct statement *const store_ledger_statements[] = {
	&events_record, &answers_record, NULL
};

/* One caller's item, on its own stack, in the queue until it is done. */
struct waiting {
	const char *item;	/* JSON text */
	struct standing *standing;
	struct err *err;
	enum status st;
	bool is_done;
	struct waiting *next;
};

struct ledger {
	struct store *store;
	pthread_mutex_t lock;
	pthread_cond_t done;
	bool is_busy;		/* a leader has a batch under way */
	struct waiting *first;
	struct waiting **last;
};

const char *
outcome_name(enum outcome outcome)
{
	static const char *const names[OUTCOME_MAX] = {
		[OUTCOME_APPLIED] = "applied",
		[OUTCOME_DUPLICATE] = "duplicate",
		[OUTCOME_IGNORED] = "ignored",
		[OUTCOME_FOREIGN] = "foreign",
		[OUTCOME_UNMATCHED] = "unmatched",
		[OUTCOME_REVIEW] = "review",
		[OUTCOME_MISMATCH] = "mismatch",
	};

	return outcome < OUTCOME_MAX ? names[outcome] : "unknown";
}

enum status
row_standing(const PGresult *result, int row, struct standing *standing,
    struct err *err)
{
	const char *name = row_text(result, row, "outcome");
	enum outcome outcome = OUTCOME_APPLIED;

	while (outcome < OUTCOME_MAX
	    && strcmp(outcome_name(outcome), name) != 0)
		outcome++;
	if (outcome == OUTCOME_MAX)
		return err_set(err, ST_BUG, "unknown outcome \"%s\"", name);
	standing->outcome = outcome;
	standing->order_id = row_i64(result, row, "order_id");
	standing->is_news = row_bool(result, row, "is_news");
	standing->is_alarm = row_bool(result, row, "is_alarm");
	strncpy(standing->reason, row_text(result, row, "reason"),
	    sizeof(standing->reason) - 1);
	standing->reason[sizeof(standing->reason) - 1] = '\0';
	return ST_OK;
}

/* Runs count items, linked from batch, in one transaction. */
static enum status
record(struct store *store, const struct statement *statement,
    struct waiting *batch, int count, struct err *err)
{
	struct buf items = BUF_INIT((size_t)2 * BATCH_BYTES_MAX);
	struct waiting *w = batch;
	const char *argv[2] = { NULL, store_receipt_zone(store) };
	PGresult *r = NULL;
	enum status st;

	for (int i = 0; i < count; i++, w = w->next) {
		buf_putc(&items, i == 0 ? '[' : ',');
		buf_puts(&items, w->item);
	}
	buf_putc(&items, ']');
	st = buf_check(&items, "batch of events", err);
	if (st != ST_OK)
		goto out;
	argv[0] = buf_str(&items);
	st = db_run(store, statement, argv, &r, err);
	if (st == ST_OK && PQntuples(r) != count)
		st = err_set(err, ST_BUG, "%s: %d rows for %d items",
		    statement->name, PQntuples(r), count);
	w = batch;
	for (int i = 0; st == ST_OK && i < count; i++, w = w->next)
		w->st = row_standing(r, i, w->standing, w->err);
out:
	PQclear(r);
	buf_clear(&items);
	return st;
}

static void
fail_all(struct waiting *batch, int count, const struct err *err)
{
	struct waiting *w = batch;

	for (int i = 0; i < count; i++, w = w->next) {
		*w->err = *err;
		w->st = err->st;
	}
}

/*
 * A database that is away fails all alike: asking it for each one again would
 * only make them all wait longer.
 */
static void
record_batch(struct store *store, struct waiting *batch, int count)
{
	struct err err = { ST_OK, "" };
	struct waiting *w = batch;
	enum status st;

	st = record(store, &events_record, batch, count, &err);
	if (st == ST_OK)
		return;
	if (st == ST_DB || count == 1) {
		fail_all(batch, count, &err);
		return;
	}
	for (int i = 0; i < count; i++, w = w->next) {
		st = record(store, &events_record, w, 1, w->err);
		if (st != ST_OK)
			w->st = st;
	}
}

/* With the lock held: how many of those that wait go together now. */
static int
batch_size(const struct ledger *ledger)
{
	size_t bytes = 0;
	int count = 0;

	for (const struct waiting *w = ledger->first; w != NULL; w = w->next) {
		bytes += strlen(w->item);
		if (count == BATCH_MAX
		    || (count > 0 && bytes > BATCH_BYTES_MAX))
			break;
		count++;
	}
	return count;
}

/* With the lock held, which is let go of while the database works. */
static void
lead(struct ledger *ledger)
{
	struct waiting *batch = ledger->first;
	int count = batch_size(ledger);
	struct waiting *w = batch;

	for (int i = 0; i < count; i++)
		w = w->next;
	ledger->first = w;
	if (w == NULL)
		ledger->last = &ledger->first;
	ledger->is_busy = true;
	pthread_mutex_unlock(&ledger->lock);

	record_batch(ledger->store, batch, count);

	pthread_mutex_lock(&ledger->lock);
	ledger->is_busy = false;
	for (int i = 0; i < count; i++) {
		struct waiting *next = batch->next;

		batch->is_done = true;
		batch = next;
	}
	pthread_cond_broadcast(&ledger->done);
}

enum status
ledger_record(struct ledger *ledger, struct json_object *item,
    struct standing *standing, struct err *err)
{
	struct waiting self = { .standing = standing, .err = err };

	self.item = json_object_to_json_string_ext(item,
	    JSON_C_TO_STRING_PLAIN);
	if (self.item == NULL)
		return err_set(err, ST_NOMEM, "no memory for an event");
	pthread_mutex_lock(&ledger->lock);
	*ledger->last = &self;
	ledger->last = &self.next;
	while (!self.is_done) {
		if (ledger->is_busy)
			pthread_cond_wait(&ledger->done, &ledger->lock);
		else
			lead(ledger);
	}
	pthread_mutex_unlock(&ledger->lock);
	return self.st;
}

enum status
ledger_open(struct store *store, struct ledger **ledger, struct err *err)
{
	struct ledger *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return err_set(err, ST_NOMEM, "no memory for a ledger");
	l->store = store;
	l->last = &l->first;
	pthread_mutex_init(&l->lock, NULL);
	pthread_cond_init(&l->done, NULL);
	*ledger = l;
	return ST_OK;
}

void
ledger_close(struct ledger *ledger)
{
	if (ledger == NULL)
		return;
	pthread_cond_destroy(&ledger->done);
	pthread_mutex_destroy(&ledger->lock);
	free(ledger);
}

enum status
store_record_answer(struct store *store, struct json_object *item,
    struct standing *standing, struct err *err)
{
	struct waiting one = { .standing = standing, .err = err };
	enum status st;

	one.item = json_object_to_json_string_ext(item,
	    JSON_C_TO_STRING_PLAIN);
	if (one.item == NULL)
		return err_set(err, ST_NOMEM, "no memory for an answer");
	st = record(store, &answers_record, &one, 1, err);
	return st != ST_OK ? st : one.st;
}
