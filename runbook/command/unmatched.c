/*
 * teamdues unmatched list|show|attach|detach|dismiss|reopen: payments and
 * events that wait for a person, the person's decision, and how it is taken
 * back.  Every decision can be taken back, as it is made from a name and an
 * amount.
 */
#include <stdio.h>
#include <string.h>

#include "kit/act.h"
#include "kit/detail.h"
#include "kit/output.h"
#include "store/dismiss.h"
#include "store/payment_acts.h"
#include "store/views.h"
#include "store/views_open.h"

enum { REASON_CHARACTERS_MAX = 500 };

static const char *const all_columns[] = {
	"event_id", "outcome", "reason", "session_id", "payment_intent_id",
	"amount_cents", "currency", "email", "stripe_created", "recorded_at",
	"suggested_order_id", "player_name", "parent_email", "advice",
	"payer_name", "suggested_why", "paid_for", "due_at", NULL
};

/*
 * The columns that one needs in order to decide, which fit a wide terminal;
 * `show` has the others.
 */
static const char *const table_columns[] = {
	"event_id", "stripe_created", "outcome", "amount_cents", "currency",
	"payer_name", "email", "paid_for", "suggested_order_id",
	"suggested_why", "reason", "due_at", "advice", NULL
};

static const struct parameter list_parameters[] = {
	PARAMETER_JSON, PARAMETER_CSV, PARAMETER_END
};

#define PARAMETER_EVENT { "EVENT", PARAMETER_TEXT, true, NULL, \
	"the event's id (evt_...) or the session's (cs_...)" }
#define PARAMETER_CLOSED { "EVENT", PARAMETER_TEXT, true, NULL, \
	"such an id, or a fraud warning's (issfr_...)" }

static const struct parameter show_parameters[] = {
	PARAMETER_EVENT, PARAMETER_JSON, PARAMETER_END
};

static const struct parameter attach_parameters[] = {
	PARAMETER_EVENT,
	{ "ORDER", PARAMETER_ID, true, NULL, "the order that it pays" },
	{ "--anyway", PARAMETER_FLAG, false, NULL,
	    "though another pays, or the order is paid" },
	PARAMETER_COMMIT,
	PARAMETER_END
};

/* Parameters of detach and reopen. */
static const struct parameter take_back_parameters[] = {
	PARAMETER_EVENT, PARAMETER_COMMIT, PARAMETER_END
};

static const struct parameter dismiss_parameters[] = {
	PARAMETER_CLOSED,
	{ "--reason", PARAMETER_TEXT, true, "TEXT",
	    "why nothing more is to be done" },
	{ "--not-ours", PARAMETER_FLAG, false, NULL,
	    "it is another business's" },
	{ "--like", PARAMETER_TEXT, false, "payment_link|metadata:KEY",
	    "and so are all that came by the same link, or with that key" },
	PARAMETER_COMMIT,
	PARAMETER_END
};

static enum status
unmatched_list(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	struct output output;
	enum status st;

	output_init(&output, arguments, arguments_flag(arguments, "--csv")
	    ? all_columns : table_columns);
	st = store_unmatched(invocation->app.store, NULL, 0, output_row,
	    &output, err);
	return output_end(&output, st, err);
}

/*
 * Context of show_row: where rows are written, and how many came.  The first
 * query that finds any answers.
 */
struct shown {
	struct output *output;
	int count;
};

static enum status
show_row(void *context, struct json_node row, struct err *err)
{
	struct shown *shown = context;

	shown->count++;
	if (shown->output->format == OUTPUT_JSON)
		return output_row(shown->output, row, err);
	return detail_write(NULL, row, err);
}

/*
 * Asks three queries in turn: what waits (with advice), a payment that does not
 * wait any more (with who decided what), and any other event.
 */
static enum status
unmatched_show(struct invocation *invocation, struct err *err)
{
	const char *key = arguments_text(&invocation->arguments, "EVENT");
	struct store *store = invocation->app.store;
	struct output output;
	struct shown shown = { &output, 0 };
	enum status st;

	output_init(&output, &invocation->arguments, all_columns);
	st = store_unmatched(store, key, 0, show_row, &shown, err);
	if (st == ST_OK && shown.count == 0)
		st = store_payment_detail(store, key, show_row, &shown, err);
	if (st == ST_OK && shown.count == 0)
		st = store_event(store, key, show_row, &shown, err);
	if (st == ST_OK && shown.count == 0)
		return err_set(err, ST_NOT_FOUND, "nothing stands under %s",
		    key);
	return output.format == OUTPUT_JSON ? output_end(&output, st, err)
	    : st;
}

