/*
 * What each act does is said before it is done; the same sentences stand on the
 * order's page and on the one that asks once more.
 */
#include "desk/order_acts.h"

#include <inttypes.h>

#include "desk/frame.h"
#include "desk/mail_shown.h"
#include "desk/money.h"
#include "desk/reminder.h"
#include "store/desk_order.h"
#include "store/desk_remind.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { REASON_MAX = 200 };

static const struct act_choice sources[] = {
	{ "cash", "Cash" },
	{ "cheque", "Cheque" },
	{ "transfer", "Bank transfer" },
	{ NULL, NULL },
};

#define ORDER { .name = "order_id", .control = ACT_HIDDEN, .label = "Order" }
#define REASON { .name = "reason", .label = "Why", \
	.characters_max = REASON_MAX, .hint = "Kept in the log." }

static const struct act_field order_alone[] = { ORDER };
static const struct act_field order_and_reason[] = { ORDER, REASON };

static const struct act_field record_fields[] = {
	ORDER,
	{ .name = "amount", .control = ACT_MONEY, .label = "Amount" },
	{ .name = "source", .control = ACT_CHOICE, .label = "How it was paid",
	    .choices = sources },
	{ .name = "reference", .label = "Reference", .characters_max = 100,
	    .is_optional = true, .hint = "Of a cheque its number, of a "
	    "transfer the bank's reference. Cash needs none." },
	{ .name = "received_on", .control = ACT_DATE, .label = "Day",
	    .is_optional = true, .hint = "On which the money came." },
};

static const struct act_field adjust_fields[] = {
	ORDER,
	{ .name = "amount", .control = ACT_MONEY, .label = "New amount",
	    .hint = "The whole price; what was paid already counts towards "
	    "it." },
	REASON,
};

static const struct act_field refund_fields[] = {
	ORDER,
	{ .name = "amount", .control = ACT_MONEY, .label = "Amount",
	    .is_optional = true,
	    .hint = "Leave it empty to give back all that is left." },
	REASON,
};

/* What is taken back needs no reason. */
#define NOTE { .name = "reason", .label = "Why", .is_optional = true, \
	.characters_max = REASON_MAX }

static const struct act_field reopen_fields[] = { ORDER, NOTE };
static const struct act_field unrecord_fields[] = {
	ORDER,
	{ .name = "reference", .control = ACT_HIDDEN, .label = "Reference" },
	NOTE,
};

void
order_put_facts(struct buf *html, struct json_node data)
{
	bool is_link = json_exists(json_at(data, "parent_id")) &&
	    frame_has_page("/desk/family");

	frame_put_fact(html, data, "For", "player");
	frame_put_fact(html, data, "What", "item");
	frame_put_fact(html, data, "On", "day");
	buf_puts(html, "<div><dt>Family</dt><dd>");
	if (is_link)
		buf_putf(html, "<a href=\"/desk/family?parent_id=%" PRId64
		    "\">", json_i64_or_0(data, "parent_id"));
	frame_put_member(html, data, "parent");
	buf_puts(html, is_link ? "</a></dd></div>\n" : "</dd></div>\n");
	frame_put_fact(html, data, "Mail", "email");
	frame_put_fact(html, data, "Phone", "phone");
}

/* What a page says of the order before it asks once more. */
static void
put_subject(struct buf *html, struct json_node data)
{
	buf_puts(html, "<dl class=\"facts\">\n");
	frame_put_fact(html, data, "Order", "order_id");
	order_put_facts(html, data);
	buf_puts(html, "<div><dt>Owed</dt><dd>");
	desk_put_money(html, data, "left_cents", "");
	buf_puts(html, "</dd></div>\n<div><dt>Paid</dt><dd>");
	desk_put_money(html, data, "paid_cents", "");
	buf_puts(html, "</dd></div>\n</dl>\n");
}

static enum status
read_subject(struct visit *visit, const struct params *params,
    struct json_doc *doc, struct err *err)
{
	int64_t order_id;
	enum status st = visit_read_id(params, "order_id", "order",
	    &order_id, err);

	return st != ST_OK ? st : store_desk_order_subject(visit->app->store,
	    visit_session(visit), order_id, config_text(&visit->app->config,
	    SETTING_CLUB_TIMEZONE), doc, err);
}

