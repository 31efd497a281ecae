/*
 * The figures by which trouble is noticed, and what was mailed about it before
 * (sql/functions/notice.sql).
 */
#ifndef TEAMDUES_STORE_NOTICE_H
#define TEAMDUES_STORE_NOTICE_H

#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"

/* For the webhook program: a signature was refused. */
NODISCARD enum status store_note_refusal(struct store *store,
    struct err *err);

struct notice_figures {
	int64_t reconcile_s;	/* age of the last run; else of the
				 * installation */
	int64_t audit_s;
	int64_t refused_s;	/* of the last refusal; -1: there was none */
	bool is_refused;	/* nothing was accepted since */
	int64_t unresolved;	/* what waits for a person */
	int64_t fraud_warnings;	/* likewise */
	int64_t failed_refunds;	/* likewise */
	int64_t refused_sign_ins;	/* at the desk, lately */
	int64_t failed_requests;	/* of the desk, in the last day */
	int64_t requests_s;	/* how long one of them waits; 0: none does */
};

NODISCARD enum status store_notice_figures(struct store *store,
    struct notice_figures *figures, struct err *err);

struct backup_figures {
	int64_t age_s;		/* of the last that was restored for a try; else
				 * of the installation */
	bool is_bad;		/* the last try failed */
};

NODISCARD enum status store_backup_figures(struct store *store,
    struct backup_figures *figures, struct err *err);

/* ids: Stripe's, with commas between.  How many are not in the ledger. */
NODISCARD enum status store_unrecorded_events(struct store *store,
    const char *ids, int64_t *count, struct err *err);

/* Whether the payment is in the books, and not another business's. */
NODISCARD enum status store_is_our_payment(struct store *store,
    const char *payment_intent, bool *is_ours, struct err *err);

/* Notes a figure that was read at Stripe; name is one of stripe_sights. */
NODISCARD enum status store_note_sight(struct store *store, const char *name,
    int64_t value, struct err *err);

enum alarm { ALARM_NONE, ALARM_BEGIN, ALARM_STILL, ALARM_OVER };

/*
 * Says whether somebody is to be mailed about a cause now, and notes that the
 * mail has gone.
 */
NODISCARD enum status store_alarm_due(struct store *store, const char *cause,
    bool is_wrong, enum alarm *alarm, struct err *err);
NODISCARD enum status store_alarm_mailed(struct store *store,
    const char *cause, enum alarm alarm, struct err *err);

#endif
