/*
 * Into teamdues.record, sql/functions/record.sql.  Recording may be repeated
 * (an event or a fact that is known is added once), so that neither statement
 * is marked `once`: a lost connection costs a second try and no event.
 */
#include "store/record.h"

#include <arpa/inet.h>

#include "base/log.h"
#include "store/db.h"

/*
 * The body of an event is kept byte for byte as text, because its signature is
 * over these bytes and a later version may read more of it.
 */
static const struct statement events_record = {
	.name = "events_record",
	.roles = ROLE_WEBHOOK,
	.params = 3,
	.columns = 5,
	.shape = SHAPE_ROWS,
	.is_hot = true,
	.sql =
	"select outcome, reason, order_id, is_news, is_alarm\n"
	"from teamdues.record_events($1::jsonb, $2::text[], $3::text)"
};

static const struct statement answers_record = {
	.name = "answers_record",
	.roles = ROLE_CHECKOUT | ROLE_OPERATOR | ROLE_CLERK,
	.params = 2,
	.columns = 5,
	.shape = SHAPE_ROWS,
	.is_hot = true,
	.sql =
	"select outcome, reason, order_id, is_news, is_alarm\n"
	"from teamdues.record_answers($1::jsonb, $2::text)"
};

const struct statement *const store_record_statements[] = {
	&events_record, &answers_record, NULL
};

/*
 * The caller is not to blame for what Stripe has signed: answered with a 4xx it
 * would look like a bad request, and nobody would look for the fault here.
 */
static enum status
blame_us(enum status st, struct err *err)
{
	if (st != ST_OK && st != ST_DB && st != ST_DB_BUSY && st != ST_NOMEM)
		err->st = st = ST_BUG;
	return st;
}

/*
 * Whether a refusal is to be tried again without receipts.  A payment counts
 * whether or not its receipt can be queued, so that the receipt is given up
 * first, and that is logged.
 */
static bool
is_receipt_to_blame(enum status st, const char *zone, const struct err *err)
{
	struct err why = *err;

	if (zone == NULL || blame_us(st, &why) != ST_BUG)
		return false;
	log_event(LOG_ERROR, "no_receipt", LOG_TEXT("reason", err->msg), NULL);
	return true;
}

static void
put_int32(struct buf *b, size_t value)
{
	const uint32_t bytes = htonl((uint32_t)value);

	buf_put(b, (const char *)&bytes, sizeof(bytes));
}

/*
 * The bodies as text[] in PostgreSQL's binary form (array_recv in its source):
 * number of dimensions, whether there are nulls, the elements' type; for the
 * dimension its length and first index; then each element's length and bytes.
 * As text, every quote and backslash of a JSON body would have to be escaped,
 * which doubles a batch and costs time on both sides.
 */
static void
put_payloads(struct buf *b, struct recording *const *batch, int count)
{
	/* pg_type's fixed number for text. */
	enum { TEXT_OID = 25 };

	put_int32(b, 1);
	put_int32(b, 0);
	put_int32(b, TEXT_OID);
	put_int32(b, (size_t)count);
	put_int32(b, 1);
	for (int i = 0; i < count; i++) {
		put_int32(b, batch[i]->payload_len);
		buf_put(b, batch[i]->payload, batch[i]->payload_len);
	}
}

/*
 * Each item is a JSON object already; only the array around them is made here.
 */
static void
put_items(struct buf *b, struct recording *const *batch, int count)
{
	for (int i = 0; i < count; i++) {
		buf_putc(b, i == 0 ? '[' : ',');
		buf_put(b, batch[i]->item.data, batch[i]->item.len);
	}
	buf_putc(b, ']');
}

/*
 * Reads a row for each of count items, in their order.  A row that cannot be
 * read fails its own item alone: the others are recorded.
 */
static enum status
take_standings(const PGresult *result, const struct statement *statement,
    struct recording *const *batch, int count, struct err *err)
{
	if (PQntuples(result) != count)
		return err_set(err, ST_BUG, "%s: %d rows for %d items",
		    statement->name, PQntuples(result), count);
	for (int i = 0; i < count; i++)
		batch[i]->st = row_record_result(result, i, batch[i]->result,
		    batch[i]->err);
	return ST_OK;
}

enum status
record_run(struct store *store, struct recording *const *batch, int count,
    struct err *err)
{
	struct buf items = BUF_INIT((size_t)2 * RECORDINGS_BYTES_MAX);
	struct buf payloads = BUF_INIT((size_t)2 * RECORDINGS_BYTES_MAX);
	/* 0 is text, 1 binary. */
	const int formats[] = { 0, 1, 0 };
	PGresult *r = NULL;
	enum status st;

	put_items(&items, batch, count);
	put_payloads(&payloads, batch, count);
	st = buf_check(&items, "batch of events", err);
	if (st == ST_OK)
		st = buf_check(&payloads, "batch of events", err);
	if (st == ST_OK) {
		const char *values[] = { buf_str(&items), payloads.data,
		    store_receipt_zone(store) };
		const int lengths[] = { 0, (int)payloads.len, 0 };
		const struct arguments arguments = { values, lengths,
		    formats };

		st = db_run_arguments(store, &events_record, &arguments, &r,
		    err);
		/*
		 * Only alone: of a batch the ledger finds out which event it
		 * was by recording each by itself.
		 */
		if (count == 1 && is_receipt_to_blame(st, values[2], err)) {
			values[2] = NULL;
			st = db_run_arguments(store, &events_record,
			    &arguments, &r, err);
		}
	}
	if (st == ST_OK)
		st = take_standings(r, &events_record, batch, count, err);
	PQclear(r);
	buf_clear(&payloads);
	buf_clear(&items);
	return blame_us(st, err);
}

/*
 * An answer of Stripe's has no event, so that it goes without the ledger:
 * whoever asked waits for it anyway.
 */
enum status
store_record_answer(struct store *store, const struct fact_item *item,
    struct record_result *result, struct err *err)
{
	struct recording one = { .result = result, .err = err };
	struct recording *const batch[] = { &one };
	struct buf items = BUF_INIT(FACT_ITEM_MAX);
	const char *argv[2] = { NULL, store_receipt_zone(store) };
	PGresult *r = NULL;
	enum status st;

	buf_putc(&items, '[');
	fact_item_put(&items, item);
	buf_putc(&items, ']');
	st = buf_check(&items, "an answer", err);
	argv[0] = buf_str(&items);
	if (st == ST_OK)
		st = db_run(store, &answers_record, argv, &r, err);
	if (is_receipt_to_blame(st, argv[1], err)) {
		argv[1] = NULL;
		st = db_run(store, &answers_record, argv, &r, err);
	}
	if (st == ST_OK)
		st = take_standings(r, &answers_record, batch, 1, err);
	PQclear(r);
	buf_clear(&items);
	st = blame_us(st, err);
	return st != ST_OK ? st : one.st;
}
