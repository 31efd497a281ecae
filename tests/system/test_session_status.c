/*
 * The way back from Stripe heals too: a payer whose payment no event has told
 * of makes us ask, at most once in ten seconds, and the answer goes through
 * the same fulfilment (invariants 1 and 2).
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "reconcile.h"
#include "sql.h"

enum { AMOUNT = 15000, PAYERS = 10 };

/* checkout/status's word on the session, which the caller frees. */
static char *
status_of(struct stack *stack, const char *session_id)
{
	char target[LINK_SIZE];
	struct http_answer answer;
	struct json_object *json;
	char *status;

	snprintf(target, sizeof(target), "/checkout/status?session_id=%s",
	    session_id);
	http_get(stack, target, &answer);
	http_assert_status(&answer, 200);
	http_assert_guarded(&answer);
	json = json_tokener_parse(answer.body);
	status = strdup(json_text_at(json, "status"));
	assert_non_null(status);
	json_object_put(json);
	http_answer_clear(&answer);
	return status;
}

static void
assert_answer(struct stack *stack, const char *session_id,
    const char *expected)
{
	char *status = status_of(stack, session_id);

	assert_string_equal(status, expected);
	free(status);
}

static bool
is_answered(struct stack *stack, const char *session_id, const char *expected)
{
	char *status = status_of(stack, session_id);
	bool is_so = strcmp(status, expected) == 0;

	free(status);
	return is_so;
}

static size_t
questions(struct stack *stack, const char *session_id)
{
	char path[LINK_SIZE];
	struct json_object *requests;
	size_t count;

	snprintf(path, sizeof(path), "/v1/checkout/sessions/%s", session_id);
	requests = standin_requests(stack, &(struct standin_query){ "GET",
	    path, NULL, 0 });
	count = json_object_array_length(requests);
	json_object_put(requests);
	return count;
}

/* A payer who has waited for so long, and for whom we asked so long ago. */
static void
let_time_pass(struct stack *stack, const char *session_id, int seconds)
{
	sql_run(stack, "update teamdues.checkout_sessions set polled_at = "
	    "polled_at - interval '%d seconds', asked_at = asked_at - interval "
	    "'%d seconds' where session_id = '%s'", seconds, seconds,
	    session_id);
}

/* An order with its open session; no event of Stripe's comes through. */
static void
open_in_silence(struct stack *stack, struct club *club,
    char session_id[SESSION_ID_SIZE])
{
	club_make(stack, AMOUNT, club);
	club_click_through(stack, club->order_id, session_id);
	standin_deliver(stack, false);
}

/* The same, and the payer has asked for the first time, six seconds ago. */
static void
open_and_wait(struct stack *stack, struct club *club,
    char session_id[SESSION_ID_SIZE])
{
	open_in_silence(stack, club, session_id);
	assert_answer(stack, session_id, "pending");
	let_time_pass(stack, session_id, 6);
}

/* Acceptance: webhooks blocked, paid within 15 s, asking as paid.html does. */
static void
test_card_payment_is_seen_in_time(void **state)
{
	struct stack *stack = *state;
	const struct timespec second = { 1, 0 };
	char id[SESSION_ID_SIZE];
	struct club club;
	int64_t start_ms;

	open_in_silence(stack, &club, id);
	standin_act(stack, id, "pay", NULL);
	start_ms = monotonic_ms();
	assert_answer(stack, id, "pending");
	while (!is_answered(stack, id, "paid")) {
		assert_in_range(monotonic_ms() - start_ms, 0, 15000);
		nanosleep(&second, NULL);
	}
	assert_in_range(monotonic_ms() - start_ms, 5000, 15000);
	assert_int_equal(questions(stack, id), 1);
	club_assert_status(stack, club.order_id, "paid");
	assert_int_equal(club_payment_count(stack, club.order_id), 1);
}

/* The event that comes after all says nothing new. */
static void
test_late_event_is_a_duplicate(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;

	open_and_wait(stack, &club, id);
	standin_act(stack, id, "pay", NULL);
	assert_answer(stack, id, "paid");
	standin_deliver(stack, true);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from "
	    "teamdues.stripe_events where session_id = '%s' and disposition = "
	    "'duplicate'", id) == 1);
	assert_answer(stack, id, "paid");
	assert_int_equal(club_payment_count(stack, club.order_id), 1);
}

