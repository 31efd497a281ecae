/* What may be done at the desk about a payment that waits or was handled. */
#ifndef TEAMDUES_DESK_PAYMENT_ACTS_H
#define TEAMDUES_DESK_PAYMENT_ACTS_H

#include "desk/act.h"

/* All of them. */
extern const struct act_kind payment_acts[];

/*
 * How it is given to an order that the page shows, whose data the form gets: to
 * one that is guessed, with a tick where something asks for a second look; and
 * to one that was looked for by a name.
 */
extern const struct act_kind payment_attach_one;
extern const struct act_kind payment_attach_chosen;

#endif
