/*
 * What a payment was made with, as its charge tells: kept for whoever looks for
 * the payment by the card's last four digits.
 */
#ifndef TEAMDUES_BILLING_FACTS_CHARGE_NOTE_H
#define TEAMDUES_BILLING_FACTS_CHARGE_NOTE_H

#include "app/app.h"
#include "stripe/charge.h"
#include "stripe/session.h"

/* After its payment has been recorded; before that it is not kept.  ST_DB. */
NODISCARD enum status charge_note(struct app *app,
    const struct stripe_charge *charge, struct err *err);

/* The same of a session whose latest charge is expanded, if it is. */
NODISCARD enum status charge_note_session(struct app *app,
    const struct stripe_session *session, struct err *err);

#endif
