/*
 * Signed nonsense: one field at a time of a good event is replaced.  What comes
 * is refused with a reason or recorded with one, never answered with a 5xx; it
 * changes no order (invariant 8) and harms no good event beside it (invariant
 * 3).
 */
#include <stdio.h>
#include <stdlib.h>

#include "club.h"
#include "sql.h"
#include "webhook.h"

enum { AMOUNT = 15000, MEBIBYTE = 1024 * 1024, DEEP = 10000, BESIDE = 4,
	TOGETHER = 24 };

#define X63 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X256 X63 "x" X63 "x" X63 "x" X63 "x"
#define OBJECT "data.object."

/* What stands in a field's place, as raw JSON, and what comes of it. */
struct bad_case {
	const char *path;	/* in the event; made when absent */
	const char *raw;	/* NULL: the field is not there at all */
	const char *outcome;	/* NULL: refused with 400 */
	const char *reason;	/* a part of what is said */
};

/* Of checkout.session.completed for a session of ours. */
static const struct bad_case of_session[] = {
	{ "id", NULL, NULL, "id" },
	{ "id", "5", NULL, "id" },
	{ "id", "\"\"", NULL, "id" },
	{ "id", "\"evt-1\"", NULL, "not an id" },
	{ "id", "\"evt_1\\u0000\"", NULL, "id" },
	{ "id", "\"" X256 "\"", NULL, "id" },
	{ "object", NULL, NULL, "not an event" },
	{ "type", NULL, NULL, "type" },
	{ "type", "\"\"", NULL, "type" },
	{ "type", "[\"checkout.session.completed\"]", NULL, "type" },
	{ "type", "\"" X256 "\"", NULL, "type" },
	{ "type", "\"no.such.type\"", "ignored", "not about a payment" },
	{ "created", NULL, NULL, "created" },
	{ "created", "\"soon\"", NULL, "created" },
	{ "created", "-1", NULL, "created" },
	{ "created", "1.5", NULL, "created" },
	{ "created", "1e300", NULL, "created" },
	{ "created", "9223372036854775807", NULL, "created" },
	{ "created", "99999999999999999999999", NULL, "created" },
	{ "livemode", NULL, NULL, "livemode" },
	{ "livemode", "\"false\"", NULL, "livemode" },
	{ "api_version", "{}", NULL, "api_version" },
	{ "api_version", "\"" X256 "\"", NULL, "api_version" },
	{ "account", "\"acct_1\"", "foreign", "connected account" },
	{ "context", "\"acct_1\"", "foreign", "connected account" },
	{ "data", NULL, "review", "data.object is missing" },
	{ "data", "[]", "review", "data.object is missing" },
	{ "data.object", "null", "review", "data.object is missing" },
	{ "data.object", "\"cs_1\"", "review", "data.object is missing" },
	{ "data.object", "{}", "review", "not a Checkout Session" },
	{ OBJECT "object", "\"charge\"", "review", "not a Checkout Session" },
	{ OBJECT "id", NULL, "review", "id" },
	{ OBJECT "id", "7", "review", "id" },
	{ OBJECT "id", "\"cs 1\"", "review", "not an id" },
	{ OBJECT "id", "\"" X256 "\"", "review", "id" },
	{ OBJECT "mode", NULL, "review", "mode" },
	{ OBJECT "mode", "5", "review", "mode" },
	{ OBJECT "mode", "\"subscription\"", "foreign", "payment mode" },
	{ OBJECT "status", NULL, "review", "status" },
	{ OBJECT "status", "\"done\"", "review", "means nothing" },
	{ OBJECT "status", "\"open\"", "review", "open session" },
	{ OBJECT "payment_status", NULL, "review", "payment_status" },
	{ OBJECT "payment_status", "\"PAID\"", "review", "means nothing" },
	{ OBJECT "payment_status", "true", "review", "payment_status" },
	{ OBJECT "livemode", NULL, "review", "livemode" },
	{ OBJECT "livemode", "true", "review", "live mode" },
	{ OBJECT "amount_total", NULL, "review", "amount_total" },
	{ OBJECT "amount_total", "null", "review", "amount_total" },
	{ OBJECT "amount_total", "\"15000\"", "review", "amount_total" },
	{ OBJECT "amount_total", "15000.0", "review", "amount_total" },
	{ OBJECT "amount_total", "1.5e4", "review", "amount_total" },
	{ OBJECT "amount_total", "-15000", "review", "amount_total" },
	{ OBJECT "amount_total", "14999", "review", "wrong amount" },
	{ OBJECT "amount_total", "0", "review", "wrong amount" },
	{ OBJECT "amount_total", "100000000", "review", "amount_total" },
	{ OBJECT "amount_total", "9223372036854775808", "review",
	    "amount_total" },
	{ OBJECT "amount_total", "99999999999999999999999999", "review",
	    "amount_total" },
	{ OBJECT "currency", NULL, "review", "currency" },
	{ OBJECT "currency", "\"USD\"", "review", "currency" },
	{ OBJECT "currency", "\"usdollar\"", "review", "currency" },
	{ OBJECT "currency", "\"\\u00fcsd\"", "review", "currency" },
	{ OBJECT "currency", "\"zzz\"", "review", "wrong currency" },
	{ OBJECT "currency", "\"us\\u0000\"", "review", "currency" },
	{ OBJECT "created", "-5", "review", "created" },
	{ OBJECT "created", "9e99", "review", "created" },
	{ OBJECT "expires_at", "\"never\"", "review", "expires_at" },
	{ OBJECT "url", "8", "review", "url" },
	{ OBJECT "payment_intent", NULL, "review", "payment intent" },
	{ OBJECT "payment_intent", "5", "review", "payment_intent" },
	{ OBJECT "payment_intent", "{}", "review", "id" },
	{ OBJECT "payment_intent", "\"pi'--\"", "review", "not an id" },
	{ OBJECT "customer", "[]", "review", "customer" },
	{ OBJECT "client_reference_id", "12", "review",
	    "client_reference_id" },
	{ OBJECT "client_reference_id", "\"999999\"", "review",
	    "contradictory" },
	{ OBJECT "customer_details.email", "{}", "review", "email" },
	{ OBJECT "metadata", "[]", "review", "metadata" },
	{ OBJECT "metadata", "\"order_id=1\"", "review", "metadata" },
	{ OBJECT "metadata.order_id", "\"999999\"", "review",
	    "contradictory" },
	{ OBJECT "metadata.teamdues", "\"td_of_others\"", "foreign",
	    "another installation" },
};

