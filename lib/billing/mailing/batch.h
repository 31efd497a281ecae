/* What became of the mails of a batch. */
#ifndef TEAMDUES_BILLING_MAILING_BATCH_H
#define TEAMDUES_BILLING_MAILING_BATCH_H

#include <stdint.h>

#include "app/app.h"

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
