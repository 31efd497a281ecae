/*
 * teamdues email blast|remind: mails that ask many families for money.  A dry
 * run makes the same list as the run; only the run queues it, and the mailer
 * sends it.
 */
#include <inttypes.h>
#include <stdio.h>

#include "billing/mailing/first_payments.h"
#include "billing/mailing/orders.h"
#include "kit/act.h"
#include "kit/batch_progress.h"
#include "kit/output.h"

static const char *const columns[] = {
	"player_id", "recipient", "amount_cents", "currency", "action",
	"reason", NULL
};

static const struct parameter blast_parameters[] = {
	{ "--tournament", PARAMETER_ID, false, "N",
	    "the unpaid orders of a tournament; else all first payments" },
	{ "--skip-proration", PARAMETER_FLAG, false, NULL,
	    "quote the whole month's fee" },
	{ "--again", PARAMETER_FLAG, false, NULL,
	    "also those who were mailed today already" },
	PARAMETER_COMMIT,
	PARAMETER_JSON,
	PARAMETER_CSV,
	PARAMETER_END
};

static const struct parameter remind_parameters[] = {
	{ "--tournament", PARAMETER_ID, false, "N",
	    "of the unpaid orders of a tournament" },
	{ "--first-payment", PARAMETER_FLAG, false, NULL,
	    "of the first payments that were asked for" },
	PARAMETER_COMMIT,
	PARAMETER_JSON,
	PARAMETER_CSV,
	PARAMETER_END
};

/* What a mailing is to do, and its result; mailing.actor points at actor. */
struct asking {
	char actor[ACTOR_SIZE];
	struct app *app;
	struct mailing mailing;
	struct mailing_result result;
};

static void
asking_init(struct asking *asking, struct invocation *invocation)
{
	const struct arguments *arguments = &invocation->arguments;

	act_actor(asking->actor);
	asking->app = &invocation->app;
	asking->mailing = (struct mailing){
		.actor = asking->actor,
		.skip_proration = arguments_flag(arguments,
		    "--skip-proration"),
		.again = arguments_flag(arguments, "--again"),
		.dry_run = !arguments_flag(arguments, "--commit"),
	};
	asking->result = (struct mailing_result)MAILING_RESULT_INIT;
}

static enum status
print_row(struct output *output, struct json_node row, const char *action,
    struct err *err)
{
	struct buf text = BUF_INIT(OUTPUT_ROW_MAX);
	struct json_out json = JSON_OUT(&text);
	enum status st;

	json_out_object(&json, NULL);
	json_out_members(&json, row);
	json_out_text(&json, "action", action);
	json_out_end(&json);
	st = output_written(output, &json, err);
	buf_clear(&text);
	return st;
}

/*
 * Prints the rows of one list, each with the action: a mailing gives the mails
 * and the skipped players apart.
 */
static enum status
print_rows(struct output *output, const struct buf *rows, const char *action,
    struct err *err)
{
	struct buf text = BUF_INIT(KEPT_MAX);
	struct json_out json = JSON_OUT(&text);
	struct json_doc doc;
	enum status st;

	json_out_object(&json, NULL);
	json_out_array(&json, "rows");
	json_out_source(&json, NULL, rows);
	json_out_end(&json);
	json_out_end(&json);
	st = json_out_parse(&json, "the list", &doc, err);
	struct json_node list = json_at(json_root(&doc), "rows");

	for (struct json_node row = json_first(list);
	    st == ST_OK && json_exists(row); row = json_next(list, row))
		st = print_row(output, row, action, err);
	json_clear(&doc);
	buf_clear(&text);
	return st;
}

/* Standard error: a list on standard output stays readable for a program. */
static void
summarise(const struct asking *asking)
{
	int64_t count = asking->result.mail_count;
	int64_t skipped = asking->result.skip_count;

	fprintf(stderr, "%" PRId64 " mail%s %s, %" PRId64 " player%s skipped",
	    count, count == 1 ? "" : "s",
	    asking->mailing.dry_run ? "would be queued" : "queued",
	    skipped, skipped == 1 ? "" : "s");
	if (asking->result.batch_id != 0)
		fprintf(stderr, " (batch %" PRId64 ")",
		    asking->result.batch_id);
	fputs(asking->mailing.dry_run && count > 0
	    ? ": nothing was done (--commit does it)\n" : "\n", stderr);
}

static enum status
tell(struct invocation *invocation, struct asking *asking, struct err *err)
{
	const struct mailing_result *result = &asking->result;
	struct output output;
	enum status st;

	output_init(&output, &invocation->arguments, columns);
	st = print_rows(&output, &result->mails, "mail", err);
	if (st == ST_OK)
		st = print_rows(&output, &result->skipped, "skip", err);
	st = output_end(&output, st, err);
	if (st != ST_OK)
		return st;
	/* Two streams: without this the summary could come before its list. */
	fflush(stdout);
	summarise(asking);
	if (asking->mailing.dry_run && result->mail_count > 0)
		invocation->exit = EXIT_FOUND_WORK;
	if (result->batch_id != 0)
		st = batch_progress_watch(asking->app, result->batch_id,
		    err);
	return st;
}

static enum status
blast(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	int64_t tournament = arguments_id(arguments, "--tournament");
	struct asking asking;
	enum status st;

	asking_init(&asking, invocation);
	if (tournament != 0 && (asking.mailing.again ||
	    asking.mailing.skip_proration))
		return invocation_usage(invocation, err, "--again and "
		    "--skip-proration are of first payments");
	if (tournament != 0)
		st = mailing_tournament(asking.app, tournament,
		    "tournament", &asking.mailing, &asking.result, err);
	else
		st = mailing_first_payments(asking.app, &asking.mailing,
		    &asking.result, err);
	if (st == ST_OK)
		st = tell(invocation, &asking, err);
	mailing_result_clear(&asking.result);
	return st;
}

static enum status
remind(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	int64_t tournament = arguments_id(arguments, "--tournament");
	struct asking asking;
	enum status st;

	if ((tournament != 0) == arguments_flag(arguments, "--first-payment"))
		return invocation_usage(invocation, err,
		    "give either --tournament or --first-payment");
	asking_init(&asking, invocation);
	if (tournament != 0)
		st = mailing_tournament(asking.app, tournament,
		    "reminder", &asking.mailing, &asking.result, err);
	else
		st = mailing_reminders(asking.app, &asking.mailing,
		    &asking.result, err);
	if (st == ST_OK)
		st = tell(invocation, &asking, err);
	mailing_result_clear(&asking.result);
	return st;
}

const struct command commands_email_ask[] = {
	{
		.name = "email blast",
		.summary = "mail their pay link to all who may be asked for "
		    "money",
		.needs = NEEDS(SETTING_DATABASE_URL) |
		    NEEDS(SETTING_CLUB_TIMEZONE) | NEEDS(SETTING_CURRENCY),
		.parameters = blast_parameters,
		.run = blast,
	},
	{
		.name = "email remind",
		.summary = "remind those who have not paid",
		.needs = NEEDS(SETTING_DATABASE_URL) |
		    NEEDS(SETTING_CLUB_TIMEZONE) | NEEDS(SETTING_CURRENCY),
		.parameters = remind_parameters,
		.run = remind,
	},
	COMMANDS_END
};