static const struct act_subject order_subject = {
	.read = read_subject,
	.put = put_subject,
	.back = "/desk/order?order_id=",
	.back_text = "Back to the order",
};

static enum status
read_reminder(struct visit *visit, const struct params *params,
    struct json_doc *doc, struct err *err)
{
	struct json_doc order = { .text = NULL };
	int64_t order_id;
	enum status st = visit_read_id(params, "order_id", "order",
	    &order_id, err);

	if (st == ST_OK)
		st = store_desk_reminder(visit->app->store,
		    visit_session(visit), order_id,
		    config_text(&visit->app->config, SETTING_CLUB_TIMEZONE),
		    &order, err);
	if (st == ST_OK)
		st = reminder_read(visit, &order, doc, err);
	json_clear(&order);
	return st;
}

static void
put_reminded(struct buf *html, struct json_node data)
{
	put_subject(html, data);
	mail_put_shown(html, data, "The mail");
}

static const struct act_subject reminder_subject = {
	.read = read_reminder,
	.put = put_reminded,
	.back = "/desk/order?order_id=",
	.back_text = "Back to the order",
};

#define ACT(name, act_name, act_fields) \
	.path = "/desk/order/" name, .action = (act_name), \
	.subject = &order_subject, .fields = (act_fields), \
	.count = COUNT(act_fields)

/* One act by two names: it is the bill where none was sent yet. */
#define REMIND(name) \
	.path = "/desk/order/" name, .action = "remind", \
	.subject = &reminder_subject, .fields = order_alone, \
	.count = COUNT(order_alone)

const struct act_kind order_acts[] = {
	{ ACT("record-payment", "record_payment", record_fields),
	    .title = "Record a payment",
	    .text = "For money that did not come by card. If the family has "
	    "the card form open, that is closed first, so that it does not "
	    "pay twice. Nobody is mailed.",
	    .button = "Record it", .undo = "unrecord_payment",
	    .undo_text = "Wrong amount or family? Take it back, then record "
	    "it again" },
	{ REMIND("remind"),
	    .title = "Mail a reminder",
	    .text = "One mail about this order, with a link to pay it. "
	    "Another can be sent tomorrow.",
	    .button = "Mail it" },
	{ REMIND("bill"),
	    .title = "Mail the bill",
	    .text = "One mail about this order, with a link to pay it: the "
	    "first that the family gets. A reminder can be sent tomorrow.",
	    .button = "Mail it" },
	{ ACT("adjust", "adjust", adjust_fields),
	    .title = "Change the amount",
	    .text = "The family pays the new amount, by the links that it has "
	    "already. Nobody is mailed.",
	    .button = "Change it", .undo = "adjust" },
	{ ACT("waive", "waive", order_and_reason),
	    .title = "Waive what is owed",
	    .text = "The child stays in. What was paid stays, and the rest is "
	    "not asked for any more. Nobody is mailed.",
	    .button = "Waive it", .undo = "reopen" },
	{ ACT("cancel", "cancel", order_and_reason),
	    .title = "Take off the list",
	    .text = "For who does not take part, or was put in by mistake: "
	    "nothing is owed, and the pay link stops working. Nobody is "
	    "mailed.",
	    .button = "Take it off", .undo = "reopen" },
	{ ACT("refund", "refund", refund_fields),
	    .title = "Give money back",
	    .text = "The money goes back the way it came, within five to ten "
	    "days. A refund cannot be taken back. Stripe mails the payer, "
	    "unless the club has switched that off there.",
	    .button = "Give it back" },
	{ ACT("unrecord-payment", "unrecord_payment", unrecord_fields),
	    .title = "Take the record back",
	    .text = "As if the payment had not been recorded: it is owed "
	    "again. Then it can be recorded as it should be. Nobody is mailed.",
	    .button = "Take it back", .again = "record_payment" },
	{ ACT("reopen", "reopen", reopen_fields),
	    .title = "Reopen the order",
	    .text = "It is owed again, and the child is in, as before it was "
	    "taken off the list or waived. Nobody is mailed.",
	    .button = "Reopen it" },
	{ ACT("ask-stripe", "ask_stripe", order_alone),
	    .title = "Ask Stripe",
	    .text = "What Stripe knows of this order is compared with the "
	    "books, and what is missing is added. The family is mailed the "
	    "receipt of a payment that is found.",
	    .button = "Ask now" },
	{ .path = NULL },
};
