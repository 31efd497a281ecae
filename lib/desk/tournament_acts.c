/*
 * Who enters is listed before it is done: new or in already, by name.  The list
 * is a part of what the act was shown with, so that somebody who joins the team
 * meanwhile is not entered unseen.
 */
#include "desk/tournament_acts.h"

#include "desk/frame.h"
#include "desk/money.h"
#include "desk/table.h"
#include "store/desk_tournaments.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define TOURNAMENT { .name = "tournament_id", .control = ACT_HIDDEN, \
	.label = "Tournament" }
#define NAME { .name = "name", .label = "Name", \
	.hint = "What the families read." }
#define DAY { .name = "date", .control = ACT_DATE, .label = "Day", \
	.hint = "Families can pay until this day." }

static const struct act_field add_fields[] = {
	NAME, DAY,
	{ .name = "fee", .control = ACT_MONEY, .label = "Fee",
	    .is_optional = true, .instead = "product_id",
	    .hint = "What each player pays, such as 90.00." },
	{ .name = "product_id", .control = ACT_CHOICE,
	    .label = "Or take the fee from", .is_optional = true,
	    .list = "products" },
	{ .name = "team", .control = ACT_CHOICE, .label = "Team that plays",
	    .is_optional = true, .list = "teams", .hint = "Its players are "
	    "entered at once, and owe the fee." },
};

static const struct act_field change_fields[] = {
	TOURNAMENT, NAME, DAY,
	{ .name = "product_id", .control = ACT_CHOICE,
	    .label = "What entering costs", .list = "products" },
	{ .name = "fee", .control = ACT_MONEY, .label = "Another fee",
	    .is_optional = true, .hint = "Such as 90.00, instead of the one "
	    "above." },
};

static const struct act_field enter_fields[] = {
	TOURNAMENT,
	{ .name = "team", .control = ACT_CHOICE, .label = "All of a team",
	    .is_optional = true, .list = "teams" },
	{ .name = "players", .label = "Or these players", .is_optional = true,
	    .hint = "Names with commas between. A first name is enough where "
	    "only one has it; the next page lists who is meant." },
};

static const struct act_field leave_fields[] = {
	TOURNAMENT,
	{ .name = "entered", .control = ACT_HIDDEN, .label = "Entered" },
};

static const struct desk_column entrant_columns[] = {
	{ "who", "Player", DESK_CELL_HEAD },
	{ "team", "Team", DESK_CELL_TEXT },
	{ "what", "What", DESK_CELL_TEXT },
};

static enum status
read_new(struct visit *visit, const struct params *params,
    struct json_doc *doc, struct err *err)
{
	return store_desk_tournament_subject(visit->app->store,
	    visit_session(visit), 0, params_text_or_empty(params, "team"), "",
	    doc, err);
}

static enum status
read_subject(struct visit *visit, const struct params *params,
    struct json_doc *doc, struct err *err)
{
	int64_t tournament_id;
	enum status st = visit_read_id(params, "tournament_id", "tournament",
	    &tournament_id, err);

	return st != ST_OK ? st : store_desk_tournament_subject(
	    visit->app->store, visit_session(visit), tournament_id,
	    params_text_or_empty(params, "team"),
	    params_text_or_empty(params, "players"), doc, err);
}

static void
put_entrants(struct buf *html, struct json_node data)
{
	struct json_node entrants = json_at(data, "entrants");

	if (json_exists(json_first(entrants)))
		desk_table_put(html, &(const struct desk_table){
			.caption = "Who would enter",
			.columns = entrant_columns,
			.count = COUNT(entrant_columns),
		    }, entrants, JSON_NONE);
}

static void
put_subject(struct buf *html, struct json_node data)
{
	buf_puts(html, "<dl class=\"facts\">\n<div><dt>Tournament</dt><dd>");
	frame_put_member(html, data, "name");
	buf_puts(html, "</dd></div>\n<div><dt>Day</dt><dd>");
	frame_put_member(html, data, "day");
	buf_puts(html, "</dd></div>\n<div><dt>Entering costs</dt><dd>");
	desk_put_words_of(html, data, "product");
	buf_puts(html, "</dd></div>\n</dl>\n");
	put_entrants(html, data);
}

static const struct act_subject new_subject = {
	.read = read_new,
	.put = put_entrants,
	.back = "/desk/tournaments",
	.back_text = "Back to the tournaments",
};

static const struct act_subject subject = {
	.read = read_subject,
	.put = put_subject,
	.back = "/desk/tournament?tournament_id=",
	.back_text = "Back to the tournament",
};

const struct act_kind tournament_acts[] = {
	{ .path = "/desk/tournament/add", .action = "tournament_add",
	    .subject = &new_subject,
	    .title = "Add a tournament",
	    .text = "Nobody is mailed by it.",
	    .button = "Add it", .undo = "tournament_leave",
	    .made = "/desk/tournament?tournament_id=",
	    .fields = add_fields, .count = COUNT(add_fields) },
	{ .path = "/desk/tournament/enter", .action = "tournament_enter",
	    .subject = &subject,
	    .title = "Enter players",
	    .text = "Each player who is new owes what entering costs. Who is "
	    "in already stays as they are. Nobody is mailed.",
	    .button = "Enter them", .undo = "tournament_leave",
	    .fields = enter_fields, .count = COUNT(enter_fields) },
	{ .path = "/desk/tournament/leave", .action = "tournament_leave",
	    .subject = &subject,
	    .title = "Take them out again",
	    .text = "The players who entered by it owe nothing for it then; "
	    "who has paid or was changed meanwhile stays in. The tournament "
	    "stays. Nobody is mailed.",
	    .button = "Take them out",
	    .fields = leave_fields, .count = COUNT(leave_fields) },
	{ .path = "/desk/tournament/change", .action = "tournament_change",
	    .subject = &subject,
	    .title = "Change the tournament",
	    .text = "What players owe already stays as it is. Nobody is "
	    "mailed.",
	    .button = "Change it",
	    .fields = change_fields, .count = COUNT(change_fields) },
	{ .path = NULL },
};
