/*
 * Everything that Stripe, or the way to it, can do to a click: some faults are
 * healed within it, the others are 502 or 503 and change nothing (invariant 8),
 * and the next click works.  All clicks of a table go out at once, so that
 * their waiting is shared.
 */
#include <stdio.h>
#include <stdlib.h>

#include "sql.h"
#include "standin.h"

enum { AMOUNT = 15000, CASES_MAX = 16 };

struct fault_case {
	const char *what;
	const char *fault;	/* members of the stand-in's fault */
	long status;		/* of the first click */
	bool of_customer;	/* hits the customer's creation instead */
};

struct trial {
	const struct fault_case *cases;
	size_t count;
	struct club clubs[CASES_MAX];
	char urls[CASES_MAX][LINK_SIZE];
	struct http_answer answers[CASES_MAX];
};

static void
set_fault(struct stack *stack, const struct fault_case *c,
    const struct club *club)
{
	if (c->of_customer)
		standin_fault(stack, "{\"method\":\"POST\",\"path\":"
		    "\"/v1/customers\",\"params\":{\"metadata[parent_id]\":"
		    "\"%lld\"},%s}", (long long)club->parent_id, c->fault);
	else
		standin_fault(stack, "{\"method\":\"POST\",\"path\":"
		    "\"/v1/checkout/sessions\",\"params\":{"
		    "\"client_reference_id\":\"%lld\"},%s}",
		    (long long)club->order_id, c->fault);
}

static void
trial_click(struct stack *stack, struct trial *trial)
{
	struct http_request requests[CASES_MAX];

	for (size_t i = 0; i < trial->count; i++)
		requests[i] = (struct http_request){
			.target = trial->urls[i],
			.headers = { "Accept: text/html" } };
	http_send_all(stack, requests, trial->count, trial->answers);
}

static void
trial_start(struct stack *stack, struct trial *trial)
{
	assert_in_range(trial->count, 1, CASES_MAX);
	for (size_t i = 0; i < trial->count; i++) {
		club_make(stack, AMOUNT, &trial->clubs[i]);
		club_link(stack, trial->clubs[i].order_id, trial->urls[i]);
		set_fault(stack, &trial->cases[i], &trial->clubs[i]);
	}
	trial_click(stack, trial);
}

/* The click led to the one open session, of the right amount. */
static void
assert_arrived(struct stack *stack, struct trial *trial, size_t i)
{
	int64_t order_id = trial->clubs[i].order_id;
	char open[SESSION_ID_SIZE];
	char id[SESSION_ID_SIZE];

	if (trial->answers[i].status != 303)
		fail_msg("%s: %ld %s", trial->cases[i].what,
		    trial->answers[i].status, trial->answers[i].body);
	club_session_of(stack, &trial->answers[i], id);
	standin_open_session(stack, order_id, open);
	assert_string_equal(id, open);
	assert_int_equal(sql_int(stack, "select amount_cents from "
	    "teamdues.checkout_sessions where session_id = '%s' and order_id "
	    "= %lld and status = 'open' and currency = 'usd'", id,
	    (long long)order_id), AMOUNT);
	http_answer_clear(&trial->answers[i]);
}

/* The click ended at a page that says so, and nothing is stored. */
static void
assert_failed(struct stack *stack, struct trial *trial, size_t i)
{
	const struct fault_case *c = &trial->cases[i];
	struct http_answer *answer = &trial->answers[i];
	char retry_after[HTTP_VALUE_SIZE];

	if (answer->status != c->status)
		fail_msg("%s: %ld, not %ld: %s", c->what, answer->status,
		    c->status, answer->body);
	http_assert_guarded(answer);
	http_assert_body_has(answer, "Nothing was charged");
	assert_int_equal(http_header(answer, "Retry-After", retry_after),
	    c->status == 503);
	http_answer_clear(answer);
	club_assert_status(stack, trial->clubs[i].order_id, "pending");
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.checkout_sessions where order_id = %lld",
	    (long long)trial->clubs[i].order_id), 0);
}

static void
test_faults_healed_within_the_click(void **state)
{
	static const struct fault_case cases[] = {
		{ "key in use", "\"status\":409,\"count\":2", 303, false },
		{ "500, replayed", "\"status\":500", 303, false },
		{ "502", "\"status\":502", 303, false },
		{ "503", "\"status\":503", 303, false },
		{ "dropped before", "\"drop\":\"before\"", 303, false },
		{ "dropped after", "\"drop\":\"after\"", 303, false },
		{ "truncated", "\"truncate\":200", 303, false },
		{ "amount lied", "\"lie\":{\"amount_total\":1}", 303, false },
		{ "currency lied", "\"lie\":{\"currency\":\"cad\"}", 303,
		    false },
		{ "customer 500, replayed", "\"status\":500", 303, true },
		{ "customer dropped", "\"drop\":\"after\"", 303, true },
		{ "customer truncated", "\"truncate\":20", 303, true },
	};
	struct trial trial = { .cases = cases,
	    .count = sizeof(cases) / sizeof(cases[0]) };

	trial_start(*state, &trial);
	for (size_t i = 0; i < trial.count; i++)
		assert_arrived(*state, &trial, i);
}

