/*
 * The database says how a payment stands in a word; the sentences are here.
 */
#include "desk/payment_page.h"

#include <inttypes.h>
#include <string.h>

#include "desk/frame.h"
#include "desk/money.h"
#include "desk/payment_acts.h"
#include "desk/under_way.h"

enum { BUTTON_MAX = 256 };

/* What to do, by the word of waiting_step(). */
static const struct {
	const char *step;
	const char *text;
} steps[] = {
	{ "disputed", "It is disputed: answer the dispute at Stripe, and do "
	    "not refund it." },
	{ "nothing", "No money came with it: dismiss it." },
	{ "attach", "If the payer is this family, give it to the order." },
	{ "more", "More came than is owed: give the rest back, and use what "
	    "is left." },
	{ "twice", "The order needs no payment any more: it was probably paid "
	    "twice. Refund it." },
	{ "choose", "Look at what stands in the way of each order, or refund "
	    "it." },
	{ "foreign", "It looks like another business's on the same Stripe "
	    "account." },
	{ "search", "Find the order that it is for, refund it, or dismiss "
	    "it." },
};

static void
put_step(struct buf *html, struct json_node row)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (json_text_is(row, "step", steps[i].step))
			buf_putf(html, "<p class=\"step\">%s</p>\n",
			    steps[i].text);
}

static bool
is_waiting(struct json_node row)
{
	return json_text_is(row, "place", "unmatched") ||
	    json_text_is(row, "place", "review");
}

static void
put_why(struct buf *html, struct json_node row)
{
	bool is_review = json_text_is(row, "place", "review");

	buf_puts(html, is_review ? "<p>Under review: "
	    : "<p>Not placed yet: ");
	desk_put_words_of(html, row, "why");
	buf_puts(html, ".</p>\n");
}

/* Why an order may be meant, by the rank of payment_candidates(). */
static const char *const reasons[] = {
	NULL,
	"The payment names this order",
	"Same customer at Stripe and amount",
	"Same e-mail address and amount",
	"Same customer at Stripe; this amount was paid before",
	"Same e-mail address; this amount was paid before",
	"Same name and amount",
	"Same family; the amount differs",
};

static void
put_reason(struct buf *html, struct json_node row)
{
	size_t rank = (size_t)json_i64_or_0(row, "rank");

	buf_puts(html, "<br><small>");
	if (rank > 0 && rank < sizeof(reasons) / sizeof(reasons[0]))
		buf_putf(html, "%s. ", reasons[rank]);
	if (json_exists(json_at(row, "parent"))) {
		buf_puts(html, "Family of ");
		frame_put_member(html, row, "parent");
		buf_puts(html, ", ");
		frame_put_member(html, row, "email");
	}
	buf_puts(html, "</small>");
}

static void
put_order(struct buf *html, struct json_node row)
{
	buf_puts(html, "<p><a href=\"/desk/order?order_id=");
	frame_put_member(html, row, "order_id");
	buf_puts(html, "\"><b>");
	frame_put_member(html, row, "player");
	buf_puts(html, "</b>, ");
	frame_put_member(html, row, "item");
	buf_puts(html, "</a>: ");
	if (!json_text_is(row, "status", "pending")) {
		frame_put_member(html, row, "status");
		buf_puts(html, ", ");
		desk_put_money(html, row, "whole_cents", "");
	} else {
		desk_put_money(html, row, "left_cents", "");
		buf_puts(html, " owed");
	}
	put_reason(html, row);
	buf_puts(html, "</p>\n");
}

/* More came than is owed: the refund after which the rest can pay it. */
static void
put_give(struct buf *html, struct visit *visit, struct json_node row,
    bool is_writer)
{
	struct json_node give = json_at(row, "give");
	struct buf text = BUF_INIT(BUTTON_MAX);

	buf_puts(&text, "Give ");
	desk_put_money(&text, give, "amount_cents", "");
	buf_puts(&text, " back");
	if (!text.failed)
		buf_putf(html, "<p class=\"step\">%s, then use ", text.data);
	desk_put_money(html, row, "left_cents", "");
	buf_puts(html, " for ");
	frame_put_member(html, row, "item");
	buf_puts(html, ".</p>\n");
	if (is_writer && !text.failed)
		act_put_button(html, visit, act_find(payment_acts, "refund"),
		    give, text.data);
	buf_clear(&text);
}

/*
 * Whoever looked for the order by a name has looked twice: nothing of it is
 * doubted here any more.
 */
