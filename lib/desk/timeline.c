/*
 * The words of sql/functions/timeline.sql and of the audit log are those of the
 * command; here they become sentences.  What is not in the table is shown as it
 * is: a newer schema may know more.
 */
#include "desk/timeline.h"

#include <string.h>

#include "desk/frame.h"
#include "desk/money.h"

/* {money} in a text is the row's amount. */
static const struct event {
	const char *what;
	const char *text;
	const char *look;	/* class of desk.css; NULL: plain */
} events[] = {
	{ "ordered", "Ordered", NULL },
	{ "payment page made", "The pay link was opened: {money} to pay",
	    NULL },
	{ "payment page ended", "The payment page ended", NULL },
	{ "bank payment begun", "A bank payment is on its way", NULL },
	{ "bank payment failed", "The bank payment failed", "bad" },
	{ "completed without payment", "The page was left without paying",
	    NULL },
	{ "try to pay failed", "A try to pay failed", "bad" },
	{ "paid", "Paid {money}", "good" },
	{ "payment dismissed", "The payment of {money} was dismissed", NULL },
	{ "refunded", "{money} was given back", NULL },
	{ "refund under way", "{money} are on the way back", NULL },
	{ "refund failed", "{money} could not be given back", "bad" },
	{ "refund cancelled", "A refund of {money} was cancelled", NULL },
	{ "disputed", "The bank asks for {money} back: disputed", "bad" },
	{ "dispute closed", "The dispute about {money} was closed", NULL },
	{ "fraud warning", "The payment may be fraud", "bad" },
	{ "mail queued", "A mail waits to go out", NULL },
	{ "mail sending", "A mail is going out", NULL },
	{ "mail sent", "Mailed", NULL },
	{ "mail failed", "A mail did not arrive", "bad" },
	{ "mail dropped", "A mail was not sent", NULL },
	{ "mail reminder", "A reminder was asked for", NULL },
	{ "put away", "Somebody had seen what had failed", NULL },
	{ "bring back", "What had failed is on Today again", NULL },
	{ "cancel", "Cancelled", NULL },
	{ "waive", "Waived", NULL },
	{ "reopen", "Reopened", NULL },
	{ "adjust", "The amount was changed", NULL },
	{ "record payment", "A payment was recorded", "good" },
	{ "unrecord payment", "A recorded payment was taken back", NULL },
	{ "refund", "The refund was written down", NULL },
	{ "attach", "A payment was attached", "good" },
	{ "detach", "A payment was detached", NULL },
	{ "dismiss", "A payment was dismissed", NULL },
	{ "open fee", "The club opened the first fee", NULL },
	{ "adopt session", "A payment page of another maker was adopted",
	    NULL },
};

static const struct event *
event_of(struct json_node row)
{
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (json_text_is(row, "what", events[i].what))
			return &events[i];
	return NULL;
}

static void
put_text(struct buf *html, const struct event *event, struct json_node row,
    const char *currency)
{
	static const char money[] = "{money}";
	const char *at = strstr(event->text, money);
	size_t before = at != NULL ? (size_t)(at - event->text)
	    : strlen(event->text);

	buf_put(html, event->text, before);
	if (at == NULL)
		return;
	buf_puts(html, "<b>");
	desk_put_money(html, row, "amount_cents", currency);
	buf_puts(html, "</b>");
	buf_puts(html, at + strlen(money));
}

/* When it was, and what. */
static void
put_facts(struct buf *html, struct json_node row, const struct event *event,
    const char *currency)
{
	buf_puts(html, "<span class=\"time\">");
	if (json_exists(json_at(row, "at")))
		frame_put_member(html, row, "at");
	else
		buf_puts(html, "Some time");
	buf_puts(html, "</span> <span>");
	if (event != NULL)
		put_text(html, event, row, currency);
	else
		frame_put_member(html, row, "what");
	buf_puts(html, " <small>");
	desk_put_words_of(html, row, "detail");
	buf_puts(html, "</small></span>");
}

static void
put_event(struct buf *html, struct json_node row, const char *currency)
{
	const struct event *event = event_of(row);

	buf_puts(html, "<li");
	if (event != NULL && event->look != NULL)
		buf_putf(html, " class=\"%s\"", event->look);
	buf_puts(html, ">");
	put_facts(html, row, event, currency);
	buf_puts(html, "</li>\n");
}

void
timeline_put_last(struct buf *html, struct json_node rows,
    const char *currency)
{
	struct json_node last = JSON_NONE;

	for (struct json_node row = json_first(rows); json_exists(row);
	    row = json_next(rows, row))
		last = row;
	if (!json_exists(last))
		return;
	buf_puts(html, "<p>Last: ");
	put_facts(html, last, event_of(last), currency);
	buf_puts(html, "</p>\n");
}

void
timeline_put(struct buf *html, struct json_node rows, const char *currency)
{
	buf_puts(html, "<ol class=\"timeline\">\n");
	for (struct json_node row = json_first(rows); json_exists(row);
	    row = json_next(rows, row))
		put_event(html, row, currency);
	buf_puts(html, "</ol>\n");
}
