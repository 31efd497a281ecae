/*
 * The words of all causes of alarm, and those causes that the database shows.
 * The words are read by a treasurer in a mail at night, so they first say what
 * it means for families and for the money.
 */
#include "notice.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "store/mail_queue.h"
#include "store/notice.h"
#include "store/stray.h"

enum {
	HOUR_S = 3600,
	DAY_S = 24 * HOUR_S,
	RUN_LATE_S = 26 * HOUR_S,	/* a daily run may be 2 hours late */
	BACKUP_LATE_S = 8 * DAY_S,	/* a weekly one may be a day late */
	FAILED_DAYS = 1,	/* an older failure was mailed then */
	MAIL_LATE_S = 15 * 60,
	SIGN_INS_MANY = 20,	/* in 2 hours: more than mistyped ones */
	REQUEST_LATE_S = 15 * 60,	/* the clerk looks every second */
};

static const struct cause_words words[CAUSE_MAX] = {
	[CAUSE_STRIPE_READS] = { "stripe_reads", "Stripe cannot be asked",
		"Whether all payments are in our books cannot be checked "
		"now.  Families can mostly still pay, and no payment is "
		"lost: it is read from Stripe's record later.",
		"teamdues doctor", "webhooks.md" },
	[CAUSE_PAID_UNSEEN] = { "paid_unseen",
		"payments at Stripe were missing in our books",
		"Families have paid, and Stripe's message about it did not "
		"come.  Their money is safe at Stripe.  Their orders look "
		"unpaid here until Stripe's record was read, which the watch "
		"does by itself; mails that ask for money wait for that.",
		"teamdues reconcile --commit", "webhooks.md" },
	[CAUSE_UNDELIVERED] = { "undelivered",
		"Stripe's messages do not reach us",
		"Stripe tried to tell us of payments or refunds and could "
		"not.  It tries again for three days.  Meanwhile the watch "
		"reads Stripe's record, so the books follow with a delay.",
		"teamdues doctor", "webhooks.md" },
	[CAUSE_SIGNATURES] = { "signatures",
		"messages that claim to be Stripe's are refused",
		"Each message of Stripe's is signed.  Those that come now are "
		"not signed with the secret that we know: the secret was "
		"changed on one side only, or somebody else is posting.",
		"set STRIPE_WEBHOOK_SECRET to the endpoint's whsec_... and "
		"restart the webhook program", "webhooks.md" },
	[CAUSE_SIGN_INS] = { "sign_ins",
		"somebody tries to sign in at the desk",
		"Somebody who may not, or a program, tries again and again "
		"to sign in at the desk.  Nobody gets in without a mail that "
		"only you receive, and only where it was asked for.",
		"nginx's access log has the addresses, under /desk/",
		"desk.md" },
	[CAUSE_WEBHOOK] = { "webhook",
		"the program that hears Stripe does not answer",
		"Stripe's messages about payments are not taken at the "
		"moment.  No payment is lost: Stripe tries again, and the "
		"watch reads Stripe's record.",
		"restart the webhook program; its log and nginx's say more",
		"webhooks.md" },
	[CAUSE_SITE] = { "site", "the payment pages are not well",
		"The site does not answer, or requests to it hang.  Families "
		"may not be able to pay at the moment; what they pay is not "
		"lost.",
		"is nginx running, and does SITE_URL's name lead here?  The "
		"logs of nginx, the programs and the database say more",
		"webhooks.md" },
	[CAUSE_PROGRAMS] = { "programs", "a part of the site is down",
		"One of the programs behind the site is hung or not there, "
		"and what it does (its name tells) does not work at the "
		"moment.  What families pay is not lost.",
		"restart what is named; its log and nginx's say more",
		"webhooks.md" },
	[CAUSE_DISPUTES] = { "disputes",
		"a family's bank takes a payment back",
		"A payment is disputed.  Stripe takes the money unless the "
		"club answers with evidence before the date below; do not "
		"refund it meanwhile.",
		"teamdues unmatched list; answer in Stripe's dashboard, under "
		"Disputes", "monitoring.md" },
	[CAUSE_FRAUD_WARNINGS] = { "fraud_warnings",
		"a payment may be fraud",
		"A card network warns of a payment: its holder may not know "
		"of it.  Ask the family.  If it was not them, give the money "
		"back before their bank takes it, which costs a fee.",
		"teamdues unmatched list", "monitoring.md" },
	[CAUSE_FAILED_REFUNDS] = { "failed_refunds",
		"a refund did not reach the family",
		"Money that was given back could not be paid out, and is "
		"at Stripe again.  The order counts as paid again.  Ask the "
		"family where the money is to go.",
		"teamdues unmatched list", "reconciliation.md" },
	[CAUSE_REQUESTS] = { "requests",
		"what was asked for at the desk is not done",
		"A refund, or a change of an order, that was asked for at the "
		"desk has failed, or waits.  The desk says why.  What waits "
		"is not lost, and nothing is done twice.",
		"is `teamdues clerk` running, and does it reach Stripe?  Its "
		"log says more", "desk.md" },
	[CAUSE_UNRESOLVED] = { "unresolved",
		"a payment waits for your decision",
		"A payment came that cannot be told to whom it belongs, or "
		"that seems to be one too many.  The money is safe.",
		"teamdues unmatched list", "reconciliation.md" },
	[CAUSE_STRAYS] = { "open_sessions",
		"a family could pay what is paid already",
		"A page of Stripe's is open for an order that is settled; "
		"whoever has it before them can still pay it.  It could not "
		"be ended so far.",
		"teamdues reconcile --commit; see that checkout/status runs "
		"and reaches Stripe", "reconciliation.md" },
	[CAUSE_OUTBOX] = { "outbox", "mails to families do not go out",
		"Mails wait in our outbox and are not lost; the mailer or the "
		"mail server does not do its work.",
		"teamdues email list; is `teamdues mailer` running?",
		"mail.md" },
	[CAUSE_FAILED_MAILS] = { "failed_mails",
		"mails to families came to nothing",
		"Some families did not get their mail: an address is wrong, "
		"or the mail server refuses us.",
		"teamdues email list, mend the cause, then teamdues email "
		"retry --all", "mail.md" },
	[CAUSE_RECONCILE] = { "reconcile",
		"our books were not compared with Stripe's for long",
		"What Stripe knows and our books should be compared every "
		"day.  Until it is done nobody can say that they agree.",
		"teamdues reconcile --commit", "reconciliation.md" },
	[CAUSE_AUDIT] = { "audit", "the books were not audited for long",
		"The daily check of the books was not made, or it found a "
		"fault.",
		"teamdues audit", "reconciliation.md" },
	[CAUSE_BACKUP] = { "backup", "no backup is known to be good",
		"If the server were lost tonight, nobody knows whether the "
		"books could be brought back as they are.  Nothing is wrong "
		"with them now.",
		"teamdues --club CLUB backup verify says what is wrong",
		"database-lost.md" },
};