static enum status
unmatched_attach(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	const struct order_change change = {
		.order_id = arguments_id(arguments, "ORDER"),
		.payment = arguments_text(arguments, "EVENT"),
		.is_anyway = arguments_flag(arguments, "--anyway"),
	};
	enum status st;

	/*
	 * Both sides are shown, payment and order, for the person to compare
	 * before --commit.
	 */
	st = store_attach_facts(invocation->app.store, change.payment,
	    change.order_id, detail_write, NULL, err);
	/*
	 * The facts must be out before the act's own lines, which may go to
	 * standard error.
	 */
	fflush(stdout);
	return st != ST_OK ? st
	    : act_on_order(invocation, "attach", &change, err);
}

/*
 * Reads --like into the dismissal.  A rule only ever says that payments are
 * another business's: nothing of ours is dismissed unseen.
 */
static enum status
read_like(struct invocation *invocation, struct dismissal *dismissal,
    struct err *err)
{
	static const char metadata[] = "metadata:";
	const char *like = arguments_text(&invocation->arguments, "--like");

	if (like == NULL)
		return ST_OK;
	if (!dismissal->is_not_ours)
		return invocation_usage(invocation, err,
		    "--like goes with --not-ours");
	if (strcmp(like, "payment_link") == 0) {
		dismissal->like_field = "payment_link";
		return ST_OK;
	}
	if (strncmp(like, metadata, sizeof(metadata) - 1) != 0 ||
	    like[sizeof(metadata) - 1] == '\0')
		return invocation_usage(invocation, err,
		    "--like: neither payment_link nor metadata:KEY");
	dismissal->like_field = "metadata";
	dismissal->like_key = like + sizeof(metadata) - 1;
	return ST_OK;
}

static enum status
unmatched_dismiss(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	struct dismissal dismissal = {
		.key = arguments_text(arguments, "EVENT"),
		.reason = arguments_text(arguments, "--reason"),
		.is_not_ours = arguments_flag(arguments, "--not-ours"),
	};
	struct act_result result;
	char actor[ACTOR_SIZE];
	enum status st;

	st = act_check_text(invocation, "--reason", REASON_CHARACTERS_MAX,
	    err);
	if (st == ST_OK)
		st = read_like(invocation, &dismissal, err);
	if (st != ST_OK)
		return st;
	act_actor(actor);
	st = store_dismiss(invocation->app.store, &dismissal, actor,
	    arguments_flag(arguments, "--commit"), &result, err);
	return st != ST_OK ? st
	    : act_report(invocation, "dismiss", &result, err);
}

/* Detach and reopen change our books alone, so they need no key of Stripe's. */
static enum status
take_back(struct invocation *invocation, const char *verb,
    enum status (*store_act)(struct store *, const char *, const char *, bool,
    struct act_result *, struct err *), struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	struct act_result result;
	char actor[ACTOR_SIZE];
	enum status st;

	act_actor(actor);
	st = store_act(invocation->app.store, arguments_text(arguments,
	    "EVENT"), actor, arguments_flag(arguments, "--commit"), &result,
	    err);
	return st != ST_OK ? st : act_report(invocation, verb, &result, err);
}

static enum status
unmatched_detach(struct invocation *invocation, struct err *err)
{
	return take_back(invocation, "detach", store_detach, err);
}

static enum status
unmatched_reopen(struct invocation *invocation, struct err *err)
{
	return take_back(invocation, "reopen", store_undismiss, err);
}

const struct command commands_unmatched[] = {
	{
		.name = "unmatched list",
		.summary = "list what waits for a person: whose it seems, and "
		    "why",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.is_default = true,
		.parameters = list_parameters,
		.run = unmatched_list,
	},
	{
		.name = "unmatched show",
		.summary = "show one, and what to do about it or who did it",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = show_parameters,
		.run = unmatched_show,
	},
	{
		.name = "unmatched attach",
		.summary = "give a payment to the order that it is for",
		.needs = ACT_NEEDS,
		.parameters = attach_parameters,
		.run = unmatched_attach,
	},
	{
		.name = "unmatched detach",
		.summary = "take a payment back from the order it was "
		    "attached to",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = take_back_parameters,
		.run = unmatched_detach,
	},
	{
		.name = "unmatched dismiss",
		.summary = "close one with a reason, and tell others like it",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = dismiss_parameters,
		.run = unmatched_dismiss,
	},
	{
		.name = "unmatched reopen",
		.summary = "take back that one was dismissed",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = take_back_parameters,
		.run = unmatched_reopen,
	},
	COMMANDS_END
};
