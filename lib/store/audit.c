/*
 * The audit reads all books, at the size of a big club longer than one
 * statement may take.  It does so in slices, each a statement of its own: none
 * runs or holds a snapshot for long, and progress can be shown.
 */
#include "store/audit.h"

#include "base/buf.h"
#include "store/db.h"

/*
 * Large enough that round trips do not matter, small enough that a slice stays
 * far below a statement's limit.
 */
enum { SLICE_ROWS = 5000 };

static const struct statement audit_size = {
	.name = "audit_size",
	.roles = ROLE_OPERATOR,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.audit_size() as rows"
};

/*
 * The slice is one row whose faults are an array, because `looked` and `last`
 * must arrive even where no fault was found.
 */
static const struct statement audit_slice = {
	.name = "audit_slice",
	.roles = ROLE_OPERATOR,
	.params = 3,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select row_to_json(x)::text\n"
	"from teamdues.audit_slice($1::text, $2::json, $3::integer) x"
};

const struct statement *const store_audit_statements[] = {
	&audit_size, &audit_slice, NULL
};

const char *const store_audit_parts[] = { "orders", "payments", "events",
    NULL };

enum status
store_audit_size(struct store *store, int64_t *rows, struct err *err)
{
	return db_get_i64(store, &audit_size, NULL, rows, err);
}

/* A slice while its one row is read. */
struct reading {
	struct audit_slice *slice;
	store_row *each;
	void *context;
};

static enum status
read_slice(void *context, struct json_node row, struct err *err)
{
	struct reading *reading = context;
	struct json_node faults = json_at(row, "faults");
	struct json_node fault = json_first(faults);
	struct buf last = BUF_FIXED(reading->slice->last);
	enum status st;

	reading->slice->looked = json_i64_or_0(row, "looked");
	json_put_chars(&last, json_at(row, "last"));
	/*
	 * A cut key would make the next slice begin at the wrong row, or read
	 * the same slice for ever.
	 */
	st = buf_check(&last, "where the slice ended", err);
	while (st == ST_OK && json_exists(fault)) {
		st = reading->each(reading->context, fault, err);
		fault = json_next(faults, fault);
	}
	return st;
}

enum status
store_audit_slice(struct store *store, struct audit_slice *slice,
    store_row *each, void *context, struct err *err)
{
	struct reading reading = { slice, each, context };
	char limit[I64_TEXT_SIZE];
	const char *const argv[] = { slice->part,
	    slice->last[0] == '\0' ? NULL : slice->last,
	    db_i64(limit, SLICE_ROWS) };

	return db_each(store, &audit_slice, argv, read_slice, &reading, err);
}
