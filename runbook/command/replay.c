/*
 * teamdues events replay|prune: reads the ledger's events again, or deletes
 * their payloads and what else is of no more use.  Replay is for a payment that
 * could not be matched when its event came: a newer program, or rows that were
 * missing then, may match it now.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "billing/facts/replay.h"
#include "kit/invocation.h"
#include "kit/kept.h"
#include "store/desk_users.h"
#include "store/mail_acts.h"
#include "store/payment_acts.h"
#include "store/views.h"
#include "store/views_open.h"
#include "stripe/client.h"

enum { DAY_S = 24 * 60 * 60, OUTCOME_SIZE = 24 };

static const struct parameter replay_parameters[] = {
	{ "ID", PARAMETER_TEXT, false, NULL, "Stripe's id of it: evt_..." },
	{ "--all-failed", PARAMETER_FLAG, false, NULL,
	    "all that are unmatched or under review" },
	PARAMETER_COMMIT,
	PARAMETER_END
};

static const struct parameter prune_parameters[] = {
	{ "--older-than", PARAMETER_DAYS, false, "400d",
	    "than so many days; else than KEEP_DAYS" },
	PARAMETER_COMMIT,
	PARAMETER_END
};

/*
 * The events to be replayed.  They are listed whole first, since replaying one
 * changes the very list that is being read.
 */
struct batch {
	struct invocation *invocation;
	bool is_all_failed;
	struct kept events;
};

static enum status
keep_event(void *context, struct json_node row, struct err *err)
{
	struct batch *batch = context;

	return kept_add(&batch->events, row, err);
}

/*
 * Whether a replay changes anything: facts that were not known, the order's
 * status, or the outcome.  "duplicate" is the usual answer to an event that was
 * recorded before.
 */
static bool
is_work(const char *outcome, const struct replay_result *result)
{
	if (result->is_news || strcmp(result->before, result->after) != 0)
		return true;
	return strcmp(result->outcome, "duplicate") != 0 &&
	    strcmp(result->outcome, outcome) != 0;
}

static void
print_result(const char *id, const char *outcome,
    const struct replay_result *result)
{
	printf("%s: %s", id, outcome);
	if (!is_work(outcome, result))
		printf(", as before");
	else if (strcmp(result->outcome, outcome) != 0)
		printf(" -> %s", result->outcome);
	if (result->reason[0] != '\0')
		printf(" (%s)", result->reason);
	if (result->order_id != 0)
		printf(", order %" PRId64, result->order_id);
	if (strcmp(result->before, result->after) != 0)
		printf(" %s -> %s", result->before, result->after);
	putchar('\n');
}

/*
 * With --all-failed, an event whose payload was pruned is printed, and the
 * others go on; an event that was asked for by its id fails the command.
 */
static enum status
replay_row(const struct batch *batch, struct json_node row, struct err *err)
{
	struct invocation *invocation = batch->invocation;
	char id[STRIPE_ID_SIZE];
	char outcome[OUTCOME_SIZE];
	const struct replay replay = {
		.event_id = id,
		.terms = {
			.livemode = config_livemode(&invocation->app.config),
			.account = config_text(&invocation->app.config,
			    SETTING_STRIPE_ACCOUNT),
		},
		.commit = arguments_flag(&invocation->arguments, "--commit"),
	};
	struct replay_result result;
	enum status st;

	st = json_get_text(row, "event_id", id, sizeof(id), err);
	if (st == ST_OK)
		st = json_get_text(row, "outcome", outcome, sizeof(outcome),
		    err);
	if (st != ST_OK)
		return st;
	st = replay_event(invocation->app.store, &replay, &result, err);
	if (st == ST_GONE && batch->is_all_failed) {
		printf("%s\n", err->msg);
		return ST_OK;
	}
	if (st != ST_OK)
		return st;
	print_result(id, outcome, &result);
	if (!replay.commit && is_work(outcome, &result))
		invocation->exit = EXIT_FOUND_WORK;
	return ST_OK;
}

