/*
 * What reconcile learns of payments that are older than its period, and what
 * period it takes by itself (invariants 1 and 8).
 */
#include <stdio.h>
#include <stdlib.h>

#include "reconcile.h"
#include "sql.h"

enum { LINE_SIZE = 512, DAY_S = 86400 };

/* Paid in a session of so many days ago, and in the books. */
static void
paid_long_ago(struct stack *stack, int days, struct club *club,
    char id[SESSION_ID_SIZE])
{
	char text[LINE_SIZE];
	struct run run;

	open_session(stack, club, id);
	snprintf(text, sizeof(text), "{\"alter\":{\"created\":%lld}}",
	    (long long)now_s() - (int64_t)days * DAY_S);
	standin_act(stack, id, "pay", text);
	COMMAND(stack, &run, 0, "reconcile", "--since", "400d", "--commit");
	assert_holds(run.output, "pending -> paid");
	run_clear(&run);
}

static void
test_refund_of_an_old_payment(void **state)
{
	struct stack *stack = *state;
	char refund_id[SESSION_ID_SIZE];
	char id[SESSION_ID_SIZE];
	char line[LINE_SIZE];
	struct club club;

	paid_long_ago(stack, 200, &club, id);
	refund(stack, id, 4000, refund_id);
	snprintf(line, sizeof(line), "order %lld: paid -> partially_refunded, "
	    "$40.00, %s: refunds at Stripe\n", (long long)club.order_id,
	    refund_id);
	reconcile_mends(stack, line);
	json_object_put(control(stack, "refunds", refund_id, "fail", "{}"));
	reconcile_mends(stack, "partially_refunded -> paid");
}

/* It began in another period than it ends in. */
static void
test_dispute_of_an_old_payment(void **state)
{
	struct stack *stack = *state;
	char dispute_id[SESSION_ID_SIZE];
	char intent[SESSION_ID_SIZE];
	char id[SESSION_ID_SIZE];
	struct json_object *json;
	struct club club;

	paid_long_ago(stack, 200, &club, id);
	intent_of(stack, id, intent);
	json = control(stack, "payment_intents", intent, "dispute", "{}");
	snprintf(dispute_id, sizeof(dispute_id), "%s", json_text_at(json,
	    "id"));
	json_object_put(json);
	reconcile_mends(stack, "paid -> disputed, $150.00, ");
	json_object_put(control(stack, "disputes", dispute_id, "close",
	    "{\"status\":\"lost\"}"));
	reconcile_mends(stack, "disputed -> charged_back, $150.00, ");
}

/* Where Stripe names no payment, the charge does. */
static void
test_money_known_by_its_charge(void **state)
{
	static const char *const fault = "{\"method\":\"GET\",\"path\":"
	    "\"/v1/%s\",\"count\":0,\"lie\":{\"data.0.payment_intent\":"
	    "null}}";
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE], intent[SESSION_ID_SIZE];
	char refund_id[SESSION_ID_SIZE];
	struct club club;

	paid_long_ago(stack, 200, &club, id);
	intent_of(stack, id, intent);
	json_object_put(control(stack, "payment_intents", intent, "dispute",
	    "{}"));
	standin_fault(stack, fault, "disputes");
	reconcile_mends(stack, "paid -> disputed, $150.00, ");
	standin_mend(stack);
	paid_long_ago(stack, 200, &club, id);
	refund(stack, id, 5000, refund_id);
	standin_fault(stack, fault, "refunds");
	reconcile_mends(stack, "paid -> partially_refunded, $50.00, ");
}

/* Another business's refunds are as quiet as its payments. */
static void
test_refund_of_a_stranger(void **state)
{
	struct stack *stack = *state;
	struct json_object *session;
	char id[SESSION_ID_SIZE];
	char form[LINE_SIZE];
	struct run run;

	COMMAND(stack, &run, 0, "installation", "disown", "td_other",
	    "--commit");
	run_clear(&run);
	shop_session(stack, "&mode=payment&metadata[teamdues]=td_other", id);
	session = control(stack, "sessions", id, "pay", "{}");
	snprintf(form, sizeof(form), "payment_intent=%s",
	    json_text_at(session, "payment_intent"));
	json_object_put(stripe_do(stack, "/v1/refunds", form));
	json_object_put(session);
	reconcile_is_done(stack);
}

static void
assert_reads_since(struct stack *stack, int days)
{
	char line[LINE_SIZE];
	char *day = sql_text(stack, "select to_char(now() at time zone 'UTC' - "
	    "interval '%d days', 'YYYY-MM-DD')", days);
	struct run run;

	COMMAND(stack, &run, 0, "reconcile");
	snprintf(line, sizeof(line), "since %s: 0 sessions, 0 refunds and 0 "
	    "disputes read, 0 differences: nothing to do\n", day);
	assert_holds(run.output, line);
	run_clear(&run);
	free(day);
}

/* A month at first, then a day more than since the last run without a gap. */
static void
test_period_without_since(void **state)
{
	struct stack *stack = *state;
	struct run run;

	sql_run(stack, "delete from teamdues.runs");
	assert_reads_since(stack, 30);
	COMMAND(stack, &run, 0, "reconcile", "--since", "3d", "--commit");
	run_clear(&run);
	assert_reads_since(stack, 30);
	COMMAND(stack, &run, 0, "reconcile", "--commit");
	run_clear(&run);
	assert_reads_since(stack, 1);
	sql_run(stack, "update teamdues.runs set began_at = began_at - "
	    "interval '9 days', read_until = read_until - interval '9 days'");
	assert_reads_since(stack, 10);
	COMMAND(stack, &run, 0, "reconcile", "--since", "3d", "--commit");
	run_clear(&run);
	assert_reads_since(stack, 10);
	standin_fault(stack, "{\"method\":\"GET\",\"path\":\"/v1/disputes\","
	    "\"count\":0,\"status\":403}");
	COMMAND(stack, &run, 1, "reconcile", "--commit");
	run_clear(&run);
	standin_mend(stack);
	assert_reads_since(stack, 10);
	COMMAND(stack, &run, 0, "reconcile", "--commit");
	run_clear(&run);
	assert_reads_since(stack, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RECONCILE_TEST(test_refund_of_an_old_payment),
		RECONCILE_TEST(test_dispute_of_an_old_payment),
		RECONCILE_TEST(test_money_known_by_its_charge),
		RECONCILE_TEST(test_refund_of_a_stranger),
		RECONCILE_TEST(test_period_without_since),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
