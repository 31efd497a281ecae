/*
 * What arrives together is committed together, and a poisoned event harms only
 * itself.  Invariant 3.  No signed event that our own code lets through is
 * known to be refused by the database, so the poison is given to lib/store
 * directly, under the webhook's own role.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "club.h"
#include "sql.h"
#include "store/ledger.h"
#include "webhook.h"

enum { AMOUNT = 15000, ITEMS = 24, POISON_EVERY = 6 };

struct bench {
	struct secret url;
	struct store *store;
	struct ledger *ledger;
};

/* One thread's item, and what became of it. */
struct record {
	struct bench *bench;
	struct json_object *item;
	char event_id[UNIQUE_SIZE];
	char session_id[UNIQUE_SIZE];
	struct club club;
	bool is_poison;
	enum status st;
	struct standing standing;
	pthread_t thread;
};

static void
bench_open(struct stack *stack, struct bench *bench)
{
	struct err err;

	sql_url_of(stack, "webhook", &bench->url);
	assert_int_equal(store_open(&bench->url, "test_batch", 1,
	    &bench->store, &err), ST_OK);
	assert_int_equal(ledger_open(bench->store, &bench->ledger, &err),
	    ST_OK);
}

static void
bench_close(struct bench *bench)
{
	ledger_close(bench->ledger);
	store_close(bench->store);
	secret_clear(&bench->url);
}

static void
set_session(const struct record *r)
{
	struct json_object *item = r->item;
	char intent[UNIQUE_SIZE];

	unique_name("pi_", intent);
	json_set_text(item, "session.id", r->session_id);
	json_set_text(item, "session.fact", "paid");
	json_set_int(item, "session.at", now_s());
	json_set_int(item, "session.created", now_s());
	json_set(item, "session.livemode", json_object_new_boolean(0));
	json_set(item, "session.is_our_mode", json_object_new_boolean(1));
	json_set_int(item, "session.amount_cents", AMOUNT);
	json_set_text(item, "session.currency", r->is_poison ? "usd!" : "usd");
	json_set_text(item, "session.payment_intent", intent);
	json_set(item, "session.keys", json_object_new_array());
}

static void
record_make(struct stack *stack, struct bench *bench, struct record *r)
{
	r->bench = bench;
	club_make(stack, AMOUNT, &r->club);
	club_store_session(stack, &r->club, r->session_id);
	unique_name("evt_", r->event_id);
	r->item = json_object_new_object();
	json_set_text(r->item, "event.id", r->event_id);
	json_set_text(r->item, "event.type", "checkout.session.completed");
	json_set_text(r->item, "event.object_id", r->session_id);
	json_set(r->item, "event.livemode", json_object_new_boolean(0));
	json_set_text(r->item, "event.api_version", "2026-07-29.dahlia");
	json_set_int(r->item, "event.created", now_s());
	json_set_text(r->item, "event.payload", "{}");
	json_set_text(r->item, "disposition", "fact");
	json_set_text(r->item, "reason", "");
	set_session(r);
}

static void *
record_run(void *context)
{
	struct record *r = context;
	struct err err;

	r->st = ledger_record(r->bench->ledger, r->item, &r->standing, &err);
	return NULL;
}

/* Holds the first one back, so that all others wait and go together. */
static PGconn *
hold_back(struct stack *stack, struct record *first)
{
	PGconn *other = sql_connect(stack);
	char statement[UNIQUE_SIZE * 3];

	snprintf(statement, sizeof(statement), "begin; select from "
	    "teamdues.stripe_sessions where session_id = '%s' for update",
	    first->session_id);
	PQclear(PQexec(other, statement));
	assert_int_equal(pthread_create(&first->thread, NULL, record_run,
	    first), 0);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from pg_stat_activity "
	    "where application_name = 'test_batch' and wait_event_type = "
	    "'Lock'") == 1);
	return other;
}

static void
assert_outcome_of(struct stack *stack, const struct record *r)
{
	int64_t events = sql_int(stack, "select count(*) from "
	    "teamdues.event_overview where event_id = '%s'", r->event_id);

	if (r->is_poison) {
		assert_int_equal(r->st, ST_BAD_INPUT);
		assert_int_equal(events, 0);
		club_assert_status(stack, r->club.order_id, "pending");
		return;
	}
	assert_int_equal(r->st, ST_OK);
	assert_int_equal(r->standing.outcome, OUTCOME_APPLIED);
	assert_int_equal(r->standing.order_id, r->club.order_id);
	assert_int_equal(events, 1);
	club_assert_status(stack, r->club.order_id, "paid");
}

/* How many transactions wrote the events: rows of one share their xmin. */
static int64_t
commits_of(struct stack *stack, const struct record *records)
{
	char ids[ITEMS * (UNIQUE_SIZE + 3)] = "''";

	for (int i = 0; i < ITEMS; i++) {
		strcat(ids, ",'");
		strcat(ids, records[i].event_id);
		strcat(ids, "'");
	}
	return sql_int(stack, "select count(distinct xmin::text) from "
	    "teamdues.stripe_events where event_id in (%s)", ids);
}

static int64_t
run_together(struct stack *stack, int poison_every)
{
	struct record *records = calloc(ITEMS, sizeof(*records));
	struct bench bench = { .store = NULL };
	int64_t commits;
	PGconn *other;

	assert_non_null(records);
	bench_open(stack, &bench);
	for (int i = 0; i < ITEMS; i++) {
		records[i].is_poison = i > 0 && poison_every > 0
		    && i % poison_every == 0;
		record_make(stack, &bench, &records[i]);
	}
	other = hold_back(stack, &records[0]);
	for (int i = 1; i < ITEMS; i++)
		assert_int_equal(pthread_create(&records[i].thread, NULL,
		    record_run, &records[i]), 0);
	PQfinish(other);
	for (int i = 0; i < ITEMS; i++)
		pthread_join(records[i].thread, NULL);
	for (int i = 0; i < ITEMS; i++) {
		assert_outcome_of(stack, &records[i]);
		json_object_put(records[i].item);
	}
	commits = commits_of(stack, records);
	bench_close(&bench);
	free(records);
	return commits;
}

static void
test_what_waits_is_committed_together(void **state)
{
	int64_t commits = run_together(*state, 0);

	print_message("%d events in %lld commits\n", ITEMS,
	    (long long)commits);
	assert_true(commits < ITEMS / 2);
}

static void
test_poison_harms_only_itself(void **state)
{
	run_together(*state, POISON_EVERY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYSTEM_TEST(test_what_waits_is_committed_together),
		SYSTEM_TEST(test_poison_harms_only_itself),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
