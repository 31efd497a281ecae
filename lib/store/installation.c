#include "store/installation.h"

#include "store/db.h"

static const struct statement installations_list = {
	.name = "installations_list",
	.roles = ROLE_OPERATOR,
	.params = 0,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(x)::text\n"
	"from teamdues.installations() x"
};

static const struct statement waiting_counts = {
	.name = "waiting_counts",
	.roles = ROLE_OPERATOR,
	.params = 0,
	.columns = 2,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select waiting, undecided\n"
	"from teamdues.waiting_counts()"
};

const struct statement *const store_installation_statements[] = {
	&installations_list, &waiting_counts, NULL
};

enum status
store_installations(struct store *store, store_row *each, void *context,
    struct err *err)
{
	return db_each(store, &installations_list, NULL, each, context, err);
}

enum status
store_waiting_counts(struct store *store, struct waiting_counts *counts,
    struct err *err)
{
	PGresult *r = NULL;
	enum status st = db_run(store, &waiting_counts, NULL, &r, err);

	if (st == ST_OK) {
		counts->waiting = row_i64(r, 0, "waiting");
		counts->undecided = row_i64(r, 0, "undecided");
	}
	PQclear(r);
	return st;
}
