/*
 * The ledger by command: events read again, their bodies pruned, and the audit
 * that finds a fault when there is one.  Invariants 3, 7 and 8.
 */
#include <stdio.h>
#include <stdlib.h>

#include "books.h"
#include "sql.h"
#include "standin.h"

enum { AMOUNT = 15000 };

/* A refund of the other mode: nothing that this installation could take. */
static void
refused_make(struct stack *stack, char event_id[UNIQUE_SIZE])
{
	struct json_object *refund = json_tokener_parse("{\"object\":"
	    "\"refund\",\"amount\":500,\"currency\":\"usd\",\"status\":"
	    "\"succeeded\"}");
	struct json_object *event;
	char id[UNIQUE_SIZE];

	unique_name("re_", id);
	json_set_text(refund, "id", id);
	unique_name("ch_", id);
	json_set_text(refund, "charge", id);
	unique_name("pi_", id);
	json_set_text(refund, "payment_intent", id);
	event = event_about("refund.created", refund);
	json_set(event, "livemode", json_object_new_boolean(1));
	webhook_expect_event(stack, event, "review");
	snprintf(event_id, UNIQUE_SIZE, "%s", json_text_at(event, "id"));
	json_object_put(event);
	json_object_put(refund);
}

static void
assert_listed(struct stack *stack, const char *event_id, bool is_listed)
{
	struct json_object *row = unmatched_row(stack, event_id);

	if ((row != NULL) != is_listed)
		fail_msg("%s is %s", event_id, is_listed ? "not listed"
		    : "still listed");
	json_object_put(row);
}

/* Read again, an event that was applied says nothing new. */
static void
test_replay_is_safe(void **state)
{
	struct stack *stack = *state;
	struct json_object *session, *event;
	char id[UNIQUE_SIZE];
	struct club club;
	struct run run;

	club_make(stack, AMOUNT, &club);
	club_store_session(stack, &club, id);
	session = session_paid(id, AMOUNT);
	event = event_about("checkout.session.completed", session);
	webhook_expect_event(stack, event, "applied");
	books_unmoved(stack, &run, 0, WORDS("events", "replay",
	    json_text_at(event, "id")));
	assert_holds(run.output, ": applied, as before");
	run_clear(&run);
	books_unmoved(stack, &run, 0, WORDS("events", "replay",
	    json_text_at(event, "id"), "--commit"));
	run_clear(&run);
	COMMAND(stack, &run, 1, "events", "replay", "evt_nobodys");
	run_clear(&run);
	COMMAND(stack, &run, 2, "events", "replay");
	run_clear(&run);
	COMMAND(stack, &run, 2, "events", "replay", "evt_1", "--all-failed");
	run_clear(&run);
	json_object_put(event);
	json_object_put(session);
}

/* A program that knows more takes what the one before refused. */
static void
test_replay_takes_what_was_refused(void **state)
{
	static const char *const live[] = { "-u", "STRIPE_SECRET_KEY",
	    "STRIPE_MODE=live", NULL };
	struct stack *stack = *state;
	char event_id[UNIQUE_SIZE];
	struct run run;
	char *before, *after;

	refused_make(stack, event_id);
	assert_listed(stack, event_id, true);
	books_unmoved(stack, &run, 0, WORDS("events", "replay", event_id,
	    "--commit"));
	assert_holds(run.output, ": review, as before (made in live mode)");
	run_clear(&run);
	before = books_hash(stack);
	command_run(stack, &run, 3, live, WORDS("events", "replay",
	    event_id));
	assert_holds(run.output, ": review -> ignored (payment not known)");
	run_clear(&run);
	after = books_hash(stack);
	assert_string_equal(after, before);
	free(before);
	free(after);
	command_run(stack, &run, 0, live, WORDS("events", "replay",
	    "--all-failed", "--commit"));
	run_clear(&run);
	assert_listed(stack, event_id, false);
	webhook_assert_overview(stack, event_id, "ignored",
	    "payment not known");
	command_run(stack, &run, 0, live, WORDS("events", "replay", event_id,
	    "--commit"));
	run_clear(&run);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.event_replays where event_id = '%s' and "
	    "payment_intent_id like 'pi_%%'", event_id), 1);
}

