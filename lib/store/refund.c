/*
 * Money is given back at Stripe, never here: these say from which payments it
 * can be, and afterwards who asked for it.  The refund itself comes back as a
 * fact like any other.
 */
#include "store/refund.h"

#include <string.h>

#include "base/text.h"
#include "store/db.h"

/* nullif, because 0 is how C says that the payment is meant and no order. */
static const struct statement sources_read = {
	.name = "refund_sources",
	.roles = ROLE_OPERATOR | ROLE_CLERK,
	.params = 2,
	.columns = 8,
	.shape = SHAPE_ROWS,
	.sql =
	"select order_id, session_id, payment_intent_id, amount_cents,\n"
	"    currency, refunded_cents, installation_id, fault\n"
	"from teamdues.refund_sources(nullif($1::bigint, 0), $2::text)"
};

/* Repeated without harm: a refund is noted once. */
static const struct statement note_put = {
	.name = "refund_note",
	.roles = ROLE_OPERATOR | ROLE_CLERK,
	.params = 4,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.note_refund($1::text, $2::text, $3::text, $4::text)"
};

const struct statement *const store_refund_statements[] = {
	&sources_read, &note_put, NULL
};

static void
copy(char *out, size_t size, const PGresult *r, int row, const char *column)
{
	const char *text = row_text(r, row, column);
	size_t len = strnlen(text, size - 1);

	memcpy(out, text, len);
	out[len] = '\0';
}

/*
 * One payment.  The fault is a sentence with words from the books, and it ends
 * in a terminal or a page.
 */
static void
read_source(const PGresult *r, int row, struct refund_source *source)
{
	source->order_id = row_i64(r, row, "order_id");
	copy(source->session_id, sizeof(source->session_id), r, row,
	    "session_id");
	copy(source->payment_intent, sizeof(source->payment_intent), r, row,
	    "payment_intent_id");
	source->amount_cents = row_i64(r, row, "amount_cents");
	source->refunded_cents = row_i64(r, row, "refunded_cents");
	copy(source->currency, sizeof(source->currency), r, row, "currency");
	copy(source->fault, sizeof(source->fault), r, row, "fault");
	text_disarm(source->fault, strlen(source->fault));
}

enum status
store_refund_sources(struct store *store, int64_t order_id,
    const char *payment, struct refund_sources *sources, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, order_id), payment };
	PGresult *r = NULL;
	enum status st;
	int rows = 0;

	st = db_run(store, &sources_read, argv, &r, err);
	if (st == ST_OK)
		rows = PQntuples(r);
	if (st == ST_OK && rows == 0)
		st = order_id != 0 ? err_set(err, ST_NOT_FOUND,
		    "no such order: %s", id) : err_set(err, ST_NOT_FOUND,
		    "no payment stands under %s", payment);
	/*
	 * No order of a club has so many; the bound keeps the list on the
	 * stack.
	 */
	if (rows > REFUND_SOURCES_MAX)
		st = err_set(err, ST_BAD_INPUT, "the order has %d payments: "
		    "give them back at Stripe", rows);
	sources->count = 0;
	for (int i = 0; st == ST_OK && i < rows; i++)
		read_source(r, i, &sources->list[sources->count++]);
	if (st == ST_OK)
		row_copy(sources->installation_id,
		    sizeof(sources->installation_id), r, "installation_id");
	PQclear(r);
	return st;
}

enum status
store_note_refund(struct store *store, const struct refund_note *note,
    struct err *err)
{
	const char *const argv[] = { note->session_id, note->refund_id,
	    note->actor, note->detail };

	return db_do(store, &note_put, argv, err);
}