/* Asked by many at once: one question in ten seconds, and none before five. */
static void
test_questions_are_rare(void **state)
{
	struct stack *stack = *state;
	struct http_request requests[PAYERS];
	struct http_answer answers[PAYERS];
	char target[LINK_SIZE];
	char id[SESSION_ID_SIZE];
	struct club club;

	open_in_silence(stack, &club, id);
	snprintf(target, sizeof(target), "/checkout/status?session_id=%s", id);
	for (int i = 0; i < PAYERS; i++)
		requests[i] = (struct http_request){ .target = target };
	for (size_t asked = 0; asked <= 2; asked++) {
		http_send_all(stack, requests, PAYERS, answers);
		for (int i = 0; i < PAYERS; i++) {
			http_assert_status(&answers[i], 200);
			http_assert_body_has(&answers[i], "pending");
			http_answer_clear(&answers[i]);
		}
		assert_int_equal(questions(stack, id), asked);
		let_time_pass(stack, id, 4);
		assert_answer(stack, id, "pending");
		assert_int_equal(questions(stack, id), asked);
		let_time_pass(stack, id, 7);
	}
}

/* Stripe in trouble: the payer reads what we know, and is healed later. */
static void
test_trouble_at_stripe_shows_pending(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;

	open_and_wait(stack, &club, id);
	standin_act(stack, id, "pay", NULL);
	standin_fault(stack, "{\"method\":\"GET\",\"path\":"
	    "\"/v1/checkout/sessions/%s\",\"count\":0,\"status\":500}", id);
	assert_answer(stack, id, "pending");
	assert_true(questions(stack, id) > 0);
	standin_mend(stack);
	let_time_pass(stack, id, 11);
	standin_fault(stack, "{\"method\":\"GET\",\"path\":"
	    "\"/v1/checkout/sessions/%s\",\"count\":0,\"delay_ms\":20000}",
	    id);
	assert_answer(stack, id, "pending");
	standin_mend(stack);
	club_assert_status(stack, club.order_id, "pending");
	let_time_pass(stack, id, 11);
	assert_answer(stack, id, "paid");
}

static void
test_bank_debit_is_seen(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;

	open_and_wait(stack, &club, id);
	standin_act(stack, id, "bank", NULL);
	assert_answer(stack, id, "processing");
	club_assert_status(stack, club.order_id, "processing");
}

static void
test_session_that_ended_is_seen(void **state)
{
	static const char *const ends[] = { "expire", "forget" };
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;

	for (size_t i = 0; i < 2; i++) {
		open_and_wait(stack, &club, id);
		session_made_long_ago(stack, id);
		standin_act(stack, id, ends[i], NULL);
		assert_answer(stack, id, "expired");
		club_assert_status(stack, club.order_id, "pending");
		sql_assert_text(stack, "expired", "select status from "
		    "teamdues.checkout_sessions where session_id = '%s'", id);
		standin_clean(state);
	}
}

/* Paid with another amount than asked for: a person looks, the payer knows. */
static void
test_wrong_amount_is_under_review(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;

	open_and_wait(stack, &club, id);
	standin_act(stack, id, "pay", "{\"amount_lie\":100}");
	assert_answer(stack, id, "review");
	club_assert_status(stack, club.order_id, "pending");
}

/* What is final, or not ours, makes nobody ask. */
static void
test_nobody_asks_without_need(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	club_click_through(stack, club.order_id, id);
	standin_act(stack, id, "pay", NULL);
	WAIT_UNTIL(10, is_answered(stack, id, "paid"));
	let_time_pass(stack, id, 60);
	assert_answer(stack, id, "paid");
	assert_int_equal(questions(stack, id), 0);
	assert_int_equal(http_status_of(stack,
	    "/checkout/status?session_id=cs_test_nobodys"), 404);
	assert_int_equal(questions(stack, "cs_test_nobodys"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STANDIN_TEST(test_card_payment_is_seen_in_time),
		STANDIN_TEST(test_late_event_is_a_duplicate),
		STANDIN_TEST(test_questions_are_rare),
		STANDIN_TEST(test_trouble_at_stripe_shows_pending),
		STANDIN_TEST(test_bank_debit_is_seen),
		STANDIN_TEST(test_session_that_ended_is_seen),
		STANDIN_TEST(test_wrong_amount_is_under_review),
		STANDIN_TEST(test_nobody_asks_without_need),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
