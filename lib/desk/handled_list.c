/*
 * The rules stand above the list: they are few, and taking one back concerns
 * many payments.
 */
#include "desk/handled_list.h"

#include "desk/frame.h"
#include "desk/payment_acts.h"
#include "store/desk_unmatched.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct list_field no_fields[] = { { .name = NULL } };

static const struct desk_column handled_columns[] = {
	{ "payer", "Payer", DESK_CELL_HEAD },
	{ "amount_cents", "Amount", DESK_CELL_MONEY },
	{ "what", "What", DESK_CELL_TEXT },
	{ "who", "By whom", DESK_CELL_TEXT },
	{ "at", "When", DESK_CELL_WHOLE },
};

static const struct desk_column handled_csv[] = {
	{ "time", "When", DESK_CELL_WHOLE },
	{ "who", "By whom", DESK_CELL_TEXT },
	{ "what", "What", DESK_CELL_TEXT },
	{ "payer", "Payer", DESK_CELL_TEXT },
	{ "amount_cents", "Amount", DESK_CELL_MONEY },
	{ "currency", "Currency", DESK_CELL_TEXT },
	{ "payment", "Session at Stripe", DESK_CELL_TEXT },
	{ .member = NULL },
};

static enum status
read_handled(const struct list_query *query, struct json_doc *doc,
    struct err *err)
{
	return store_desk_handled(query->visit->app->store,
	    visit_session(query->visit), query->after,
	    config_text(&query->visit->app->config, SETTING_CLUB_TIMEZONE),
	    query->limit, doc, err);
}

static void
put_rules(struct buf *html, const struct list_query *query,
    struct json_node data)
{
	struct json_node rules = json_at(data, "rules");
	bool is_writer = json_text_is(data, "user.role", "treasurer");
	const struct act_kind *remove = act_find(payment_acts, "remove_rule");

	if (!json_exists(json_first(rules)))
		return;
	buf_puts(html, "<section aria-labelledby=\"rules\">\n"
	    "<h2 id=\"rules\">Rules for payments that are not ours</h2>\n"
	    "<ul class=\"rows\">\n");
	for (struct json_node rule = json_first(rules); json_exists(rule);
	    rule = json_next(rules, rule)) {
		buf_puts(html, json_text_is(rule, "field", "metadata")
		    ? "<li><p>All that carry <b>"
		    : "<li><p>All that come by the Payment Link <b>");
		frame_put_member(html, rule, "value");
		buf_puts(html, "</b> <small>");
		frame_put_member(html, rule, "who");
		buf_puts(html, ", ");
		frame_put_member(html, rule, "at");
		buf_puts(html, "</small></p>\n");
		if (is_writer)
			act_put_form(html, query->visit, remove, rule);
		buf_puts(html, "</li>\n");
	}
	buf_puts(html, "</ul>\n</section>\n");
}

const struct list handled_list = {
	.path = "/desk/unmatched/handled",
	.title = "Payments that were handled",
	.fields = no_fields,
	.table = {
		.caption = "The newest first; each can be taken back on its "
		"page",
		.columns = handled_columns,
		.count = COUNT(handled_columns),
		.empty = "Nothing was given to an order or dismissed.",
		.link = "/desk/unmatched/payment?payment=",
		.link_member = "payment",
	},
	.csv = handled_csv,
	.read = read_handled,
	.put_above = put_rules,
};