/* What contradicts goes on doing so, and stays with whoever must look. */
static void
test_replay_settles_no_contradiction(void **state)
{
	struct stack *stack = *state;
	struct json_object *session, *event;
	char id[UNIQUE_SIZE];
	struct club club;
	struct run run;

	club_make(stack, AMOUNT, &club);
	club_store_session(stack, &club, id);
	session = session_paid(id, AMOUNT);
	webhook_expect(stack, session, "applied");
	json_set_int(session, "amount_total", AMOUNT + 1);
	event = event_about("checkout.session.completed", session);
	webhook_expect_event(stack, event, "review");
	books_unmoved(stack, &run, 0, WORDS("events", "replay",
	    json_text_at(event, "id"), "--commit"));
	run_clear(&run);
	assert_listed(stack, json_text_at(event, "id"), true);

	COMMAND(stack, &run, 0, "unmatched", "dismiss", json_text_at(event,
	    "id"), "--reason", "asked Stripe", "--commit");
	run_clear(&run);
	assert_listed(stack, json_text_at(event, "id"), false);
	webhook_assert_overview(stack, json_text_at(event, "id"), "ignored",
	    "asked Stripe");
	json_object_put(event);
	json_object_put(session);
}

/* A payment that waited for its session is tried again. */
static void
test_replay_all_failed(void **state)
{
	struct stack *stack = *state;
	struct stray stray;
	struct run run;

	stray_make(stack, AMOUNT, NULL, NULL, &stray);
	books_unmoved(stack, &run, 0, WORDS("events", "replay",
	    "--all-failed"));
	assert_holds(run.output, stray.event_id);
	assert_holds(run.output, "Events read again: ");
	run_clear(&run);
}

static void
test_prune_keeps_the_facts(void **state)
{
	struct stack *stack = *state;
	char id[UNIQUE_SIZE];
	struct run run;

	unique_name("evt_", id);
	sql_run(stack, "insert into teamdues.stripe_events (event_id, type, "
	    "object_id, livemode, api_version, disposition, stripe_created, "
	    "received_at, payload) select '%s', 'charge.updated', 'ch_1', "
	    "false, '', 'ignored', t, t, '{}' from (select now() - interval "
	    "'401 days' as t) x", id);
	books_unmoved(stack, &run, 3, WORDS("events", "prune", "--older-than",
	    "400d"));
	assert_holds(run.output, "Would delete the bodies of 1 events");
	run_clear(&run);
	COMMAND(stack, &run, 0, "events", "prune", "--older-than", "402d",
	    "--commit");
	assert_holds(run.output, "Deleted the bodies of 0 events");
	run_clear(&run);
	COMMAND(stack, &run, 0, "events", "prune", "--older-than", "400d",
	    "--commit");
	assert_holds(run.output, "Deleted the bodies of 1 events");
	run_clear(&run);
	books_unmoved(stack, &run, 0, WORDS("events", "prune", "--older-than",
	    "400d"));
	run_clear(&run);
	COMMAND(stack, &run, 1, "events", "replay", id, "--commit");
	assert_holds(run.errors, "its payload was pruned");
	run_clear(&run);
	COMMAND(stack, &run, 0, "events", "show", id);
	assert_holds(run.output, "(the payload was pruned)");
	run_clear(&run);
	COMMAND(stack, &run, 2, "events", "prune", "--older-than", "400");
	run_clear(&run);
}

