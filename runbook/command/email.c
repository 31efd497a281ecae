/*
 * teamdues email list|batch: the outbox, and what became of its mails.  Both
 * only read; what a person does about a mail is in email_act.c.
 */
#include "billing/mailing/batch.h"
#include "kit/detail.h"
#include "kit/invocation.h"
#include "kit/output.h"
#include "store/mail_queue.h"

static const char *const columns[] = {
	"email_id", "batch_id", "player_id", "recipient", "kind", "state",
	"attempts", "last_error", "sent_at", NULL
};

static const char *const batch_columns[] = {
	"batch_id", "queued", "sent", "failed", "dropped", "failures", NULL
};

static const struct parameter list_parameters[] = {
	PARAMETER_JSON, PARAMETER_CSV, PARAMETER_END
};

static const struct parameter batch_parameters[] = {
	{ "ID", PARAMETER_ID, true, NULL, "mails that were asked for at once" },
	PARAMETER_JSON,
	PARAMETER_END
};

static enum status
email_list(struct invocation *invocation, struct err *err)
{
	struct output output;
	enum status st;

	output_init(&output, &invocation->arguments, columns);
	st = store_emails(invocation->app.store, output_row, &output, err);
	return output_end(&output, st, err);
}

/*
 * The batch is written as one JSON document, from which both outputs are made:
 * their figures cannot differ.
 */
static enum status
email_batch(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	struct buf text = BUF_INIT(KEPT_MAX);
	struct json_out json = JSON_OUT(&text);
	struct json_doc doc = { .text = NULL };
	struct output output;
	enum status st;

	json_out_object(&json, NULL);
	st = mailing_batch_put(&invocation->app, arguments_id(arguments, "ID"),
	    &json, err);
	json_out_end(&json);
	if (st == ST_OK)
		st = json_out_parse(&json, "the batch", &doc, err);
	if (st == ST_OK && arguments_flag(arguments, "--json")) {
		output_init(&output, arguments, batch_columns);
		st = output_row(&output, json_root(&doc), err);
		st = output_end(&output, st, err);
	} else if (st == ST_OK) {
		st = detail_write(NULL, json_root(&doc), err);
	}
	json_clear(&doc);
	buf_clear(&text);
	return st;
}

const struct command commands_email[] = {
	{
		.name = "email list",
		.summary = "list the mails, and what became of them",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.is_default = true,
		.parameters = list_parameters,
		.run = email_list,
	},
	{
		.name = "email batch",
		.summary = "show how far a batch of mails has come, and what "
		    "failed",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = batch_parameters,
		.run = email_batch,
	},
	COMMANDS_END
};
