/*
 * teamdues installation show|adopt|disown: which teamdues this is, and whose
 * the payments of other installations on the same Stripe account are.  After
 * the loss of a database the old payments carry the old id, and only a person
 * can say that they are this club's.
 */
#include "kit/act.h"
#include "kit/output.h"
#include "store/installation.h"

enum { ID_CHARACTERS_MAX = 500 };

static const char *const columns[] = {
	"installation_id", "standing", "payments", "amount_cents", "currency",
	"decided_by", "decided_at", NULL
};

static const struct parameter show_parameters[] = {
	PARAMETER_JSON, PARAMETER_CSV, PARAMETER_END
};

static const struct parameter decide_parameters[] = {
	{ "ID", PARAMETER_TEXT, true, NULL,
	    "the other installation's (td_...), as `installation show` or "
	    "reconcile names it" },
	PARAMETER_COMMIT,
	PARAMETER_END
};

static enum status
installation_show(struct invocation *invocation, struct err *err)
{
	struct output output;
	enum status st;

	output_init(&output, &invocation->arguments, columns);
	st = store_installations(invocation->app.store, output_row, &output,
	    err);
	return output_end(&output, st, err);
}

/*
 * The id is another installation's text from the metadata of a session, hence
 * the check.  It decides past payments and later ones alike.
 */
static enum status
decide(struct invocation *invocation, const char *verb, bool is_ours,
    struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	struct act_result result;
	char actor[ACTOR_SIZE];
	enum status st;

	st = act_check_text(invocation, "ID", ID_CHARACTERS_MAX, err);
	if (st != ST_OK)
		return st;
	act_actor(actor);
	st = store_decide_installation(invocation->app.store,
	    &(const struct installation_decision){
		.installation_id = arguments_text(arguments, "ID"),
		.is_ours = is_ours,
	    }, actor, arguments_flag(arguments, "--commit"), &result, err);
	return st != ST_OK ? st : act_report(invocation, verb, &result, err);
}

static enum status
installation_adopt(struct invocation *invocation, struct err *err)
{
	return decide(invocation, "adopt", true, err);
}

static enum status
installation_disown(struct invocation *invocation, struct err *err)
{
	return decide(invocation, "disown", false, err);
}

const struct command commands_installation[] = {
	{
		.name = "installation show",
		.summary = "show this installation's id, and others' on the "
		    "account",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.is_default = true,
		.parameters = show_parameters,
		.run = installation_show,
	},
	{
		.name = "installation adopt",
		.summary = "count another installation's payments as ours",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = decide_parameters,
		.run = installation_adopt,
	},
	{
		.name = "installation disown",
		.summary = "say that they are another club's; the way back "
		    "from adopt",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = decide_parameters,
		.run = installation_disown,
	},
	COMMANDS_END
};
