/* A registration for a tryout, as the public form is filled in. */
#ifndef TEAMDUES_TESTS_SYSTEM_REGISTRATION_H
#define TEAMDUES_TESTS_SYSTEM_REGISTRATION_H

#include "visitor.h"

/* A family that nobody has heard of, and what it types. */
struct registration {
	char name[UNIQUE_SIZE];
	char email[2 * UNIQUE_SIZE];
	struct form_pair pairs[FORM_PAIRS_MAX];
};

/* A unique name as the form takes one: no digits. */
void registration_name(char name[UNIQUE_SIZE]);

void registration_make(struct registration *family);

/* The player's only order. */
int64_t registration_order(struct stack *stack,
    const struct registration *family);

/* One parent, player, order and open session, whatever happened. */
void registration_assert_once(struct stack *stack,
    const struct registration *family);

/* Sends the pairs; must lead to Stripe. */
void registration_send(struct stack *stack, const struct form_pair *pairs,
    char session_id[SESSION_ID_SIZE]);

#endif
