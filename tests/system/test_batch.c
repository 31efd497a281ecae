/*
 * What arrives together is committed together, and an event that is poisoned or
 * locked harms only itself.  Invariant 3.  No signed event that our own code
 * lets through is known to be refused by the database, so the poison is given
 * to lib/store directly, under the webhook's own role.
 */
#define _GNU_SOURCE	/* gettid, pthread_tryjoin_np */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "club.h"
#include "process.h"
#include "sql.h"
#include "store/ledger.h"
#include "webhook.h"

enum { AMOUNT = 15000, ITEMS = 24, POISON_EVERY = 6 };

struct bench {
	struct secret url;
	struct store *store;
	struct ledger *ledger;
	pid_t backend;		/* of the ledger's batches */
};

/* One thread's item, and what became of it. */
struct record {
	struct bench *bench;
	struct fact_item item;
	char event_id[UNIQUE_SIZE];
	char intent[UNIQUE_SIZE];
	char session_id[UNIQUE_SIZE];
	struct club club;
	bool is_poison;
	enum status st;
	struct err err;
	struct record_result result;
	pthread_t thread;
	atomic_int tid;
};

static void
record_make(struct stack *stack, struct bench *bench, struct record *r)
{
	r->bench = bench;
	club_make(stack, AMOUNT, &r->club);
	club_store_session(stack, &r->club, r->session_id);
	unique_name("evt_", r->event_id);
	unique_name("pi_", r->intent);
	r->item = (struct fact_item){
		.event_id = r->event_id,
		.event_type = "checkout.session.completed",
		.object_id = r->session_id,
		.api_version = "2026-07-29.dahlia",
		.event_created = now_s(),
		.disposition = "fact",
		.kind = FACT_SESSION,
		.word = "paid",
		.at = now_s(),
		.session_id = r->session_id,
		.payment_intent_id = r->intent,
		.created = now_s(),
		.is_our_mode = true,
		.amount_cents = AMOUNT,
		.currency = r->is_poison ? "usd!" : "usd",
	};
}

static void *
record_run(void *context)
{
	struct record *r = context;

	r->tid = gettid();
	r->st = ledger_record(r->bench->ledger, &(struct ledger_entry){
		.item = &r->item, .payload = "{}", .payload_len = 2,
	}, &r->result, &r->err);
	return NULL;
}

/* Opens the ledger's connection by an event, to learn which one it is. */
static void
bench_open(struct stack *stack, struct bench *bench)
{
	struct record *first = calloc(1, sizeof(*first));
	struct err err;

	assert_non_null(first);
	sql_url_of(stack, "webhook", &bench->url);
	assert_int_equal(store_open(&bench->url, "test_batch", 1,
	    &bench->store, &err), ST_OK);
	assert_int_equal(ledger_open(bench->store, &bench->ledger, &err),
	    ST_OK);
	record_make(stack, bench, first);
	record_run(first);
	assert_int_equal(first->st, ST_OK);
	bench->backend = (pid_t)sql_int(stack, "select pid from "
	    "pg_stat_activity where application_name = 'test_batch'");
	free(first);
}

static void
bench_close(struct stack *stack, struct bench *bench)
{
	ledger_close(bench->ledger);
	store_close(bench->store);
	secret_clear(&bench->url);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from pg_stat_activity "
	    "where application_name = 'test_batch'") == 0);
}

/* Whether the thread waits, or has ended. */
static bool
is_waiting(int tid)
{
	char path[STACK_PATH_SIZE];
	char line[STACK_PATH_SIZE];
	FILE *file;
	bool is_at_work;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	file = fopen(path, "r");
	if (file == NULL)
		return true;
	is_at_work = fgets(line, sizeof(line), file) != NULL &&
	    strstr(line, ") S ") == NULL;
	fclose(file);
	return !is_at_work;
}

static void
begin(struct record *r)
{
	assert_int_equal(pthread_create(&r->thread, NULL, record_run, r), 0);
	WAIT_UNTIL(10, r->tid != 0 && is_waiting(r->tid));
}

/*
 * One meets a backend that is stopped, another opens the one beside it once the
 * first hangs, which is stopped then: all others wait, and go together once
 * these go on.
 */
static void
run_all(struct stack *stack, struct bench *bench, struct record *records)
{
	pid_t beside;

	process_stop(bench->backend);
	begin(&records[0]);
	begin(&records[1]);
	WAIT_UNTIL(10, (ledger_tick(bench->ledger),
	    pthread_tryjoin_np(records[1].thread, NULL) == 0));
	beside = (pid_t)sql_int(stack, "select pid from pg_stat_activity "
	    "where application_name = 'test_batch' and pid <> %d",
	    (int)bench->backend);
	process_stop(beside);
	for (int i = 2; i < ITEMS; i++)
		begin(&records[i]);
	assert_int_equal(kill(bench->backend, SIGCONT), 0);
	assert_int_equal(kill(beside, SIGCONT), 0);
	for (int i = 0; i < ITEMS; i++)
		if (i != 1)
			pthread_join(records[i].thread, NULL);
}

struct ticking {
	struct ledger *ledger;
	const atomic_bool *is_over;
};

