/*
 * teamdues doctor: checks everything that the club's payments need, and says
 * how to mend what is wrong.  A check never stops the next one; one whose
 * setting or connection is missing prints nothing, since an earlier line has
 * reported that.
 */
#include "doctor.h"

#include <string.h>

#include "base/money.h"

static const struct parameter parameters[] = { PARAMETER_END };

/* Prints a report for each problem: the text has one problem on each line. */
static void
check_settings(struct doctor *doctor)
{
	const char *problems = buf_str(&doctor->invocation->problems);

	if (problems == NULL || problems[0] == '\0') {
		doctor_report(doctor, VERDICT_OK, "settings", NULL,
		    "all that this command needs are well-formed");
		return;
	}
	while (*problems != '\0') {
		int len = (int)strcspn(problems, "\n");

		doctor_report(doctor, VERDICT_FAIL, "settings",
		    "set it in the environment or in " CONFIG_FILE,
		    "%.*s", len, problems);
		problems += len + (problems[len] == '\n');
	}
}

/*
 * An unknown minimum is only a warning: Stripe itself refuses a session for too
 * little, but a family sees that first.
 */
static void
check_currency(struct doctor *doctor)
{
	const char *currency = config_text(&doctor->invocation->app.config,
	    SETTING_CURRENCY);

	if (currency != NULL && money_currency_ok(currency) &&
	    !money_minimum_is_known(currency))
		doctor_report(doctor, VERDICT_WARN, "currency",
		    "follow a pay link of your smallest amount in mode test",
		    "how little Stripe charges in %s is not known here, and "
		    "so not checked", currency);
}

static enum status
doctor_run(struct invocation *invocation, struct err *err)
{
	struct doctor doctor = { .invocation = invocation };

	check_settings(&doctor);
	check_currency(&doctor);
	doctor_check_database(&doctor);
	doctor_check_zone(&doctor);
	doctor_check_webhooks(&doctor);
	doctor_check_stripe(&doctor);
	doctor_check_clock(&doctor);
	doctor_check_certificate(&doctor);
	doctor_check_smtp(&doctor);
	doctor_check_notices(&doctor);
	if (doctor.failures > 0)
		return err_set(err, ST_CONFLICT, "%d checks failed",
		    doctor.failures);
	return ST_OK;
}

const struct command commands_doctor[] = {
	{
		.name = "doctor",
		.summary = "check settings, database, Stripe, clock, site and "
		    "mail",
		.needs = NEEDS(SETTING_DATABASE_URL) |
		    NEEDS(SETTING_STRIPE_MODE) |
		    NEEDS(SETTING_STRIPE_SECRET_KEY) |
		    NEEDS(SETTING_STRIPE_WEBHOOK_SECRET) |
		    NEEDS(SETTING_STRIPE_API_BASE) | NEEDS(SETTING_SITE_URL) |
		    NEEDS(SETTING_LINK_SECRET) | NEEDS(SETTING_CLUB_NAME) |
		    NEEDS(SETTING_CLUB_CONTACT) | NEEDS(SETTING_CLUB_TIMEZONE) |
		    NEEDS(SETTING_CURRENCY) | NEEDS(SETTING_SMTP_URL) |
		    NEEDS(SETTING_MAIL_FROM),
		.is_lenient = true,
		.parameters = parameters,
		.run = doctor_run,
	},
	COMMANDS_END
};
