/*
 * A mailing is shown whole before it is sent: the mail itself, who gets it, and
 * who does not.
 */
#include "desk/mail_acts.h"

#include <inttypes.h>

#include "desk/frame.h"
#include "desk/mail_shown.h"
#include "desk/mail_words.h"
#include "desk/money.h"
#include "desk/send_read.h"
#include "desk/table.h"
#include "store/desk_mails.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define HIDDEN(field) { .name = (field), .control = ACT_HIDDEN, \
	.is_optional = true, .label = "" }

static const struct act_field send_fields[] = { HIDDEN("what"),
    HIDDEN("tournament_id"), HIDDEN("team"), HIDDEN("player_id"),
    HIDDEN("fee"), HIDDEN("asked") };

static const struct act_field one_or_batch[] = { HIDDEN("email_id"),
    HIDDEN("batch_id") };

static const struct desk_column who_columns[] = {
	{ "player", "Player", DESK_CELL_HEAD },
	{ "team", "Team", DESK_CELL_TEXT },
	{ "parent", "Parent", DESK_CELL_TEXT },
	{ "email", "Email address", DESK_CELL_TEXT },
	{ "amount_cents", "Amount", DESK_CELL_MONEY },
};

static const struct desk_column left_out_columns[] = {
	{ "player", "Player", DESK_CELL_HEAD },
	{ "team", "Team", DESK_CELL_TEXT },
	{ "outcome", "Why not", DESK_CELL_TEXT },
};

/* The end of a list of which a part is shown. */
static void
put_others(struct buf *html, struct json_node data, int64_t count)
{
	if (count <= SEND_SHOWN)
		return;
	buf_putf(html, "<p class=\"note\">And %" PRId64 " more: "
	    "<a href=\"/desk/mails/send?", count - SEND_SHOWN);
	frame_put_member(html, data, "address");
	buf_puts(html, "\">all of them</a>, or "
	    "<a href=\"/desk/mails/send.csv?");
	frame_put_member(html, data, "address");
	buf_puts(html, "\">as CSV</a>.</p>\n");
}

static void
put_who(struct buf *html, struct json_node data)
{
	struct json_node sums = json_at(data, "who_sums");
	int64_t count = json_i64_or_0(json_first(sums), "count");

	buf_puts(html, "<section aria-labelledby=\"who\">\n"
	    "<h2 id=\"who\">Who gets it</h2>\n");
	desk_table_put(html, &(const struct desk_table){
		.caption = "By name",
		.columns = who_columns,
		.count = COUNT(who_columns),
		.empty = "Nobody.",
	    }, json_at(data, "who"), sums);
	put_others(html, data, count);
	buf_puts(html, "</section>\n");
}

static void
put_left_out(struct buf *html, struct json_node data)
{
	int64_t count = json_i64_or_0(data, "left_out_count");

	if (count == 0)
		return;
	buf_putf(html, "<section aria-labelledby=\"left-out\">\n"
	    "<h2 id=\"left-out\">Who is left out: %" PRId64 "</h2>\n", count);
	desk_table_put(html, &(const struct desk_table){
		.caption = "By name",
		.columns = left_out_columns,
		.count = COUNT(left_out_columns),
	    }, json_at(data, "left_out"), JSON_NONE);
	put_others(html, data, count);
	buf_puts(html, "</section>\n");
}

/* How many there are of each, before any of them is listed. */
static void
put_numbers(struct buf *html, struct json_node data)
{
	struct json_node sum = json_first(json_at(data, "who_sums"));
	int64_t out = json_i64_or_0(data, "left_out_count");
	int64_t in = json_i64_or_0(sum, "count");
	struct json_node whys = json_at(data, "whys");
	const char *sign = ": ";

	buf_putf(html, "<p class=\"outcome\"><b>%" PRId64 " of %" PRId64
	    "</b> get%s the mail; <b>", in, in + out,
	    in == 1 ? "s" : "");
	desk_put_money(html, sum, "amount_cents", "");
	buf_puts(html, "</b> is asked for in all.");
	if (out > 0)
		buf_putf(html, "<br><b>%" PRId64 "</b> %s left out", out,
		    out == 1 ? "is" : "are");
	for (struct json_node why = json_first(whys); json_exists(why);
	    why = json_next(whys, why)) {
		buf_puts(html, sign);
		frame_put_member(html, why, "count");
		buf_puts(html, " ");
		frame_put_member(html, why, "why");
		sign = ", ";
	}
	buf_puts(html, out > 0 ? ".</p>\n" : "</p>\n");
}

