/*
 * The database says what waits, since when and how much; the sentences are
 * here, so that their wording changes without a migration.  The kinds are those
 * of sql/functions/desk_needs*.sql.
 */
#include "desk/needs.h"

#include <inttypes.h>
#include <string.h>

#include "desk/frame.h"
#include "desk/money.h"
#include "desk/request_acts.h"

/*
 * In these texts {money}, {who}, {detail} and {count} are replaced by the
 * row's.  step_path is the page where the step is done, to its end the row's
 * step_of, a word of letters, digits and "_".  Where there is no step_path
 * nobody can do it at the desk.
 */
static const struct need {
	const char *kind;
	const char *text;
	const char *one;	/* where count is 1; NULL: the same */
	const char *more;	/* where there is a detail; NULL: nothing */
	const char *step;
	const char *step_path;
	const char *step_of;	/* NULL: the path is whole */
} needs[] = {
	{ "unmatched", "{money} from {who} is not placed yet.", NULL,
	    "It may be for {detail}.", "Find what it is for",
	    "/desk/unmatched/payment?payment=", "key" },
	{ "review", "{money} from {who} is under review.", NULL,
	    "Why: {detail}.", "Decide what becomes of it",
	    "/desk/unmatched/payment?payment=", "key" },
	{ "more", "{count} more payments wait for you.",
	    "One more payment waits for you.", NULL, "See them all",
	    "/desk/unmatched", NULL },
	{ "event", "{count} of Stripe's messages could not be read.",
	    "A message of Stripe's could not be read.", NULL,
	    "Ask whoever looks after the server", NULL, NULL },
	{ "dispute", "{money} for {who} is disputed: the bank asks for it "
	    "back.", NULL, NULL,
	    "Answer it at Stripe, under Disputes; do not refund it",
	    "/desk/order?order_id=", "order_id" },
	{ "fraud warning", "{money} of {who} may be fraud.", NULL,
	    "Why: {detail}.", "Ask the family; if it was not them, refund it",
	    "/desk/order?order_id=", "order_id" },
	{ "failed refund", "{money} could not be given back to {who}.", NULL,
	    NULL, "Give it back in cash or by bank transfer",
	    "/desk/order?order_id=", "order_id" },
	{ "request failed", "What {who} asked for did not succeed: {detail}.",
	    NULL, NULL, "See why, and what to do",
	    "/desk/request?request_id=", "key" },
	{ "requests wait", "{count} things that were asked for here are not "
	    "being done.", "One thing that was asked for here is not being "
	    "done.", NULL, "Ask whoever looks after the server: the clerk "
	    "does not run", NULL, NULL },
	{ "mails failed", "{count} mails to families did not arrive.",
	    "A mail to {who} did not arrive.", "The mail server said: "
	    "{detail}", "Mend the address, and send it again",
	    "/desk/mails", NULL },
	{ "mails wait", "{count} mails to families do not go out.",
	    "A mail to a family does not go out.", NULL,
	    "Ask whoever looks after the server: the mailer does not run, or "
	    "Stripe has to be asked first", "/desk/mails", NULL },
	{ "unheard", "The books may lack payments: {detail}.", NULL, NULL,
	    "Wait until they were compared with Stripe's; if that takes an "
	    "hour, ask whoever looks after the server", NULL, NULL },
	{ "reconcile late", "The books were not compared with Stripe's for "
	    "more than a day.", NULL, NULL,
	    "Ask whoever looks after the server", NULL, NULL },
	{ "audit late", "The books were not audited for more than a day.",
	    NULL, NULL, "Ask whoever looks after the server", NULL, NULL },
	{ "sign-ins refused", "Somebody who may not tried {count} times to "
	    "sign in here.", NULL, NULL, "If it was none of you, tell whoever "
	    "looks after the server", NULL, NULL },
};

/*
 * NULL for a kind that a newer schema has and this program does not: it is left
 * out, as no sentence is better than a wrong one.
 */
static const struct need *
need_of(struct json_node row)
{
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
		if (json_text_is(row, "kind", needs[i].kind))
			return &needs[i];
	return NULL;
}

/*
 * Appends what the {word} means that pattern begins with.  Gives the length of
 * that word in pattern, or 0 where there is none.
 */
