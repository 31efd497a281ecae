/* A bar that shows a terminal how far a batch of mails has come. */
#ifndef TEAMDUES_COMMAND_BATCH_PROGRESS_H
#define TEAMDUES_COMMAND_BATCH_PROGRESS_H

#include "billing/mailing/batch.h"

/*
 * Shows the batch until all its mails have gone, or until none has for so long
 * that nothing seems to send them.  Without a terminal it does nothing: the
 * mails go without anybody looking.
 */
NODISCARD enum status batch_progress_watch(struct app *app,
    int64_t batch_id, struct err *err);

#endif
