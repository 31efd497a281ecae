/*
 * teamdues player leave|return: who is asked for money.  A player who leaves
 * keeps every order and payment; only mails and new requests for money end.
 */
#include <stdio.h>
#include <string.h>

#include "kit/act.h"
#include "kit/output.h"
#include "store/roster.h"

static const char *const columns[] = {
	"player_id", "player_name", "action", "pending", NULL
};

static const struct parameter player_parameters[] = {
	{ "1,2", PARAMETER_IDS, true, NULL, "the players" },
	PARAMETER_COMMIT,
	PARAMETER_JSON,
	PARAMETER_CSV,
	PARAMETER_END
};

struct change {
	struct output *output;
	size_t changed;
	bool is_unknown;
};

/*
 * A store_row with the columns.  A player who is in the wanted state already is
 * no change.
 */
static enum status
count(void *context, struct json_node row, struct err *err)
{
	struct change *change = context;

	change->is_unknown = change->is_unknown ||
	    json_text_is(row, "action", "unknown");
	change->changed += json_text_is(row, "action", "leave") ||
	    json_text_is(row, "action", "return");
	return output_row(change->output, row, err);
}

/*
 * One unknown id refuses all of them: it is a mistyped one, and the others of
 * its line may be mistyped too.  The rows are printed first, so that the
 * operator sees which.
 */
static enum status
set_active(struct invocation *invocation, bool active, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	bool commit = arguments_flag(arguments, "--commit");
	struct output output;
	struct change change = { .output = &output };
	char actor[ACTOR_SIZE];
	enum status st;

	act_actor(actor);
	output_init(&output, arguments, columns);
	st = store_set_active(invocation->app.store, &(const struct activity){
		.player_ids = arguments_text(arguments, "1,2"),
		.active = active, .actor = actor, .commit = commit },
	    count, &change, err);
	st = output_end(&output, st, err);
	if (st == ST_OK && change.is_unknown)
		st = err_set(err, ST_NOT_FOUND,
		    "no such player: nothing was written");
	if (st == ST_OK && !commit && change.changed > 0)
		invocation->exit = EXIT_FOUND_WORK;
	return st;
}

static enum status
player_leave(struct invocation *invocation, struct err *err)
{
	return set_active(invocation, false, err);
}

static enum status
player_return(struct invocation *invocation, struct err *err)
{
	return set_active(invocation, true, err);
}

const struct command commands_player[] = {
	{
		.name = "player leave",
		.summary = "ask for nothing more for players who have left",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = player_parameters,
		.run = player_leave,
	},
	{
		.name = "player return",
		.summary = "count players in again",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = player_parameters,
		.run = player_return,
	},
	COMMANDS_END
};
