/* What became of the mails of a batch. */
#ifndef TEAMDUES_BILLING_MAILING_BATCH_H
#define TEAMDUES_BILLING_MAILING_BATCH_H

#include <stdint.h>

#include "app/app.h"
#include "base/json_out.h"

/* How far a batch has come, in numbers.  ST_NOT_FOUND. */
struct mailing_tally {
	int64_t queued;
	int64_t sent;
	int64_t failed;
	int64_t dropped;
};

NODISCARD enum status mailing_batch_count(struct app *app,
    int64_t batch_id, struct mailing_tally *tally, struct err *err);

/*
 * The same as members of the object that is open in json: batch_id, queued,
 * sent, failed, dropped, failures: [{ email_id, player_id, reason }].
 * ST_NOT_FOUND.
 */
NODISCARD enum status mailing_batch_put(struct app *app, int64_t batch_id,
    struct json_out *json, struct err *err);

#endif