static void
put_candidate(struct buf *html, struct visit *visit, struct json_node row,
    bool is_writer)
{
	bool is_chosen = json_exists(json_at(row, "anyway"));
	bool is_barred = json_exists(json_at(row, "bar"));
	bool is_more = json_exists(json_at(row, "give"));

	buf_puts(html, "<li>\n");
	put_order(html, row);
	if (is_barred || (!is_chosen && json_exists(json_at(row, "doubt")))) {
		buf_puts(html, "<p class=\"fault\">But ");
		desk_put_words_of(html, row, is_barred ? "bar" : "doubt");
		buf_puts(html, ".</p>\n");
	}
	if (is_more)
		put_give(html, visit, row, is_writer);
	else if (is_writer && !is_barred)
		act_put_form(html, visit, is_chosen ? &payment_attach_chosen
		    : &payment_attach_one, row);
	buf_puts(html, "</li>\n");
}

static void
put_orders(struct buf *html, struct visit *visit, struct json_node list,
    bool is_writer)
{
	buf_puts(html, "<ul class=\"candidates\">\n");
	for (struct json_node c = json_first(list); json_exists(c);
	    c = json_next(list, c))
		put_candidate(html, visit, c, is_writer);
	buf_puts(html, "</ul>\n");
}

static void
put_candidates(struct buf *html, struct visit *visit, struct json_node row,
    bool is_writer)
{
	struct json_node list = json_at(row, "candidates");

	if (json_exists(json_first(list)))
		put_orders(html, visit, list, is_writer);
	else
		buf_puts(html, "<p class=\"empty\">No family of this name or "
		    "address owes or paid this amount.</p>\n");
}

static void
put_payment(struct buf *html, struct json_node row)
{
	buf_puts(html, "<dl class=\"facts\">\n");
	frame_put_fact(html, row, "When", "at");
	frame_put_fact(html, row, "Mail", "email");
	frame_put_fact(html, row, "Card", "card");
	frame_put_fact(html, row, "It says", "paid_for");
	if (json_exists(json_at(row, "given_cents"))) {
		buf_puts(html, "<div><dt>Given back</dt><dd>");
		desk_put_money(html, row, "given_cents", "");
		buf_puts(html, "</dd></div>\n");
	}
	buf_puts(html, "</dl>\n");
	if (is_waiting(row)) {
		put_why(html, row);
		put_step(html, row);
	}
}

void
payment_put_money(struct buf *html, struct json_node row)
{
	if (json_exists(json_at(row, "left_cents"))) {
		desk_put_money(html, row, "left_cents", "");
		buf_puts(html, " of ");
	}
	desk_put_money(html, row, "amount_cents", "");
	if (json_exists(json_at(row, "left_cents")))
		buf_puts(html, " is left,");
}

void
payment_put_row(struct buf *html, struct visit *visit, struct json_node row,
    bool is_writer)
{
	buf_puts(html, "<article class=\"waiting\">\n<div>\n<h2>");
	payment_put_money(html, row);
	buf_puts(html, " from ");
	frame_put_member(html, row, "payer");
	buf_puts(html, "</h2>\n");
	put_payment(html, row);
	buf_puts(html, "</div>\n<div>\n");
	put_candidates(html, visit, row, is_writer);
	buf_puts(html, "<p><a href=\"/desk/unmatched/payment?payment=");
	frame_put_member(html, row, "payment");
	buf_puts(html, is_writer ? "\">Choose an order, refund or dismiss it"
	    : "\">Look at it");
	/* Read aloud apart from the page, links of one text say what of. */
	buf_puts(html, "<span class=\"unseen\">: ");
	payment_put_money(html, row);
	buf_puts(html, " from ");
	frame_put_member(html, row, "payer");
	buf_puts(html, "</span></a></p>\n</div>\n</article>\n");
}

/* The mark by which payments of one sort are told. */
static void
put_likes(struct buf *html, struct visit *visit, struct json_node data)
{
	struct json_node list = json_at(data, "likes");
	const struct act_kind *kind = payment_acts;

	while (strcmp(kind->path, "/desk/unmatched/not-ours") != 0)
		kind++;
	for (struct json_node like = json_first(list); json_exists(like);
	    like = json_next(list, like)) {
		buf_putf(html, "<details><summary>%s: ", kind->title);
		if (json_exists(json_at(like, "like_key"))) {
			buf_puts(html, "carries \xe2\x80\x9c");
			frame_put_member(html, like, "like_key");
			buf_puts(html, "\xe2\x80\x9d");
		} else {
			buf_puts(html, "came by the same Payment Link");
		}
		buf_puts(html, " (");
		frame_put_member(html, like, "count");
		buf_putf(html, " with this one)</summary>\n<p>%s</p>\n",
		    kind->text);
		act_put_form(html, visit, kind, like);
		buf_puts(html, "</details>\n");
	}
}

