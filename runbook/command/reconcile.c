/*
 * teamdues reconcile: reads Stripe's own record for what webhooks missed.
 * Differences go to standard output, one line each and at once; progress,
 * failures and refusals go to standard error.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/money.h"
#include "billing/repair/reconcile.h"
#include "kit/invocation.h"
#include "kit/waiting.h"
#include "reconcile.h"
#include "store/runs.h"

enum { AMOUNT_SIZE = 64 };

static const struct parameter parameters[] = {
	{ "--since", PARAMETER_SPAN, false, "30d",
	    "what was made since then, a number of days (d) or hours (h) ago; "
	    "else since the last run that left no gap, and a day more" },
	{ "--receipts", PARAMETER_FLAG, false, NULL,
	    "mail a receipt for each payment that comes back" },
	PARAMETER_COMMIT,
	PARAMETER_END
};

struct report {
	bool has_terminal;
	bool commit;
	int64_t since;
	int64_t differences;
	struct reconcile_counts counts;
	struct strangers strangers;
};

/*
 * Clears the line of progress, so that a line which stays can be printed in its
 * place.
 */
static void
make_room(const struct report *report)
{
	if (report->has_terminal)
		fputs("\r\033[K", stderr);
}

static void
print_progress(void *context, const struct reconcile_counts *counts)
{
	struct report *report = context;

	if (report->has_terminal)
		fprintf(stderr, "\r%" PRId64 " sessions, %" PRId64
		    " refunds, %" PRId64 " disputes read", counts->sessions,
		    counts->refunds, counts->disputes);
}

/*
 * One session that cannot be recorded does not stop the others; the run then
 * counts as failed, and reads it again.
 */
static void
print_failure(void *context, const char *id, const struct err *err)
{
	struct report *report = context;

	make_room(report);
	fprintf(stderr, "%s: %s\n", id, err->msg);
}

/* The fact's own name is printed when a new one has no words here yet. */
static const char *
fact_words(const char *fact)
{
	static const char *const words[][2] = {
		{ "paid", "paid at Stripe" },
		{ "unpaid", "a bank payment is under way" },
		{ "failed", "its bank payment failed" },
		{ "free", "completed with nothing to pay" },
		{ "expired", "expired at Stripe" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i][0], fact) == 0)
			return words[i][1];
	return fact;
}

/*
 * "order 12: pending -> paid"; a payment without an order shows its outcome.  A
 * payment may change nothing about its order's status and still be news, such
 * as a second one.
 */
static void
print_change(const struct record_effect *effect)
{
	const struct record_result *result = &effect->result;
	bool is_open = result->outcome == OUTCOME_UNMATCHED ||
	    result->outcome == OUTCOME_REVIEW;

	if (result->order_id == 0)
		printf("no order: %s", outcome_name(result->outcome));
	else if (strcmp(effect->before, effect->after) == 0)
		printf("order %" PRId64 ": stays %s", result->order_id,
		    effect->after);
	else
		printf("order %" PRId64 ": %s -> %s", result->order_id,
		    effect->before, effect->after);
	if (result->order_id != 0 && is_open)
		printf(", payment under %s", outcome_name(result->outcome));
}

static void
print_reasons(const struct difference *difference)
{
	const struct record_result *result = &difference->effect->result;
	const char *glue = ": ";

	if (difference->fact != NULL) {
		printf("%s%s", glue, fact_words(difference->fact));
		glue = ", ";
	}
	if (difference->has_refunds) {
		printf("%srefunds at Stripe", glue);
		glue = ", ";
	}
	if (difference->dispute != NULL)
		printf("%sdispute %s", glue, difference->dispute);
	if (difference->has_warning)
		printf("%searly fraud warning", glue);
	if (result->reason[0] != '\0')
		printf("; %s", result->reason);
	else if (result->is_alarm)
		printf("; another payment for it now needs a person");
	putchar('\n');
}

static void
print_difference(void *context, const struct difference *difference)
{
	char bytes[AMOUNT_SIZE];
	struct buf amount = BUF_FIXED(bytes);
	struct report *report = context;

	report->differences++;
	make_room(report);
	print_change(difference->effect);
	if (difference->currency[0] != '\0') {
		money_put(&amount, difference->amount_cents,
		    difference->currency);
		printf(", %s", buf_str(&amount) != NULL ? buf_str(&amount)
		    : "");
	}
	printf(", %s", difference->id);
	print_reasons(difference);
	/*
	 * A run of hours may be ended early: each line is out once its order is
	 * changed.
	 */
	fflush(stdout);
}

/*
 * A session that was paid while it was being ended is a payment like any other:
 * it is applied, and a person decides about the money.
 */
static void
print_stray(void *context, const struct stray *stray, bool was_complete)
{
	struct report *report = context;

	report->differences++;
	make_room(report);
	printf("order %" PRId64 ": %s already, %s: open at Stripe%s\n",
	    stray->order_id, stray->status, stray->session_id,
	    was_complete ? " no more: paid as well"
	    : report->commit ? ", ended" : "");
	fflush(stdout);
}

