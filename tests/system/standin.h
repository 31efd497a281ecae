/*
 * The pretended Stripe, through its tests' door
 * (tests/stripe-standin/README.md): what people and banks do there, faults, and
 * what it was asked.
 */
#ifndef TEAMDUES_TESTS_SYSTEM_STANDIN_H
#define TEAMDUES_TESTS_SYSTEM_STANDIN_H

#include "club.h"
#include "webhook.h"

/*
 * Calls /_control/PATH, which must answer 200.  body is JSON, NULL for none;
 * the caller puts what comes back.
 */
struct json_object *standin_call(struct stack *stack, const char *method,
    const char *path, const char *body);

/* A call on a session, "pay" or so, with or without a body. */
void standin_act(struct stack *stack, const char *session_id,
    const char *verb, const char *body);

/* One fault more, until it is spent or standin_mend. */
void standin_fault(struct stack *stack, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void standin_mend(struct stack *stack);

/* Whether it delivers its events; while it does not they are held. */
void standin_deliver(struct stack *stack, bool enabled);

/* cmocka's set-up and teardown of a test: no faults, deliveries on. */
int standin_clean(void **state);
#define STANDIN_TEST(function) \
	cmocka_unit_test_setup_teardown(function, standin_clean, standin_clean)

/*
 * The sessions whose metadata name this order, in the order of their birth.
 * The caller puts the array.
 */
struct json_object *standin_sessions(struct stack *stack, int64_t order_id);

/* How many of those have this status; NULL counts all. */
int standin_session_count(struct stack *stack, int64_t order_id,
    const char *status);

/* The id of the only open one. */
void standin_open_session(struct stack *stack, int64_t order_id,
    char id[SESSION_ID_SIZE]);

/*
 * What it was asked to create for this order: the requests to method and path
 * whose params[name] is value.  The caller puts the array.
 */
struct standin_query {
	const char *method;
	const char *path;
	const char *name;
	int64_t value;
};
struct json_object *standin_requests(struct stack *stack,
    const struct standin_query *query);
struct json_object *standin_creates(struct stack *stack, int64_t order_id);

/* How many refunds of a payment it made, and what they come to. */
int standin_refund_count(struct stack *stack, const char *payment_intent,
    int64_t *cents);

#endif