/* What people may have written anywhere does not stand in a payment's way. */
static const struct bad_case harmless[] = {
	{ OBJECT "client_reference_id", "\"a\\u0000b\"", "applied", "" },
	{ OBJECT "client_reference_id", "\"" X256 "\"", "applied", "" },
	{ OBJECT "customer_details.email", "\"a\\u0000@b\"", "applied", "" },
	{ OBJECT "customer_details.email", "\"\\ud800\"", "applied", "" },
	{ OBJECT "customer_details.email", "\"\\udc00\\ud800\"", "applied",
	    "" },
	{ OBJECT "customer_details.name", "\"\\u0000\\ud83d\"", "applied",
	    "" },
	{ OBJECT "metadata.order_id", "12", "applied", "" },
	{ OBJECT "metadata.order_id", "\"WC-\\u0000\"", "applied", "" },
	{ OBJECT "metadata.order_id", "\"0\"", "applied", "" },
	{ OBJECT "metadata.order_id", "\"9999999999999999999999\"", "applied",
	    "" },
	{ OBJECT "metadata", "{\"a\\u0000b\":\"\",\"\":1,\"\\ud800\":[]}",
	    "applied", "" },
	{ OBJECT "metadata", "null", "applied", "" },
	{ OBJECT "customer_details.name", "\"Zo\xc3\xab \xf0\x9f\x98\x80\"",
	    "applied", "" },
	{ OBJECT "customer_details.name", "\"Zo\\u00eb \\ud83d\\ude00\"",
	    "applied", "" },
	{ OBJECT "total_details.amount_tax", "123456789012345678901234567890",
	    "applied", "" },
	{ "pending_webhooks", "-1e999", "applied", "" },
	{ "api_version", "null", "applied", "" },
};

