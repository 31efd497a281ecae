/*
 * What each act does is said before it is done, and of the payments that a rule
 * would close with this one which they are.
 */
#include "desk/payment_acts.h"

#include <string.h>

#include "desk/frame.h"
#include "desk/money.h"
#include "desk/order_acts.h"
#include "desk/table.h"
#include "store/desk_unmatched.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { REASON_MAX = 200, ORDER_ID_MAX = 18 };

static const char *
check_order_id(const char *text)
{
	return text[strspn(text, "0123456789")] == '\0' && text[0] != '0'
	    ? NULL : "Please enter the number of an order, as 1024.";
}

#define PAYMENT { .name = "payment", .control = ACT_HIDDEN, \
	.label = "Payment" }
#define REASON { .name = "reason", .label = "Why", \
	.characters_max = REASON_MAX, .hint = "Kept in the log." }
#define ANYWAY { .name = "anyway", .control = ACT_CHECKBOX, \
	.is_optional = true, .only_with = "doubt", \
	.label = "I know that it is for this order" }

static const struct act_field payment_alone[] = { PAYMENT };
static const struct act_field payment_and_reason[] = { PAYMENT, REASON };

static const struct act_field attach_fields[] = {
	PAYMENT,
	{ .name = "order_id", .label = "Number of the order",
	    .characters_max = ORDER_ID_MAX, .check = check_order_id },
	ANYWAY,
};

static const struct act_field attach_one_fields[] = {
	PAYMENT,
	{ .name = "order_id", .control = ACT_HIDDEN, .label = "Order" },
	ANYWAY,
};

static const struct act_field attach_chosen_fields[] = {
	PAYMENT,
	{ .name = "order_id", .control = ACT_HIDDEN, .label = "Order" },
	{ .name = "anyway", .control = ACT_HIDDEN, .label = "Known" },
};

static const struct act_field refund_fields[] = {
	PAYMENT,
	{ .name = "amount", .control = ACT_MONEY, .label = "Amount",
	    .is_optional = true,
	    .hint = "Leave it empty to give back all that is left." },
	REASON,
};

/* Of all that are like it: which mark, and of metadata which name. */
static const struct act_field not_ours_fields[] = {
	PAYMENT,
	{ .name = "not_ours", .control = ACT_HIDDEN, .label = "Not ours" },
	{ .name = "like_field", .control = ACT_HIDDEN, .label = "Mark" },
	{ .name = "like_key", .control = ACT_HIDDEN, .is_optional = true,
	    .label = "Name" },
	REASON,
};

static const struct act_field rule_fields[] = {
	{ .name = "rule_id", .control = ACT_HIDDEN, .label = "Rule" },
};

static const struct desk_column like_columns[] = {
	{ "payer", "Payer", DESK_CELL_HEAD },
	{ "at", "When", DESK_CELL_WHOLE },
	{ "amount_cents", "Amount", DESK_CELL_MONEY },
};

static void
put_facts(struct buf *html, struct json_node data)
{
	buf_puts(html, "<div><dt>Payment</dt><dd><b>");
	desk_put_money(html, data, "amount_cents", "");
	buf_puts(html, "</b></dd></div>\n");
	frame_put_fact(html, data, "From", "payer");
	frame_put_fact(html, data, "Mail", "email");
	frame_put_fact(html, data, "When", "at");
	frame_put_fact(html, data, "Card", "card");
	frame_put_fact(html, data, "It says", "paid_for");
}

static void
put_like(struct buf *html, struct json_node like)
{
	static const struct desk_table table = {
		.caption = "All that would be closed with it, the newest "
		"first; twenty at most are shown",
		.columns = like_columns,
		.count = COUNT(like_columns),
		.empty = "No payment is like it.",
	};

	desk_table_put(html, &table, json_at(like, "rows"),
	    json_at(like, "sums"));
}

static void
put_subject(struct buf *html, struct json_node data)
{
	struct json_node order = json_at(data, "order");
	struct json_node like = json_at(data, "like");

	buf_puts(html, "<dl class=\"facts\">\n");
	put_facts(html, data);
	buf_puts(html, "</dl>\n");
	if (json_exists(order)) {
		buf_puts(html, "<dl class=\"facts\">\n");
		frame_put_fact(html, order, "Order", "order_id");
		order_put_facts(html, order);
		buf_puts(html, "<div><dt>Owed</dt><dd>");
		desk_put_money(html, order, "left_cents", "");
		buf_puts(html, "</dd></div>\n</dl>\n");
	}
	if (json_exists(like))
		put_like(html, like);
}

