/*
 * What the desk is refused, by the database itself: acts of viewers and of
 * nobody, stale pages, one form twice, and two users at once.  Invariant 8.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "scene.h"
#include "sql.h"

enum { RACES = 12 };

static void
scene_paid(struct stack *stack, struct scene *s,
    char intent[SESSION_ID_SIZE])
{
	scene_open(stack, s);
	standin_act(stack, s->session, "pay", NULL);
	events_arrive(stack);
	scene_assert_status(s, "paid");
	intent_of(stack, s->session, intent);
}

static void
assert_given(const struct scene *s, const char *intent, int count,
    int64_t cents)
{
	int64_t sum;

	assert_int_equal(standin_refund_count(s->stack, intent, &sum), count);
	assert_int_equal(sum, cents);
}

/* A double click, or a page that is sent again, is one request. */
static void
test_one_form_is_one_request(void **state)
{
	char form_id[FORM_ID_SIZE], intent[SESSION_ID_SIZE];
	struct treasurer other;
	struct desk_request request;
	struct desk_act act;
	struct scene s;
	struct err err;
	int64_t id;

	scene_paid(*state, &s, intent);
	form_id_make(form_id);
	act = scene_act(&s, "refund");
	act.args = act_cents(2000);
	act.form_id = form_id;
	id = treasurer_asks(&s.ruth, &act, DESK_QUEUED, "20.00 usd goes back");
	treasurer_awaits(&s.ruth, id, DESK_DONE, "goes back the way it came");
	assert_int_equal(treasurer_asks(&s.ruth, &act, DESK_DONE,
	    "goes back the way it came"), id);
	assert_given(&s, intent, 1, 2000);
	treasurer_enter(s.stack, "treasurer", &other);
	act.session = other.session;
	assert_int_equal(store_desk_act(other.store, &act, true, &request,
	    &err), ST_DENIED);
	treasurer_leave(&other);
	treasurer_leave(&s.ruth);
}

/* The database refuses it, not a page that hides a button. */
static void
test_who_may_not(void **state)
{
	static const char *const actions[] = { "record_payment", "adjust",
	    "waive", "cancel", "reopen", "unrecord_payment", "refund",
	    "remind", "ask_stripe", "attach", "detach", "dismiss",
	    "undismiss", "put_away" };
	struct stack *stack = *state;
	struct desk_request request;
	struct treasurer viewer;
	struct scene s;
	struct err err;
	char *before;
	char *after;

	scene_make(stack, &s);
	treasurer_enter(stack, "viewer", &viewer);
	before = books_hash(stack);
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		struct desk_act act = treasurer_act(&viewer, actions[i],
		    s.club.order_id);
		char form_id[FORM_ID_SIZE];

		form_id_make(form_id);
		act.form_id = form_id;
		act.args = act_payment("cs_x");
		for (int commit = 0; commit < 2; commit++)
			assert_int_equal(store_desk_act(viewer.store, &act,
			    commit, &request, &err), ST_DENIED);
		act.session = form_id;
		assert_int_equal(store_desk_act(viewer.store, &act, true,
		    &request, &err), ST_UNAUTHENTICATED);
	}
	after = books_hash(stack);
	assert_string_equal(before, after);
	free(before);
	free(after);
	treasurer_leave(&viewer);
	treasurer_leave(&s.ruth);
}

static void
assert_shut_out(struct scene *s, const char *table, const char *change)
{
	struct desk_act act = scene_act(s, "waive");
	struct desk_request request;
	struct json_doc doc;
	struct err err;

	act.form_id = "0123456789abcdef0123456789abcdef";
	sql_run(s->stack, "update teamdues.%s set %s where user_id = %lld",
	    table, change, (long long)s->ruth.user_id);
	assert_int_equal(store_desk_act(s->ruth.store, &act, true, &request,
	    &err), ST_UNAUTHENTICATED);
	assert_int_equal(store_desk_request(s->ruth.store, s->ruth.session, 1,
	    &doc, &err), ST_UNAUTHENTICATED);
}

static void
test_a_session_that_is_over(void **state)
{
	struct scene s;

	scene_make(*state, &s);
	assert_shut_out(&s, "desk_sessions", "ends_at = now()");
	assert_shut_out(&s, "desk_sessions",
	    "ends_at = now() + interval '1 hour', ended_at = now()");
	sql_run(s.stack, "update teamdues.desk_sessions set ended_at = null "
	    "where user_id = %lld", (long long)s.ruth.user_id);
	assert_shut_out(&s, "desk_users", "removed_at = now()");
	treasurer_leave(&s.ruth);
}