/* Of refund.created for an order that is paid. */
static const struct bad_case of_refund[] = {
	{ OBJECT "id", NULL, "review", "id" },
	{ OBJECT "status", NULL, "review", "status" },
	{ OBJECT "status", "\"given\"", "review", "unknown status" },
	{ OBJECT "status", "\"succeeded\\u0000\"", "review", "status" },
	{ OBJECT "amount", NULL, "review", "amount" },
	{ OBJECT "amount", "-1", "review", "amount" },
	{ OBJECT "amount", "1e3", "review", "amount" },
	{ OBJECT "amount", "123456789012345678901234567890", "review",
	    "amount" },
	{ OBJECT "payment_intent", NULL, "ignored", "no payment intent" },
	{ OBJECT "payment_intent", "\"pi_of_others\"", "ignored",
	    "payment not known" },
	{ OBJECT "payment_intent", "\"" X256 "\"", "review",
	    "payment_intent" },
	{ "livemode", "true", "review", "live mode" },
};

/* The text of event with what the case puts into it; the caller frees it. */
static char *
spoilt_text(struct json_object *event, const struct bad_case *c)
{
	static const char mark[] = "\"@@\"";
	const char *leaf = strrchr(c->path, '.');
	const char *text;
	const char *at;
	char name[UNIQUE_SIZE];
	char *spoilt;

	json_set_text(event, c->path, "@@");
	text = json_object_to_json_string_ext(event, JSON_C_TO_STRING_PLAIN);
	snprintf(name, sizeof(name), "\"%s\":\"@@\"",
	    leaf != NULL ? leaf + 1 : c->path);
	at = strstr(text, c->raw != NULL ? mark : name);
	assert_non_null(at);
	spoilt = malloc(strlen(text) + (c->raw != NULL ? strlen(c->raw) : 0) +
	    sizeof(name));
	assert_non_null(spoilt);
	sprintf(spoilt, "%.*s%s%s", (int)(at - text), text,
	    c->raw != NULL ? c->raw : "\"absent\":0",
	    at + strlen(c->raw != NULL ? mark : name));
	return spoilt;
}

static void
post_signed(struct stack *stack, const char *body, size_t len,
    struct http_answer *answer)
{
	char *secret = stack_first_secret(stack, "STRIPE_WEBHOOK_SECRET");
	char signature[SIGNATURE_SIZE];

	webhook_sign(secret, now_s(), "v1", &(struct http_request){
	    .body = body, .len = len }, signature);
	webhook_post(stack, body, len, signature, answer);
	free(secret);
}

/* The reason that is given: in the answer, or in what was recorded. */
static void
check_answer(struct stack *stack, const struct bad_case *c,
    const char *event_id, const struct http_answer *answer)
{
	char outcome[UNIQUE_SIZE];

	if (answer->status != (c->outcome != NULL ? 200 : 400))
		fail_msg("%s as %.60s: %ld %s", c->path,
		    c->raw != NULL ? c->raw : "nothing", answer->status,
		    answer->body);
	if (c->outcome == NULL) {
		http_assert_body_has(answer, c->reason);
		return;
	}
	snprintf(outcome, sizeof(outcome), "\"outcome\":\"%s\"", c->outcome);
	if (strstr(answer->body, outcome) == NULL)
		fail_msg("%s as %.60s: not %s: %s", c->path,
		    c->raw != NULL ? c->raw : "nothing", c->outcome,
		    answer->body);
	webhook_assert_overview(stack, event_id, c->outcome, c->reason);
}