/* Of an order that is settled, and no receipt; by KEEP_DAYS. */
static void
test_prune_deletes_mails(void **state)
{
	struct stack *stack = *state;
	struct club owed, paid;
	struct run run;

	club_make(stack, AMOUNT, &owed);
	club_make(stack, AMOUNT, &paid);
	sql_run(stack, "insert into teamdues.recorded_payments (order_id, "
	    "amount_cents, source, reference, actor) values (%lld, %d, "
	    "'cash', 'box', 'a test')", (long long)paid.order_id, AMOUNT);
	sql_run(stack, "select teamdues.refresh_order(%lld)",
	    (long long)paid.order_id);
	sql_run(stack, "insert into teamdues.emails (kind, player_id, "
	    "order_id, recipient, facts, day, state, sent_at, created_at) "
	    "select k, o.player_id, o.order_id, 'a@b.example', '{}', t, "
	    "'sent', t, t from unnest('{tournament,receipt}'::text[]) k, "
	    "teamdues.orders o, (values (now() - interval '99 days'), (now() "
	    "- interval '101 days')) x (t) where o.order_id in (%lld, %lld)",
	    (long long)owed.order_id, (long long)paid.order_id);
	command_run(stack, &run, 0, WORDS("KEEP_DAYS=102"),
	    WORDS("events", "prune"));
	assert_holds(run.output, "Would delete 0 mails");
	run_clear(&run);
	command_run(stack, &run, 3, WORDS("KEEP_DAYS=100"),
	    WORDS("events", "prune"));
	assert_holds(run.output, "Would delete 1 mails");
	run_clear(&run);
	command_run(stack, &run, 0, WORDS("KEEP_DAYS=100"),
	    WORDS("events", "prune", "--commit"));
	assert_holds(run.output, "Deleted 1 mails");
	run_clear(&run);
	sql_assert_text(stack, "4 3", "select concat_ws(' ', count(*) filter "
	    "(where order_id = %lld), count(*) filter (where order_id = "
	    "%lld)) from teamdues.emails", (long long)owed.order_id,
	    (long long)paid.order_id);
}

/* Only a superuser can make it so: the audit says which order, and how. */
static void
test_audit_finds_a_planted_fault(void **state)
{
	struct stack *stack = *state;
	struct json_object *rows;
	char id[UNIQUE_SIZE];
	struct club club;
	struct run run;

	club_make(stack, AMOUNT, &club);
	COMMAND(stack, &run, 0, "audit");
	assert_holds(run.output, " orders and all payments and events are "
	    "sound.");
	run_clear(&run);
	json_object_put(command_rows(stack, 0, 0, WORDS("audit", "--json")));

	sql_run(stack, "update teamdues.orders set status = 'processing' "
	    "where order_id = %lld", (long long)club.order_id);
	snprintf(id, sizeof(id), "order %lld", (long long)club.order_id);
	rows = command_rows(stack, 1, 1, WORDS("audit", "--json"));
	assert_member_holds(json_object_array_get_idx(rows, 0), "subject",
	    id);
	assert_member_holds(json_object_array_get_idx(rows, 0), "fault",
	    "is processing, its facts say pending");
	assert_member_holds(json_object_array_get_idx(rows, 0), "must_hold",
	    "An order's status follows from its payments");
	json_object_put(rows);
	COMMAND(stack, &run, 1, "audit");
	assert_holds(run.output, "An order's status follows from ");
	assert_holds(run.errors, "faults in the books: 1");
	run_clear(&run);
	/* Or what it is listed as. */
	sql_run(stack, "update teamdues.orders set status = 'pending' "
	    "where order_id = %lld", (long long)club.order_id);
	sql_run(stack, "update teamdues.listed_orders set status = "
	    "'processing' where order_id = %lld", (long long)club.order_id);
	rows = command_rows(stack, 1, 1, WORDS("audit", "--json"));
	assert_member_holds(json_object_array_get_idx(rows, 0), "fault",
	    "is listed as processing, its facts say pending");
	json_object_put(rows);
	sql_run(stack, "update teamdues.listed_orders set status = 'pending' "
	    "where order_id = %lld", (long long)club.order_id);
	/* And what it differs in where that is not the status. */
	sql_run(stack, "update teamdues.orders set "
	    "paid_cents = 5 where order_id = %lld", (long long)club.order_id);
	rows = command_rows(stack, 1, 1, WORDS("audit", "--json"));
	assert_member_holds(json_object_array_get_idx(rows, 0), "fault",
	    "money (,,0,5), its facts say (,,0,0)");
	json_object_put(rows);
	sql_run(stack, "update teamdues.orders set paid_cents = 0 where "
	    "order_id = %lld", (long long)club.order_id);
}

