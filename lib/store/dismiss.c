/*
 * Neither a dismissal nor its taking back is done twice when a lost connection
 * repeats it.  A rule concerns every payment, so that its acts lock the books
 * as a whole (lock_books() in sql/functions/locks.sql).
 */
#include "store/dismiss.h"

#include "store/act_result.h"
#include "store/db.h"

static const struct statement dismiss = {
	.name = "dismiss",
	.roles = ROLE_OPERATOR,
	.params = 7,
	.columns = 2,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select result, detail\n"
	"from teamdues.dismiss($1::text, $2::text, $3::boolean, $4::text,\n"
	"    $5::text, $6::text, $7::boolean)"
};

static const struct statement undismiss = {
	.name = "undismiss",
	.roles = ROLE_OPERATOR,
	.params = 3,
	.columns = 2,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select result, detail\n"
	"from teamdues.undismiss($1::text, $2::text, $3::boolean)"
};

/* Not repeated: the second call would not know the rule any more. */
static const struct statement remove_rule = {
	.name = "remove_rule",
	.roles = ROLE_OPERATOR,
	.params = 3,
	.columns = 2,
	.shape = SHAPE_ONE_ROW,
	.once = true,
	.sql =
	"select result, detail\n"
	"from teamdues.remove_rule($1::bigint, $2::text, $3::boolean)"
};

const struct statement *const store_dismiss_statements[] = {
	&dismiss, &undismiss, &remove_rule, NULL
};

enum status
store_dismiss(struct store *store, const struct dismissal *dismissal,
    const char *actor, bool commit, struct act_result *result,
    struct err *err)
{
	const char *const argv[] = { dismissal->key, dismissal->reason,
	    db_bool(dismissal->is_not_ours), dismissal->like_field,
	    dismissal->like_key, actor, db_bool(commit) };

	return act_run(store, &dismiss, argv, result, err);
}

enum status
store_undismiss(struct store *store, const char *key, const char *actor,
    bool commit, struct act_result *result, struct err *err)
{
	const char *const argv[] = { key, actor, db_bool(commit) };

	return act_run(store, &undismiss, argv, result, err);
}

enum status
store_remove_rule(struct store *store, int64_t rule_id, const char *actor,
    bool commit, struct act_result *result, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, rule_id), actor,
	    db_bool(commit) };

	return act_run(store, &remove_rule, argv, result, err);
}
