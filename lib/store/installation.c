/*
 * Which installations of teamdues the payments on this Stripe account belong
 * to.  The decision is a person's: nothing in a payment proves whose it is.
 */
#include "store/installation.h"

#include "store/act_result.h"
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

static const struct statement installation_decide = {
	.name = "installation_decide",
	.roles = ROLE_OPERATOR,
	.params = 4,
	.columns = 2,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select result, detail\n"
	"from teamdues.decide_installation($1::text, $2::boolean, $3::text,\n"
	"    $4::boolean)"
};

const struct statement *const store_installation_statements[] = {
	&installations_list, &waiting_counts, &installation_decide, NULL
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

enum status
store_decide_installation(struct store *store,
    const struct installation_decision *decision, const char *actor,
    bool commit, struct act_result *result, struct err *err)
{
	const char *const argv[] = { decision->installation_id,
	    db_bool(decision->is_ours), actor, db_bool(commit) };

	return act_run(store, &installation_decide, argv, result, err);
}