/*
 * A restricted key may lack the right to read refunds or disputes.  Events
 * bring them too, so that is no failure.
 */
static void
print_denied(void *context, const char *what)
{
	make_room(context);
	fprintf(stderr, "teamdues: the key may not read %s: they are known "
	    "by their events alone\n", what);
}

static void
add_stranger(void *context, const char *installation_id,
    const struct stripe_session *session)
{
	struct report *report = context;

	strangers_add(&report->strangers, installation_id, session);
}

static void
put_count(int64_t count, const char *noun)
{
	printf("%" PRId64 " %s%s", count, noun, count == 1 ? "" : "s");
}

static void
summarise(const struct report *report, bool commit)
{
	const struct reconcile_counts *counts = &report->counts;
	char bytes[32];
	struct buf day = BUF_FIXED(bytes);

	make_room(report);
	clock_put_utc(&day, report->since);
	printf("since %.10s: ", bytes);
	put_count(counts->sessions, "session");
	printf(", ");
	put_count(counts->refunds, "refund");
	printf(" and ");
	put_count(counts->disputes, "dispute");
	printf(" read, ");
	put_count(report->differences, "difference");
	if (counts->failures > 0)
		printf(", %" PRId64 " could not be taken", counts->failures);
	if (report->differences == 0)
		printf(": nothing to do\n");
	else if (commit)
		printf(": done\n");
	else
		printf(": nothing was changed (--commit does it)\n");
}

/*
 * A failure comes first: a script that repeats the command on it must not take
 * the rest for done.
 */
static enum exit_code
exit_of(const struct report *report, bool commit)
{
	if (report->counts.failures > 0)
		return EXIT_FAILED;
	return report->differences > 0 && !commit ? EXIT_FOUND_WORK
	    : EXIT_DONE;
}

/*
 * Only with --receipts: a club that was restored from yesterday's backup must
 * not mail everybody again.
 */
static enum status
want_receipts(struct invocation *invocation, struct err *err)
{
	const struct config *config = &invocation->app.config;

	if (!arguments_flag(&invocation->arguments, "--receipts"))
		return ST_OK;
	if (strcmp(config_text(config, SETTING_RECEIPTS), "on") != 0)
		return invocation_usage(invocation, err,
		    "--receipts: the setting RECEIPTS is off");
	store_queue_receipts(invocation->app.store,
	    config_text(config, SETTING_CLUB_TIMEZONE));
	return ST_OK;
}

/*
 * Without --since the database says from when on to read, since it remembers
 * the last run that left no gap.
 */
static enum status
find_since(struct invocation *invocation, int64_t *since, struct err *err)
{
	int64_t span = arguments_seconds(&invocation->arguments, "--since");

	*since = clock_now_s() - span;
	if (span != 0)
		return ST_OK;
	return store_reconcile_since(invocation->app.store, clock_now_s(),
	    since, err);
}

enum status
reconcile_tell(struct invocation *invocation, int64_t since, struct err *err)
{
	struct report report = {
		.has_terminal = isatty(STDERR_FILENO),
		.commit = arguments_flag(&invocation->arguments, "--commit"),
		.since = since,
	};
	const struct reconcile task = {
		.app = &invocation->app,
		.since = since,
		.commit = report.commit,
		.listener = { print_difference, print_failure,
		    print_progress, print_stray, print_denied, add_stranger,
		    &report },
	};
	enum status st = reconcile_run(&task, &report.counts, err);

	if (st != ST_OK) {
		make_room(&report);
		return st;
	}
	summarise(&report, task.commit);
	strangers_print(&report.strangers);
	invocation->exit = exit_of(&report, task.commit);
	/*
	 * After the summary: what reconcile cannot settle waits for a person.
	 */
	return waiting_print(invocation->app.store, err);
}

static enum status
reconcile(struct invocation *invocation, struct err *err)
{
	int64_t since = 0;
	enum status st = want_receipts(invocation, err);

	if (st == ST_OK)
		st = find_since(invocation, &since, err);
	if (st == ST_OK)
		st = invocation_open_stripe(invocation, err);
	if (st == ST_OK)
		st = reconcile_tell(invocation, since, err);
	return st;
}

const struct command commands_reconcile[] = {
	{
		.name = "reconcile",
		.summary = "heal what webhooks missed, from Stripe's own "
		    "record",
		.needs = NEEDS(SETTING_DATABASE_URL) |
		    NEEDS(SETTING_STRIPE_MODE) |
		    NEEDS(SETTING_STRIPE_SECRET_KEY) |
		    NEEDS(SETTING_STRIPE_API_BASE) |
		    NEEDS(SETTING_CLUB_TIMEZONE) | NEEDS(SETTING_RECEIPTS),
		.parameters = parameters,
		.run = reconcile,
	},
	COMMANDS_END
};
