/*
 * One call for the command and the clerk alike, whether a payment is attached
 * or something else is decided: billing/order_change.c wraps both in the same
 * steps (end the order's open session at Stripe, act, try again).
 */
#include "store/order_acts.h"

#include "base/json_out.h"
#include "store/act_result.h"
#include "store/db.h"
#include "store/payment_acts.h"

/*
 * Repeated without harm: a recorded payment is known by its source and
 * reference, every other change by the order's state, so that nothing is done
 * twice.
 */
static const struct statement change_order = {
	.name = "change_order",
	.roles = ROLE_OPERATOR | ROLE_CLERK,
	.params = 4,
	.columns = 2,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select result, detail\n"
	"from teamdues.change_order($1::bigint, $2::jsonb, $3::text,\n"
	"    $4::boolean)"
};

const struct statement *const store_order_acts_statements[] = {
	&change_order, NULL
};

static enum status
attach(struct store *store, const struct order_change *change,
    const char *actor, bool commit, struct act_result *result,
    struct err *err)
{
	const struct attachment attachment = {
		.payment = change->payment,
		.order_id = change->order_id,
		.leaves_open = change->leaves_open,
		.is_anyway = change->is_anyway,
	};

	return store_attach_payment(store, &attachment, actor, commit, result,
	    err);
}

/*
 * An empty reason or reference is kept, and the SQL refuses it with a sentence;
 * only what was not given at all is left out.
 */
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
	put_unless_null(&json, "received_on", change->received_on);
	put_unless_null(&json, "zone", change->zone);
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
		st = act_run(store, &change_order, argv, result, err);
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