/* An order with an open session, or (is_paid) one that is paid already. */
struct victim {
	struct club club;
	char session_id[UNIQUE_SIZE];
	struct json_object *session;
};

static void
victim_make(struct stack *stack, bool is_paid, struct victim *v)
{
	club_make(stack, AMOUNT, &v->club);
	club_store_session(stack, &v->club, v->session_id);
	v->session = session_paid(v->session_id, AMOUNT);
	if (is_paid)
		webhook_expect(stack, v->session, "applied");
}

static struct json_object *
refund_of(const struct victim *v)
{
	struct json_object *refund = json_object_new_object();
	char id[UNIQUE_SIZE];

	unique_name("re_", id);
	json_set_text(refund, "id", id);
	json_set_text(refund, "payment_intent",
	    json_text_at(v->session, "payment_intent"));
	json_set_text(refund, "status", "succeeded");
	json_set_int(refund, "amount", 500);
	return refund;
}

/* status: how the order must stand after it. */
static void
try_case(struct stack *stack, const struct bad_case *c, bool is_refund,
    const char *status)
{
	struct http_answer answer;
	struct json_object *object;
	struct json_object *event;
	struct victim v;
	char *id;
	char *body;

	victim_make(stack, is_refund, &v);
	object = is_refund ? refund_of(&v) : json_object_get(v.session);
	event = event_about(is_refund ? "refund.created"
	    : "checkout.session.completed", object);
	id = strdup(json_text_at(event, "id"));
	assert_non_null(id);
	body = spoilt_text(event, c);
	post_signed(stack, body, strlen(body), &answer);
	check_answer(stack, c, id, &answer);
	club_assert_status(stack, v.club.order_id, status);
	http_answer_clear(&answer);
	free(body);
	free(id);
	json_object_put(event);
	json_object_put(object);
	json_object_put(v.session);
}

