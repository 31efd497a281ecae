/*
 * The filter chooses what is sent and to whom: so every mailing has an address,
 * and nothing is queued by looking.
 */
#include "desk/send_list.h"

#include <string.h>

#include "base/text.h"
#include "desk/frame.h"
#include "desk/mail_acts.h"
#include "desk/mail_shown.h"
#include "desk/send_read.h"
#include "desk/send_what.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct list_field send_fields[] = {
	{ .name = "what", .label = "What", .is_choice = true,
	    .none = "Choose" },
	{ .name = "tournament_id", .label = "Tournament", .is_choice = true,
	    .none = "Choose" },
	{ .name = "team", .label = "Team", .is_choice = true },
	{ .name = "fee", .label = "First month", .is_choice = true,
	    .none = "Days that are left" },
	{ .name = "asked", .label = "Whom", .is_choice = true,
	    .none = "Not asked before" },
	{ .name = "player_id" },
	{ .name = NULL },
};

static const struct desk_column send_columns[] = {
	{ "player", "Player", DESK_CELL_HEAD },
	{ "team", "Team", DESK_CELL_TEXT },
	{ "parent", "Parent", DESK_CELL_TEXT },
	{ "email", "Email address", DESK_CELL_TEXT },
	{ "outcome", "What happens", DESK_CELL_TEXT },
	{ "amount_cents", "Amount", DESK_CELL_MONEY },
};

static const struct desk_column send_csv[] = {
	{ "player", "Player", DESK_CELL_TEXT },
	{ "team", "Team", DESK_CELL_TEXT },
	{ "parent", "Parent", DESK_CELL_TEXT },
	{ "email", "Email address", DESK_CELL_TEXT },
	{ "outcome", "What happens", DESK_CELL_TEXT },
	{ "amount_cents", "Amount", DESK_CELL_MONEY },
	{ "currency", "Currency", DESK_CELL_TEXT },
	{ .member = NULL },
};

static enum status
read_send(const struct list_query *query, struct json_doc *doc,
    struct err *err)
{
	int64_t after = 0;
	const char *text = query->after;
	enum status st = ST_OK;

	if (text != NULL && !text_parse_id(text, strlen(text), &after))
		st = err_set(err, ST_BAD_INPUT, "after: no such row");
	return st != ST_OK ? st : send_read(query->visit, query->params,
	    after, query->limit, doc, err);
}

static void
put_player(struct buf *html, struct json_node data)
{
	if (!json_exists(json_at(data, "player")))
		return;
	buf_puts(html, "<p>Only <b>");
	frame_put_member(html, data, "player");
	buf_puts(html, "</b>. <a href=\"/desk/mails/send\">All players</a>"
	    "</p>\n");
}

/*
 * The way to the page that shows all of it and sends it.  Here, a page of those
 * whom it is for was looked at: the others may get it although none of these
 * does.
 */
static void
put_chosen_send(struct buf *html, const struct list_query *query,
    struct json_node data)
{
	const struct act_kind *kind = &mail_acts[MAIL_SEND];
	const struct act_form form = { .fields = kind->fields,
	    .count = kind->count, .params = query->params };

	put_player(html, data);
	mail_put_unbilled(html, data);
	mail_put_shown(html, data, "The first of the mails");
	if (!json_exists(json_first(json_at(data, "rows"))))
		return;
	buf_puts(html, "<p class=\"note\">How many get the mail, and how much "
	    "is asked for in all, is shown next, before anything is sent."
	    "</p>\n");
	if (!frame_is_writer(data))
		return;
	buf_putf(html, "<form method=\"post\" action=\"%s\">\n", kind->path);
	visit_put_form(query->visit, kind->path, html);
	act_form_put_hidden(html, &form);
	buf_puts(html, "<button>Next: check it</button>\n"
	    "</form>\n");
}

const struct list send_list = {
	.path = "/desk/mails/send",
	.title = "Send mails",
	.fields = send_fields,
	.has_field = send_has_field,
	.table = {
		.caption = "Whom it is about, by name",
		.columns = send_columns,
		.count = COUNT(send_columns),
		.empty = "Nobody. Choose what to send, and to whom.",
	},
	.csv = send_csv,
	.read = read_send,
	.put_chosen = put_chosen_send,
};
