/*
 * Deciding which families get a mail: what admins ask for by endpoint, and
 * operators by command.  Nothing is sent here; the mails are queued.
 */
#ifndef TEAMDUES_BILLING_MAILING_MAILING_H
#define TEAMDUES_BILLING_MAILING_MAILING_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"

struct mailing {
	const char *actor;
	bool skip_proration;	/* first payments: quote the flat fee */
	bool again;		/* although asked today already */
	bool dry_run;
};

struct mailing_result {
	int64_t batch_id;	/* 0: none was made */
	struct json_object *mails;	/* queued, or would be: [{player_id,
					 * recipient, amount_cents, currency}];
					 * owned */
	struct json_object *skipped;	/* [{player_id, reason}]; owned */
};

/* How many mails were queued, or would be. */
int64_t mailing_result_count(const struct mailing_result *result);

void mailing_result_clear(struct mailing_result *result);

/*
 * One player's first payment, outside any batch.  ST_NOT_FOUND: no such player;
 * ST_CONFLICT: why that player gets none (asked today already, the amount is
 * too small, ...); ST_DB.
 */
struct mailed {
	int64_t email_id;
	int64_t amount_cents;
	char to[256];
};

NODISCARD enum status mailing_first_payment(struct app *app,
    int64_t player_id, const struct mailing *mailing, struct mailed *mailed,
    struct err *err);

/* All players who may be asked, as one batch.  Clear result in any case. */
NODISCARD enum status mailing_first_payments(struct app *app,
    const struct mailing *mailing, struct mailing_result *result,
    struct err *err);

/*
 * The unpaid orders of a tournament: kind is "tournament" or "reminder".
 * ST_NOT_FOUND: no such tournament, or nobody is in it.
 */
NODISCARD enum status mailing_tournament(struct app *app,
    int64_t tournament_id, const char *kind, const struct mailing *mailing,
    struct mailing_result *result, struct err *err);

/* First payments that were asked for and not made. */
NODISCARD enum status mailing_reminders(struct app *app,
    const struct mailing *mailing, struct mailing_result *result,
    struct err *err);

/*
 * How far a batch has come: in numbers, and as { batch_id, queued, sent,
 * failed, dropped, failures: [{ email_id, player_id, reason }] }.  The caller
 * puts *json, after a failure too.  ST_NOT_FOUND.
 */
struct mailing_tally {
	int64_t queued;
	int64_t sent;
	int64_t failed;
	int64_t dropped;
};

NODISCARD enum status mailing_batch(struct app *app,
    int64_t batch_id, struct mailing_tally *tally, struct json_object **json,
    struct err *err);

#endif
