/*
 * When the commands that a timer repeats last ran well
 * (sql/functions/runs.sql).  Times are Unix seconds.
 */
#ifndef TEAMDUES_STORE_RUNS_H
#define TEAMDUES_STORE_RUNS_H

#include <stdbool.h>
#include <stdint.h>

#include "store/fact_item.h"
#include "store/store.h"

enum run_name { RUN_RECONCILE, RUN_AUDIT, RUN_WATCH, RUN_NAME_MAX };

/* A run that went well; since: from when on reconcile read, else ignored. */
NODISCARD enum status store_note_run(struct store *store, enum run_name name,
    int64_t began, int64_t since, struct err *err);

/* From when on reconcile is to read, now, so that nothing is left out. */
NODISCARD enum status store_reconcile_since(struct store *store, int64_t now,
    int64_t *since, struct err *err);

/*
 * item: of a refund or a dispute.  Whether it says what is not known yet of a
 * payment that is ours and whose session was made before `before`.
 */
NODISCARD enum status store_money_is_news(struct store *store,
    const struct fact_item *item, int64_t before, bool *is_news,
    struct err *err);

#endif
