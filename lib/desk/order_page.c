/*
 * First how the order stands and what can be done, since that is what the
 * treasurer comes for; then what came, and how it all happened.
 */
#include "desk/order_page.h"

#include <string.h>

#include "desk/frame.h"
#include "desk/money.h"
#include "desk/order_acts.h"
#include "desk/order_link.h"
#include "desk/timeline.h"
#include "desk/under_way.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Each status, as a treasurer would say it. */
static const struct {
	const char *status;
	const char *text;
} statuses[] = {
	{ "pending", "To be paid." },
	{ "processing", "A bank payment is on its way; that takes days." },
	{ "paid", "Paid." },
	{ "partially_refunded", "Paid; a part of it is given back." },
	{ "refunded", "Paid; all of it is given back." },
	{ "disputed", "Disputed: the bank has taken the money until it is "
	    "decided. Answer at Stripe, under Disputes; do not refund it." },
	{ "charged_back", "Charged back: the dispute was lost." },
	{ "waived", "Waived: what was not paid is let go." },
	{ "cancelled", "Cancelled: nothing is owed." },
};

static const struct {
	const char *name;
	const char *member;
	const char *look;
	bool is_always;
} sums[] = {
	{ "Owed", "left_cents", "owed", true },
	{ "Paid", "paid_cents", "paid", true },
	{ "Given back", "given_cents", "refunded", false },
	{ "On its way back", "way_cents", "refunded", false },
	{ "Waived", "waived_cents", "refunded", false },
};

/* A payment of more than is asked for, of which the rest went back: as much as
 * is asked for is here. */
static bool
is_rest_back(struct json_node data)
{
	return json_text_is(data, "status", "partially_refunded") &&
	    json_i64_or_0(data, "paid_cents") -
	    json_i64_or_0(data, "given_cents") ==
	    json_i64_or_0(data, "whole_cents");
}

void
order_put_status(struct buf *html, struct json_node data)
{
	if (is_rest_back(data)) {
		buf_puts(html, "Came ");
		desk_put_money(html, data, "paid_cents", "");
		buf_puts(html, ", ");
		desk_put_money(html, data, "given_cents", "");
		buf_puts(html, " given back, ");
		desk_put_money(html, data, "whole_cents", "");
		buf_puts(html, " used.");
		return;
	}
	for (size_t i = 0; i < COUNT(statuses); i++)
		if (json_text_is(data, "status", statuses[i].status))
			buf_puts(html, statuses[i].text);
}

static void
put_page(struct buf *html, struct json_node page)
{
	if (!json_exists(page)) {
		buf_puts(html, "<p class=\"empty\">Nobody has opened a payment "
		    "page for this order.</p>\n");
		return;
	}
	buf_puts(html, "<p>The last payment page, of <b>");
	desk_put_money(html, page, "amount_cents", "");
	buf_puts(html, "</b>, was made on ");
	frame_put_member(html, page, "made");
	if (json_text_is(page, "status", "open")) {
		buf_puts(html, ". It is <b>open</b> until ");
		frame_put_member(html, page, "ends");
		buf_puts(html, ".</p>\n");
	} else if (json_text_is(page, "status", "complete")) {
		buf_puts(html, ". It was <b>completed</b>.</p>\n");
	} else {
		buf_puts(html, ". It has <b>ended without payment</b>.</p>\n");
	}
}

static bool
is_owed(struct json_node data)
{
	return json_i64_or_0(data, "left_cents") > 0;
}

/* Of what is owed, what is said is read to the parent who says "I paid". */
void
order_put_stripe(struct buf *html, struct visit *visit, struct json_node data,
    bool is_writer)
{
	const struct act_kind *kind = act_find(order_acts, "ask_stripe");
	struct json_node asked = json_at(data, "stripe.asked");

	if (is_writer && act_is_possible(data, kind))
		act_put_button(html, visit, kind, data, is_owed(data)
		    ? "Says it is paid? Ask Stripe" : kind->title);
	if (json_exists(asked)) {
		buf_puts(html, "<p>Asked last on ");
		frame_put_member(html, asked, "at");
		buf_puts(html, ": ");
		desk_put_words_of(html, asked, "words");
		buf_puts(html, ".</p>\n");
	}
	put_page(html, json_at(data, "stripe.page"));
}

static void
put_standing(struct buf *html, struct visit *visit, struct json_node data,
    const char *currency, bool is_writer)
{
	buf_puts(html, "<section aria-labelledby=\"standing\">\n"
	    "<h2 id=\"standing\">");
	order_put_status(html, data);
	buf_puts(html, "</h2>\n<dl class=\"sums\">\n");
	for (size_t i = 0; i < COUNT(sums); i++) {
		if (!sums[i].is_always &&
		    json_i64_or_0(data, sums[i].member) == 0)
			continue;
		buf_putf(html, "<div><dt><span class=\"key %s\"></span>%s"
		    "</dt><dd>", sums[i].look, sums[i].name);
		desk_put_money(html, data, sums[i].member, "");
		buf_puts(html, "</dd></div>\n");
	}
	buf_puts(html, "</dl>\n");
	if (is_owed(data))
		order_put_stripe(html, visit, data, is_writer);
	timeline_put_last(html, json_at(data, "timeline"), currency);
	buf_puts(html, "<dl class=\"facts\">\n");
	order_put_facts(html, data);
	buf_puts(html, "</dl>\n</section>\n");
}