static enum status
replay_rows(struct batch *batch, struct err *err)
{
	const char *id = arguments_text(&batch->invocation->arguments, "ID");
	struct json_node rows;
	enum status st = kept_rows(&batch->events, &rows, err);

	if (st == ST_OK && id != NULL && !json_exists(json_first(rows)))
		st = err_set(err, ST_NOT_FOUND, "no such event: %s", id);
	if (st != ST_OK)
		return st;
	for (struct json_node row = json_first(rows);
	    st == ST_OK && json_exists(row); row = json_next(rows, row))
		st = replay_row(batch, row, err);
	if (st == ST_OK && batch->is_all_failed)
		printf("Events read again: %zu.%s\n", json_count(rows),
		    batch->invocation->exit == EXIT_FOUND_WORK
		    ? "  Nothing was changed; --commit does it." : "");
	return st;
}

static enum status
events_replay(struct invocation *invocation, struct err *err)
{
	const char *id = arguments_text(&invocation->arguments, "ID");
	struct batch batch = {
		.invocation = invocation,
		.is_all_failed = arguments_flag(&invocation->arguments,
		    "--all-failed"),
		.events = KEPT_INIT,
	};
	enum status st;

	if ((id != NULL) == batch.is_all_failed)
		return invocation_usage(invocation, err,
		    "give either an event's ID or --all-failed");
	if (batch.is_all_failed)
		st = store_unresolved_events(invocation->app.store, keep_event,
		    &batch, err);
	else
		st = store_event(invocation->app.store, id, keep_event, &batch,
		    err);
	if (st == ST_OK)
		st = replay_rows(&batch, err);
	kept_clear(&batch.events);
	return st;
}

/*
 * Payloads hold names and addresses, which a club need not keep for ever; who
 * once signed in at the desk or was mailed what, is nobody's business later.
 * What was derived from the payloads stays, so that the books still add up.
 */
static enum status
events_prune(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	bool commit = arguments_flag(arguments, "--commit");
	int64_t days = arguments_days(arguments, "--older-than");
	const char *verb = commit ? "Deleted" : "Would delete";
	int64_t payloads, sign_ins, emails;
	int64_t before;
	enum status st;

	if (days == 0)
		days = config_keep_days(&invocation->app.config);
	before = clock_now_s() - days * DAY_S;
	st = store_prune_payloads(invocation->app.store, before, commit,
	    &payloads, err);
	if (st == ST_OK)
		st = store_desk_prune(invocation->app.store, before, commit,
		    &sign_ins, err);
	if (st == ST_OK)
		st = store_prune_emails(invocation->app.store, before, commit,
		    &emails, err);
	if (st != ST_OK)
		return st;
	printf("%s the bodies of %" PRId64 " events; the ledger and the facts "
	    "stay.\n", verb, payloads);
	printf("%s %" PRId64 " sign-ins and sessions of the desk, and lists "
	    "that were imported there; the audit log stays.\n", verb,
	    sign_ins);
	printf("%s %" PRId64 " mails of settled orders; receipts stay.\n",
	    verb, emails);
	if (!commit && payloads + sign_ins + emails > 0) {
		printf("Nothing was changed; --commit does it.\n");
		invocation->exit = EXIT_FOUND_WORK;
	}
	return ST_OK;
}

const struct command commands_replay[] = {
	{
		.name = "events replay",
		.summary = "read events again; safe on any, however often",
		.needs = NEEDS(SETTING_DATABASE_URL) |
		    NEEDS(SETTING_STRIPE_MODE),
		.parameters = replay_parameters,
		.run = events_replay,
	},
	{
		.name = "events prune",
		.summary = "delete what old events said word for word, old "
		    "sign-ins and old mails",
		.needs = NEEDS(SETTING_DATABASE_URL) |
		    NEEDS(SETTING_KEEP_DAYS),
		.parameters = prune_parameters,
		.run = events_prune,
	},
	COMMANDS_END
};
