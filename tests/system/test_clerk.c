/*
 * The clerk killed at each of its calls, beside another, while Stripe is away
 * and with much to do: whatever was asked is done once.  Invariants 1, 8 and 9.
 * TEAMDUES_REFUNDS says how many refunds the last test asks for.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "history.h"
#include "reconcile.h"
#include "seed.h"
#include "sql.h"
#include "treasurer.h"

/* What starts the clerk again gives up on one that dies 200 times. */
enum { AMOUNT = 15000, REFUNDS_MAX = 1000, KILLS_MAX = 150 };

struct scene {
	struct stack *stack;
	struct treasurer ruth;
	struct club club;
	char session[SESSION_ID_SIZE];
	char intent[SESSION_ID_SIZE];
};

static void
scene_open(struct stack *stack, struct scene *s)
{
	s->stack = stack;
	standin_deliver(stack, true);
	treasurer_enter(stack, "treasurer", &s->ruth);
	club_make(stack, AMOUNT, &s->club);
	club_click_through(stack, s->club.order_id, s->session);
}

static void
scene_paid(struct stack *stack, struct scene *s)
{
	scene_open(stack, s);
	standin_act(stack, s->session, "pay", NULL);
	events_arrive(stack);
	intent_of(stack, s->session, s->intent);
}

static struct desk_act
refund_of(const struct scene *s, int64_t cents)
{
	struct desk_act act = treasurer_act(&s->ruth, "refund",
	    s->club.order_id);

	act.args = act_cents(cents);
	return act;
}

static void
assert_given(const struct scene *s, int count, int64_t cents)
{
	int64_t sum;

	assert_int_equal(standin_refund_count(s->stack, s->intent, &sum),
	    count);
	assert_int_equal(sum, cents);
}

static void
assert_logged(const struct scene *s, const char *action, int count)
{
	assert_int_equal(sql_int(s->stack, "select count(*) from "
	    "teamdues.audit_log where order_id = %lld and action = '%s'",
	    (long long)s->club.order_id, action), count);
}

/* The clerk dies at the next such call. */
static pid_t
kill_at(struct stack *stack, const char *method, const char *path,
    const char *when)
{
	pid_t pid = program_pid(stack, "clerk");

	standin_fault(stack, "{\"method\":\"%s\",\"path\":\"%s\",\"command\":"
	    "{\"when\":\"%s\",\"argv\":[\"/bin/kill\",\"-9\",\"%d\"]}}",
	    method, path, when, pid);
	return pid;
}

/* A call that the clerk makes. */
struct call {
	const char *method;
	const char *path;
};

static void
assert_begun_again(const struct scene *s, int64_t request_id)
{
	assert_int_equal(sql_int(s->stack, "select count(*) from "
	    "teamdues.desk_requests where request_id = %lld and attempts = 2",
	    (long long)request_id), 1);
}

static void
test_killed_at_each_call_of_a_refund(void **state)
{
	static const struct call calls[] = {
		{ "GET", "/v1/refunds" },
		{ "GET", "/v1/disputes" },
		{ "POST", "/v1/refunds" },
	};
	static const char *const whens[] = { "before", "after" };

	for (int i = 0; i < 6; i++) {
		const struct call *call = &calls[i / 2];
		struct desk_act act;
		struct scene s;
		int64_t id;
		pid_t pid;

		scene_paid(*state, &s);
		act = refund_of(&s, 2000);
		pid = kill_at(s.stack, call->method, call->path, whens[i % 2]);
		id = treasurer_asks(&s.ruth, &act, DESK_QUEUED, "20.00 usd");
		program_wait_replaced(s.stack, "clerk", pid);
		treasurer_awaits(&s.ruth, id, DESK_DONE,
		    "within 5 to 10 days");
		assert_begun_again(&s, id);
		events_arrive(s.stack);
		assert_given(&s, 1, 2000);
		assert_logged(&s, "refund", 1);
		club_assert_status(s.stack, s.club.order_id,
		    "partially_refunded");
		treasurer_leave(&s.ruth);
	}
}

