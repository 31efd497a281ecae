/*
 * POST /webhooks/stripe, the signed round trip: what Stripe signed is recorded
 * and applied once (invariants 2 and 3), anything else is refused and changes
 * nothing (invariant 8).
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "club.h"
#include "process.h"
#include "sql.h"
#include "webhook.h"

enum { AT_ONCE = 50, PAUSE_S = 300 };

/* An order whose session is open, and the event that it was paid. */
struct paid_case {
	struct club club;
	char session_id[UNIQUE_SIZE];
	struct json_object *session;
	struct json_object *event;
	const char *body;	/* of the event, as posted */
	size_t len;
};

static void
paid_case_make(struct stack *stack, struct paid_case *c)
{
	club_make(stack, 15000, &c->club);
	club_store_session(stack, &c->club, c->session_id);
	c->session = session_paid(c->session_id, 15000);
	c->event = event_about("checkout.session.completed", c->session);
	c->body = json_object_to_json_string(c->event);
	c->len = strlen(c->body);
}

static void
paid_case_clear(struct paid_case *c)
{
	json_object_put(c->event);
	json_object_put(c->session);
}

static void
sign_with(const struct paid_case *c, const char *secret, int64_t t,
    char signature[SIGNATURE_SIZE])
{
	webhook_sign(secret, t, "v1", &(struct http_request){
		.body = c->body, .len = c->len }, signature);
}

static void
sign_rightly(struct stack *stack, const struct paid_case *c,
    char signature[SIGNATURE_SIZE])
{
	char *secret = stack_first_secret(stack, "STRIPE_WEBHOOK_SECRET");

	sign_with(c, secret, now_s(), signature);
	free(secret);
}

/* 400, in the form of a problem, and the order is as it was. */
static void
assert_refused(struct stack *stack, struct paid_case *c, const char *body,
    const char *signature)
{
	struct http_answer answer;

	webhook_post(stack, body, strlen(body), signature, &answer);
	http_assert_status(&answer, 400);
	http_assert_guarded(&answer);
	http_assert_header(&answer, "Content-Type",
	    "application/problem+json");
	http_answer_clear(&answer);
	club_assert_status(stack, c->club.order_id, "pending");
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.event_overview where event_id = '%s'",
	    json_text_at(c->event, "id")), 0);
}

static void
test_signed_event_pays_the_order(void **state)
{
	struct stack *stack = *state;
	struct http_answer answer;
	struct paid_case c;

	paid_case_make(stack, &c);
	club_assert_status(stack, c.club.order_id, "pending");
	webhook_deliver(stack, c.event, &answer);
	http_assert_status(&answer, 200);
	http_assert_guarded(&answer);
	http_assert_header(&answer, "Content-Type", "application/json");
	http_assert_body_has(&answer, "\"received\":true");
	http_assert_body_has(&answer, "\"outcome\":\"applied\"");
	http_answer_clear(&answer);
	club_assert_paid_by(stack, c.club.order_id,
	    json_text_at(c.session, "payment_intent"));
	webhook_assert_overview(stack, json_text_at(c.event, "id"), "applied",
	    "");
	sql_assert_text(stack, c.body, "select payload from "
	    "teamdues.event_detail where event_id = '%s'",
	    json_text_at(c.event, "id"));
	paid_case_clear(&c);
}

static void
test_one_changed_bit_is_refused(void **state)
{
	struct stack *stack = *state;
	char signature[SIGNATURE_SIZE];
	struct paid_case c;
	char *changed;

	paid_case_make(stack, &c);
	sign_rightly(stack, &c, signature);
	changed = strdup(c.body);
	assert_non_null(changed);
	/* Still JSON: a letter of the payer's name. */
	*strstr(changed, "Pat Payer") ^= 1;
	assert_refused(stack, &c, changed, signature);
	free(changed);
	paid_case_clear(&c);
}

static void
test_wrong_secret_is_refused(void **state)
{
	struct stack *stack = *state;
	char signature[SIGNATURE_SIZE];
	struct paid_case c;

	paid_case_make(stack, &c);
	sign_with(&c, "whsec_not_the_secret_of_this_stack", now_s(), signature);
	assert_refused(stack, &c, c.body, signature);
	paid_case_clear(&c);
}

