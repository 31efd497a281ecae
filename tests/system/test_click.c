/*
 * A click on a pay link: it ends at one session of the right amount, or at the
 * page that the order's state asks for.  Invariants 4 (one open session), 5
 * (the amount of the link) and 8 (a refused request changes nothing).
 */
#include <stdio.h>
#include <stdlib.h>

#include "reconcile.h"
#include "sql.h"
#include "standin.h"

enum { AMOUNT = 15000, AT_ONCE = 20 };

static void
assert_sessions(struct stack *stack, int64_t order_id, int open, int all)
{
	assert_int_equal(standin_session_count(stack, order_id, "open"), open);
	assert_int_equal(standin_session_count(stack, order_id, NULL), all);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.checkout_sessions where order_id = %lld and status = "
	    "'open'", (long long)order_id), open);
}

static void
test_clicks_end_at_one_session(void **state)
{
	struct stack *stack = *state;
	char first[SESSION_ID_SIZE];
	char second[SESSION_ID_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	club_click_through(stack, club.order_id, first);
	club_click_through(stack, club.order_id, second);
	assert_string_equal(first, second);
	assert_sessions(stack, club.order_id, 1, 1);
	sql_assert_text(stack, first, "select session_id from "
	    "teamdues.order_overview where order_id = %lld",
	    (long long)club.order_id);
}

static void
test_clicks_at_once_end_at_one_session(void **state)
{
	struct stack *stack = *state;
	struct http_request requests[AT_ONCE];
	struct http_answer answers[AT_ONCE];
	char url[LINK_SIZE];
	char first[SESSION_ID_SIZE];
	char id[SESSION_ID_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	club_link(stack, club.order_id, url);
	for (int i = 0; i < AT_ONCE; i++)
		requests[i] = (struct http_request){ .target = url };
	http_send_all(stack, requests, AT_ONCE, answers);
	club_session_of(stack, &answers[0], first);
	for (int i = 0; i < AT_ONCE; i++) {
		club_session_of(stack, &answers[i], id);
		assert_string_equal(id, first);
		http_answer_clear(&answers[i]);
	}
	assert_sessions(stack, club.order_id, 1, 1);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.stripe_customers where parent_id = %lld",
	    (long long)club.parent_id), 1);
}