static void
test_faults_that_end_the_click(void **state)
{
	static const struct fault_case cases[] = {
		{ "400, kept", "\"status\":400", 502, false },
		{ "401", "\"status\":401", 502, false },
		{ "402, kept", "\"status\":402", 502, false },
		{ "403", "\"status\":403", 502, false },
		{ "404", "\"status\":404", 502, false },
		{ "429", "\"status\":429", 503, false },
		{ "no JSON", "\"status\":200,\"body\":\"<html>\"", 502,
		    false },
		{ "an array", "\"status\":200,\"body\":\"[]\"", 502, false },
		{ "another object", "\"lie\":{\"object\":\"customer\"}", 502,
		    false },
		{ "no id", "\"lie\":{\"id\":{\"$delete\":true}}", 502,
		    false },
		{ "no amount", "\"lie\":{\"amount_total\":null}", 502,
		    false },
		{ "amount as text", "\"lie\":{\"amount_total\":\"15000\"}",
		    502, false },
		{ "no status", "\"lie\":{\"status\":\"paused\"}", 502,
		    false },
		{ "no address", "\"lie\":{\"url\":{\"$delete\":true}}", 502,
		    false },
		{ "customer 400", "\"status\":400", 502, true },
		{ "customer 429", "\"status\":429", 503, true },
	};
	struct stack *stack = *state;
	struct trial trial = { .cases = cases,
	    .count = sizeof(cases) / sizeof(cases[0]) };

	trial_start(stack, &trial);
	for (size_t i = 0; i < trial.count; i++)
		assert_failed(stack, &trial, i);
	standin_mend(stack);
	trial_click(stack, &trial);
	for (size_t i = 0; i < trial.count; i++)
		assert_arrived(stack, &trial, i);
}

/* Stripe away for longer than a click has time. */
static void
test_faults_that_last(void **state)
{
	static const struct fault_case cases[] = {
		{ "always 500", "\"status\":500,\"count\":0,\"store\":false",
		    503, false },
		{ "always 503", "\"status\":503,\"count\":0", 503, false },
		{ "always dropped", "\"drop\":\"before\",\"count\":0", 503,
		    false },
		{ "always truncated", "\"truncate\":50,\"count\":0", 503,
		    false },
	};
	struct stack *stack = *state;
	struct trial trial = { .cases = cases,
	    .count = sizeof(cases) / sizeof(cases[0]) };

	trial_start(stack, &trial);
	for (size_t i = 0; i < trial.count; i++)
		assert_failed(stack, &trial, i);
	standin_mend(stack);
	trial_click(stack, &trial);
	for (size_t i = 0; i < trial.count; i++)
		assert_arrived(stack, &trial, i);
}

/* An answer about another order's session is no session of this one. */
static void
test_session_of_another_order(void **state)
{
	struct stack *stack = *state;
	char others[SESSION_ID_SIZE];
	char id[SESSION_ID_SIZE];
	struct http_answer answer;
	struct club other;
	struct club club;

	club_make(stack, AMOUNT, &other);
	club_click_through(stack, other.order_id, others);
	club_make(stack, AMOUNT, &club);
	standin_fault(stack, "{\"method\":\"POST\",\"path\":"
	    "\"/v1/checkout/sessions\",\"lie\":{\"id\":\"%s\"}}", others);
	club_click(stack, club.order_id, &answer);
	http_assert_status(&answer, 502);
	http_answer_clear(&answer);
	sql_assert_text(stack, others, "select session_id from "
	    "teamdues.checkout_sessions where order_id = %lld and status = "
	    "'open'", (long long)other.order_id);
	club_click_through(stack, club.order_id, id);
	assert_string_not_equal(id, others);
}

/* Of a payment that nobody made: what Stripe shows later is asked for anew. */
static void
test_lies_about_a_paid_session(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct http_answer answer;
	struct club club;

	club_make(stack, AMOUNT, &club);
	club_click_through(stack, club.order_id, id);
	standin_deliver(stack, false);
	standin_act(stack, id, "pay", NULL);
	sql_run(stack, "update teamdues.checkout_sessions set expires_at = "
	    "now() where session_id = '%s'", id);
	standin_fault(stack, "{\"method\":\"GET\",\"path\":"
	    "\"/v1/checkout/sessions/%s\",\"lie\":{\"id\":\"cs_test_other\"}}",
	    id);
	club_click(stack, club.order_id, &answer);
	http_assert_status(&answer, 502);
	http_answer_clear(&answer);
	club_assert_status(stack, club.order_id, "pending");
	standin_fault(stack, "{\"method\":\"GET\",\"path\":"
	    "\"/v1/checkout/sessions/%s\",\"lie\":{\"status\":\"open\"}}", id);
	club_click(stack, club.order_id, &answer);
	http_assert_status(&answer, 503);
	http_answer_clear(&answer);
	club_assert_status(stack, club.order_id, "pending");
	club_assert_leads_to_paid_page(stack, club.order_id);
	club_assert_status(stack, club.order_id, "paid");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STANDIN_TEST(test_faults_healed_within_the_click),
		STANDIN_TEST(test_faults_that_end_the_click),
		STANDIN_TEST(test_faults_that_last),
		STANDIN_TEST(test_session_of_another_order),
		STANDIN_TEST(test_lies_about_a_paid_session),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
