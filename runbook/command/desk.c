/*
 * teamdues desk add|list|remove|sign-out: who may sign in at the treasurer's
 * desk.  Only the operator's command decides that: the desk itself cannot add
 * users, so whoever gets into it cannot let others in.
 */
#include <stdio.h>
#include <string.h>

#include "base/email.h"
#include "kit/act.h"
#include "kit/output.h"
#include "store/desk_users.h"

enum { NAME_CHARACTERS_MAX = 80 };

static const char *const columns[] = {
	"user_id", "name", "email", "role", "added_at", "last_entered_at",
	"sessions", NULL
};

static const struct parameter add_parameters[] = {
	{ "--name", PARAMETER_TEXT, true, "TEXT", "as the log names them" },
	{ "--email", PARAMETER_TEXT, true, "ADDRESS",
	    "where links to sign in are mailed" },
	{ "--role", PARAMETER_CHOICE, true, "treasurer|viewer",
	    "a viewer sees all and changes nothing" },
	PARAMETER_JSON,
	PARAMETER_END
};

static const struct parameter list_parameters[] = {
	PARAMETER_JSON, PARAMETER_CSV, PARAMETER_END
};

static const struct parameter sign_out_parameters[] = { PARAMETER_END };

static const struct parameter remove_parameters[] = {
	{ "USER", PARAMETER_TEXT, true, NULL, "the id or the address" },
	PARAMETER_END
};

/* Context of print_added: the user that was added just now. */
struct added {
	struct output *output;
	int64_t user_id;
};

/*
 * The list has all users; of them the new row is printed, as the database
 * stored it.
 */
static enum status
print_added(void *context, struct json_node row, struct err *err)
{
	const struct added *added = context;

	if (json_i64_or_0(row, "user_id") != added->user_id)
		return ST_OK;
	return output_row(added->output, row, err);
}

static enum status
check_user(struct invocation *invocation, struct err *err)
{
	const char *email = arguments_text(&invocation->arguments, "--email");
	enum status st;

	st = act_check_text(invocation, "--name", NAME_CHARACTERS_MAX, err);
	if (st != ST_OK)
		return st;
	/*
	 * A mistyped address could not sign in, and its links would go to a
	 * stranger.
	 */
	st = email_check(email, strlen(email), err);
	if (st != ST_OK)
		invocation->exit = EXIT_USAGE;
	return st;
}

static enum status
desk_add(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	struct output output;
	struct added added = { &output, 0 };
	char actor[ACTOR_SIZE];
	enum status st;

	act_actor(actor);
	st = check_user(invocation, err);
	if (st == ST_OK)
		st = store_desk_user_add(invocation->app.store,
		    &(const struct new_desk_user){
			.name = arguments_text(arguments, "--name"),
			.email = arguments_text(arguments, "--email"),
			.role = arguments_text(arguments, "--role"),
			.actor = actor,
		    }, &added.user_id, err);
	/* The address is the user: a second role for it would be ambiguous. */
	if (st == ST_DUPLICATE)
		st = err_set(err, st, "%s may sign in already",
		    arguments_text(arguments, "--email"));
	if (st != ST_OK)
		return st;
	output_init(&output, arguments, columns);
	st = store_desk_users(invocation->app.store, print_added, &added, err);
	return output_end(&output, st, err);
}

static enum status
desk_list(struct invocation *invocation, struct err *err)
{
	struct output output;
	enum status st;

	output_init(&output, &invocation->arguments, columns);
	st = store_desk_users(invocation->app.store, output_row, &output, err);
	return output_end(&output, st, err);
}

static enum status
desk_remove(struct invocation *invocation, struct err *err)
{
	char detail[DESK_DETAIL_SIZE];
	char actor[ACTOR_SIZE];
	enum status st;

	act_actor(actor);
	st = store_desk_user_remove(invocation->app.store,
	    arguments_text(&invocation->arguments, "USER"), actor, detail,
	    err);
	if (st == ST_OK)
		printf("Removed: %s.\n", detail);
	return st;
}

static enum status
desk_sign_out(struct invocation *invocation, struct err *err)
{
	char actor[ACTOR_SIZE];
	int64_t sessions;
	enum status st;

	act_actor(actor);
	st = store_desk_sign_out_all(invocation->app.store, actor, &sessions,
	    err);
	if (st == ST_OK)
		printf("Sessions ended: %lld.\n", (long long)sessions);
	return st;
}

const struct command commands_desk[] = {
	{
		.name = "desk add",
		.summary = "let somebody sign in at the treasurer's desk",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = add_parameters,
		.run = desk_add,
	},
	{
		.name = "desk list",
		.summary = "list who may sign in at the treasurer's desk",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.is_default = true,
		.parameters = list_parameters,
		.run = desk_list,
	},
	{
		.name = "desk remove",
		.summary = "let a user of the desk in no more, and sign the "
		    "user out",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = remove_parameters,
		.run = desk_remove,
	},
	{
		.name = "desk sign-out",
		.summary = "end all sessions: whoever goes on signs in again",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = sign_out_parameters,
		.run = desk_sign_out,
	},
	COMMANDS_END
};