/* Invariant 5: nobody pays an amount that no longer fits. */
static void
test_changed_amount_replaces_the_session(void **state)
{
	struct stack *stack = *state;
	struct json_object *creates;
	char first[SESSION_ID_SIZE];
	char second[SESSION_ID_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	club_click_through(stack, club.order_id, first);
	sql_run(stack, "update teamdues.orders set amount_cents = 12000 "
	    "where order_id = %lld", (long long)club.order_id);
	club_click_through(stack, club.order_id, second);
	assert_string_not_equal(first, second);
	assert_sessions(stack, club.order_id, 1, 2);
	creates = standin_creates(stack, club.order_id);
	assert_string_equal(json_text_at(json_object_array_get_idx(creates, 1),
	    "params.line_items[0][price_data][unit_amount]"), "12000");
	json_object_put(creates);
}

static void
set_time_left(struct stack *stack, const char *session_id, int seconds)
{
	sql_run(stack, "update teamdues.checkout_sessions set expires_at = "
	    "now() + interval '%d seconds' where session_id = '%s'", seconds,
	    session_id);
}

static void
test_session_with_little_time_is_replaced(void **state)
{
	struct stack *stack = *state;
	char first[SESSION_ID_SIZE];
	char second[SESSION_ID_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	club_click_through(stack, club.order_id, first);
	set_time_left(stack, first, 660);
	club_click_through(stack, club.order_id, second);
	assert_string_equal(first, second);
	set_time_left(stack, first, 590);
	club_click_through(stack, club.order_id, second);
	assert_string_not_equal(first, second);
	assert_sessions(stack, club.order_id, 1, 2);
}

/* With its event held back, only the click's own question tells. */
static void
test_session_that_expired_is_replaced(void **state)
{
	struct stack *stack = *state;
	char first[SESSION_ID_SIZE];
	char second[SESSION_ID_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	club_click_through(stack, club.order_id, first);
	standin_deliver(stack, false);
	standin_act(stack, first, "expire", NULL);
	set_time_left(stack, first, 100);
	club_click_through(stack, club.order_id, second);
	assert_string_not_equal(first, second);
	assert_sessions(stack, club.order_id, 1, 2);
}

/* The webhook tells of it: the next click needs no luck. */
static void
test_session_whose_event_says_expired(void **state)
{
	struct stack *stack = *state;
	char first[SESSION_ID_SIZE];
	char second[SESSION_ID_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	club_click_through(stack, club.order_id, first);
	standin_act(stack, first, "expire", NULL);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from "
	    "teamdues.checkout_sessions where session_id = '%s' and status = "
	    "'expired'", first) == 1);
	club_click_through(stack, club.order_id, second);
	assert_string_not_equal(first, second);
	assert_sessions(stack, club.order_id, 1, 2);
}

/*
 * A payment whose webhook is blocked: the click finds it when it must replace
 * the session, puts it into the books, and asks for no second payment.
 */
static void
test_click_finds_the_payment_itself(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	club_click_through(stack, club.order_id, id);
	standin_deliver(stack, false);
	standin_act(stack, id, "pay", NULL);
	club_assert_status(stack, club.order_id, "pending");
	set_time_left(stack, id, 100);
	club_assert_leads_to_paid_page(stack, club.order_id);
	club_assert_status(stack, club.order_id, "paid");
	assert_int_equal(standin_session_count(stack, club.order_id, NULL), 1);
	standin_deliver(stack, true);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from "
	    "teamdues.event_overview where order_id = %lld and outcome = "
	    "'duplicate'", (long long)club.order_id) == 1);
	assert_int_equal(club_payment_count(stack, club.order_id), 1);
}

/*
 * A payment of another amount waits for a person: the family that made it is
 * not asked for a second one, until the club has decided.
 */
static void
test_payment_under_review_is_not_asked_for_again(void **state)
{
	struct stack *stack = *state;
	struct http_answer answer;
	char id[SESSION_ID_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	club_click_through(stack, club.order_id, id);
	standin_act(stack, id, "pay", "{\"amount_lie\":100}");
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from "
	    "teamdues.unmatched_overview where session_id = '%s'", id) == 1);
	club_click(stack, club.order_id, &answer);
	assert_int_equal(answer.status, 200);
	assert_non_null(strstr(answer.body, "is being looked into"));
	http_answer_clear(&answer);
	assert_int_equal(standin_session_count(stack, club.order_id, NULL), 1);

	sql_run(stack, "select teamdues.dismiss('%s', 'given back', false, "
	    "null, null, 'test', true)", id);
	club_click_through(stack, club.order_id, id);
	assert_int_equal(standin_session_count(stack, club.order_id, NULL), 2);
}

/* A bank debit is on its way: nobody is asked to pay again. */
static void
test_bank_debit_is_processing(void **state)
{
	struct stack *stack = *state;
	struct http_answer answer;
	char id[SESSION_ID_SIZE];
	struct club club;

	club_make(stack, 125000, &club);
	club_click_through(stack, club.order_id, id);
	standin_deliver(stack, false);
	standin_act(stack, id, "bank", NULL);
	set_time_left(stack, id, 100);
	for (int i = 0; i < 2; i++) {
		club_click(stack, club.order_id, &answer);
		http_assert_status(&answer, 200);
		http_assert_guarded(&answer);
		http_assert_body_has(&answer, "bank payment is on its way");
		http_assert_body_has(&answer, ", $1,250.00</p>");
		http_answer_clear(&answer);
	}
	club_assert_status(stack, club.order_id, "processing");
	assert_int_equal(standin_session_count(stack, club.order_id, NULL), 1);
}