static void
test_killed_at_each_call_of_a_change(void **state)
{
	static const char *const whens[] = { "before", "after" };

	for (int i = 0; i < 2; i++) {
		char path[SESSION_ID_SIZE + 64];
		struct desk_act act;
		struct scene s;
		int64_t id;
		pid_t pid;

		scene_open(*state, &s);
		snprintf(path, sizeof(path), "/v1/checkout/sessions/%s/expire",
		    s.session);
		act = treasurer_act(&s.ruth, "cancel", s.club.order_id);
		pid = kill_at(s.stack, "POST", path, whens[i]);
		id = treasurer_asks(&s.ruth, &act, DESK_QUEUED, "as agreed");
		program_wait_replaced(s.stack, "clerk", pid);
		treasurer_awaits(&s.ruth, id, DESK_DONE, "as agreed");
		assert_begun_again(&s, id);
		club_assert_status(s.stack, s.club.order_id, "cancelled");
		assert_logged(&s, "cancel", 1);
		assert_int_equal(standin_session_count(s.stack,
		    s.club.order_id, "open"), 0);
		treasurer_leave(&s.ruth);
	}
}

static bool
waits_for_a_lock(struct stack *stack)
{
	return sql_int(stack, "select count(*) from pg_stat_activity where "
	    "usename = 'teamdues_clerk' and wait_event_type = 'Lock'") == 1;
}

/* In the database: between what Stripe did and what the books say. */
static void
test_killed_before_the_books(void **state)
{
	char statement[256];
	struct desk_act act;
	PGconn *other;
	struct scene s;
	int64_t id;
	pid_t pid;

	scene_open(*state, &s);
	pid = program_pid(s.stack, "clerk");
	act = treasurer_act(&s.ruth, "cancel", s.club.order_id);
	id = treasurer_asks(&s.ruth, &act, DESK_QUEUED, "as agreed");
	other = sql_connect(s.stack);
	snprintf(statement, sizeof(statement), "begin; select from "
	    "teamdues.orders where order_id = %lld for update",
	    (long long)s.club.order_id);
	PQclear(PQexec(other, statement));
	WAIT_UNTIL(10, waits_for_a_lock(s.stack));
	assert_int_equal(kill(pid, SIGKILL), 0);
	program_wait_replaced(s.stack, "clerk", pid);
	PQfinish(other);
	treasurer_awaits(&s.ruth, id, DESK_DONE, "as agreed");
	assert_logged(&s, "cancel", 1);
	treasurer_leave(&s.ruth);
}

/* What it had done, and could not say any more, is found in the audit log. */
static void
test_killed_before_it_said_so(void **state)
{
	struct scene s;
	int64_t id;

	scene_open(*state, &s);
	sql_run(s.stack, "insert into teamdues.recorded_payments (order_id, "
	    "source, reference, amount_cents, actor) values (%lld, 'cash', "
	    "'box', 5000, 'test')", (long long)s.club.order_id);
	sql_run(s.stack, "select teamdues.refresh_order(%lld)",
	    (long long)s.club.order_id);
	/* Its session was ended, and the payment taken back. */
	sql_run(s.stack, "begin; insert into teamdues.desk_requests (form_id, "
	    "user_id, order_id, action, args, reason, state, began_at, "
	    "attempts) values ('form-of-a-killed-clerk', %lld, %lld, "
	    "'unrecord_payment', '{\"reference\":\"box\"}', 'bounced', "
	    "'working', now() - interval '1 minute', 1); "
	    "update teamdues.checkout_sessions set status = 'expired' where "
	    "order_id = %lld; "
	    "select teamdues.change_order(%lld, '{\"action\":\"unrecord "
	    "payment\",\"reference\":\"box\",\"reason\":\"bounced\"}', '%s', "
	    "true); commit", (long long)s.ruth.user_id,
	    (long long)s.club.order_id, (long long)s.club.order_id,
	    (long long)s.club.order_id, s.ruth.actor);
	id = sql_int(s.stack, "select request_id from teamdues.desk_requests "
	    "where form_id = 'form-of-a-killed-clerk'");
	treasurer_awaits(&s.ruth, id, DESK_DONE, "reference box: bounced");
	assert_logged(&s, "unrecord payment", 1);
	treasurer_leave(&s.ruth);
}

/* It waits, says so, and does it when Stripe is back. */
static void
test_stripe_is_away(void **state)
{
	struct desk_act act;
	struct scene s;
	int64_t id;

	scene_paid(*state, &s);
	act = refund_of(&s, 2000);
	standin_fault(s.stack, "{\"method\":\"GET\",\"path\":\"/v1/refunds\","
	    "\"count\":0,\"status\":503}");
	id = treasurer_asks(&s.ruth, &act, DESK_QUEUED, "20.00 usd");
	WAIT_UNTIL(60, sql_int(s.stack, "select count(*) from "
	    "teamdues.desk_requests where request_id = %lld and state = "
	    "'queued' and attempts > 0 and words like '%%503%%'",
	    (long long)id) == 1);
	assert_given(&s, 0, 0);
	standin_mend(s.stack);
	treasurer_awaits(&s.ruth, id, DESK_DONE, "goes back the way it came");
	assert_given(&s, 1, 2000);
	treasurer_leave(&s.ruth);
}