const struct cause_words *
cause_words(enum cause cause)
{
	return &words[cause];
}

void
notice_set(struct notices *notices, enum cause cause, enum verdict verdict,
    const char *fmt, ...)
{
	struct notice *notice = &notices->of[cause];
	va_list args;

	notice->verdict = verdict;
	va_start(args, fmt);
	vsnprintf(notice->text, sizeof(notice->text), fmt, args);
	va_end(args);
}

static void
look_at_outbox(struct store *store, struct notices *notices)
{
	struct outbox_figures figures;
	struct err err;

	/*
	 * A query that fails leaves the cause unknown: no alarm begins and none
	 * is over.  The database's own failure is reported by the check of it.
	 */
	if (store_outbox_figures(store, FAILED_DAYS, &figures, &err) != ST_OK)
		return;
	if (figures.oldest_s > MAIL_LATE_S)
		notice_set(notices, CAUSE_OUTBOX, VERDICT_FAIL,
		    "%" PRId64 " mails wait, one of them for %" PRId64
		    " minutes", figures.queued, figures.oldest_s / 60);
	else
		notice_set(notices, CAUSE_OUTBOX, VERDICT_OK,
		    "%" PRId64 " mails wait", figures.queued);
	notice_set(notices, CAUSE_FAILED_MAILS, figures.failed > 0
	    ? VERDICT_FAIL : VERDICT_OK, "%" PRId64
	    " mails failed in the last day", figures.failed);
}

/*
 * The count leaves out the first minute, in which the program that made the
 * order settled is still ending its session.
 */
static void
look_at_strays(struct store *store, struct notices *notices)
{
	struct err err;
	int64_t count;

	if (store_stray_count(store, &count, &err) != ST_OK)
		return;
	notice_set(notices, CAUSE_STRAYS, count > 0 ? VERDICT_FAIL
	    : VERDICT_OK, "%" PRId64 " can be paid though their orders are "
	    "not pending", count);
}

/*
 * Anybody can post to the webhook without a signature.  It is an alarm only
 * when nothing was accepted since: then the secret is wrong; else it is a
 * stranger's post, and a warning.
 */