/* Whether an act stands beside what it is about, and not in the list; of the
 * bill and the reminder one is meant. */
static bool
is_elsewhere(const struct act_kind *kind, struct json_node data)
{
	const char *other = json_exists(json_at(data, "is_unbilled"))
	    ? "/desk/order/remind" : "/desk/order/bill";

	return strcmp(kind->action, "unrecord_payment") == 0 ||
	    strcmp(kind->action, "ask_stripe") == 0 ||
	    strcmp(kind->path, other) == 0;
}

/* Nothing where nothing can be done. */
static void
put_acts(struct buf *html, struct visit *visit, struct json_node data)
{
	int count = 0;

	for (const struct act_kind *k = order_acts; k->path != NULL; k++) {
		if (!act_is_possible(data, k) || is_elsewhere(k, data))
			continue;
		if (count++ == 0)
			buf_puts(html, "<section aria-labelledby=\"acts\">\n"
			    "<h2 id=\"acts\">What you can do</h2>\n"
			    "<p class=\"note\">Each is shown once more before "
			    "it is done.</p>\n");
		act_put_details(html, visit, k, data);
	}
	if (count > 0)
		buf_puts(html, "</section>\n");
}

static void
put_part(struct buf *html, struct json_node row, const char *member,
    const char *text)
{
	if (!json_exists(json_at(row, member)))
		return;
	buf_puts(html, " <b>");
	desk_put_money(html, row, member, "");
	buf_puts(html, "</b>");
	buf_puts(html, text);
}

/* A record of ours has its own way back; Stripe's payment has its number. */
static void
put_payment(struct buf *html, struct visit *visit, struct json_node row,
    bool is_writer)
{
	static const struct {
		const char *how;
		const char *text;
	} ways[] = {
		{ "stripe", "by card, paid by " },
		{ "cash", "in cash, recorded by " },
		{ "cheque", "by cheque, recorded by " },
		{ "transfer", "by bank transfer, recorded by " },
	};

	buf_puts(html, "<li>\n<p>");
	put_part(html, row, "amount_cents", " ");
	for (size_t i = 0; i < COUNT(ways); i++)
		if (json_text_is(row, "how", ways[i].how))
			buf_puts(html, ways[i].text);
	desk_put_words_of(html, row, "who");
	buf_puts(html, ".");
	put_part(html, row, "given_cents", " was given back.");
	put_part(html, row, "way_cents", " are on the way back.");
	if (json_exists(json_at(row, "note"))) {
		buf_puts(html, " <strong class=\"due\">Note: ");
		desk_put_words_of(html, row, "note");
		buf_puts(html, ".</strong>");
	}
	buf_puts(html, " <small>");
	frame_put_member(html, row, "at");
	buf_puts(html, "</small><br><small class=\"id\">");
	frame_put_member(html, row, "id");
	buf_puts(html, "</small></p>\n");
	if (is_writer && json_exists(json_at(row, "reference")))
		act_put_undo(html, visit, act_find(order_acts,
		    "record_payment"), act_find(order_acts,
		    "unrecord_payment"), row);
	buf_puts(html, "</li>\n");
}

static void
put_payments(struct buf *html, struct visit *visit, struct json_node rows,
    bool is_writer)
{
	bool is_none = !json_exists(json_first(rows));

	buf_puts(html, "<section aria-labelledby=\"payments\">\n"
	    "<h2 id=\"payments\">Payments</h2>\n");
	buf_puts(html, is_none ? "<p class=\"empty\">Nothing came yet.</p>\n"
	    : "<ul class=\"needs\">\n");
	for (struct json_node row = json_first(rows); json_exists(row);
	    row = json_next(rows, row))
		put_payment(html, visit, row, is_writer);
	buf_puts(html, is_none ? "</section>\n" : "</ul>\n</section>\n");
}

enum status
order_page_put(struct buf *html, struct visit *visit, struct json_node data,
    struct err *err)
{
	char currency[8];
	bool is_writer = false;
	enum status st = json_get_bool(data, "user.is_writer", &is_writer,
	    err);

	if (st == ST_OK)
		st = json_get_text(data, "currency", currency,
		    sizeof(currency), err);
	if (st != ST_OK)
		return st;
	buf_puts(html, "<div class=\"columns\">\n<div>\n");
	put_standing(html, visit, data, currency, is_writer);
	under_way_put(html, json_at(data, "requests"));
	if (is_writer)
		put_acts(html, visit, data);
	buf_puts(html, "</div>\n<div>\n");
	st = order_link_put(html, &visit->app->config, data, err);
	put_payments(html, visit, json_at(data, "payments"), is_writer);
	if (!is_owed(data)) {
		buf_puts(html, "<section aria-labelledby=\"stripe\">\n"
		    "<h2 id=\"stripe\">What Stripe says</h2>\n");
		order_put_stripe(html, visit, data, is_writer);
		buf_puts(html, "</section>\n");
	}
	buf_puts(html, "<section aria-labelledby=\"timeline\">\n"
	    "<h2 id=\"timeline\">What happened</h2>\n");
	timeline_put(html, json_at(data, "timeline"), currency);
	buf_puts(html, "</section>\n</div>\n</div>\n");
	return st;
}