static void
assert_audited(struct stack *stack)
{
	assert_int_equal(sql_int(stack,
	    "select count(*) from teamdues.audit()"), 0);
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
test_a_bad_session_changes_no_order(void **state)
{
	for (size_t i = 0; i < COUNT(of_session); i++)
		try_case(*state, &of_session[i], false, "pending");
	assert_audited(*state);
}

static void
test_what_people_wrote_stops_no_payment(void **state)
{
	for (size_t i = 0; i < COUNT(harmless); i++)
		try_case(*state, &harmless[i], false, "paid");
	assert_audited(*state);
}

static void
test_a_bad_refund_changes_no_order(void **state)
{
	for (size_t i = 0; i < COUNT(of_refund); i++)
		try_case(*state, &of_refund[i], true, "paid");
	assert_audited(*state);
}

/* Nesting of DEEP arrays, or a mebibyte of one text. */
static char *
huge_raw(bool is_deep)
{
	size_t len = is_deep ? 2 * DEEP : MEBIBYTE - 4096;
	char *raw = malloc(len + 1);

	assert_non_null(raw);
	memset(raw, is_deep ? '[' : 'x', len);
	if (is_deep)
		memset(raw + DEEP, ']', DEEP);
	else
		raw[0] = raw[len - 1] = '"';
	raw[len] = '\0';
	return raw;
}

static void
test_deep_and_large_ones(void **state)
{
	char *deep = huge_raw(true);
	char *large = huge_raw(false);
	const struct bad_case cases[] = {
		{ OBJECT "metadata", deep, NULL, "not JSON" },
		{ "request", deep, NULL, "not JSON" },
		{ OBJECT "id", large, "review", "id" },
		{ OBJECT "metadata", large, "review", "metadata" },
		{ "type", large, NULL, "type" },
	};
	const struct bad_case taken[] = {
		{ OBJECT "customer_details.email", large, "applied", "" },
		{ OBJECT "metadata.note", large, "applied", "" },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		try_case(*state, &cases[i], false, "pending");
	for (size_t i = 0; i < COUNT(taken); i++)
		try_case(*state, &taken[i], false, "paid");
	free(deep);
	free(large);
}

static void
test_bodies_that_are_no_json_are_refused(void **state)
{
	static const char *const bytes[] = { "\"\xff\"", "\"\xc0\xaf\"",
	    "\"\xed\xa0\x80\"", "\"\xf5\x80\x80\x80\"", "\"\xe2\x82\"",
	    "\"\x01\"", "\"\\x41\"", "'x'", "NaN" };
	static const struct bad_case twice = { OBJECT "customer_details.name",
	    "\"a\",\"name\":\"b\"", NULL, "repeated member name" };

	for (size_t i = 0; i < COUNT(bytes); i++)
		try_case(*state, &(struct bad_case){
		    OBJECT "customer_details.name", bytes[i], NULL,
		    "not JSON" }, false, "pending");
	try_case(*state, &twice, false, "pending");
}

/* One request more: signed, with a body that the caller frees. */
struct post {
	char signature[SIGNATURE_SIZE + 32];
	char *body;
};

static void
post_prepare(struct stack *stack, struct post *post,
    struct http_request *request)
{
	char *secret = stack_first_secret(stack, "STRIPE_WEBHOOK_SECRET");
	char signature[SIGNATURE_SIZE];

	*request = (struct http_request){ .method = "POST",
	    .target = "/webhooks/stripe", .body = post->body,
	    .len = strlen(post->body) };
	webhook_sign(secret, now_s(), "v1", request, signature);
	snprintf(post->signature, sizeof(post->signature),
	    "Stripe-Signature: %s", signature);
	request->headers[0] = post->signature;
	free(secret);
}

/* Every BESIDE-th is good, for an order of its own; the others are spoilt. */
static void
post_together(struct stack *stack, size_t first)
{
	struct http_request requests[TOGETHER];
	struct http_answer answers[TOGETHER];
	struct post posts[TOGETHER];
	struct victim victims[TOGETHER];

	for (size_t i = 0; i < TOGETHER; i++) {
		struct json_object *event;

		victim_make(stack, false, &victims[i]);
		event = event_about("checkout.session.completed",
		    victims[i].session);
		posts[i].body = i % BESIDE == 0
		    ? strdup(json_object_to_json_string(event))
		    : spoilt_text(event, &of_session[(first + i)
		    % COUNT(of_session)]);
		assert_non_null(posts[i].body);
		post_prepare(stack, &posts[i], &requests[i]);
		json_object_put(event);
	}
	http_send_all(stack, requests, TOGETHER, answers);
	for (size_t i = 0; i < TOGETHER; i++) {
		if (answers[i].status != 200 && answers[i].status != 400)
			fail_msg("%ld for %s", answers[i].status,
			    posts[i].body);
		club_assert_status(stack, victims[i].club.order_id,
		    i % BESIDE == 0 ? "paid" : "pending");
		http_answer_clear(&answers[i]);
		free(posts[i].body);
		json_object_put(victims[i].session);
	}
}

/* What arrives together is committed together; a bad one falls alone. */
static void
test_bad_ones_harm_no_good_one_beside_them(void **state)
{
	for (size_t first = 0; first < COUNT(of_session); first += TOGETHER)
		post_together(*state, first);
	assert_audited(*state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYSTEM_TEST(test_a_bad_session_changes_no_order),
		SYSTEM_TEST(test_what_people_wrote_stops_no_payment),
		SYSTEM_TEST(test_a_bad_refund_changes_no_order),
		SYSTEM_TEST(test_deep_and_large_ones),
		SYSTEM_TEST(test_bodies_that_are_no_json_are_refused),
		SYSTEM_TEST(test_bad_ones_harm_no_good_one_beside_them),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
