/*
 * A row leads to its order, where one family is reminded, and all else is done
 * that is about one order; what is mailed to many begins here.
 */
#include "desk/tournament.h"

#include <inttypes.h>

#include "desk/frame.h"
#include "desk/money.h"
#include "store/desk_tournament.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct list_field fields[] = {
	{ .name = "tournament_id" },
	{ .name = "status", .label = "Players", .is_choice = true,
	    .none = "All but the cancelled" },
	{ .name = NULL },
};

static const struct desk_column columns[] = {
	{ "player", "Player", DESK_CELL_HEAD },
	{ "team", "Team", DESK_CELL_TEXT },
	{ "standing", "How it stands", DESK_CELL_TEXT },
	{ "parent", "Parent", DESK_CELL_TEXT },
	{ "phone", "Phone", DESK_CELL_WHOLE },
	{ "mailed", "Mail", DESK_CELL_WHOLE },
	{ "owed_cents", "Owed", DESK_CELL_MONEY },
	{ "paid_cents", "Paid", DESK_CELL_MONEY },
	{ "refunded_cents", "Given back", DESK_CELL_MONEY },
};

static const struct desk_column csv[] = {
	{ "order_id", "Order", DESK_CELL_TEXT },
	{ "player", "Player", DESK_CELL_TEXT },
	{ "team", "Team", DESK_CELL_TEXT },
	{ "parent", "Parent", DESK_CELL_TEXT },
	{ "email", "Email address", DESK_CELL_TEXT },
	{ "phone", "Phone", DESK_CELL_TEXT },
	{ "standing", "How it stands", DESK_CELL_TEXT },
	{ "asked", "Last mailed", DESK_CELL_TEXT },
	{ "owed_cents", "Owed", DESK_CELL_MONEY },
	{ "paid_cents", "Paid", DESK_CELL_MONEY },
	{ "refunded_cents", "Given back", DESK_CELL_MONEY },
	{ "currency", "Currency", DESK_CELL_TEXT },
	{ .member = NULL },
};

static enum status
read_roster(const struct list_query *query, struct json_doc *doc,
    struct err *err)
{
	const struct desk_roster_query wanted = {
		.session = visit_session(query->visit),
		.tournament_id = params_filled(query->params, "tournament_id"),
		.status = params_filled(query->params, "status"),
		.after = query->after,
		.limit = query->limit,
		.zone = config_text(&query->visit->app->config,
		    SETTING_CLUB_TIMEZONE),
	};
	int64_t id;
	enum status st = visit_read_id(query->params, "tournament_id",
	    "tournament", &id, err);

	return st != ST_OK ? st : store_desk_tournament(
	    query->visit->app->store, &wanted, doc, err);
}

/* Both begin with whom they would go to; nothing is sent by following one. */
static void
put_send(struct buf *html, struct json_node data, const char *what,
    const char *words)
{
	buf_putf(html, "<li><a class=\"button\" "
	    "href=\"/desk/mails/send?what=%s&amp;tournament_id=%" PRId64
	    "\">%s</a></li>\n", what, json_i64_or_0(data, "tournament_id"),
	    words);
}

static void
put_way(struct buf *html, struct json_node data, const char *page,
    const char *words)
{
	buf_putf(html, "<li><a href=\"/desk/tournament/%s?tournament_id=%"
	    PRId64 "\">%s</a></li>\n", page,
	    json_i64_or_0(data, "tournament_id"), words);
}

static void
put_owing(struct buf *html, struct json_node data, int64_t owing)
{
	struct json_node sums = json_at(data, "owing_sums");

	buf_putf(html, "<p class=\"outcome\"><b><a "
	    "href=\"/desk/tournament?tournament_id=%" PRId64
	    "&amp;status=pending\">%" PRId64 " owe",
	    json_i64_or_0(data, "tournament_id"), owing);
	for (struct json_node sum = json_first(sums); json_exists(sum);
	    sum = json_next(sums, sum)) {
		buf_puts(html, " ");
		desk_put_money(html, sum, "owed_cents", "");
	}
	buf_puts(html, "</a></b></p>\n");
}

static void
put_above(struct buf *html, const struct list_query *query,
    struct json_node data)
{
	int64_t owing = json_i64_or_0(data, "owing");
	bool is_over = true;
	struct err unused;

	(void)query;
	if (json_get_bool(data, "is_over", &is_over, &unused) != ST_OK)
		return;
	buf_puts(html, "<p>");
	frame_put_member(html, data, "held_on");
	buf_puts(html, is_over ? ", over." : ".");
	buf_puts(html, owing > 0 ? "</p>\n" : " Nobody owes.</p>\n");
	if (owing > 0)
		put_owing(html, data, owing);
	buf_puts(html, "<ul class=\"ways\">\n");
	if (frame_is_writer(data) && owing > 0 && !is_over) {
		put_send(html, data, "tournament_reminders",
		    "Remind all who owe");
		put_send(html, data, "tournament",
		    "Mail the first bill to those not asked yet");
	}
	put_way(html, data, "gate", "List for the gate");
	if (frame_is_writer(data)) {
		put_way(html, data, "enter", "Enter players");
		put_way(html, data, "change", "Change name, day or price");
	}
	buf_puts(html, "</ul>\n");
}

const struct list tournament_list = {
	.path = "/desk/tournament",
	.title = "Tournament",
	.fields = fields,
	.table = {
		.caption = "By name; open a player to record a payment, to "
		"remind the family, or to take the player off the list",
		.columns = columns,
		.count = COUNT(columns),
		.currency = "",
		.empty = "Nobody is in it.",
		.link = "/desk/order?order_id=",
		.link_member = "order_id",
	},
	.csv = csv,
	.read = read_roster,
	.put_above = put_above,
};
