/* What payments were made with, for whoever looks for one. */
#ifndef TEAMDUES_STORE_CHARGES_H
#define TEAMDUES_STORE_CHARGES_H

#include "store/store.h"

/*
 * Keeps the charge of a payment and the last four digits of its card (NULL: no
 * card); nothing of a payment that is not known here.  ST_DB.
 */
NODISCARD enum status store_note_charge(struct store *store,
    const char *payment_intent_id, const char *charge_id,
    const char *card_last4, struct err *err);

#endif
