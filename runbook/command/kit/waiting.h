/*
 * What waits for a person, printed below the output of audit and reconcile;
 * and payments at Stripe that are another installation's of teamdues, or were
 * this club's before its database was lost.
 */
#ifndef TEAMDUES_COMMAND_WAITING_H
#define TEAMDUES_COMMAND_WAITING_H

#include <stdint.h>

#include "store/installation.h"
#include "stripe/session.h"

enum { STRANGERS_MAX = 8 };

/* What was paid of one installation, in one currency. */
struct stranger {
	char installation_id[STORE_INSTALLATION_SIZE];
	char currency[CURRENCY_SIZE];
	int64_t sessions;
	int64_t cents;
};

struct strangers {
	struct stranger each[STRANGERS_MAX];
	size_t count;
	int64_t more;		/* sessions that found no place there */
};

void strangers_add(struct strangers *strangers, const char *installation_id,
    const struct stripe_session *session);

/* A line for each, with the commands that decide whose it is. */
void strangers_print(const struct strangers *strangers);

/* "5 wait for a person (teamdues unmatched list)"; nothing when none does. */
NODISCARD enum status waiting_print(struct store *store, struct err *err);

#endif
