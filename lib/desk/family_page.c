/*
 * Who calls says "I paid", or asks what is owed: the sums come first, then each
 * order with all that happened, and what Stripe says of it.
 */
#include "desk/family_page.h"

#include "base/money.h"
#include "desk/family_acts.h"
#include "desk/frame.h"
#include "desk/money.h"
#include "desk/order_acts.h"
#include "desk/order_page.h"
#include "desk/timeline.h"

static void
put_sum(struct buf *html, struct json_node data, const char *name,
    const char *look, const char *member)
{
	buf_putf(html, "<div><dt><span class=\"key %s\"></span>%s</dt><dd>",
	    look, name);
	desk_put_money(html, data, member, "");
	buf_puts(html, "</dd></div>\n");
}

/* A link that the telephone dials, or the mail program opens. */
static void
put_contact(struct buf *html, struct json_node data, const char *name,
    const char *member, const char *scheme)
{
	struct buf text = BUF_INIT(1024);

	json_put_chars(&text, json_at(data, member));
	if (text.len > 0) {
		buf_putf(html, "<div><dt>%s</dt><dd><a href=\"%s:", name,
		    scheme);
		buf_put_urlenc(html, text.data, text.len);
		buf_puts(html, "\">");
		frame_put_breakable(html, text.data, text.len);
		buf_puts(html, "</a></dd></div>\n");
	}
	buf_clear(&text);
}

/* What is not in the sums, and answers "I paid" all the same. */
static void
put_waiting(struct buf *html, struct json_node rows)
{
	for (struct json_node row = json_first(rows); json_exists(row);
	    row = json_next(rows, row)) {
		buf_puts(html, "<p><strong class=\"due\">");
		desk_put_money(html, row, "amount_cents", "");
		buf_puts(html, " from ");
		frame_put_member(html, row, "payer");
		buf_puts(html, " is not placed yet.</strong> It came on ");
		frame_put_member(html, row, "at");
		buf_puts(html, ", and may be this family's. <a "
		    "href=\"/desk/unmatched/payment?payment=");
		frame_put_member(html, row, "payment");
		buf_puts(html, "\">Look at it</a></p>\n");
	}
}

/* Whether anything is owed of which the family has had a bill: only of that it
 * can be reminded. */
static bool
owes_billed(struct json_node orders)
{
	for (struct json_node order = json_first(orders); json_exists(order);
	    order = json_next(orders, order))
		if (json_i64_or_0(order, "left_cents") > 0 &&
		    !json_exists(json_at(order, "is_unbilled")))
			return true;
	return false;
}

static void
put_standing(struct buf *html, struct visit *visit, struct json_node data,
    bool is_writer)
{
	buf_puts(html, "<section aria-label=\"How the family stands\">\n"
	    "<dl class=\"sums\">\n");
	put_sum(html, data, "Owed", "owed", "owed_cents");
	put_sum(html, data, "Paid", "paid", "paid_cents");
	if (json_i64_or_0(data, "given_cents") > 0)
		put_sum(html, data, "Given back", "refunded", "given_cents");
	buf_puts(html, "</dl>\n");
	if (is_writer && json_i64_or_0(data, "parent_id") > 0 &&
	    owes_billed(json_at(data, "orders")))
		family_put_remind(html, visit, data);
	put_waiting(html, json_at(data, "waiting"));
	buf_puts(html, "<dl class=\"facts\">\n");
	put_contact(html, data, "Mail", "email", "mailto");
	put_contact(html, data, "Phone", "phone", "tel");
	buf_puts(html, "</dl>\n");
	if (json_i64_or_0(data, "parent_id") < 0)
		buf_puts(html, "<p class=\"note\">No parent is known: give the "
		    "child the address of its family.</p>\n");
	else if (is_writer)
		family_act_put(html, visit, "change_family",
		    "Change name, address or phone", data);
	buf_puts(html, "</section>\n");
}

/* Whether the fee was ever asked for, and that only its first month is. */
static void
put_fee(struct buf *html, struct json_node child, bool is_writer)
{
	bool is_asked = json_exists(json_at(child, "asked"));

	if (json_i64_or_0(child, "monthly_fee_cents") == 0)
		return;
	buf_puts(html, is_asked ? "<p>The bill of the first month was sent."
	    : "<p>No bill of the fee sent yet.");
	if (!is_asked && is_writer) {
		buf_puts(html, " <a href=\"/desk/mails/send?player_id=");
		frame_put_member(html, child, "player_id");
		buf_puts(html, "\">Send the first bill</a>.");
	}
	buf_puts(html, " <small>Later months are not billed from here."
	    "</small></p>\n");
}

static void
put_child(struct buf *html, struct visit *visit, struct json_node child,
    const char *currency, bool is_writer)
{
	buf_puts(html, "<li>\n<p><b>");
	frame_put_member(html, child, "player_name");
	buf_puts(html, "</b><br>\n<small>");
	frame_put_member(html, child, "team");
	if (json_i64_or_0(child, "monthly_fee_cents") > 0) {
		buf_puts(html, json_text_is(child, "team", "") ? "" : ", ");
		desk_put_money(html, child, "monthly_fee_cents", currency);
		buf_puts(html, " a month");
	}
	if (json_text_is(child, "plays", ""))
		buf_puts(html, " (plays no more)");
	buf_puts(html, "</small></p>\n");
	if (!json_text_is(child, "plays", "")) {
		put_fee(html, child, is_writer);
		if (is_writer)
			family_put_enter(html, visit, child);
	}
	if (is_writer)
		family_act_put(html, visit, "save_child",
		    "Change name, team or fee", child);
	buf_puts(html, "</li>\n");
}