/* What is typed wrong is said beside its field, after this. */
static int64_t
order_id_of(const struct params *params)
{
	struct err unused;
	int64_t order_id;

	return params_i64(params, "order_id", 1, INT64_MAX, &order_id,
	    &unused) == ST_OK ? order_id : 0;
}

static enum status
read_subject(struct visit *visit, const struct params *params,
    struct json_doc *doc, struct err *err)
{
	const struct desk_payment_query query = {
		.session = visit_session(visit),
		.payment = params_text_or_empty(params, "payment"),
		.order_id = order_id_of(params),
		.like_field = params_text(params, "like_field"),
		.like_key = params_text(params, "like_key"),
		.zone = config_text(&visit->app->config,
		    SETTING_CLUB_TIMEZONE),
	};

	return store_desk_payment(visit->app->store, &query, doc, err);
}

static enum status
read_rule(struct visit *visit, const struct params *params,
    struct json_doc *doc, struct err *err)
{
	int64_t rule_id;
	enum status st = visit_read_id(params, "rule_id", "rule",
	    &rule_id, err);

	return st != ST_OK ? st : store_desk_rule(visit->app->store,
	    visit_session(visit), rule_id, doc, err);
}

static void
put_rule(struct buf *html, struct json_node data)
{
	buf_puts(html, "<dl class=\"facts\">\n");
	frame_put_fact(html, data, "Mark", "field");
	frame_put_fact(html, data, "Of", "value");
	buf_puts(html, "</dl>\n");
}

static const struct act_subject subject = {
	.read = read_subject,
	.put = put_subject,
	.back = "/desk/unmatched/payment?payment=",
	.back_text = "Back to the payment",
};

static const struct act_subject rule_subject = {
	.read = read_rule,
	.put = put_rule,
	.back = "/desk/unmatched/handled",
	.back_text = "Back to what was handled",
};

#define FIELDS(array) .fields = (array), .count = COUNT(array)

#define ATTACH .path = "/desk/unmatched/attach", .action = "attach", \
	.subject = &subject, .undo = "detach", .button = "Give it to the " \
	"order", .text = "The payment counts for the order. If the family " \
	"has the card form open, that is closed first. Nobody is mailed."

const struct act_kind payment_attach_one = { ATTACH,
	.title = "Give it to this order", FIELDS(attach_one_fields) };
const struct act_kind payment_attach_chosen = { ATTACH,
	.title = "Give it to this order", FIELDS(attach_chosen_fields) };

const struct act_kind payment_acts[] = {
	{ ATTACH, .title = "Give it to an order", FIELDS(attach_fields) },
	{ .path = "/desk/unmatched/refund", .action = "refund",
	    .subject = &subject,
	    .title = "Give money back",
	    .text = "The money goes back the way it came, within five to ten "
	    "days. A refund cannot be taken back. Stripe mails the payer, "
	    "unless the club has switched that off there.",
	    .button = "Give it back", FIELDS(refund_fields) },
	{ .path = "/desk/unmatched/dismiss", .action = "dismiss",
	    .subject = &subject, .undo = "undismiss",
	    .title = "Dismiss",
	    .text = "For what is not the club's: it waits no longer, and is "
	    "in no sum. The money stays on the club's Stripe account; to send "
	    "it back, use Give money back. Nobody is mailed.",
	    .button = "Dismiss it", FIELDS(payment_and_reason) },
	{ .path = "/desk/unmatched/not-ours", .action = "dismiss",
	    .subject = &subject, .undo = "undismiss",
	    .title = "Not ours, and all like it",
	    .text = "This payment, all that wait and are like it, and all "
	    "that come and are like it, count as another business's and wait "
	    "for nobody. The rule stands among what was handled, and can be "
	    "taken back there. Nobody is mailed.",
	    .button = "They are not ours", FIELDS(not_ours_fields) },
	{ .path = "/desk/unmatched/detach", .action = "detach",
	    .subject = &subject,
	    .title = "Take it from the order",
	    .text = "The order is owed again, and the payment waits again. "
	    "Nobody is mailed.",
	    .button = "Take it from the order", FIELDS(payment_alone) },
	{ .path = "/desk/unmatched/reopen", .action = "undismiss",
	    .subject = &subject,
	    .title = "Open it again",
	    .text = "The payment waits again, unless a rule for payments that "
	    "are not ours closes it. Nobody is mailed.",
	    .button = "Open it again", FIELDS(payment_alone) },
	{ .path = "/desk/unmatched/remove-rule", .action = "remove_rule",
	    .subject = &rule_subject,
	    .title = "Remove the rule",
	    .text = "What the rule closed waits again, but for what was "
	    "dismissed by itself. Nobody is mailed.",
	    .button = "Remove it", FIELDS(rule_fields) },
	{ .path = NULL },
};