static void
look_at_refusals(const struct notice_figures *figures,
    struct notices *notices)
{
	if (figures->refused_s < 0 || figures->refused_s > HOUR_S)
		notice_set(notices, CAUSE_SIGNATURES, VERDICT_OK,
		    "none was refused in the last hour");
	else if (figures->is_refused)
		notice_set(notices, CAUSE_SIGNATURES, VERDICT_FAIL,
		    "refused %" PRId64 " minutes ago, and nothing was "
		    "accepted since", figures->refused_s / 60);
	else
		notice_set(notices, CAUSE_SIGNATURES, VERDICT_WARN,
		    "one was refused %" PRId64 " minutes ago, others were "
		    "accepted since", figures->refused_s / 60);
}

/*
 * A request that waits comes first: it says that the clerk does not run, and
 * then the failures are old.
 */
static void
look_at_requests(const struct notice_figures *figures,
    struct notices *notices)
{
	if (figures->requests_s > REQUEST_LATE_S)
		notice_set(notices, CAUSE_REQUESTS, VERDICT_FAIL,
		    "one waits for %" PRId64 " minutes",
		    figures->requests_s / 60);
	else
		notice_set(notices, CAUSE_REQUESTS,
		    figures->failed_requests > 0 ? VERDICT_FAIL : VERDICT_OK,
		    "%" PRId64 " requests of the desk failed in the last day",
		    figures->failed_requests);
}

/*
 * The age of a run that was never made is the installation's, so that a new
 * club is not alarmed on its first day.
 */
static void
look_at_run(int64_t age_s, enum cause cause, struct notices *notices)
{
	if (age_s < HOUR_S)
		notice_set(notices, cause, VERDICT_OK,
		    "less than an hour ago");
	else
		notice_set(notices, cause, age_s > RUN_LATE_S ? VERDICT_FAIL
		    : VERDICT_OK, "not run for %" PRId64 " hours",
		    age_s / HOUR_S);
}

/* One that cannot be restored is told at once, not when a week is over. */
static void
look_at_backup(struct store *store, struct notices *notices)
{
	struct backup_figures figures;
	struct err err;

	if (store_backup_figures(store, &figures, &err) != ST_OK)
		return;
	if (figures.is_bad)
		notice_set(notices, CAUSE_BACKUP, VERDICT_FAIL,
		    "the newest one cannot be restored, or is not sound");
	else
		notice_set(notices, CAUSE_BACKUP, figures.age_s > BACKUP_LATE_S
		    ? VERDICT_FAIL : VERDICT_OK, "%" PRId64 " days since one "
		    "was restored for a try", figures.age_s / DAY_S);
}

void
notice_look_inside(struct invocation *invocation, struct notices *notices)
{
	struct store *store = invocation->app.store;
	struct notice_figures figures;
	struct err err;

	/*
	 * A database that is away, or settings that are wrong, are reported by
	 * the checks of them.
	 */
	if (store == NULL ||
	    store_notice_figures(store, &figures, &err) != ST_OK)
		return;
	look_at_refusals(&figures, notices);
	look_at_run(figures.reconcile_s, CAUSE_RECONCILE, notices);
	look_at_run(figures.audit_s, CAUSE_AUDIT, notices);
	if (figures.unresolved > 0)
		notice_set(notices, CAUSE_UNRESOLVED, VERDICT_FAIL,
		    "%" PRId64 " payments or events wait for a person",
		    figures.unresolved);
	else
		notice_set(notices, CAUSE_UNRESOLVED, VERDICT_OK,
		    "every payment explains itself");
	notice_set(notices, CAUSE_FRAUD_WARNINGS, figures.fraud_warnings > 0
	    ? VERDICT_FAIL : VERDICT_OK, "%" PRId64 " early fraud warnings "
	    "wait for a person", figures.fraud_warnings);
	notice_set(notices, CAUSE_FAILED_REFUNDS, figures.failed_refunds > 0
	    ? VERDICT_FAIL : VERDICT_OK, "%" PRId64 " failed refunds wait "
	    "for a person", figures.failed_refunds);
	notice_set(notices, CAUSE_SIGN_INS, figures.refused_sign_ins >=
	    SIGN_INS_MANY ? VERDICT_FAIL : VERDICT_OK, "%" PRId64 " were "
	    "refused in the last two hours", figures.refused_sign_ins);
	look_at_requests(&figures, notices);
	look_at_strays(store, notices);
	look_at_outbox(store, notices);
	look_at_backup(store, notices);
}
