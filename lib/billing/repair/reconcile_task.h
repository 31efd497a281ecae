/* What a reconciliation is to do, and the listener that it reports to. */
#ifndef TEAMDUES_BILLING_REPAIR_RECONCILE_TASK_H
#define TEAMDUES_BILLING_REPAIR_RECONCILE_TASK_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "store/reconcile.h"
#include "store/stray.h"
#include "stripe/session.h"

/* A session, refund or dispute of which Stripe knows what is not known here. */
struct difference {
	const char *id;
	int64_t amount_cents;	/* of it; 0 when Stripe forgot it */
	const char *currency;	/* "" when Stripe forgot it */
	const char *fact;	/* "paid", "expired", ...; NULL: no news */
	const char *dispute;	/* a status that is news; NULL: none is */
	bool has_refunds;	/* there is news of refunds */
	bool has_warning;	/* or of an early fraud warning */
	const struct record_effect *effect;	/* of recording it */
};

/* What was read at Stripe, and what of it could not be taken. */
struct reconcile_counts {
	int64_t sessions;
	int64_t refunds;
	int64_t disputes;
	int64_t failures;
};

/* Context first.  Differences come as they are found, after their commit. */
struct reconcile_listener {
	void (*difference)(void *context, const struct difference *difference);
	void (*failure)(void *context, const char *id, const struct err *err);
	void (*progress)(void *context, const struct reconcile_counts *counts);
	/* One that was ended, or without commit would be. */
	void (*stray)(void *context, const struct stray *stray,
	    bool was_complete);
	/* What the key may not read, in words; the rest goes on. */
	void (*denied)(void *context, const char *what);
	/* One that was paid, of an installation nobody has decided on. */
	void (*stranger)(void *context, const char *installation_id,
	    const struct stripe_session *session);
	void *context;
};

struct reconcile {
	struct app *app;
	int64_t since;		/* Unix seconds: of the sessions' creation;
				 * refunds and disputes may be older */
	bool commit;		/* else nothing at all is changed */
	struct reconcile_listener listener;
};

#endif
