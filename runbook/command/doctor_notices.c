/*
 * The causes that `teamdues watch` mails about, as lines of `teamdues doctor`:
 * it shows the good ones too, and mails nobody.
 */
#include "doctor.h"

/* NULL when Stripe cannot be asked; the check of Stripe has reported why. */
static struct stripe *
open_stripe(const struct config *config)
{
	struct stripe *stripe = NULL;
	struct err err;

	if (config_text(config, SETTING_STRIPE_MODE) == NULL ||
	    config_secret(config, SETTING_STRIPE_SECRET_KEY)->bytes == NULL ||
	    stripe_open(config, 1, &stripe, &err) != ST_OK)
		return NULL;
	return stripe;
}

void
doctor_check_notices(struct doctor *doctor)
{
	struct invocation *invocation = doctor->invocation;
	struct stripe *stripe = open_stripe(&invocation->app.config);
	struct notices notices = { .paid_unseen = 0 };

	notice_look_outside(invocation, stripe, &notices);
	notice_look_inside(invocation, &notices);
	for (enum cause cause = 0; cause < CAUSE_MAX; cause++) {
		const struct notice *notice = &notices.of[cause];
		const struct cause_words *words = cause_words(cause);

		/*
		 * What could not be looked at has its reason in another line.
		 */
		if (notice->verdict != VERDICT_UNKNOWN)
			doctor_report(doctor, notice->verdict, words->name,
			    notice->verdict != VERDICT_OK ? words->mend : NULL,
			    "%s", notice->text);
	}
	stripe_close(stripe);
}
