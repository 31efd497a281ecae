/* The figures of `teamdues metrics`: sql/functions/metrics.sql. */
#ifndef TEAMDUES_STORE_METRICS_H
#define TEAMDUES_STORE_METRICS_H

#include "store/store.h"

/* name, label, label_value (both null without one), value, club (null where it
 * is the machine's only one); by name. */
NODISCARD enum status store_metrics(struct store *store, store_row *each,
    void *context, struct err *err);

#endif
