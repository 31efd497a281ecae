/* What `teamdues doctor` asks Stripe and the club's own site. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "doctor.h"
#include "kit/probe.h"
#include "stripe/account.h"
#include "stripe/session.h"

enum {
	DEADLINE_MS = 15000,
	CERTIFICATE_DAYS_MIN = 14,
	DAY_S = 24 * 60 * 60,
	SKEW_WARN_S = 30,
	SKEW_FAIL_S = 240,	/* Stripe's signatures hold for 300 */
};

/* Sessions of the other mode cannot be seen, so that one is proof. */
static void
report_stripe(struct doctor *doctor, struct json_node page)
{
	const struct config *config = &doctor->invocation->app.config;
	struct json_node first = json_first(json_at(page, "data"));
	bool livemode = config_livemode(config);
	struct err ignored;

	if (json_get_bool(first, "livemode", &livemode, &ignored) == ST_OK &&
	    livemode != config_livemode(config))
		doctor_report(doctor, VERDICT_FAIL, "stripe",
		    "STRIPE_MODE and STRIPE_SECRET_KEY must be of one mode",
		    "the key shows sessions of the other mode");
	else
		doctor_report(doctor, VERDICT_OK, "stripe", NULL,
		    "takes the key, in mode %s",
		    config_text(config, SETTING_STRIPE_MODE));
}

/* Payments of another account are never seen, and ours not asked for. */
static void
check_account(struct doctor *doctor, struct stripe *stripe)
{
	const char *ours = config_text(&doctor->invocation->app.config,
	    SETTING_STRIPE_ACCOUNT);
	char id[STRIPE_ID_SIZE];
	struct err err;
	enum status st;

	st = stripe_account_id(stripe, clock_monotonic_ms() + DEADLINE_MS, id,
	    &err);
	/* A restricted key may not tell. */
	if (st == ST_DENIED && ours == NULL)
		return;
	if (st != ST_OK)
		doctor_report(doctor, VERDICT_WARN, "stripe_account", st ==
		    ST_DENIED ? "let the key read the account" : NULL, "%s",
		    err.msg);
	else if (ours != NULL && strcmp(ours, id) != 0)
		doctor_report(doctor, VERDICT_FAIL, "stripe_account",
		    "take a key of STRIPE_ACCOUNT's, or, if the club has "
		    "moved, name the new account there",
		    "the key is of %s, STRIPE_ACCOUNT is %s", id, ours);
	else
		doctor_report(doctor, VERDICT_OK, "stripe_account", ours ==
		    NULL ? "set STRIPE_ACCOUNT to it, and a key of another "
		    "account is found here" : NULL, "the key is of %s", id);
}

void
doctor_check_stripe(struct doctor *doctor)
{
	const struct config *config = &doctor->invocation->app.config;
	struct json_doc page = { .text = NULL };
	struct stripe *stripe = NULL;
	struct err err;
	enum status st;

	if (config_text(config, SETTING_STRIPE_MODE) == NULL ||
	    config_secret(config, SETTING_STRIPE_SECRET_KEY)->bytes == NULL)
		return;
	st = stripe_open(config, 1, &stripe, &err);
	if (st == ST_OK)
		st = stripe_session_list(stripe, 0, NULL, 1,
		    clock_monotonic_ms() + DEADLINE_MS, &page, &err);
	if (st == ST_OK) {
		report_stripe(doctor, json_root(&page));
		check_account(doctor, stripe);
	} else {
		doctor_report(doctor, VERDICT_FAIL, "stripe",
		    st == ST_UPSTREAM ? "make a new key at Stripe; a "
		    "restricted one must write Checkout Sessions and Customers"
		    : "can this host reach STRIPE_API_BASE?", "%s", err.msg);
	}
	json_clear(&page);
	stripe_close(stripe);
}

void
doctor_check_clock(struct doctor *doctor)
{
	const char *url = config_text(&doctor->invocation->app.config,
	    SETTING_STRIPE_API_BASE);
	struct probe probe;
	struct err err;
	int64_t skew;

	/* Unreachable was said by the check of Stripe. */
	if (url == NULL || probe_url(url, NULL, &probe, &err) != ST_OK ||
	    probe.date == 0)
		return;
	skew = clock_now_s() - probe.date;
	if (skew > -SKEW_WARN_S && skew < SKEW_WARN_S)
		doctor_report(doctor, VERDICT_OK, "clock", NULL,
		    "within seconds of Stripe's");
	else
		doctor_report(doctor, skew > -SKEW_FAIL_S && skew < SKEW_FAIL_S
		    ? VERDICT_WARN : VERDICT_FAIL, "clock",
		    "keep it by NTP: webhooks more than 300 s off are refused",
		    "%" PRId64 " s off Stripe's", skew);
}

static void
report_certificate(struct doctor *doctor, const struct probe *probe)
{
	int64_t days = (probe->trusted_until - clock_now_s()) / DAY_S;

	if (probe->trusted_until == 0)
		doctor_report(doctor, VERDICT_WARN, "certificate", NULL,
		    "trusted, but its end is not known");
	else
		doctor_report(doctor, days < CERTIFICATE_DAYS_MIN
		    ? VERDICT_WARN : VERDICT_OK, "certificate",
		    days < CERTIFICATE_DAYS_MIN ? "renew it, and reload nginx"
		    : NULL, "trusted, %" PRId64 " days left", days);
}

/*
 * A stack on loopback has its own CA, which its env file names as it is of no
 * concern to any program.
 */
void
doctor_check_certificate(struct doctor *doctor)
{
	const char *site = config_text(&doctor->invocation->app.config,
	    SETTING_SITE_URL);
	struct probe probe;
	struct err err;

	if (site == NULL)
		return;
	/* That the site does not answer is among the notices. */
	if (probe_url(site, getenv("TEAMDUES_CA_FILE"), &probe, &err) == ST_OK)
		report_certificate(doctor, &probe);
	else if (probe.is_distrusted)
		doctor_report(doctor, VERDICT_FAIL, "certificate",
		    "renew it, with its whole chain, and reload nginx", "%s",
		    err.msg);
}
