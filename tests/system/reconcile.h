/*
 * `teamdues reconcile` beside a pretended Stripe that forgets everything before
 * each test, so that a run sees that test's sessions and no others.
 */
#ifndef TEAMDUES_TESTS_SYSTEM_RECONCILE_H
#define TEAMDUES_TESTS_SYSTEM_RECONCILE_H

#include "books.h"

/*
 * cmocka's set-up and teardown: a new Stripe that delivers no event; after the
 * test the books are sound, and nothing is on its way to them any more.
 */
int reconcile_setup(void **state);
int reconcile_teardown(void **state);
#define RECONCILE_TEST(function) cmocka_unit_test_setup_teardown(function, \
	reconcile_setup, reconcile_teardown)

/* Waits until Stripe has delivered all, and the receipts of it are sent. */
void events_arrive(struct stack *stack);

/* A dry run that must find work, print this and change nothing. */
void reconcile_finds(struct stack *stack, const char *part);

/* Heals; the run must end with 0 and print this. */
void reconcile_heals(struct stack *stack, const char *part);

/* Dry or not, nothing is found and nothing changes. */
void reconcile_is_done(struct stack *stack);

/* All three. */
void reconcile_mends(struct stack *stack, const char *part);

/* An order with its session; and the same, paid by card. */
void open_session(struct stack *stack, struct club *club,
    char session_id[SESSION_ID_SIZE]);
void paid_session(struct stack *stack, struct club *club,
    char session_id[SESSION_ID_SIZE]);

/* POST to Stripe's API with our key; the caller puts the object. */
struct json_object *stripe_do(struct stack *stack, const char *path,
    const char *form);

/* As checkout names an order: for the form of shop_session. */
void named_form(struct stack *stack, int64_t order_id,
    char form[HTTP_VALUE_SIZE]);

/* A session that the club's web shop makes on the same account. */
void shop_session(struct stack *stack, const char *more_form,
    char session_id[SESSION_ID_SIZE]);

/* The id of the session's payment intent, as the books know it. */
void intent_of(struct stack *stack, const char *session_id,
    char intent[SESSION_ID_SIZE]);

/* Gives back so much of the session's payment; the refund's id is put. */
void refund(struct stack *stack, const char *session_id, int64_t cents,
    char refund_id[SESSION_ID_SIZE]);

/* As if Stripe had made it two days ago, and so might have forgotten it. */
void session_made_long_ago(struct stack *stack, const char *session_id);

/* /_control/KIND/ID/VERB; the caller puts what comes back. */
struct json_object *control(struct stack *stack, const char *kind,
    const char *id, const char *verb, const char *body);

#endif