static void
test_nonsense(void **state)
{
	struct desk_request request;
	struct json_doc doc;
	struct desk_act act;
	struct scene s;
	struct err err;

	scene_make(*state, &s);
	act = scene_act(&s, "drop_tables");
	act.form_id = "0123456789abcdef0123456789abcdef";
	assert_int_equal(store_desk_act(s.ruth.store, &act, true, &request,
	    &err), ST_BAD_INPUT);
	act = scene_act(&s, "record_payment");
	act.args = "{\"reference\":\"from nowhere\"}";
	act.form_id = "0123456789abcdef0123456789abcdef";
	assert_int_equal(store_desk_act(s.ruth.store, &act, true, &request,
	    &err), ST_BAD_INPUT);
	assert_int_equal(store_desk_request(s.ruth.store, s.ruth.session,
	    INT64_C(999999999), &doc, &err), ST_NOT_FOUND);
	treasurer_leave(&s.ruth);
}

static void
test_stale_page(void **state)
{
	struct desk_act act;
	struct scene s;
	char *seen;

	scene_make(*state, &s);
	seen = sql_text(s.stack, "select teamdues.order_seen(%lld)",
	    (long long)s.club.order_id);
	act = scene_act(&s, "adjust");
	act.seen = seen;
	act.args = act_cents(12000);
	treasurer_looks(&s.ruth, &act, DESK_DONE, "120.00 usd instead of");
	treasurer_asks(&s.ruth, &act, DESK_DONE, "120.00 usd instead of");
	act.args = act_cents(11000);
	treasurer_looks(&s.ruth, &act, DESK_REFUSED, "changed at ");
	treasurer_asks(&s.ruth, &act, DESK_REFUSED, "; look again");
	scene_assert_logged(&s, "adjust", 1);
	free(seen);
	treasurer_leave(&s.ruth);
}

struct rival {
	struct treasurer *who;
	struct desk_act act;
	struct desk_request request;
	enum status st;
};

static void *
rival_acts(void *context)
{
	struct rival *rival = context;
	struct err err;

	rival->st = store_desk_act(rival->who->store, &rival->act, true,
	    &rival->request, &err);
	return NULL;
}

static void
race(struct rival rivals[2])
{
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, rival_acts,
		    &rivals[i]), 0);
	for (int i = 0; i < 2; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(rivals[i].st, ST_OK);
	}
}

/* One of them is first; the other is told to look again. */
static void
test_two_do_opposite_things(void **state)
{
	struct treasurer sam;
	struct scene s;

	scene_make(*state, &s);
	treasurer_enter(s.stack, "treasurer", &sam);
	for (int i = 0; i < RACES; i++) {
		char forms[2][FORM_ID_SIZE];
		struct rival rivals[2] = { { .who = &s.ruth },
		    { .who = &sam } };
		char *seen;

		club_make(s.stack, SCENE_AMOUNT, &s.club);
		seen = sql_text(s.stack, "select teamdues.order_seen(%lld)",
		    (long long)s.club.order_id);
		form_id_make(forms[0]);
		form_id_make(forms[1]);
		rivals[0].act = scene_act(&s, "waive");
		rivals[1].act = treasurer_act(&sam, "record_payment",
		    s.club.order_id);
		rivals[1].act.args = "{\"source\":\"cash\","
		    "\"reference\":\"box\"}";
		for (int r = 0; r < 2; r++) {
			rivals[r].act.form_id = forms[r];
			rivals[r].act.seen = i % 2 == 0 ? seen : NULL;
		}
		race(rivals);
		assert_int_equal(rivals[0].request.state == DESK_DONE, 1
		    - (rivals[1].request.state == DESK_DONE));
		assert_int_equal(sql_int(s.stack, "select count(*) from "
		    "teamdues.audit_log where order_id = %lld",
		    (long long)s.club.order_id), 1);
		free(seen);
	}
	treasurer_leave(&sam);
	treasurer_leave(&s.ruth);
}

static void
test_one_form_twice_at_once(void **state)
{
	struct treasurer sam;
	struct scene s;

	scene_make(*state, &s);
	/* The same user, over another connection. */
	treasurer_enter(s.stack, "treasurer", &sam);
	for (int i = 0; i < RACES; i++) {
		struct rival rivals[2] = { { .who = &s.ruth },
		    { .who = &sam } };
		char form_id[FORM_ID_SIZE];

		club_make(s.stack, SCENE_AMOUNT, &s.club);
		form_id_make(form_id);
		for (int r = 0; r < 2; r++) {
			rivals[r].act = scene_act(&s, "waive");
			rivals[r].act.form_id = form_id;
		}
		race(rivals);
		assert_int_equal(rivals[0].request.state, DESK_DONE);
		assert_int_equal(rivals[1].request.state, DESK_DONE);
		assert_int_equal(rivals[0].request.request_id,
		    rivals[1].request.request_id);
		scene_assert_logged(&s, "waive", 1);
	}
	treasurer_leave(&sam);
	treasurer_leave(&s.ruth);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RECONCILE_TEST(test_one_form_is_one_request),
		RECONCILE_TEST(test_who_may_not),
		RECONCILE_TEST(test_a_session_that_is_over),
		RECONCILE_TEST(test_nonsense),
		RECONCILE_TEST(test_stale_page),
		RECONCILE_TEST(test_two_do_opposite_things),
		RECONCILE_TEST(test_one_form_twice_at_once),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