void
mail_put_unbilled(struct buf *html, struct json_node data)
{
	int64_t count = json_i64_or_0(data, "unbilled_count");

	if (count == 0)
		return;
	buf_putf(html, "<p class=\"note\"><b>%" PRId64 "</b> of these %s had "
	    "no bill yet: <a href=\"/desk/mails/send?what=tournament&amp;"
	    "tournament_id=", count, count == 1 ? "has" : "have");
	frame_put_member(html, data, "tournament_id");
	buf_puts(html, "\">Mail the first bill to those not asked yet</a>"
	    ".</p>\n");
}

static void
put_mailing(struct buf *html, struct json_node data)
{
	put_numbers(html, data);
	mail_put_unbilled(html, data);
	mail_put_shown(html, data, "The first of the mails");
	put_left_out(html, data);
	put_who(html, data);
}

static enum status
read_mailing(struct visit *visit, const struct params *params,
    struct json_doc *doc, struct err *err)
{
	return send_read(visit, params, 0, 0, doc, err);
}

static const struct act_subject mailing_subject = {
	.read = read_mailing,
	.put = put_mailing,
	.back = "/desk/mails",
	.back_text = "To the mails",
};

static enum status
read_mail(struct visit *visit, const struct params *params,
    struct json_doc *doc, struct err *err)
{
	return store_desk_mail(visit->app->store, visit_session(visit),
	    params_filled(params, "email_id"),
	    params_filled(params, "batch_id"),
	    config_text(&visit->app->config, SETTING_CLUB_TIMEZONE), doc,
	    err);
}

static void
put_mail(struct buf *html, struct json_node data)
{
	struct json_node mail = json_at(data, "mail");
	struct json_node batch = json_at(data, "batch");

	if (json_exists(mail)) {
		buf_puts(html, "<p>For <b>");
		frame_put_member(html, mail, "player");
		buf_puts(html, "</b>, to ");
		frame_put_member(html, mail, "recipient");
		buf_puts(html, ". <small>");
		frame_put_member(html, mail, "at");
		buf_puts(html, "</small></p>\n");
	} else if (json_exists(batch)) {
		buf_puts(html, "<p><b>");
		frame_put_member(html, batch, "title");
		buf_puts(html, "</b> <small>");
		frame_put_member(html, batch, "at");
		buf_puts(html, ", by ");
		frame_put_member(html, batch, "actor");
		buf_puts(html, "</small></p>\n");
	}
}

static const struct act_subject mail_subject = {
	.read = read_mail,
	.put = put_mail,
	.back = "/desk/mails",
	.back_text = "To the mails",
};

const struct act_kind mail_acts[] = {
	[MAIL_SEND] = { .path = "/desk/mails/send", .action = "send",
	    .subject = &mailing_subject, .fields = send_fields,
	    .count = COUNT(send_fields),
	    .title = "Send the mails",
	    .text = "The mails go out one after the other. What has not gone "
	    "out yet can be taken back. Whoever pays before is left out.",
	    .button = "Send them", .undo = "drop",
	    .made = "/desk/mails/list?batch_id=" },
	[MAIL_RETRY] = { .path = "/desk/mails/retry", .action = "retry",
	    .subject = &mail_subject, .fields = one_or_batch,
	    .count = COUNT(one_or_batch),
	    .title = "Send again",
	    .text = "To the address that the family has now; what is no longer "
	    "true by then is not sent.",
	    .button = "Send again", .undo = "drop" },
	[MAIL_DROP] = { .path = "/desk/mails/drop", .action = "drop",
	    .subject = &mail_subject, .fields = one_or_batch,
	    .count = COUNT(one_or_batch),
	    .title = "Take back",
	    .text = "What has not gone out is not sent. Nobody is told.",
	    .button = "Take it back", .undo = "retry" },
	{ .path = NULL },
};