static void
put_children(struct buf *html, struct visit *visit, struct json_node data,
    const char *currency, bool is_writer)
{
	struct json_node children = json_at(data, "children");

	buf_puts(html, "<section aria-labelledby=\"children\">\n"
	    "<h2 id=\"children\">Children</h2>\n");
	if (json_exists(json_first(children)))
		buf_puts(html, "<ul class=\"needs\">\n");
	for (struct json_node child = json_first(children);
	    json_exists(child); child = json_next(children, child))
		put_child(html, visit, child, currency, is_writer);
	buf_puts(html, json_exists(json_first(children)) ? "</ul>\n"
	    : "<p class=\"empty\">No child is known yet.</p>\n");
	if (is_writer && json_i64_or_0(data, "parent_id") > 0) {
		act_form_put_list(html, data, "teams");
		family_act_put(html, visit, "add_child", "Add a child", data);
	}
	buf_puts(html, "</section>\n");
}

static void
put_order_way(struct buf *html, struct json_node order, const char *look,
    const char *path, const char *text)
{
	buf_putf(html, "<li><a%s href=\"/desk/order%s?order_id=", look, path);
	frame_put_member(html, order, "order_id");
	buf_putf(html, "\">%s</a></li>\n", text);
}

/* To a part of the order's page. */
static void
put_order_part(struct buf *html, struct json_node order, const char *part,
    const char *text)
{
	buf_puts(html, "<li><a href=\"/desk/order?order_id=");
	frame_put_member(html, order, "order_id");
	buf_putf(html, "#%s\">%s</a></li>\n", part, text);
}

/* Each leads to the act's own page; a form that is folded among others would
 * have to be found there. */
static void
put_order_acts(struct buf *html, struct json_node order, const char *look)
{
	if (json_i64_or_0(order, "left_cents") > 0) {
		put_order_way(html, order, look, "/record-payment",
		    "Record a payment");
		if (json_exists(json_at(order, "is_unbilled")))
			put_order_way(html, order, "", "/bill",
			    "Mail the bill");
		else
			put_order_way(html, order, "", "/remind", "Remind");
	}
	if (act_is_possible(order, act_find(order_acts, "refund")))
		put_order_way(html, order, "", "/refund", "Give money back");
	if (act_is_possible(order, act_find(order_acts, "unrecord_payment")))
		put_order_part(html, order, "payments",
		    "Correct a payment");
}

static void
put_order_ways(struct buf *html, struct json_node order, bool is_writer)
{
	static const char button[] = " class=\"button\"";
	bool is_owed = json_i64_or_0(order, "left_cents") > 0;

	buf_puts(html, "<ul class=\"ways\">\n");
	if (!is_writer || !is_owed)
		put_order_way(html, order, button, "", "Open it");
	if (is_writer)
		put_order_acts(html, order, button);
	if (is_writer && is_owed)
		put_order_part(html, order, "link", "Pay link and QR");
	buf_puts(html, "<li><small>Order ");
	frame_put_member(html, order, "order_id");
	buf_puts(html, "</small></li>\n</ul>\n");
}

static void
put_order(struct buf *html, struct visit *visit, struct json_node order,
    bool is_writer)
{
	char currency[CURRENCY_SIZE] = "";
	struct err unused;

	buf_puts(html, "<section>\n<h2><a href=\"/desk/order?order_id=");
	frame_put_member(html, order, "order_id");
	buf_puts(html, "\">");
	frame_put_member(html, order, "item");
	buf_puts(html, "</a></h2>\n<p>");
	frame_put_member(html, order, "player");
	buf_puts(html, ", <b>");
	desk_put_money(html, order, "whole_cents", "");
	buf_puts(html, "</b>: ");
	order_put_status(html, order);
	if (json_i64_or_0(order, "left_cents") > 0) {
		buf_puts(html, " <b>");
		desk_put_money(html, order, "left_cents", "");
		buf_puts(html, "</b> is owed.");
	}
	if (json_exists(json_at(order, "is_unbilled")))
		buf_puts(html, " No bill sent yet.");
	buf_puts(html, "</p>\n");
	put_order_ways(html, order, is_writer);
	if (json_exists(json_at(order, "stripe")))
		order_put_stripe(html, visit, order, is_writer);
	if (json_exists(json_at(order, "timeline")) &&
	    json_get_text(order, "currency", currency, sizeof(currency),
	    &unused) == ST_OK)
		timeline_put(html, json_at(order, "timeline"), currency);
	buf_puts(html, "</section>\n");
}

enum status
family_page_put(struct buf *html, struct visit *visit, struct json_node data,
    struct err *err)
{
	struct json_node orders = json_at(data, "orders");
	char currency[CURRENCY_SIZE];
	bool is_writer = false;
	enum status st = json_get_bool(data, "user.is_writer", &is_writer,
	    err);

	if (st == ST_OK)
		st = json_get_text(data, "currency", currency,
		    sizeof(currency), err);
	if (st != ST_OK)
		return st;
	buf_puts(html, "<div class=\"columns family\">\n<div>\n");
	put_standing(html, visit, data, is_writer);
	buf_puts(html, "</div>\n<div>\n");
	if (!json_exists(json_first(orders)))
		buf_puts(html, "<p class=\"empty\">Nothing was asked for yet."
		    "</p>\n");
	for (struct json_node order = json_first(orders); json_exists(order);
	    order = json_next(orders, order))
		put_order(html, visit, order, is_writer);
	buf_puts(html, "</div>\n<div>\n");
	put_children(html, visit, data, currency, is_writer);
	buf_puts(html, "</div>\n</div>\n");
	return ST_OK;
}
