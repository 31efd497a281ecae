/* What may be done at the desk about a payment that waits or was handled. */
#ifndef TEAMDUES_DESK_PAYMENT_ACTS_H
#define TEAMDUES_DESK_PAYMENT_ACTS_H

#include "desk/act.h"

/* All of them. */
extern const struct act_kind payment_acts[];

/* How it is given to one of its candidates, whose data the form gets; and the
 * same where something asks for a second look. */
extern const struct act_kind payment_attach_one;
extern const struct act_kind payment_attach_doubted;

#endif