static void
test_refusal_is_a_warning(void **state)
{
	struct stack *stack = *state;
	char path[STACK_PATH_SIZE];
	struct http_answer answer;
	char *log;

	webhook_post(stack, "{}", 2, "t=1,v1=00", &answer);
	http_assert_status(&answer, 400);
	http_answer_clear(&answer);
	stack_path(stack, "state/log/webhooks-stripe.log", path);
	log = stack_read_file(path);
	assert_non_null(strstr(log, "warn signature_refused "));
	free(log);
}

/* A signature is good for 300 s in both directions, and not for longer. */
static void
test_stale_timestamp_is_refused(void **state)
{
	struct stack *stack = *state;
	char *secret = stack_first_secret(stack, "STRIPE_WEBHOOK_SECRET");
	char signature[SIGNATURE_SIZE];
	struct http_answer answer;
	struct paid_case c;

	paid_case_make(stack, &c);
	sign_with(&c, secret, now_s() - PAUSE_S - 2, signature);
	assert_refused(stack, &c, c.body, signature);
	sign_with(&c, secret, now_s() + PAUSE_S + 5, signature);
	assert_refused(stack, &c, c.body, signature);
	sign_with(&c, secret, now_s() - PAUSE_S + 10, signature);
	webhook_post(stack, c.body, c.len, signature, &answer);
	http_assert_status(&answer, 200);
	http_answer_clear(&answer);
	paid_case_clear(&c);
	free(secret);
}

static void
test_missing_signature_is_refused(void **state)
{
	struct stack *stack = *state;
	struct paid_case c;

	paid_case_make(stack, &c);
	assert_refused(stack, &c, c.body, NULL);
	assert_refused(stack, &c, c.body, "");
	assert_refused(stack, &c, c.body, "v1=00,t=");
	paid_case_clear(&c);
}

/* v0 is the scheme of Stripe's test events: it signs nothing for us. */
static void
test_v0_alone_is_refused(void **state)
{
	struct stack *stack = *state;
	char *secret = stack_first_secret(stack, "STRIPE_WEBHOOK_SECRET");
	char signature[SIGNATURE_SIZE];
	struct paid_case c;

	paid_case_make(stack, &c);
	webhook_sign(secret, now_s(), "v0", &(struct http_request){
		.body = c.body, .len = c.len }, signature);
	assert_refused(stack, &c, c.body, signature);
	paid_case_clear(&c);
	free(secret);
}

/*
 * Signed by Stripe's own library, so that no error of ours can be on both
 * sides.  Its packages are there once the conformance tests ran.
 */
static void
test_signed_by_stripe_s_sdk(void **state)
{
	static const char script[] = "tests/conformance/sign.js";
	struct stack *stack = *state;
	char *secret = stack_first_secret(stack, "STRIPE_WEBHOOK_SECRET");
	char t[UNIQUE_SIZE];
	struct http_answer answer;
	struct paid_case c;
	struct run run = { .argv = (const char *const[]){ "/usr/bin/env",
	    "node", script, secret, t, NULL }, .is_bare = true };

	if (access("tests/conformance/node_modules/stripe", R_OK) != 0) {
		free(secret);
		skip();
	}
	paid_case_make(stack, &c);
	snprintf(t, sizeof(t), "%lld", (long long)now_s());
	run.input = c.body;
	run.input_len = c.len;
	run_command(stack, &run);
	assert_int_equal(run.code, 0);
	run.output[strcspn(run.output, "\n")] = '\0';
	assert_refused(stack, &c, "{}", run.output);
	webhook_post(stack, c.body, c.len, run.output, &answer);
	http_assert_status(&answer, 200);
	http_answer_clear(&answer);
	club_assert_status(stack, c.club.order_id, "paid");
	run_clear(&run);
	paid_case_clear(&c);
	free(secret);
}

/* While Stripe rolls a secret it signs with both: either may be ours. */
static void
test_second_v1_is_believed(void **state)
{
	struct stack *stack = *state;
	char right[SIGNATURE_SIZE];
	char both[2 * SIGNATURE_SIZE];
	struct http_answer answer;
	struct paid_case c;
	const char *v1;

	paid_case_make(stack, &c);
	sign_rightly(stack, &c, right);
	v1 = strchr(right, ',');
	snprintf(both, sizeof(both), "%.*s,v1=%064d,v0=00%s",
	    (int)(v1 - right), right, 7, v1);
	webhook_post(stack, c.body, c.len, both, &answer);
	http_assert_status(&answer, 200);
	http_answer_clear(&answer);
	club_assert_status(stack, c.club.order_id, "paid");
	paid_case_clear(&c);
}

