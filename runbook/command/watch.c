/*
 * teamdues watch: for a timer.  It looks for trouble, mends what it can by
 * reconciling, and mails MAIL_ALERTS about the rest.  Without --commit it only
 * prints.
 */
#include "base/clock.h"
#include "kit/alarm.h"
#include "kit/notice.h"
#include "reconcile.h"
#include "store/notice.h"
#include "store/runs.h"

static const struct parameter parameters[] = {
	PARAMETER_COMMIT, PARAMETER_END
};

/*
 * What was seen at Stripe is stored for `teamdues metrics` and for the mailer,
 * which asks nobody for money while payments may be missing.  A check that
 * could not be made leaves the last sight as it is.
 */
static enum status
note_sights(struct store *store, const struct notices *notices,
    struct err *err)
{
	const struct {
		const char *name;
		enum cause cause;
		int64_t value;
	} sights[] = {
		{ "paid_unseen", CAUSE_PAID_UNSEEN, notices->paid_unseen },
		{ "undelivered", CAUSE_UNDELIVERED, notices->undelivered },
		{ "webhook_down", CAUSE_WEBHOOK, notices->is_webhook_down },
		{ "programs_down", CAUSE_PROGRAMS, notices->programs_down },
		{ "disputes", CAUSE_DISPUTES, notices->disputes },
		{ "dispute_due", CAUSE_DISPUTES, notices->dispute_due },
	};
	enum status st = ST_OK;

	for (size_t i = 0; i < sizeof(sights) / sizeof(sights[0]); i++)
		if (st == ST_OK && notices->of[sights[i].cause].verdict !=
		    VERDICT_UNKNOWN)
			st = store_note_sight(store, sights[i].name,
			    sights[i].value, err);
	return st;
}

/*
 * Reconciles since the last complete run.  Its failure must not keep the alarms
 * from being mailed: the caller returns it at the end.
 */
static enum status
mend(struct invocation *invocation, struct err *err)
{
	int64_t since = 0;
	enum status st = store_reconcile_since(invocation->app.store,
	    clock_now_s(), &since, err);

	if (st == ST_OK)
		st = reconcile_tell(invocation, since, err);
	return st;
}

/*
 * Stripe is looked at before reconcile mends anything, so that missed webhooks
 * are seen and mailed; the books are looked at after it, so that what it mended
 * is no alarm.
 */
static enum status
watch(struct invocation *invocation, struct err *err)
{
	bool commit = arguments_flag(&invocation->arguments, "--commit");
	struct notices notices = { .paid_unseen = 0 };
	int64_t began = clock_now_s();
	struct err why;
	enum status mended;
	enum status st;

	st = invocation_open_stripe(invocation, err);
	if (st != ST_OK)
		return st;
	notice_look_outside(invocation, invocation->app.stripe, &notices);
	if (commit)
		st = note_sights(invocation->app.store, &notices, err);
	mended = st == ST_OK ? mend(invocation, &why) : ST_OK;
	notice_look_inside(invocation, &notices);
	if (st == ST_OK)
		st = alarm_tell(invocation, &notices, commit, err);
	if (st == ST_OK && mended != ST_OK) {
		*err = why;
		st = mended;
	}
	/*
	 * Noted by its beginning, and only when all went well: monitoring
	 * alarms when no run was noted for long.
	 */
	if (st == ST_OK && commit)
		st = store_note_run(invocation->app.store, RUN_WATCH, began, 0,
		    err);
	return st;
}

const struct command commands_watch[] = {
	{
		.name = "watch",
		.summary = "look for trouble, mend what can be, mail "
		    "MAIL_ALERTS",
		.needs = NEEDS(SETTING_DATABASE_URL) |
		    NEEDS(SETTING_STRIPE_MODE) |
		    NEEDS(SETTING_STRIPE_SECRET_KEY) |
		    NEEDS(SETTING_STRIPE_WEBHOOK_SECRET) |
		    NEEDS(SETTING_STRIPE_API_BASE) | NEEDS(SETTING_SITE_URL) |
		    NEEDS(SETTING_CLUB_NAME) | NEEDS(SETTING_CLUB_TIMEZONE) |
		    NEEDS(SETTING_SMTP_URL) | NEEDS(SETTING_MAIL_FROM),
		.parameters = parameters,
		.run = watch,
	},
	COMMANDS_END
};