static void
assert_doctor_says(struct stack *stack, const char *verdict,
    const char *words)
{
	struct run run;

	COMMAND(stack, &run, 1, "doctor");
	assert_holds(run.output, verdict);
	assert_holds(run.output, words);
	run_clear(&run);
}

/* The answer is lost, Stripe breaks off, or says no. */
static void
test_trouble_at_stripe(void **state)
{
	struct desk_act act;
	struct scene s;
	int64_t id;

	scene_paid(*state, &s);
	act = refund_of(&s, 2000);
	standin_fault(s.stack, "{\"method\":\"POST\",\"path\":\"/v1/refunds\","
	    "\"drop\":\"after\"}");
	id = treasurer_asks(&s.ruth, &act, DESK_QUEUED, "20.00 usd");
	treasurer_awaits(&s.ruth, id, DESK_DONE, "goes back the way it came");
	assert_given(&s, 1, 2000);
	standin_fault(s.stack, "{\"method\":\"POST\",\"path\":\"/v1/refunds\","
	    "\"truncate\":20}");
	id = treasurer_asks(&s.ruth, &act, DESK_QUEUED, "20.00 usd");
	treasurer_awaits(&s.ruth, id, DESK_DONE, "goes back the way it came");
	assert_given(&s, 2, 4000);
	standin_fault(s.stack, "{\"method\":\"POST\",\"path\":\"/v1/refunds\","
	    "\"status\":402}");
	id = treasurer_asks(&s.ruth, &act, DESK_QUEUED, "20.00 usd");
	treasurer_awaits(&s.ruth, id, DESK_FAILED, "the money did not go "
	    "back: Stripe refused it. Show this page to whoever looks after "
	    "the server (Stripe answered 402");
	assert_int_equal(sql_int(s.stack, "select count(*) from "
	    "teamdues.desk_needs() where kind = 'request failed' and "
	    "key = '%lld'", (long long)id), 1);
	assert_given(&s, 2, 4000);
	assert_doctor_says(s.stack, "FAIL requests: ", " requests of the desk "
	    "failed in the last day");
	/* Asked for again, it is another request. */
	id = treasurer_asks(&s.ruth, &act, DESK_QUEUED, "20.00 usd");
	treasurer_awaits(&s.ruth, id, DESK_DONE, "goes back the way it came");
	assert_given(&s, 3, 6000);
	events_arrive(s.stack);
	treasurer_leave(&s.ruth);
}

static void
test_user_was_removed(void **state)
{
	struct treasurer sam;
	struct desk_act act;
	struct scene s;
	int64_t id;

	scene_paid(*state, &s);
	act = refund_of(&s, 2000);
	assert_int_equal(kill(program_pid(s.stack, "clerk"), SIGSTOP), 0);
	id = treasurer_asks(&s.ruth, &act, DESK_QUEUED, "20.00 usd");
	sql_run(s.stack, "update teamdues.desk_users set removed_at = now() "
	    "where user_id = %lld", (long long)s.ruth.user_id);
	assert_int_equal(kill(program_pid(s.stack, "clerk"), SIGCONT), 0);
	treasurer_enter(s.stack, "viewer", &sam);
	treasurer_awaits(&sam, id, DESK_REFUSED, "was removed from the desk");
	assert_given(&s, 0, 0);
	treasurer_leave(&sam);
	treasurer_leave(&s.ruth);
}

/* Two clerks, and one that is run by hand, share the work. */
static void
test_two_clerks(void **state)
{
	enum { SHARED = 4 };
	struct scene scenes[SHARED];
	int64_t ids[SHARED];
	struct run run;

	for (int i = 0; i < SHARED; i++)
		scene_paid(*state, &scenes[i]);
	for (int i = 0; i < SHARED; i++) {
		struct desk_act act = refund_of(&scenes[i], 1000);

		ids[i] = treasurer_asks(&scenes[i].ruth, &act, DESK_QUEUED,
		    "10.00");
	}
	command_shell(*state, &run, 0, "\"$0\" clerk --once & \"$0\" clerk "
	    "--once; wait");
	run_clear(&run);
	for (int i = 0; i < SHARED; i++)
		treasurer_awaits(&scenes[i].ruth, ids[i], DESK_DONE,
		    "goes back the way it came");
	events_arrive(*state);
	for (int i = 0; i < SHARED; i++) {
		assert_given(&scenes[i], 1, 1000);
		assert_logged(&scenes[i], "refund", 1);
		treasurer_leave(&scenes[i].ruth);
	}
}