/* What was found, said also to whoever hears the page. */
static void
put_found(struct buf *html, struct visit *visit, struct json_node found)
{
	struct json_node rows = json_at(found, "rows");
	int64_t families = json_i64_or_0(found, "families");
	int64_t count = json_i64_or_0(found, "count");

	buf_puts(html, "<p role=\"status\">");
	if (families == 0)
		buf_puts(html, "No child and no family has that in its name "
		    "or address.");
	else if (families > 50)
		buf_puts(html, "More than 50 families have that in their "
		    "names. Type more of it.");
	else if (count == 0)
		buf_puts(html, "No order of theirs is owed. A monthly fee "
		    "becomes one when the family opens its link.");
	else
		buf_putf(html, count == 1 ? "%" PRId64 " order is owed%s"
		    : "%" PRId64 " orders are owed%s", count,
		    count > (int64_t)json_count(rows)
		    ? ": type more of the name to see them all." : ".");
	buf_puts(html, "</p>\n");
	put_orders(html, visit, rows, true);
}

/* The number of an order is asked for last: it stands on other pages. */
static void
put_search(struct buf *html, struct visit *visit, struct json_node data)
{
	struct json_node found = json_at(data, "found");

	buf_puts(html, "<section id=\"find\" aria-labelledby=\"find-title\">"
	    "\n<h2 id=\"find-title\">Find what it is for</h2>\n"
	    "<form class=\"filter\" action=\"/desk/unmatched/payment#find\">"
	    "\n<input type=\"hidden\" name=\"payment\" value=\"");
	frame_put_member(html, data, "payment");
	buf_puts(html, "\">\n<div><label for=\"find-text\">Child, parent or "
	    "e-mail address</label>\n<input id=\"find-text\" name=\"q\" "
	    "required maxlength=\"254\" value=\"");
	frame_put_member(html, data, "q");
	buf_puts(html, "\"></div>\n<button>Find</button>\n</form>\n");
	if (json_exists(found))
		put_found(html, visit, found);
	buf_puts(html, "<details><summary>I have the number of the order"
	    "</summary>\n");
	act_put_form(html, visit, act_find(payment_acts, "attach"), data);
	buf_puts(html, "</details>\n</section>\n");
}

static void
put_acts(struct buf *html, struct visit *visit, struct json_node data)
{
	buf_puts(html, "<section aria-labelledby=\"acts\">\n"
	    "<h2 id=\"acts\">What you can do</h2>\n");
	if (!json_exists(json_first(json_at(data, "possible"))))
		buf_puts(html, "<p class=\"empty\">Nothing is to be done about "
		    "it.</p>\n");
	for (const struct act_kind *k = payment_acts; k->path != NULL; k++)
		if (act_is_possible(data, k) &&
		    strcmp(k->action, "attach") != 0 &&
		    strcmp(k->path, "/desk/unmatched/not-ours") != 0)
			act_put_details(html, visit, k, data);
	put_likes(html, visit, data);
	buf_puts(html, "</section>\n");
}

void
payment_put_page(struct buf *html, struct visit *visit, struct json_node data)
{
	struct json_node order = json_at(data, "order");
	bool is_writer = json_text_is(data, "user.role", "treasurer");

	buf_puts(html, "<div class=\"columns\">\n<div>\n<section>\n");
	put_payment(html, data);
	if (json_exists(order)) {
		buf_puts(html, "<p>It pays <a href=\"/desk/order?order_id=");
		frame_put_member(html, order, "order_id");
		buf_puts(html, "\">");
		frame_put_member(html, order, "item");
		buf_puts(html, " for ");
		frame_put_member(html, order, "player");
		buf_puts(html, "</a>.</p>\n");
	} else if (!is_waiting(data)) {
		buf_puts(html, act_is_possible(data,
		    act_find(payment_acts, "undismiss"))
		    ? "<p>Not the club's: " : "<p>It waits for nobody: ");
		desk_put_words_of(html, data, "why");
		buf_puts(html, ".</p>\n");
	}
	buf_puts(html, "</section>\n");
	under_way_put(html, json_at(data, "requests"));
	buf_puts(html, "</div>\n<div>\n");
	if (is_waiting(data)) {
		buf_puts(html, "<section aria-labelledby=\"whose\">\n"
		    "<h2 id=\"whose\">Whose it may be</h2>\n");
		put_candidates(html, visit, data, is_writer);
		buf_puts(html, "</section>\n");
	}
	if (is_writer && act_is_possible(data,
	    act_find(payment_acts, "attach")))
		put_search(html, visit, data);
	if (is_writer)
		put_acts(html, visit, data);
	buf_puts(html, "</div>\n</div>\n<p><a href=\"/desk/unmatched\">All "
	    "that wait</a></p>\n");
}
