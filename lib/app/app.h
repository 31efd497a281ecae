/*
 * What a program of teamdues holds while it runs: its settings, the database
 * and, where its trust level has the key, Stripe.
 */
#ifndef TEAMDUES_APP_APP_H
#define TEAMDUES_APP_APP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"
#include "store/ledger.h"
#include "store/store.h"
#include "stripe/client.h"

/* What every endpoint of trust level `checkout` is given. */
#define APP_NEEDS_CHECKOUT (NEEDS(SETTING_DATABASE_URL) \
	| NEEDS(SETTING_STRIPE_MODE) | NEEDS(SETTING_STRIPE_SECRET_KEY) \
	| NEEDS(SETTING_STRIPE_API_BASE) | NEEDS(SETTING_SITE_URL) \
	| NEEDS(SETTING_LINK_SECRET) | NEEDS(SETTING_CLUB_NAME) \
	| NEEDS(SETTING_CLUB_CONTACT) | NEEDS(SETTING_CLUB_TIMEZONE) \
	| NEEDS(SETTING_CURRENCY) | NEEDS(SETTING_RECEIPTS))

/* The admins' endpoints hold no key of Stripe's: they cannot mint. */
#define APP_NEEDS_ADMIN (NEEDS(SETTING_DATABASE_URL) \
	| NEEDS(SETTING_ADMIN_TOKENS) | NEEDS(SETTING_CLUB_NAME) \
	| NEEDS(SETTING_CLUB_CONTACT) | NEEDS(SETTING_CLUB_TIMEZONE) \
	| NEEDS(SETTING_CURRENCY))

struct app {
	struct config config;
	struct store *store;	/* NULL without DATABASE_URL among the needs */
	struct ledger *ledger;	/* for events */
	struct stripe *stripe;	/* NULL without STRIPE_SECRET_KEY */
	atomic_flag version_told;	/* of events that are in another one */
	atomic_int_least64_t refusal_told_s;	/* of signatures */
};

struct app_needs {
	const char *name;	/* of the program: "checkout/tournament" */
	uint32_t settings;	/* mask of NEEDS() */
	int connections;	/* to the database, at most */
	int stripe_calls;	/* under way at once, at most */
	bool receipts;		/* queues them, unless RECEIPTS is off */
	bool is_for_staff;	/* its pages are the treasurer's */
	bool ends_strays;	/* ends what is open for orders that are not
				 * pending, beside what it serves */
};

/*
 * Reads the settings and opens what they allow; nothing is connected yet.  A
 * failure is logged here, every missing or malformed setting by name.  The
 * caller runs app_close in any case.
 */
NODISCARD enum status app_open(struct app *app,
    const struct app_needs *needs);

/* For service's tick: gives back what has been idle. */
void app_tick(void *context);

void app_close(struct app *app);

#endif
