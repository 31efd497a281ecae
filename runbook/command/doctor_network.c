/*
 * What `teamdues doctor` checks at Stripe and at the club's own site: the key
 * and its account, the clock, and the certificate.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "doctor.h"
#include "kit/probe.h"
#include "stripe/account.h"
#include "stripe/session.h"

enum {
	DEADLINE_MS = 15000,	/* of one request to Stripe */
	CERTIFICATE_DAYS_MIN = 14,	/* certbot renews at 30 */
	DAY_S = 24 * 60 * 60,
	SKEW_WARN_S = 30,	/* NTP keeps it within one */
	SKEW_FAIL_S = 240,	/* Stripe's signatures hold for 300 */
};

/*
 * A key sees only sessions of its own mode, so one session of the other mode
 * proves that the key is the other mode's.  An account without sessions proves
 * nothing and passes.
 */
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

/*
 * With a key of another account, all checks of Stripe would pass, while the
 * families' payments are never seen.
 */
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
	/*
	 * A restricted key may lack the right to read the account.  Without
	 * STRIPE_ACCOUNT there is nothing to compare.
	 */
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

/*
 * Stripe's Date header is the clock that counts: the age of a webhook's
 * signature is taken by ours and was stamped by theirs.
 */
void
doctor_check_clock(struct doctor *doctor)
{
	const char *url = config_text(&doctor->invocation->app.config,
	    SETTING_STRIPE_API_BASE);
	struct probe probe;
	struct err err;
	int64_t skew;

	/* The check of Stripe reports an address that does not answer. */
	if (url == NULL || probe_url(NULL, url, NULL, &probe, &err) !=
	    ST_OK || probe.date == 0)
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
 * A stack on loopback has its own CA.  TEAMDUES_CA_FILE is no setting, since no
 * program of the club needs another CA than the system's.
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
	/* The notice `site` reports a site that does not answer. */
	if (probe_url(NULL, site, getenv("TEAMDUES_CA_FILE"), &probe, &err) ==
	    ST_OK)
		report_certificate(doctor, &probe);
	else if (probe.is_distrusted)
		doctor_report(doctor, VERDICT_FAIL, "certificate",
		    "renew it, with its whole chain, and reload nginx", "%s",
		    err.msg);
}