/* Left open by who held no key of Stripe's, with nobody looking. */
static void
test_strays_are_ended(void **state)
{
	struct scene s;

	scene_open(*state, &s);
	sql_run(s.stack, "update teamdues.orders set cancelled_at = now() "
	    "where order_id = %lld", (long long)s.club.order_id);
	sql_run(s.stack, "select teamdues.refresh_order(%lld)",
	    (long long)s.club.order_id);
	sql_run(s.stack, "insert into teamdues.audit_log (actor, action, "
	    "order_id) values ('test', 'cancel', %lld)",
	    (long long)s.club.order_id);
	WAIT_UNTIL(20, standin_session_count(s.stack, s.club.order_id, "open")
	    == 0);
	treasurer_leave(&s.ruth);
}

/* Orders that are paid, all asked for by one user. */
struct many {
	struct scene scenes[REFUNDS_MAX];
	int64_t ids[REFUNDS_MAX];
	int64_t cents[REFUNDS_MAX];
	int count;
};

static void
many_ask(struct stack *stack, struct many *many, struct chance *chance)
{
	struct scene *first = &many->scenes[0];

	scene_paid(stack, first);
	for (int i = 1; i < many->count; i++) {
		struct scene *s = &many->scenes[i];

		s->stack = stack;
		club_make(stack, AMOUNT, &s->club);
		club_click_through(stack, s->club.order_id, s->session);
		standin_act(stack, s->session, "pay", NULL);
	}
	events_arrive(stack);
	for (int i = 0; i < many->count; i++) {
		struct desk_act act = treasurer_act(&first->ruth, "refund",
		    many->scenes[i].club.order_id);

		intent_of(stack, many->scenes[i].session,
		    many->scenes[i].intent);
		many->cents[i] = 1 + chance_below(chance, AMOUNT);
		act.args = act_cents(many->cents[i]);
		many->ids[i] = treasurer_asks(&first->ruth, &act, DESK_QUEUED,
		    " goes back");
	}
}

static void
many_are_done(struct stack *stack, struct many *many)
{
	struct treasurer *ruth = &many->scenes[0].ruth;

	for (int i = 0; i < many->count; i++)
		treasurer_awaits(ruth, many->ids[i], DESK_DONE,
		    "goes back the way it came");
	events_arrive(stack);
	for (int i = 0; i < many->count; i++) {
		struct scene *s = &many->scenes[i];

		assert_given(s, 1, many->cents[i]);
		assert_logged(s, "refund", 1);
		assert_int_equal(sql_int(stack, "select count(*) from "
		    "teamdues.order_overview where order_id = %lld and "
		    "refunded_cents = %lld", (long long)s->club.order_id,
		    (long long)many->cents[i]), 1);
	}
}

static void
test_many_refunds(void **state)
{
	struct stack *stack = *state;
	struct many *many = calloc(1, sizeof(*many));
	struct chance chance = { seed_first() };
	int kills = 0;

	assert_non_null(many);
	many->count = (int)seed_setting("TEAMDUES_REFUNDS", 20);
	assert_true(many->count <= REFUNDS_MAX);
	many_ask(stack, many, &chance);
	while (sql_int(stack, "select count(*) from teamdues.desk_requests "
	    "where state in ('queued', 'working')") > 0) {
		pid_t pid = program_pid(stack, "clerk");

		nanosleep(&(struct timespec){ .tv_nsec = (5 +
		    chance_below(&chance, 60)) * 1000000L }, NULL);
		if (kills < KILLS_MAX)
			kills += kill(pid, SIGKILL) == 0;
	}
	many_are_done(stack, many);
	print_message("%d refunds, the clerk killed %d times\n", many->count,
	    kills);
	treasurer_leave(&many->scenes[0].ruth);
	free(many);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RECONCILE_TEST(test_killed_at_each_call_of_a_refund),
		RECONCILE_TEST(test_killed_at_each_call_of_a_change),
		RECONCILE_TEST(test_killed_before_the_books),
		RECONCILE_TEST(test_killed_before_it_said_so),
		RECONCILE_TEST(test_stripe_is_away),
		RECONCILE_TEST(test_trouble_at_stripe),
		RECONCILE_TEST(test_user_was_removed),
		RECONCILE_TEST(test_two_clerks),
		RECONCILE_TEST(test_strays_are_ended),
		RECONCILE_TEST(test_many_refunds),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