/* Invariant 2: the same event fifty times at once is one payment. */
static void
test_fifty_at_once_are_one_payment(void **state)
{
	struct stack *stack = *state;
	struct http_request requests[AT_ONCE];
	struct http_answer answers[AT_ONCE];
	char signature[SIGNATURE_SIZE];
	char header[SIGNATURE_SIZE + 32];
	struct paid_case c;
	int applied = 0;

	paid_case_make(stack, &c);
	sign_rightly(stack, &c, signature);
	snprintf(header, sizeof(header), "Stripe-Signature: %s", signature);
	for (int i = 0; i < AT_ONCE; i++)
		requests[i] = (struct http_request){
			.method = "POST", .target = "/webhooks/stripe",
			.headers = { header }, .body = c.body, .len = c.len };
	http_send_all(stack, requests, AT_ONCE, answers);
	for (int i = 0; i < AT_ONCE; i++) {
		http_assert_status(&answers[i], 200);
		if (strstr(answers[i].body, "\"applied\"") != NULL)
			applied++;
		else
			http_assert_body_has(&answers[i], "\"duplicate\"");
		http_answer_clear(&answers[i]);
	}
	assert_int_equal(applied, 1);
	assert_int_equal(club_payment_count(stack, c.club.order_id), 1);
	club_assert_paid_by(stack, c.club.order_id,
	    json_text_at(c.session, "payment_intent"));
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.event_overview where event_id = '%s'",
	    json_text_at(c.event, "id")), 1);
	paid_case_clear(&c);
}

/* Signed, and yet no event: refused, so that Stripe shows it as failed. */
static void
assert_signed_body_refused(struct stack *stack, const char *body, size_t len,
    const char *part)
{
	char *secret = stack_first_secret(stack, "STRIPE_WEBHOOK_SECRET");
	char signature[SIGNATURE_SIZE];
	struct http_answer answer;
	int64_t events = sql_int(stack,
	    "select count(*) from teamdues.event_overview");

	webhook_sign(secret, now_s(), "v1", &(struct http_request){
		.body = body, .len = len }, signature);
	webhook_post(stack, body, len, signature, &answer);
	http_assert_status(&answer, 400);
	http_assert_guarded(&answer);
	http_assert_body_has(&answer, part);
	http_answer_clear(&answer);
	assert_int_equal(sql_int(stack,
	    "select count(*) from teamdues.event_overview"), events);
	free(secret);
}

static void
test_signed_but_no_event_is_refused(void **state)
{
	static const char *const bodies[] = {
		"", "{", "not JSON", "[]", "\"event\"", "null", "{}",
		"{\"object\":\"event\"}",
		"{\"object\":\"customer\",\"id\":\"cus_1\"}",
		"{\"object\":\"event\",\"id\":\"evt_1\",\"type\":\"x\","
		"\"created\":\"soon\",\"livemode\":false}",
		"{\"object\":\"event\",\"id\":\"evt 1'\",\"type\":\"x\","
		"\"created\":1,\"livemode\":false}",
		"{\"object\":\"event\",\"id\":\"evt_1\",\"type\":\"\xff\","
		"\"created\":1,\"livemode\":false}",
	};

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		assert_signed_body_refused(*state, bodies[i],
		    strlen(bodies[i]), "\"code\":\"bad_input\"");
	assert_signed_body_refused(*state, "{\"a\":\0}", 7, "bad_input");
}

static void
test_thin_event_is_refused_by_name(void **state)
{
	static const char body[] = "{\"object\":\"v2.core.event\",\"id\":"
	    "\"evt_thin1\",\"type\":\"v1.checkout.session.completed\","
	    "\"created\":\"2026-01-01T00:00:00Z\"}";

	assert_signed_body_refused(*state, body, strlen(body), "thin event");
}

/* 1 MiB is taken, one byte more is not even read by the program. */
static void
test_large_bodies(void **state)
{
	struct stack *stack = *state;
	size_t len = 1024 * 1024 + 1;
	char signature[SIGNATURE_SIZE];
	struct http_answer answer;
	struct paid_case c;
	char *body = malloc(len + 1);

	assert_non_null(body);
	paid_case_make(stack, &c);
	memset(body, ' ', len);
	body[len] = '\0';
	memcpy(body, c.body, c.len);
	webhook_post(stack, body, len, "t=1,v1=00", &answer);
	http_assert_status(&answer, 413);
	http_assert_guarded(&answer);
	http_answer_clear(&answer);
	c.body = body;
	c.len = len - 1;
	sign_rightly(stack, &c, signature);
	webhook_post(stack, body, len - 1, signature, &answer);
	http_assert_status(&answer, 200);
	http_answer_clear(&answer);
	club_assert_status(stack, c.club.order_id, "paid");
	free(body);
	paid_case_clear(&c);
}

