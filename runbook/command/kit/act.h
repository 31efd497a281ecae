/* What the commands by which a person decides something have in common. */
#ifndef TEAMDUES_COMMAND_ACT_H
#define TEAMDUES_COMMAND_ACT_H

#include "invocation.h"
#include "store/act_result.h"
#include "store/order_acts.h"

enum { ACTOR_SIZE = 101 };

/*
 * Who the audit log says did it: the user of the operating system, before sudo
 * made root of them.
 */
void act_actor(char actor[ACTOR_SIZE]);

/*
 * Prints the result of an act, or what it would be; verb is a word such as
 * "attach".  An act that is refused or whose object is unknown fails with the
 * reason.
 */
NODISCARD enum status act_report(struct invocation *invocation,
    const char *verb, const struct act_result *result, struct err *err);

/* What act_on_order needs. */
#define ACT_NEEDS (NEEDS(SETTING_DATABASE_URL) | NEEDS(SETTING_STRIPE_MODE) \
	| NEEDS(SETTING_STRIPE_SECRET_KEY) | NEEDS(SETTING_STRIPE_API_BASE))

/* Changes an order (without --commit only tries it), and prints the result. */
NODISCARD enum status act_on_order(struct invocation *invocation,
    const char *verb, const struct order_change *change, struct err *err);

/*
 * A reason of at most max characters, or of any other such text; else a usage
 * error.
 */
NODISCARD enum status act_check_text(struct invocation *invocation,
    const char *name, size_t max, struct err *err);

#endif