static size_t
put_fact(struct buf *html, const char *pattern, struct json_node row)
{
	static const char *const members[] = { "who", "detail", "count" };
	static const char money[] = "{money}";
	size_t len = strcspn(pattern, "}");

	if (strncmp(pattern, money, sizeof(money) - 1) == 0) {
		buf_puts(html, "<b>");
		desk_put_money(html, row, "amount_cents", "");
		buf_puts(html, "</b>");
		return sizeof(money) - 1;
	}
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		if (pattern[0] != '{' || len != strlen(members[i]) + 1 ||
		    strncmp(pattern + 1, members[i], len - 1) != 0)
			continue;
		desk_put_words_of(html, row, members[i]);
		return len + 1;
	}
	return 0;
}

static void
put_pattern(struct buf *html, const char *pattern, struct json_node row)
{
	while (*pattern != '\0') {
		size_t len = put_fact(html, pattern, row);

		if (len == 0)
			buf_put_html(html, pattern++, 1);
		pattern += len;
	}
}

/* The days that are left to answer the bank, where there is a last day. */
static void
put_days(struct buf *html, struct json_node row)
{
	int64_t days = json_i64_or_0(row, "days_left");

	if (!json_exists(json_at(row, "days_left")))
		return;
	if (days < 1)
		buf_puts(html, " <strong class=\"due\">The time to answer is "
		    "over.</strong>");
	else
		buf_putf(html, " <strong class=\"due\">%" PRId64 " day%s "
		    "left.</strong>", days, days == 1 ? "" : "s");
}

/*
 * Steps are often of one text: the need, by its number on the page, describes
 * which is meant.  The step is a link when its page exists and the row has what
 * the path needs; else it is text, which still says what to do.
 */
static void
put_step(struct buf *html, const struct need *need, struct json_node row,
    int number)
{
	bool is_link = need->step_path != NULL &&
	    frame_has_page(need->step_path) && (need->step_of == NULL ||
	    json_exists(json_at(row, need->step_of)));

	buf_puts(html, "<p class=\"step\">");
	if (is_link) {
		buf_putf(html, "<a href=\"%s", need->step_path);
		if (need->step_of != NULL)
			frame_put_member(html, row, need->step_of);
		buf_putf(html, "\" aria-describedby=\"need-%d\">", number);
	}
	frame_put_text(html, need->step);
	buf_puts(html, is_link ? "</a></p>\n" : "</p>\n");
}

/* What failed may be put away; the rest goes when it is done, and no sooner. */
static void
put_away(struct buf *html, struct visit *visit, struct json_node row)
{
	const struct act_kind *kind = &request_acts[REQUEST_PUT_AWAY];

	if (visit != NULL && json_exists(json_at(row, kind->fields[0].name)))
		act_put_button(html, visit, kind, row, kind->title);
}

/* visit is of who may change something, or NULL. */
static void
put_need(struct buf *html, struct visit *visit, const struct need *need,
    struct json_node row, int number)
{
	bool is_one = need->one != NULL && json_i64_or_0(row, "count") == 1;

	buf_putf(html, "<li>\n<p id=\"need-%d\">", number);
	put_pattern(html, is_one ? need->one : need->text, row);
	if (need->more != NULL && json_exists(json_at(row, "detail"))) {
		buf_putc(html, ' ');
		put_pattern(html, need->more, row);
	}
	put_days(html, row);
	buf_puts(html, " <small>Since ");
	frame_put_member(html, row, "since");
	buf_puts(html, "</small></p>\n");
	put_step(html, need, row, number);
	put_away(html, visit, row);
	buf_puts(html, "</li>\n");
}

void
needs_put(struct buf *html, struct visit *visit, struct json_node data)
{
	struct visit *writer = frame_is_writer(data) ? visit : NULL;
	struct json_node rows = json_at(data, "needs");
	int count = 0;

	if (!json_exists(json_first(rows))) {
		buf_puts(html, "<p class=\"empty\">Nothing waits for you."
		    "</p>\n");
		return;
	}
	buf_puts(html, "<ul class=\"needs\">\n");
	for (struct json_node row = json_first(rows); json_exists(row);
	    row = json_next(rows, row)) {
		const struct need *need = need_of(row);

		if (need != NULL)
			put_need(html, writer, need, row, ++count);
	}
	buf_puts(html, "</ul>\n");
}