/* As the service does. */
static void *
tick(void *context)
{
	const struct timespec pause = { .tv_nsec = 50 * 1000 * 1000 };
	const struct ticking *ticking = context;

	while (!*ticking->is_over) {
		ledger_tick(ticking->ledger);
		nanosleep(&pause, NULL);
	}
	return NULL;
}

static void
assert_outcome_of(struct stack *stack, const struct record *r)
{
	int64_t events = sql_int(stack, "select count(*) from "
	    "teamdues.event_overview where event_id = '%s'", r->event_id);

	if (r->is_poison) {
		assert_int_equal(r->st, ST_BUG);
		assert_int_equal(events, 0);
		club_assert_status(stack, r->club.order_id, "pending");
		return;
	}
	assert_int_equal(r->st, ST_OK);
	assert_int_equal(r->result.outcome, OUTCOME_APPLIED);
	assert_int_equal(r->result.order_id, r->club.order_id);
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

static struct record *
make_all(struct stack *stack, struct bench *bench, int poison_every)
{
	struct record *records = calloc(ITEMS, sizeof(*records));

	assert_non_null(records);
	for (int i = 0; i < ITEMS; i++) {
		records[i].is_poison = i > 0 && poison_every > 0 &&
		    i % poison_every == 0;
		record_make(stack, bench, &records[i]);
	}
	return records;
}

static void
test_what_waits_is_committed_together(void **state)
{
	struct bench bench = { .store = NULL };
	struct record *records;
	int64_t commits;

	bench_open(*state, &bench);
	records = make_all(*state, &bench, 0);
	run_all(*state, &bench, records);
	for (int i = 0; i < ITEMS; i++)
		assert_outcome_of(*state, &records[i]);
	commits = commits_of(*state, records);
	print_message("%d events in %lld commits\n", ITEMS,
	    (long long)commits);
	assert_true(commits < ITEMS / 2);
	free(records);
	bench_close(*state, &bench);
}

static void
test_poison_harms_only_itself(void **state)
{
	struct bench bench = { .store = NULL };
	struct record *records;

	bench_open(*state, &bench);
	records = make_all(*state, &bench, POISON_EVERY);
	run_all(*state, &bench, records);
	for (int i = 0; i < ITEMS; i++)
		assert_outcome_of(*state, &records[i]);
	free(records);
	bench_close(*state, &bench);
}

/* All others are recorded over the second connection, while it hangs. */
static void
test_a_backend_that_hangs_stops_no_other(void **state)
{
	struct bench bench = { .store = NULL };
	struct record *records;
	atomic_bool is_over = false;
	pthread_t ticker;

	bench_open(*state, &bench);
	records = make_all(*state, &bench, 0);
	process_stop(bench.backend);
	for (int i = 0; i < ITEMS; i++)
		begin(&records[i]);
	assert_int_equal(pthread_create(&ticker, NULL, tick,
	    &(struct ticking){ bench.ledger, &is_over }), 0);
	for (int i = 1; i < ITEMS; i++)
		pthread_join(records[i].thread, NULL);
	for (int i = 1; i < ITEMS; i++)
		assert_outcome_of(*state, &records[i]);
	is_over = true;
	pthread_join(ticker, NULL);
	assert_int_equal(kill(bench.backend, SIGCONT), 0);
	pthread_join(records[0].thread, NULL);
	assert_outcome_of(*state, &records[0]);
	free(records);
	bench_close(*state, &bench);
}

/* As an operator's long act does to an order. */
static PGconn *
lock_order(struct stack *stack, int64_t order_id)
{
	PGconn *other = sql_connect(stack);
	char statement[UNIQUE_SIZE * 3];
	PGresult *result;

	snprintf(statement, sizeof(statement), "begin; select from "
	    "teamdues.orders where order_id = %lld for update",
	    (long long)order_id);
	result = PQexec(other, statement);
	assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
	PQclear(result);
	return other;
}

/* All others are recorded while the lock lasts, also those that come later. */
static void
test_a_lock_harms_only_its_own(void **state)
{
	struct stack *stack = *state;
	struct bench bench = { .store = NULL };
	struct record *locked;
	struct record *records;
	PGconn *other;

	bench_open(stack, &bench);
	records = make_all(stack, &bench, 0);
	locked = &records[ITEMS / 2];
	other = lock_order(stack, locked->club.order_id);
	run_all(stack, &bench, records);
	assert_int_equal(locked->st, ST_DB_BUSY);
	for (int i = 0; i < ITEMS; i++)
		if (&records[i] != locked)
			assert_outcome_of(stack, &records[i]);
	/* Again: within seconds it is refused at once, and nobody waits. */
	WAIT_UNTIL(20, (record_run(locked), strstr(locked->err.msg,
	    "locked by somebody else") != NULL));
	assert_int_equal(locked->st, ST_DB_BUSY);
	record_run(&records[0]);
	assert_int_equal(records[0].st, ST_OK);
	PQfinish(other);
	WAIT_UNTIL(10, (record_run(locked), locked->st == ST_OK));
	assert_outcome_of(stack, locked);
	free(records);
	bench_close(stack, &bench);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYSTEM_TEST(test_what_waits_is_committed_together),
		SYSTEM_TEST(test_poison_harms_only_itself),
		SYSTEM_TEST(test_a_lock_harms_only_its_own),
		SYSTEM_TEST(test_a_backend_that_hangs_stops_no_other),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
