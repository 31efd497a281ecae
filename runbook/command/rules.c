/*
 * teamdues unmatched rules list|remove: the rules by which payments are another
 * business's on the same Stripe account.  They are made by `unmatched dismiss
 * --like`.
 */
#include "kit/act.h"
#include "kit/output.h"
#include "store/dismiss.h"
#include "store/views_open.h"

static const char *const columns[] = {
	"rule_id", "field", "value", "actor", "created_at", NULL
};

static const struct parameter list_parameters[] = {
	PARAMETER_JSON, PARAMETER_CSV, PARAMETER_END
};

static const struct parameter remove_parameters[] = {
	{ "ID", PARAMETER_ID, true, NULL, "the rule's" },
	PARAMETER_COMMIT,
	PARAMETER_END
};

static enum status
rules_list(struct invocation *invocation, struct err *err)
{
	struct output output;
	enum status st;

	output_init(&output, &invocation->arguments, columns);
	st = store_rules(invocation->app.store, output_row, &output, err);
	return output_end(&output, st, err);
}

/*
 * A rule that was too wide hid payments of families; without it they wait for a
 * person again, so removing one loses nothing.
 */
static enum status
rules_remove(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	struct act_result result;
	char actor[ACTOR_SIZE];
	enum status st;

	act_actor(actor);
	st = store_remove_rule(invocation->app.store, arguments_id(arguments,
	    "ID"), actor, arguments_flag(arguments, "--commit"), &result,
	    err);
	return st != ST_OK ? st
	    : act_report(invocation, "remove the rule", &result, err);
}

const struct command commands_rules[] = {
	{
		.name = "unmatched rules list",
		.summary = "list the rules by which payments are another "
		    "business's",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.is_default = true,
		.parameters = list_parameters,
		.run = rules_list,
	},
	{
		.name = "unmatched rules remove",
		.summary = "take a rule back; what it told waits for a person "
		    "again",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = remove_parameters,
		.run = rules_remove,
	},
	COMMANDS_END
};
