/*
 * None of these acts is done twice when a lost connection repeats it: the books
 * show the second call that it is done.  Pruning is not repeated, since the
 * second call would count no bodies.
 */
#include "store/payment_acts.h"

#include "store/act_result.h"
#include "store/db.h"

static const struct statement attach_payment = {
	.name = "attach_payment",
	.roles = ROLE_ADMIN | ROLE_OPERATOR | ROLE_CLERK,
	.params = 6,
	.columns = 2,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select result, detail\n"
	"from teamdues.attach_payment($1::text, $2::bigint, $3::text,\n"
	"    $4::boolean, $5::boolean, $6::boolean)"
};

static const struct statement attach_facts = {
	.name = "attach_facts",
	.roles = ROLE_ADMIN | ROLE_OPERATOR,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(x)::text\n"
	"from teamdues.attach_facts($1::text, $2::bigint) x"
};

static const struct statement detach_payment = {
	.name = "detach_payment",
	.roles = ROLE_OPERATOR,
	.params = 3,
	.columns = 2,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select result, detail\n"
	"from teamdues.detach_payment($1::text, $2::text, $3::boolean)"
};

static const struct statement prune_payloads = {
	.name = "prune_payloads",
	.roles = ROLE_OPERATOR,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.once = true,
	.sql =
	"select teamdues.prune_payloads(to_timestamp($1::bigint),\n"
	"    $2::boolean) as count"
};

const struct statement *const store_payment_acts_statements[] = {
	&attach_payment, &attach_facts, &detach_payment, &prune_payloads, NULL
};

enum status
store_attach_payment(struct store *store, const struct attachment *attachment,
    const char *actor, bool commit, struct act_result *result,
    struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { attachment->payment,
	    db_i64(id, attachment->order_id), actor, db_bool(commit),
	    db_bool(attachment->leaves_open), db_bool(attachment->is_anyway) };

	return act_run(store, &attach_payment, argv, result, err);
}

enum status
store_attach_facts(struct store *store, const char *payment,
    int64_t order_id, store_row *each, void *context, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { payment, db_i64(id, order_id) };

	return db_each(store, &attach_facts, argv, each, context, err);
}

enum status
store_detach(struct store *store, const char *key, const char *actor,
    bool commit, struct act_result *result, struct err *err)
{
	const char *const argv[] = { key, actor, db_bool(commit) };

	return act_run(store, &detach_payment, argv, result, err);
}

enum status
store_prune_payloads(struct store *store, int64_t before, bool commit,
    int64_t *count, struct err *err)
{
	char at[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(at, before), db_bool(commit) };

	return db_get_i64(store, &prune_payloads, argv, count, err);
}
