#include "store/act.h"

#include <string.h>

#include "base/json_out.h"
#include "base/text.h"
#include "store/db.h"

static const struct statement attach_payment = {
	.name = "attach_payment",
	.roles = ROLE_ADMIN | ROLE_OPERATOR,
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

static const struct statement product_withdraw = {
	.name = "product_withdraw",
	.roles = ROLE_OPERATOR,
	.params = 4,
	.columns = 2,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select result, detail\n"
	"from teamdues.product_withdraw($1::bigint, $2::boolean, $3::text,\n"
	"    $4::boolean)"
};

static const struct statement change_order = {
	.name = "change_order",
	.roles = ROLE_OPERATOR,
	.params = 4,
	.columns = 2,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select result, detail\n"
	"from teamdues.change_order($1::bigint, $2::jsonb, $3::text,\n"
	"    $4::boolean)"
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

const struct statement *const store_act_statements[] = {
	&attach_payment, &attach_facts, &dismiss, &detach_payment, &undismiss,
	&remove_rule, &installation_decide, &product_withdraw, &change_order,
	&prune_payloads, &replay_event, NULL
};

static enum status
read_result(const PGresult *r, struct act_result *result, struct err *err)
{
	static const struct {
		const char *word;
		enum act_outcome outcome;
	} words[] = {
		{ "attached", ACT_DONE },
		{ "dismissed", ACT_DONE },
		{ "detached", ACT_DONE },
		{ "reopened", ACT_DONE },
		{ "removed", ACT_DONE },
		{ "done", ACT_DONE },
		{ "already", ACT_ALREADY },
		{ "refused", ACT_REFUSED },
		{ "unknown", ACT_UNKNOWN },
	};
	const char *word = row_text(r, 0, "result");

	row_copy(result->detail, sizeof(result->detail), r, "detail");
	text_disarm(result->detail, strlen(result->detail));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].word, word) == 0) {
			result->outcome = words[i].outcome;
			return ST_OK;
		}
	}
	return err_set(err, ST_BUG, "unknown result \"%s\"", word);
}

/* What was done is told beside the answer, and logged: told.h. */
static enum status
act(struct store *store, const struct statement *statement,
    const char *const *argv, struct act_result *result, struct err *err)
{
	PGresult *r = NULL;
	enum status st;

	st = db_run(store, statement, argv, &r, err);
	if (st == ST_OK)
		st = read_result(r, result, err);
	PQclear(r);
	return st;
}

static enum status
attach(struct store *store, const struct order_change *change,
    const char *actor, bool commit, struct act_result *result,
    struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { change->payment,
	    db_i64(id, change->order_id), actor, db_bool(commit),
	    db_bool(change->leaves_open), db_bool(change->is_anyway) };

	return act(store, &attach_payment, argv, result, err);
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
store_dismiss(struct store *store, const struct dismissal *dismissal,
    const char *actor, bool commit, struct act_result *result,
    struct err *err)
{
	const char *const argv[] = { dismissal->key, dismissal->reason,
	    db_bool(dismissal->is_not_ours), dismissal->like_field,
	    dismissal->like_key, actor, db_bool(commit) };

	return act(store, &dismiss, argv, result, err);
}

enum status
store_detach(struct store *store, const char *key, const char *actor,
    bool commit, struct act_result *result, struct err *err)
{
	const char *const argv[] = { key, actor, db_bool(commit) };

	return act(store, &detach_payment, argv, result, err);
}

enum status
store_undismiss(struct store *store, const char *key, const char *actor,
    bool commit, struct act_result *result, struct err *err)
{
	const char *const argv[] = { key, actor, db_bool(commit) };

	return act(store, &undismiss, argv, result, err);
}

enum status
store_remove_rule(struct store *store, int64_t rule_id, const char *actor,
    bool commit, struct act_result *result, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, rule_id), actor,
	    db_bool(commit) };

	return act(store, &remove_rule, argv, result, err);
}

enum status
store_decide_installation(struct store *store,
    const struct installation_decision *decision, const char *actor,
    bool commit, struct act_result *result, struct err *err)
{
	const char *const argv[] = { decision->installation_id,
	    db_bool(decision->is_ours), actor, db_bool(commit) };

	return act(store, &installation_decide, argv, result, err);
}

enum status
store_withdraw_product(struct store *store, int64_t product_id,
    bool is_withdrawn, const char *actor, bool commit,
    struct act_result *result, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, product_id),
	    db_bool(is_withdrawn), actor, db_bool(commit) };

	return act(store, &product_withdraw, argv, result, err);
}

static void
put_unless_null(struct json_out *json, const char *name, const char *text)
{
	if (text != NULL)
		json_out_text(json, name, text);
}

static enum status
put_change(struct buf *text, const struct order_change *change,
    struct err *err)
{
	struct json_out json = JSON_OUT(text);

	json_out_object(&json, NULL);
	json_out_text(&json, "action", change->action);
	put_unless_null(&json, "reason", change->reason);
	json_out_i64(&json, "amount_cents", change->amount_cents);
	put_unless_null(&json, "source", change->source);
	put_unless_null(&json, "reference", change->reference);
	json_out_end(&json);
	return json_out_check(&json, "a change", err);
}

static enum status
change_itself(struct store *store, const struct order_change *change,
    const char *actor, bool commit, struct act_result *result,
    struct err *err)
{
	struct buf text = BUF_INIT(JSON_PARAMETER_MAX);
	char id[I64_TEXT_SIZE];
	const char *argv[] = { db_i64(id, change->order_id), NULL, actor,
	    db_bool(commit) };
	enum status st;

	st = put_change(&text, change, err);
	argv[1] = buf_str(&text);
	if (st == ST_OK)
		st = act(store, &change_order, argv, result, err);
	buf_clear(&text);
	return st;
}

enum status
store_change_order(struct store *store, const struct order_change *change,
    const char *actor, bool commit, struct act_result *result,
    struct err *err)
{
	return change->payment != NULL
	    ? attach(store, change, actor, commit, result, err)
	    : change_itself(store, change, actor, commit, result, err);
}

enum status
store_prune_payloads(struct store *store, int64_t before, bool commit,
    int64_t *count, struct err *err)
{
	char at[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(at, before), db_bool(commit) };
	PGresult *r = NULL;
	enum status st;

	st = db_run(store, &prune_payloads, argv, &r, err);
	if (st == ST_OK)
		*count = row_i64(r, 0, "count");
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
