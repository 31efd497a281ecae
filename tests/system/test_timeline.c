/*
 * `order show` tells all that happened to an order as one list, the oldest
 * first, in the club's zone: people's acts, pages, tries, payments, what was
 * given back and disputed, mails.
 */
#include <stdio.h>
#include <stdlib.h>

#include "reconcile.h"
#include "sql.h"

enum { AMOUNT = 15000, TEXT_SIZE = 4096 };

static void
commit(struct stack *stack, const char *const *words)
{
	struct run run;

	command_run(stack, &run, 0, NULL, words);
	run_clear(&run);
}

/* A second at least lies between what Stripe says and what it says next. */
static void
let_time_pass(void)
{
	int64_t then = now_s();

	WAIT_UNTIL(10, now_s() > then + 1);
}

/* "ordered; adjust; ..." of an order; times must not go back. */
static void
story_of(struct stack *stack, const char *order, char story[TEXT_SIZE])
{
	struct json_object *rows = command_rows(stack, 1, 0, WORDS("order",
	    "show", order, "--json"));
	struct json_object *timeline = json_object_object_get(
	    json_object_array_get_idx(rows, 0), "timeline");
	const char *before = "";
	size_t len = 0;

	story[0] = '\0';
	for (size_t i = 0; i < json_object_array_length(timeline); i++) {
		struct json_object *row = json_object_array_get_idx(timeline,
		    i);
		const char *at = json_text_at(row, "at");

		assert_true(strcmp(before, at) <= 0);
		before = at;
		len += (size_t)snprintf(story + len, TEXT_SIZE - len, "%s%s",
		    i > 0 ? "; " : "", json_text_at(row, "what"));
		assert_true(len < TEXT_SIZE);
	}
	json_object_put(rows);
}

/* An order that much has happened to. */
static void
story_make(struct stack *stack, struct club *club, char order[WORD_SIZE])
{
	char session[SESSION_ID_SIZE], intent[SESSION_ID_SIZE];
	char refund_id[SESSION_ID_SIZE];

	club_make(stack, AMOUNT, club);
	word_of(order, club->order_id);
	commit(stack, WORDS("order", "adjust", order, "--amount", "140",
	    "--reason", "sibling", "--commit"));
	let_time_pass();
	standin_deliver(stack, true);
	club_click_through(stack, club->order_id, session);
	let_time_pass();
	standin_act(stack, session, "decline", NULL);
	let_time_pass();
	standin_act(stack, session, "pay", "{\"name\":\"Grandma\"}");
	events_arrive(stack);
	let_time_pass();
	refund(stack, session, 2000, refund_id);
	events_arrive(stack);
	let_time_pass();
	intent_of(stack, session, intent);
	json_object_put(control(stack, "payment_intents", intent, "dispute",
	    NULL));
	events_arrive(stack);
	club_assert_status(stack, club->order_id, "disputed");
}

static void
test_order_tells_its_story(void **state)
{
	struct stack *stack = *state;
	char story[TEXT_SIZE], order[WORD_SIZE];
	struct club club;
	struct run run;

	story_make(stack, &club, order);
	story_of(stack, order, story);
	assert_holds(story, "ordered; adjust; payment page made; "
	    "try to pay failed; paid; ");
	assert_holds(story, "refunded; disputed");
	assert_holds(story, "mail ");
	sql_run(stack, "insert into teamdues.emails (kind, order_id, "
	    "player_id, recipient, facts, day, state, sent_at) select "
	    "'tournament', order_id, player_id, 'aunt@family.example', '{}', "
	    "current_date, 'sent', now() from teamdues.orders where order_id "
	    "= %s", order);

	COMMAND(stack, &run, 0, "order", "show", order);
	assert_holds(run.output, "\ntimeline\n");
	assert_holds(run.output, "150.00 to 140.00 usd: sibling");
	assert_holds(run.output, "by Grandma <");
	assert_holds(run.output, "$20.00");
	assert_holds(run.output, "needs response");
	assert_holds(run.output, "receipt to ");
	assert_holds(run.output, "bill to aunt@family.example");
	run_clear(&run);
}

static void
assert_zone(struct stack *stack, const char *order, const char *setting,
    const char *ahead)
{
	struct run run;

	command_run(stack, &run, 0, WORDS(setting), WORDS("order", "show",
	    order));
	assert_holds(run.output, ahead);
	run_clear(&run);
}

static void
test_times_are_the_clubs(void **state)
{
	struct stack *stack = *state;
	char order[WORD_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	word_of(order, club.order_id);
	sql_run(stack, "update teamdues.orders set created_at = "
	    "'2026-07-01 20:30:00+00' where order_id = %s", order);
	assert_zone(stack, order, "CLUB_TIMEZONE=Asia/Kolkata",
	    "2026-07-02 02:00:00+05:30");
	assert_zone(stack, order, "CLUB_TIMEZONE=America/St_Johns",
	    "2026-07-01 18:00:00-02:30");
	assert_zone(stack, order, "CLUB_TIMEZONE=UTC",
	    "2026-07-01 20:30:00+00:00");
}

/* The page that lapsed, what was taken back, and a debit that failed. */
static void
test_what_came_to_nothing(void **state)
{
	struct stack *stack = *state;
	char story[TEXT_SIZE], order[WORD_SIZE], session[SESSION_ID_SIZE];
	struct club club;

	open_session(stack, &club, session);
	word_of(order, club.order_id);
	standin_deliver(stack, true);
	standin_act(stack, session, "bank", NULL);
	events_arrive(stack);
	let_time_pass();
	standin_act(stack, session, "fail", NULL);
	events_arrive(stack);
	let_time_pass();
	commit(stack, WORDS("order", "record-payment", order, "--source",
	    "cash", "--reference", "envelope", "--commit"));
	commit(stack, WORDS("order", "unrecord-payment", order, "--commit"));
	story_of(stack, order, story);
	assert_holds(story, "bank payment begun; ");
	assert_holds(story, "bank payment failed; ");
	assert_holds(story, "record payment; unrecord payment");
}

/* All of one second: a page is made before it ends. */
static void
test_one_second_has_an_order(void **state)
{
	struct stack *stack = *state;
	char story[TEXT_SIZE], order[WORD_SIZE], id[UNIQUE_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	word_of(order, club.order_id);
	club_store_session(stack, &club, id);
	sql_run(stack, "select teamdues.record(jsonb_build_array("
	    "jsonb_build_object('disposition', 'fact', 'kind', 'session', "
	    "'word', 'expired', 'session_id', '%s', 'at', (select extract("
	    "epoch from stripe_created)::bigint from "
	    "teamdues.checkout_sessions where session_id = '%s'))), '{}', "
	    "null)", id, id);
	story_of(stack, order, story);
	assert_holds(story, "payment page made; payment page ended");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RECONCILE_TEST(test_order_tells_its_story),
		RECONCILE_TEST(test_times_are_the_clubs),
		RECONCILE_TEST(test_what_came_to_nothing),
		RECONCILE_TEST(test_one_second_has_an_order),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