/* Every family has its type once, and its samples stand together. */
static void
test_metrics_are_openmetrics(void **state)
{
	struct stack *stack = *state;
	struct run run;

	COMMAND(stack, &run, 0, "metrics");
	assert_holds(run.output, "# TYPE teamdues_orders gauge\n# HELP "
	    "teamdues_orders Orders, by how they stand.\n"
	    "teamdues_orders{status=\"cancelled\"} ");
	assert_holds(run.output, "\nteamdues_last_event_timestamp_seconds ");
	assert_holds(run.output, "\nteamdues_schema_version ");
	assert_string_equal(run.output + strlen(run.output) - 6, "# EOF\n");
	run_clear(&run);
}

static void
add_events(struct stack *stack, int count, const char *disposition,
    int seconds_ago)
{
	sql_run(stack, "insert into teamdues.stripe_events (event_id, type, "
	    "object_id, livemode, api_version, disposition, stripe_created, "
	    "received_at) select 'evt_tally%d' || n || '%s', 'a.b', '', "
	    "false, '', '%s', now(), now() - interval '%d s' "
	    "from generate_series(1, %d) n", seconds_ago, disposition,
	    disposition, seconds_ago, count);
}

/* Of each kind as many as there are. */
static void
assert_events_counted(struct stack *stack)
{
	char *lines = sql_text(stack, "select string_agg(format("
	    "'teamdues_events{disposition=\"%%s\"} %%s', x.disposition, "
	    "x.count), e'\n' order by x.disposition) from (select "
	    "e.disposition, count(*) from teamdues.stripe_events e "
	    "group by e.disposition) x");
	struct run run;

	COMMAND(stack, &run, 0, "metrics");
	assert_holds(run.output, lines);
	run_clear(&run);
	free(lines);
}

/*
 * What came long ago is counted once and then remembered; what came since, or
 * comes while it is counted, is counted each time and once.
 */
/* Of several clubs each says which it is. */
static void
test_metrics_say_whose_they_are(void **state)
{
	struct stack *stack = *state;
	char *database = sql_text(stack, "select current_database()");
	struct run run;

	sql_run(stack, "alter database %s set teamdues.club = 'kings'",
	    database);
	COMMAND(stack, &run, 0, "metrics");
	sql_run(stack, "alter database %s reset teamdues.club", database);
	assert_holds(run.output,
	    "teamdues_orders{club=\"kings\",status=\"paid\"} ");
	assert_holds(run.output, "teamdues_schema_version{club=\"kings\"} ");
	run_clear(&run);
	free(database);
}

static void
test_metrics_keep_a_tally(void **state)
{
	struct stack *stack = *state;

	sql_run(stack, "update teamdues.event_tally set events = 0, "
	    "received_before = '-infinity'");
	add_events(stack, 5, "foreign", 3600);
	add_events(stack, 3, "foreign", 10);
	assert_events_counted(stack);
	add_events(stack, 2, "foreign", 240);
	add_events(stack, 4, "duplicate", 0);
	assert_events_counted(stack);
	assert_events_counted(stack);
	assert_int_equal(sql_int(stack, "select events from "
	    "teamdues.event_tally where disposition = 'foreign'"), 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOOKS_TEST(test_replay_is_safe),
		BOOKS_TEST(test_replay_takes_what_was_refused),
		BOOKS_TEST(test_replay_settles_no_contradiction),
		BOOKS_TEST(test_replay_all_failed),
		BOOKS_TEST(test_prune_keeps_the_facts),
		BOOKS_TEST(test_prune_deletes_mails),
		BOOKS_TEST(test_audit_finds_a_planted_fault),
		BOOKS_TEST(test_metrics_are_openmetrics),
		BOOKS_TEST(test_metrics_say_whose_they_are),
		BOOKS_TEST(test_metrics_keep_a_tally),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
