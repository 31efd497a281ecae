/*
 * The incident: a tournament's orders, whose sessions something else made at
 * Stripe without metadata, and the list of them.  Stripe forgets everything
 * before each test, and delivers no event until told to.
 */
#ifndef TEAMDUES_TESTS_SYSTEM_INCIDENT_H
#define TEAMDUES_TESTS_SYSTEM_INCIDENT_H

#include "reconcile.h"

enum { INCIDENT_ORDERS = 21, INCIDENT_PAID = 5, INCIDENT_AMOUNT = 15000 };

struct incident {
	struct club club;	/* its order is the first */
	char tournament[WORD_SIZE];
	int count;
	int64_t orders[INCIDENT_ORDERS];
	char sessions[INCIDENT_ORDERS][SESSION_ID_SIZE];
	char file[64];		/* order_id,session_id */
};

/* count orders, each with such a session; nothing is known of those here. */
void incident_make(struct stack *stack, int count, struct incident *incident);

/* The same, and `import sessions FILE --commit`. */
void incident_adopted(struct stack *stack, int count,
    struct incident *incident);

void incident_clear(struct incident *incident);

/* Writes another list: "order,session" lines under the header. */
void incident_list(const struct incident *incident, const char *lines);

/* `teamdues import sessions FILE WORD`; word may be NULL. */
void incident_import(struct stack *stack, const struct incident *incident,
    struct run *run, int code, const char *word);

/* `teamdues regenerate --tournament-id N WORDS`; words may be NULL. */
void incident_regenerate(struct stack *stack, const struct incident *incident,
    struct run *run, int code, const char *const *words);

/* The same, which must print part and, dry, leave everything as it was. */
void incident_finds(struct stack *stack, const struct incident *incident,
    int code, const char *part);
void incident_repairs(struct stack *stack, const struct incident *incident,
    int code, const char *part);

/* Everything that exists at Stripe, as one text; the caller frees it. */
char *incident_stripe_state(struct stack *stack);

/* A session's status at Stripe, as it must be. */
void assert_at_stripe(struct stack *stack, const char *session_id,
    const char *status);

/* The only session that is open at Stripe for the order, with all metadata. */
void assert_one_fresh(struct stack *stack, const struct incident *incident,
    int64_t order_id, char session_id[SESSION_ID_SIZE]);

/* cmocka's set-up and teardown. */
#define INCIDENT_TEST(function) RECONCILE_TEST(function)

#endif
