/*
 * teamdues metrics: OpenMetrics text, for a textfile collector.  The figures
 * and their names come from sql/functions/metrics.sql; here are only their help
 * texts and the format.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kit/invocation.h"
#include "store/metrics.h"

enum { WORD_SIZE = 128 };

static const struct parameter parameters[] = { PARAMETER_END };

static const struct {
	const char *name;
	const char *help;
} helps[] = {
	{ "teamdues_desk_sign_ins_refused",
	    "Sign-ins at the desk of who may not." },
	{ "teamdues_dispute_due_timestamp_seconds",
	    "Until when the next dispute is to be answered; 0: none is." },
	{ "teamdues_disputes_unanswered", "Disputes that wait for an answer." },
	{ "teamdues_events", "Events of Stripe's, by what they brought." },
	{ "teamdues_failed_refunds",
	    "Refunds that failed and wait for a person." },
	{ "teamdues_fraud_warnings",
	    "Early fraud warnings that wait for a person." },
	{ "teamdues_last_event_timestamp_seconds",
	    "When the newest event came." },
	{ "teamdues_last_run_timestamp_seconds",
	    "When a command last ran well; or was installed." },
	{ "teamdues_mail_oldest_seconds", "Age of the oldest waiting mail." },
	{ "teamdues_mails", "Mails that wait, and that failed in a day." },
	{ "teamdues_orders", "Orders, by how they stand." },
	{ "teamdues_programs_down",
	    "Programs behind the site that were hung or not there." },
	{ "teamdues_schema_version", "The newest migration applied." },
	{ "teamdues_signatures_refused",
	    "Posts to the webhook that were not signed with our secret." },
	{ "teamdues_stray_sessions",
	    "Open sessions of orders that are not pending, for a minute." },
	{ "teamdues_stripe_paid_unseen",
	    "Paid sessions that the books lacked, when watch looked." },
	{ "teamdues_stripe_undelivered",
	    "Events of a day that Stripe could not deliver." },
	{ "teamdues_unresolved", "What waits for a person." },
	{ "teamdues_webhook_down", "1: the webhook took no signed event." },
};

/*
 * A figure without a help text is still written: HELP is optional in
 * OpenMetrics, and a newer schema may have more figures.
 */
static void
write_family(const char *name)
{
	printf("# TYPE %s gauge\n", name);
	for (size_t i = 0; i < sizeof(helps) / sizeof(helps[0]); i++)
		if (strcmp(helps[i].name, name) == 0)
			printf("# HELP %s %s\n", name, helps[i].help);
}

/*
 * The club tells the figures of a machine's clubs apart: a collector refuses
 * two files that say the same.  Label values are words of the schema's own,
 * such as states, which hold no quote or backslash to escape.
 */
static void
write_labels(const char *club, const char *label, const char *label_value)
{
	if (club[0] != '\0' && label[0] != '\0')
		printf("{club=\"%s\",%s=\"%s\"}", club, label, label_value);
	else if (club[0] != '\0')
		printf("{club=\"%s\"}", club);
	else if (label[0] != '\0')
		printf("{%s=\"%s\"}", label, label_value);
}

/*
 * A store_row. context is a buf with the name of the last family: the rows come
 * sorted, and TYPE is written once before the first of each (OpenMetrics
 * forbids interleaved families).
 */
static enum status
write_metric(void *context, struct json_node row, struct err *err)
{
	struct buf *family = context;
	char name[WORD_SIZE];
	char label[WORD_SIZE];
	char label_value[WORD_SIZE];
	char club[WORD_SIZE];
	enum status st;

	st = json_get_text(row, "name", name, sizeof(name), err);
	if (st == ST_OK)
		st = json_get_text_or_empty(row, "label", label,
		    sizeof(label), err);
	if (st == ST_OK)
		st = json_get_text_or_empty(row, "label_value", label_value,
		    sizeof(label_value), err);
	if (st == ST_OK)
		st = json_get_text_or_empty(row, "club", club, sizeof(club),
		    err);
	if (st != ST_OK)
		return st;
	if (strcmp(buf_str(family), name) != 0) {
		write_family(name);
		buf_reset(family);
		buf_puts(family, name);
	}
	printf("%s", name);
	write_labels(club, label, label_value);
	printf(" %" PRId64 "\n", json_i64_or_0(row, "value"));
	return buf_check(family, name, err);
}

static enum status
metrics(struct invocation *invocation, struct err *err)
{
	char name[WORD_SIZE];
	struct buf family = BUF_FIXED(name);
	enum status st;

	st = store_metrics(invocation->app.store, write_metric, &family, err);
	if (st == ST_OK)
		/*
		 * Without its EOF line a collector takes the text for cut off,
		 * which it is when a query failed.
		 */
		printf("# EOF\n");
	return st;
}

const struct command commands_metrics[] = {
	{
		.name = "metrics",
		.summary = "print figures for a textfile collector "
		    "(OpenMetrics)",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = parameters,
		.run = metrics,
	},
	COMMANDS_END
};
