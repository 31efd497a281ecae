/*
 * `teamdues watch` and doctor beside a pretended Stripe that forgets everything
 * before each test: what is noticed, and the mails to the treasurer about it.
 */
#ifndef TEAMDUES_TESTS_SYSTEM_NOTICED_H
#define TEAMDUES_TESTS_SYSTEM_NOTICED_H

#include "mailbox.h"
#include "reconcile.h"

#define TREASURER "treasurer@club.example"

/* `watch --commit`, which must end with code. */
void watch_once(struct stack *stack, int code);

/* How many mails to the treasurer are about a cause, and say this too. */
int mails_about(struct stack *stack, const char *cause, const char *words);

/* doctor fails because of it; nothing is wrong for it. */
void doctor_finds(struct stack *stack, const char *cause);
void doctor_is_content(struct stack *stack);

/* watch runs, and one mail comes about it. */
void is_mailed(struct stack *stack, const char *cause, int code);

/* It is there: doctor says so, one mail comes, and not another. */
void is_noticed(struct stack *stack, const char *cause);

/* It is over: doctor is content, one mail says so, and not another. */
void is_over(struct stack *stack, const char *cause);

/* Stripe's events about the session have come. */
void pay_and_hear(struct stack *stack, struct club *club,
    char id[SESSION_ID_SIZE]);

/*
 * cmocka's set-up of a test: a new Stripe, no mail, no alarm, no run, and
 * nothing that waits.
 */
int noticed_setup(void **state);
#define WATCH_TEST(function) \
	cmocka_unit_test_setup_teardown(function, noticed_setup, books_close)

#endif