/* Everything that the database will one day need to tell whose it is. */
static void
assert_param(struct json_object *request, const char *name,
    const char *value)
{
	struct json_object *params = json_object_object_get(request, "params");
	struct json_object *got = json_object_object_get(params, name);

	if (got == NULL || strcmp(json_object_get_string(got), value) != 0)
		fail_msg("%s is %s, not %s", name, got != NULL
		    ? json_object_get_string(got) : "absent", value);
}

/* What tells a person what it was for, in books that have lost the order. */
static void
assert_words(struct stack *stack, struct json_object *request,
    const char *prefix, const struct club *club)
{
	const struct {
		const char *key;
		char *value;
	} words[] = {
		{ "word", sql_text(stack, "select word from teamdues.orders "
		    "where order_id = %lld", (long long)club->order_id) },
		{ "player", sql_text(stack, "select 'Player %s'",
		    club->name) },
		{ "product", sql_text(stack, "select 'Entry %s'",
		    club->name) },
		{ "tournament", sql_text(stack, "select 'Cup %s, ' || "
		    "current_date + 30", club->name) },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		char name[UNIQUE_SIZE];

		snprintf(name, sizeof(name), "%s[teamdues_%s]", prefix,
		    words[i].key);
		assert_param(request, name, words[i].value);
		free(words[i].value);
	}
}

static void
assert_metadata(struct stack *stack, struct json_object *request,
    const struct club *club)
{
	static const char *const prefixes[] = { "metadata",
	    "payment_intent_data[metadata]" };
	char *installation = sql_text(stack,
	    "select installation_id from teamdues.installation");
	char name[UNIQUE_SIZE];
	char value[UNIQUE_SIZE];
	const struct {
		const char *key;
		int64_t id;
	} ids[] = {
		{ "order_id", club->order_id },
		{ "player_id", club->player_id },
		{ "product_id", club->product_id },
	};

	for (size_t p = 0; p < 2; p++) {
		for (size_t i = 0; i < 3; i++) {
			snprintf(name, sizeof(name), "%s[%s]", prefixes[p],
			    ids[i].key);
			snprintf(value, sizeof(value), "%lld",
			    (long long)ids[i].id);
			assert_param(request, name, value);
		}
		snprintf(name, sizeof(name), "%s[teamdues]", prefixes[p]);
		assert_param(request, name, installation);
		assert_words(stack, request, prefixes[p], club);
	}
	free(installation);
}