static void
test_other_methods_are_told_which(void **state)
{
	static const char *const methods[] = { "GET", "HEAD", "PUT", "DELETE",
	    "OPTIONS", "PATCH" };
	struct http_answer answer;

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		http_send(*state, &(struct http_request){
			.method = methods[i], .target = "/webhooks/stripe",
		}, &answer);
		http_assert_status(&answer, 405);
		http_assert_header(&answer, "Allow", "POST");
		http_assert_guarded(&answer);
		http_answer_clear(&answer);
	}
}

/* An id that was recorded stands for that event alone. */
static void
test_an_id_used_for_another_event_is_refused(void **state)
{
	struct stack *stack = *state;
	struct http_answer answer;
	struct paid_case first;
	struct paid_case second;

	paid_case_make(stack, &first);
	paid_case_make(stack, &second);
	webhook_expect_event(stack, first.event, "applied");
	json_set_text(second.event, "id", json_text_at(first.event, "id"));
	webhook_deliver(stack, second.event, &answer);
	http_assert_status(&answer, 400);
	http_answer_clear(&answer);
	club_assert_status(stack, second.club.order_id, "pending");
	club_assert_status(stack, first.club.order_id, "paid");
	paid_case_clear(&first);
	paid_case_clear(&second);
}

/* Types that we do not handle are recorded and left at that. */
static void
test_other_types_are_ignored(void **state)
{
	struct stack *stack = *state;
	struct json_object *product = json_tokener_parse(
	    "{\"object\":\"product\",\"id\":\"prod_1\"}");
	struct json_object *event = event_about("product.created", product);

	webhook_expect_event(stack, event, "ignored");
	webhook_expect_event(stack, event, "duplicate");
	webhook_assert_overview(stack, json_text_at(event, "id"), "ignored",
	    "");
	json_object_put(event);
	json_object_put(product);
}

/* The endpoint's version is not ours to choose: it is recorded, said once, and
 * harms nothing. */
static void
test_another_api_version_is_said_once(void **state)
{
	struct stack *stack = *state;
	struct json_object *product = json_tokener_parse(
	    "{\"object\":\"product\",\"id\":\"prod_2\"}");

	for (int i = 0; i < 2; i++) {
		struct json_object *event = event_about("product.updated",
		    product);

		json_set_text(event, "api_version", "2020-08-27");
		webhook_expect_event(stack, event, "ignored");
		assert_int_equal(sql_int(stack, "select count(*) from "
		    "teamdues.stripe_events where event_id = '%s' and "
		    "api_version = '2020-08-27'",
		    json_text_at(event, "id")), 1);
		json_object_put(event);
	}
	assert_int_equal(stack_count_logged(stack, "webhooks-stripe",
	    "warn event_version "), 1);
	json_object_put(product);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYSTEM_TEST(test_signed_event_pays_the_order),
		SYSTEM_TEST(test_one_changed_bit_is_refused),
		SYSTEM_TEST(test_wrong_secret_is_refused),
		SYSTEM_TEST(test_refusal_is_a_warning),
		SYSTEM_TEST(test_stale_timestamp_is_refused),
		SYSTEM_TEST(test_missing_signature_is_refused),
		SYSTEM_TEST(test_v0_alone_is_refused),
		SYSTEM_TEST(test_signed_by_stripe_s_sdk),
		SYSTEM_TEST(test_second_v1_is_believed),
		SYSTEM_TEST(test_fifty_at_once_are_one_payment),
		SYSTEM_TEST(test_signed_but_no_event_is_refused),
		SYSTEM_TEST(test_thin_event_is_refused_by_name),
		SYSTEM_TEST(test_large_bodies),
		SYSTEM_TEST(test_other_methods_are_told_which),
		SYSTEM_TEST(test_an_id_used_for_another_event_is_refused),
		SYSTEM_TEST(test_other_types_are_ignored),
		SYSTEM_TEST(test_another_api_version_is_said_once),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
