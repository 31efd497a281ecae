/* What all the sessions of an order together come to, in any order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "billing/repair/repair_plan.h"

enum { TEXT_SIZE = 512 };

static const struct checkout_order order = {
	.order_id = 12,
	.word = "a-random_",
	.player_id = 3,
	.product_id = 4,
	.status = ORDER_PENDING,
	.left_cents = 15000,
	.currency = "usd",
	.installation_id = "td_1",
};

/* A session as Stripe shows it: status, payment status, intent's status. */
struct shown {
	const char *name;
	enum session_status status;
	enum payment_status payment;
	const char *intent;
	bool is_open_here;
	bool is_bare;		/* without metadata */
	bool is_lost;		/* 404 */
};

static const struct shown kinds[] = {
	{ "lost", SESSION_OPEN, PAYMENT_UNPAID, NULL, true, false, true },
	{ "expired", SESSION_EXPIRED, PAYMENT_UNPAID, NULL, false, false,
	    false },
	{ "failed", SESSION_COMPLETE, PAYMENT_UNPAID,
	    "requires_payment_method", false, false, false },
	{ "good", SESSION_OPEN, PAYMENT_UNPAID, NULL, true, false, false },
	{ "bare", SESSION_OPEN, PAYMENT_UNPAID, NULL, true, true, false },
	{ "unpaid", SESSION_COMPLETE, PAYMENT_UNPAID, "processing", false,
	    false, false },
	{ "paid", SESSION_COMPLETE, PAYMENT_PAID, "succeeded", false, false,
	    false },
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static const enum session_finding findings[KINDS] = { FOUND_UNKNOWN,
	FOUND_EXPIRED, FOUND_FAILED, FOUND_GOOD, FOUND_BROKEN, FOUND_UNPAID,
	FOUND_PAID };

static const enum repair repairs[KINDS] = { REPAIR_REPLACE, REPAIR_REPLACE,
	REPAIR_REPLACE, REPAIR_LEAVE, REPAIR_REPLACE, REPAIR_FULFIL,
	REPAIR_FULFIL };

/* The session's text is kept until the next. */
static void
make(const struct shown *shown, struct stripe_session *session)
{
	static char text[TEXT_SIZE];
	struct buf b = BUF_FIXED(text);
	struct err err;

	buf_putf(&b, "{\"metadata\":%s", shown->is_bare ? "{}"
	    : "{\"order_id\":\"12\",\"player_id\":\"3\","
	    "\"product_id\":\"4\",\"teamdues\":\"td_1\","
	    "\"teamdues_word\":\"a-random_\"}");
	if (shown->intent != NULL)
		buf_putf(&b, ",\"payment_intent\":{\"status\":\"%s\"}",
		    shown->intent);
	buf_putc(&b, '}');
	*session = (struct stripe_session){
		.mode = "payment",
		.status = shown->status,
		.payment_status = shown->payment,
		.amount_total = 15000,
		.currency = "usd",
		.client_reference_id = "12",
	};
	assert_int_equal(json_parse(text, b.len, &session->doc, &err), ST_OK);
	session->json = json_root(&session->doc);
	session->metadata = json_at(session->json, "metadata");
}

static bool
add(struct repair_plan *plan, const struct shown *shown)
{
	struct stripe_session session;
	struct seen_session seen = { shown->name, shown->is_open_here,
	    shown->is_lost ? NULL : &session };
	bool outweighs;

	make(shown, &session);
	outweighs = repair_plan_add(plan, &order, &seen);
	stripe_session_clear(&session);
	return outweighs;
}

static void
test_each_alone(void **state)
{
	(void)state;
	for (int i = 0; i < KINDS; i++) {
		struct repair_plan plan = { .found = FOUND_NONE };

		assert_true(add(&plan, &kinds[i]));
		assert_int_equal(plan.found, findings[i]);
		assert_string_equal(plan.session_id, kinds[i].name);
		assert_string_not_equal(plan.reason, "");
		assert_int_equal(repair_plan_decide(&plan, false),
		    repairs[i]);
	}
}

/* The weightier one decides, whichever is seen first. */
static void
test_each_pair(void **state)
{
	(void)state;
	for (int i = 0; i < KINDS; i++) {
		for (int j = i + 1; j < KINDS; j++) {
			struct repair_plan a = { .found = FOUND_NONE };
			struct repair_plan b = { .found = FOUND_NONE };

			add(&a, &kinds[i]);
			assert_true(add(&a, &kinds[j]));
			add(&b, &kinds[j]);
			assert_false(add(&b, &kinds[i]));
			assert_int_equal(a.found, findings[j]);
			assert_int_equal(b.found, findings[j]);
			assert_string_equal(b.session_id, kinds[j].name);
			assert_int_equal(repair_plan_decide(&b, false),
			    repairs[j]);
		}
	}
}

static void
test_no_session(void **state)
{
	struct repair_plan plan = { .found = FOUND_NONE };

	(void)state;
	assert_int_equal(repair_plan_decide(&plan, false), REPAIR_LEAVE);
	assert_int_equal(repair_plan_decide(&plan, true), REPAIR_LEAVE);
	assert_string_equal(repair_plan_replaced(&plan, true), "");
}

/* Force replaces good ones, and never what was paid or is on its way. */
static void
test_force(void **state)
{
	(void)state;
	for (int i = 0; i < KINDS; i++) {
		struct repair_plan plan = { .found = FOUND_NONE };

		add(&plan, &kinds[i]);
		assert_int_equal(repair_plan_decide(&plan, true),
		    findings[i] >= FOUND_UNPAID ? REPAIR_FULFIL
		    : REPAIR_REPLACE);
	}
}

/* Only the open session that is no good is ended; force ends any. */
static void
test_what_is_replaced(void **state)
{
	struct repair_plan good = { .found = FOUND_NONE };
	struct repair_plan bare = { .found = FOUND_NONE };
	struct repair_plan gone = { .found = FOUND_NONE };

	(void)state;
	add(&good, &kinds[3]);
	add(&bare, &kinds[4]);
	add(&gone, &kinds[1]);
	assert_string_equal(repair_plan_replaced(&good, false), "");
	assert_string_equal(repair_plan_replaced(&good, true), "good");
	assert_string_equal(repair_plan_replaced(&bare, false), "bare");
	assert_string_equal(repair_plan_replaced(&gone, false), "");
}

/* A second one that is open at Stripe alone is ended beside the good one. */
static void
test_stray(void **state)
{
	struct shown stray = kinds[3];
	struct repair_plan plan = { .found = FOUND_NONE };

	(void)state;
	stray.name = "stray";
	stray.is_open_here = false;
	add(&plan, &kinds[3]);
	add(&plan, &stray);
	assert_int_equal(repair_plan_decide(&plan, false), REPAIR_REPLACE);
	assert_string_equal(plan.reason, "still open at Stripe, ended here");
	assert_string_equal(repair_plan_replaced(&plan, false), "");
}

/* A session of the order that had this number before is none of its own; and an
 * order without a word asks for none. */
static void
test_word(void **state)
{
	struct checkout_order other = order;
	struct repair_plan plan = { .found = FOUND_NONE };
	struct stripe_session session;
	const struct seen_session seen = { "good", true, &session };

	(void)state;
	make(&kinds[3], &session);
	memcpy(other.word, "another", sizeof("another"));
	(void)repair_plan_add(&plan, &other, &seen);
	assert_int_equal(plan.found, FOUND_BROKEN);
	assert_string_equal(plan.reason,
	    "metadata has another order's word");
	plan = (struct repair_plan){ .found = FOUND_NONE };
	other.word[0] = '\0';
	(void)repair_plan_add(&plan, &other, &seen);
	assert_int_equal(plan.found, FOUND_GOOD);
	stripe_session_clear(&session);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_alone),
		cmocka_unit_test(test_each_pair),
		cmocka_unit_test(test_no_session),
		cmocka_unit_test(test_force),
		cmocka_unit_test(test_what_is_replaced),
		cmocka_unit_test(test_stray),
		cmocka_unit_test(test_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
