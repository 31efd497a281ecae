/*
 * teamdues tournament add|list|roster: what teams enter, and who does.
 * Entering a player makes a pending order and sends nothing; the mails that ask
 * for the money are another command's.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "kit/act.h"
#include "kit/invocation.h"
#include "kit/output.h"
#include "store/club.h"
#include "store/views.h"

enum { NAME_CHARACTERS_MAX = 200 };

static const char *const columns[] = {
	"tournament_id", "name", "date", "product_id", NULL
};

static const char *const roster_columns[] = {
	"player_id", "player_name", "order_id", "action", NULL
};

static const struct parameter add_parameters[] = {
	{ "--name", PARAMETER_TEXT, true, "TEXT", "what the payer reads" },
	{ "--date", PARAMETER_DATE, true, "YYYY-MM-DD",
	    "its day; pay links end with it" },
	{ "--product", PARAMETER_ID, true, "ID",
	    "what entering costs: a product of kind tournament" },
	PARAMETER_JSON,
	PARAMETER_END
};

static const struct parameter list_parameters[] = {
	PARAMETER_JSON, PARAMETER_CSV, PARAMETER_END
};

static const struct parameter roster_parameters[] = {
	{ "ID", PARAMETER_ID, true, NULL, "the tournament" },
	{ "--team", PARAMETER_TEXT, false, "NAME",
	    "enter the active players of a team" },
	{ "--players", PARAMETER_IDS, false, "1,2", "or enter these" },
	PARAMETER_COMMIT,
	PARAMETER_JSON,
	PARAMETER_CSV,
	PARAMETER_END
};

static enum status
tournament_add(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	const char *name = arguments_text(arguments, "--name");
	char actor[ACTOR_SIZE];
	struct output output;
	int64_t id;
	enum status st;

	st = text_check("--name", name, strlen(name), NAME_CHARACTERS_MAX,
	    err);
	if (st != ST_OK) {
		invocation->exit = EXIT_USAGE;
		return st;
	}
	act_actor(actor);
	st = store_tournament_add(invocation->app.store,
	    &(const struct new_tournament){
		.name = name,
		.held_on = arguments_text(arguments, "--date"),
		.product_id = arguments_id(arguments, "--product"),
		.actor = actor,
	    }, &id, err);
	if (st != ST_OK)
		return st;
	output_init(&output, arguments, columns);
	st = store_tournaments(invocation->app.store, id, output_row, &output,
	    err);
	return output_end(&output, st, err);
}

static enum status
tournament_list(struct invocation *invocation, struct err *err)
{
	struct output output;
	enum status st;

	output_init(&output, &invocation->arguments, columns);
	st = store_tournaments(invocation->app.store, 0, output_row, &output,
	    err);
	return output_end(&output, st, err);
}

static enum status
count_row(void *context, struct json_node row, struct err *err)
{
	size_t *rows = context;

	(void)row;
	(void)err;
	*rows += 1;
	return ST_OK;
}

/* A mistyped id must not look like a tournament that nobody enters. */
static enum status
check_tournament(struct invocation *invocation, int64_t id, struct err *err)
{
	size_t rows = 0;
	enum status st;

	st = store_tournaments(invocation->app.store, id, count_row, &rows,
	    err);
	if (st == ST_OK && rows == 0)
		st = err_set(err, ST_NOT_FOUND, "no tournament %" PRId64, id);
	return st;
}

/* The counts of a dry run: the players, and those whose order would be new. */
struct entries {
	size_t rows;
	size_t to_create;
};

/*
 * An unknown player refuses the whole: a list with one mistyped id is not half
 * entered.
 */
static enum status
judge_entry(void *context, struct json_node row, struct err *err)
{
	struct entries *entries = context;

	if (json_text_is(row, "action", "unknown"))
		return err_set(err, ST_NOT_FOUND, "no player %" PRId64,
		    json_i64_or_0(row, "player_id"));
	entries->rows++;
	if (json_text_is(row, "action", "create"))
		entries->to_create++;
	return ST_OK;
}

static enum status
enter(struct invocation *invocation, bool commit, store_row *each,
    void *context, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	char actor[ACTOR_SIZE];

	act_actor(actor);
	return store_tournament_roster(invocation->app.store,
	    &(const struct entrants){
		.tournament_id = arguments_id(arguments, "ID"),
		.team = arguments_text(arguments, "--team"),
		.player_ids = arguments_text(arguments, "--players"),
		.actor = actor,
		.commit = commit,
	    }, each, context, err);
}

/*
 * Tries all entries without writing, so that a fault refuses the whole before
 * anything is written or printed.
 */
static enum status
check_entries(struct invocation *invocation, struct entries *entries,
    struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	enum status st;

	st = check_tournament(invocation, arguments_id(arguments, "ID"), err);
	if (st == ST_OK)
		st = enter(invocation, false, judge_entry, entries, err);
	if (st == ST_OK && entries->rows == 0)
		st = err_set(err, ST_NOT_FOUND,
		    "no active player is in the team %s",
		    arguments_text(arguments, "--team"));
	return st;
}

/*
 * A player who is entered already keeps the order: a team may be entered again
 * after somebody joined it.
 */
static void
summarise(struct invocation *invocation, const struct output *output,
    const struct entries *entries)
{
	FILE *file = output->format == OUTPUT_TABLE ? stdout : stderr;
	bool commit = arguments_flag(&invocation->arguments, "--commit");

	fprintf(file, "create %zu, there already %zu", entries->to_create,
	    entries->rows - entries->to_create);
	if (entries->to_create == 0)
		fprintf(file, ": nothing to do\n");
	else if (commit)
		fprintf(file, ": done\n");
	else
		fprintf(file, ": nothing was written (--commit does it)\n");
	if (!commit && entries->to_create > 0)
		invocation->exit = EXIT_FOUND_WORK;
}

static enum status
tournament_roster(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	bool commit = arguments_flag(arguments, "--commit");
	struct entries entries = { 0, 0 };
	struct output output;
	enum status st;

	if (arguments_flag(arguments, "--team") ==
	    arguments_flag(arguments, "--players"))
		return invocation_usage(invocation, err,
		    "give either --team or --players");
	st = check_entries(invocation, &entries, err);
	if (st != ST_OK)
		return st;
	output_init(&output, arguments, roster_columns);
	st = enter(invocation, commit, output_row, &output, err);
	st = output_end(&output, st, err);
	if (st == ST_OK)
		summarise(invocation, &output, &entries);
	return st;
}

const struct command commands_tournament[] = {
	{
		.name = "tournament add",
		.summary = "add a tournament",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = add_parameters,
		.run = tournament_add,
	},
	{
		.name = "tournament list",
		.summary = "list the tournaments",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.is_default = true,
		.parameters = list_parameters,
		.run = tournament_list,
	},
	{
		.name = "tournament roster",
		.summary = "enter players: make each one's pending order, once",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = roster_parameters,
		.run = tournament_roster,
	},
	COMMANDS_END
};
