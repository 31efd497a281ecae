/*
 * teamdues email retry|drop: what a person decides about mails that are queued
 * already.  Nothing is sent here: retry makes a mail due, and the mailer sends
 * it, as it alone holds the SMTP connection.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "kit/act.h"
#include "store/mail_acts.h"

static const struct parameter retry_parameters[] = {
	{ "ID", PARAMETER_ID, false, NULL, "the mail" },
	{ "--batch", PARAMETER_ID, false, "ID",
	    "all of a batch that failed or wait" },
	{ "--all", PARAMETER_FLAG, false, NULL, "all that failed or wait" },
	PARAMETER_END
};

static const struct parameter drop_parameters[] = {
	{ "ID", PARAMETER_ID, true, NULL, "the mail, which has not gone out" },
	PARAMETER_END
};

/* The counts of a retry, and why a mail was left out. */
struct retrial {
	int due;
	int left_out;
	struct err why;		/* of the last one left out */
};

/*
 * A mail of unknown fate (the connection broke after its data) may have
 * arrived.  It is left out when many are retried, since a family must not be
 * asked for money twice; with its own id a person answers for it.
 */
static enum status
check_retry(int64_t email_id, const char *result, struct err *why)
{
	static const struct {
		const char *result;
		const char *words;
	} reasons[] = {
		{ "sending", "is being sent this moment" },
		{ "sent", "has been sent" },
		{ "superseded", "has been followed by another of its kind" },
		{ "unknown", "may have arrived: once you know that it has not, "
		    "send it by its own id" },
	};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (strcmp(result, reasons[i].result) == 0)
			return err_set(why, ST_CONFLICT, "mail %" PRId64 " %s",
			    email_id, reasons[i].words);
	return ST_OK;
}

/* A store_row: {email_id, result}. */
static enum status
count(void *context, struct json_node row, struct err *err)
{
	struct retrial *retrial = context;
	char result[32];
	int64_t id;
	enum status st;

	st = json_get_i64(row, "email_id", 1, INT64_MAX, &id, err);
	if (st == ST_OK)
		st = json_get_text(row, "result", result, sizeof(result), err);
	if (st != ST_OK)
		return st;
	st = check_retry(id, result, &retrial->why);
	retrial->due += st == ST_OK;
	retrial->left_out += st != ST_OK;
	if (st != ST_OK)
		fprintf(stderr, "left out: %s\n", retrial->why.msg);
	return ST_OK;
}

static enum status
report_one(int64_t id, const struct retrial *retrial, struct err *err)
{
	if (retrial->left_out > 0) {
		*err = retrial->why;
		return err->st;
	}
	if (retrial->due == 0)
		return err_set(err, ST_NOT_FOUND, "no such mail");
	printf("Mail %" PRId64 " is due now: the mailer takes it next.\n", id);
	return ST_OK;
}

static void
report_many(const struct retrial *retrial)
{
	if (retrial->due == 0 && retrial->left_out == 0)
		printf("No mail has failed or waits.\n");
	else
		printf("%d mail%s due now, %d left out.\n", retrial->due,
		    retrial->due == 1 ? " is" : "s are", retrial->left_out);
}

static enum status
email_retry(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	int64_t id = arguments_id(arguments, "ID");
	int64_t batch_id = arguments_id(arguments, "--batch");
	bool all = arguments_flag(arguments, "--all");
	struct retrial retrial = { .due = 0 };
	char actor[ACTOR_SIZE];
	enum status st;

	/* Without any of them nothing is retried: "all" must be asked for. */
	if ((id != 0) + (batch_id != 0) + all != 1)
		return invocation_usage(invocation, err,
		    "give a mail's ID, --batch or --all");
	act_actor(actor);
	st = store_retry_emails(invocation->app.store, id, batch_id, actor,
	    count, &retrial, err);
	if (st == ST_OK && id != 0)
		st = report_one(id, &retrial, err);
	else if (st == ST_OK)
		report_many(&retrial);
	return st;
}

static enum status
email_drop(struct invocation *invocation, struct err *err)
{
	int64_t id = arguments_id(&invocation->arguments, "ID");
	char actor[ACTOR_SIZE];
	enum status st;

	act_actor(actor);
	st = store_drop_email(invocation->app.store, id, actor, err);
	if (st == ST_OK)
		printf("Mail %" PRId64 " is dropped: it will not be sent.\n",
		    id);
	return st;
}

const struct command commands_email_act[] = {
	{
		.name = "email retry",
		.summary = "send mails now that failed or wait for their next "
		    "try",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = retry_parameters,
		.run = email_retry,
	},
	{
		.name = "email drop",
		.summary = "take a mail back that has not gone out",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = drop_parameters,
		.run = email_drop,
	},
	COMMANDS_END
};
