/* What people decide about queued mails: sql/functions/mail_acts.sql. */
#ifndef TEAMDUES_STORE_MAIL_ACTS_H
#define TEAMDUES_STORE_MAIL_ACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"

/*
 * Mails that failed or wait are due now: one, those of a batch (email_id 0), or
 * all (both 0).  Rows {email_id, result}, as mail_acts.sql has them.
 */
NODISCARD enum status store_retry_emails(struct store *store,
    int64_t email_id, int64_t batch_id, const char *actor, store_row *each,
    void *context, struct err *err);

/*
 * Takes a mail off the list.  ST_NOT_FOUND; ST_CONFLICT: it was sent, was taken
 * off before, or is being sent at this moment.
 */
NODISCARD enum status store_drop_email(struct store *store,
    int64_t email_id, const char *actor, struct err *err);

/*
 * Deletes mails of settled orders that were done with by then, but for
 * receipts; before is Unix seconds, count is of those that are (or would be)
 * gone.
 */
NODISCARD enum status store_prune_emails(struct store *store, int64_t before,
    bool commit, int64_t *count, struct err *err);

#endif