static void
test_what_is_sent_to_stripe(void **state)
{
	struct stack *stack = *state;
	struct json_object *creates;
	struct json_object *request;
	char id[SESSION_ID_SIZE];
	char text[LINK_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	club_click_through(stack, club.order_id, id);
	creates = standin_creates(stack, club.order_id);
	assert_int_equal(json_object_array_length(creates), 1);
	request = json_object_array_get_idx(creates, 0);
	assert_metadata(stack, request, &club);
	snprintf(text, sizeof(text), "%lld", (long long)club.order_id);
	assert_param(request, "client_reference_id", text);
	assert_param(request, "mode", "payment");
	assert_param(request, "line_items[0][quantity]", "1");
	assert_param(request, "line_items[0][price_data][unit_amount]",
	    "15000");
	assert_param(request, "line_items[0][price_data][currency]", "usd");
	assert_param(request, "line_items[0][adjustable_quantity][enabled]",
	    "false");
	assert_param(request, "adaptive_pricing[enabled]", "false");
	assert_param(request, "allow_promotion_codes", "false");
	assert_param(request, "automatic_tax[enabled]", "false");
	snprintf(text, sizeof(text), "For Player %s", club.name);
	assert_param(request, "line_items[0][price_data][product_data]"
	    "[description]", text);
	snprintf(text, sizeof(text), "Order %lld: Cup %s for Player %s",
	    (long long)club.order_id, club.name, club.name);
	assert_param(request, "payment_intent_data[description]", text);
	snprintf(text, sizeof(text),
	    "%s/paid.html?session_id={CHECKOUT_SESSION_ID}",
	    stack_setting(stack, "SITE_URL"));
	assert_param(request, "success_url", text);
	assert_null(json_object_object_get(json_object_object_get(request,
	    "params"), "expires_at"));
	assert_string_equal(json_text_at(request, "stripe_version"),
	    "2026-07-29.dahlia");
	json_object_put(creates);
}

/* The same stored rows make the same bytes under the same key. */
static void
test_idempotency_key_is_constant(void **state)
{
	struct stack *stack = *state;
	struct json_object *creates;
	struct http_answer answer;
	char id[SESSION_ID_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	standin_fault(stack, "{\"method\":\"POST\",\"path\":"
	    "\"/v1/checkout/sessions\",\"count\":0,\"status\":503}");
	club_click(stack, club.order_id, &answer);
	http_assert_status(&answer, 503);
	http_answer_clear(&answer);
	standin_mend(stack);
	club_click_through(stack, club.order_id, id);
	creates = standin_creates(stack, club.order_id);
	assert_true(json_object_array_length(creates) >= 2);
	for (size_t i = 1; i < json_object_array_length(creates); i++)
		assert_string_equal(json_text_at(json_object_array_get_idx(
		    creates, i), "idempotency_key"), json_text_at(
		    json_object_array_get_idx(creates, 0),
		    "idempotency_key"));
	json_object_put(creates);
	assert_sessions(stack, club.order_id, 1, 1);
}

static void
test_customer_is_made_once(void **state)
{
	struct stack *stack = *state;
	char first[SESSION_ID_SIZE];
	char second[SESSION_ID_SIZE];
	struct json_object *creates;
	struct club club;

	club_make(stack, AMOUNT, &club);
	club_click_through(stack, club.order_id, first);
	set_time_left(stack, first, 1);
	club_click_through(stack, club.order_id, second);
	creates = standin_requests(stack, &(struct standin_query){ "POST",
	    "/v1/customers", "metadata[parent_id]", club.parent_id });
	assert_int_equal(json_object_array_length(creates), 1);
	json_object_put(creates);
	creates = standin_creates(stack, club.order_id);
	assert_int_equal(json_object_array_length(creates), 2);
	assert_string_equal(
	    json_text_at(json_object_array_get_idx(creates, 0),
	    "params.customer"),
	    json_text_at(json_object_array_get_idx(creates, 1),
	    "params.customer"));
	json_object_put(creates);
}

/* Remembered, but gone: deleted in the dashboard, or of the other mode. */
static void
test_customer_that_is_gone_is_replaced(void **state)
{
	struct stack *stack = *state;
	char customer[UNIQUE_SIZE];
	char id[SESSION_ID_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	club_remember_customer(stack, &club, customer);
	club_click_through(stack, club.order_id, id);
	assert_sessions(stack, club.order_id, 1, 1);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.stripe_customers where parent_id = %lld and not "
	    "livemode", (long long)club.parent_id), 2);
	club_make(stack, AMOUNT, &club);
	sql_run(stack, "select teamdues.store_customer(%lld, 0, true, "
	    "'cus_live%lld')", (long long)club.parent_id,
	    (long long)club.parent_id);
	club_click_through(stack, club.order_id, id);
	assert_sessions(stack, club.order_id, 1, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STANDIN_TEST(test_clicks_end_at_one_session),
		STANDIN_TEST(test_clicks_at_once_end_at_one_session),
		STANDIN_TEST(test_changed_amount_replaces_the_session),
		STANDIN_TEST(test_session_with_little_time_is_replaced),
		STANDIN_TEST(test_session_that_expired_is_replaced),
		STANDIN_TEST(test_session_whose_event_says_expired),
		STANDIN_TEST(test_click_finds_the_payment_itself),
		STANDIN_TEST(test_payment_under_review_is_not_asked_for_again),
		STANDIN_TEST(test_bank_debit_is_processing),
		STANDIN_TEST(test_what_is_sent_to_stripe),
		STANDIN_TEST(test_idempotency_key_is_constant),
		STANDIN_TEST(test_customer_is_made_once),
		STANDIN_TEST(test_customer_that_is_gone_is_replaced),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
