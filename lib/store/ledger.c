/* Group commit: a commit costs a flush to disk whatever is in it, so that
 * events which arrive during one share the next.  The first waiter leads it for
 * all. */
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/condition.h"
#include "base/log.h"
#include "store/connections.h"
#include "store/db.h"
#include "store/held.h"
#include "store/ledger.h"
#include "store/record.h"

enum {
	/* A second batch beside the first uses a second server process, and
	 * goes on when the first one hangs; more only wait for each other's
	 * pages. */
	LEADERS_MAX = 2,
	/* Beside another, fewer cost more than the wait that it spares. */
	BESIDE_MIN = 32,
	HANGS_MS = 300,
	GATHER_MS = 2,		/* of the clock's: one to two */
	/* Other transactions last milliseconds, and a whole batch waits. */
	BATCH_LOCK_MS = 500,
	/* When a batch has failed: for each of its events, and for all. */
	ALONE_LOCK_MS = 250,
	ALONE_STATEMENT_MS = 1000,
	ALONE_ALL_MS = 5000,
	/* With a tick every half second it is logged before it is 2 s old. */
	SLOW_MS = 1500,
};

static const char kept_back[] =
    "what it is about is locked by somebody else";

/* One caller's item, on its own stack, in the queue until it is done. */
struct waiting {
	struct recording recording;
	uint64_t key;		/* of what it speaks of: held.h */
	struct batch *leads;	/* the batch that it is to lead; NULL: none */
	sem_t told;		/* that it is done, or that it leads */
	struct waiting *next;
};

/* What one leader has under way. */
struct batch {
	struct waiting *waiting[RECORDINGS_MAX];
	int count;		/* 0: nothing */
	int64_t since_ms;
	bool is_slow_told;
};

struct ledger {
	struct store *store;	/* for batches */
	struct store *alone;	/* for the events of one that failed */
	pthread_mutex_t lock;
	struct waiting *first;
	struct waiting **last;
	int waiting_count;
	bool is_called;		/* a thread was woken to lead, and will */
	pthread_cond_t gathered;	/* as many wait as are expected */
	int expected;
	struct held held;
	struct batch batches[LEADERS_MAX];
};

static void
fail_all(struct waiting *const *waiting, int count, const struct err *err)
{
	for (int i = 0; i < count; i++) {
		waiting[i]->recording.st = err->st;
		*waiting[i]->recording.err = *err;
	}
}

/* Records the events of a failed batch one by one.  One whose payment is locked
 * fails soon, and the next about this payment at once.  Those not reached in
 * the time for all fail too, and Stripe sends them again: others wait. */
static void
record_alone(struct ledger *ledger, struct waiting *const *waiting, int count)
{
	int64_t until_ms = clock_monotonic_ms() + ALONE_ALL_MS;
	struct err err = { ST_OK, "" };

	for (int i = 0; i < count; i++) {
		struct recording *recording = &waiting[i]->recording;
		int64_t now_ms = clock_monotonic_ms();
		enum status st;

		if (held_has(&ledger->held, waiting[i]->key, now_ms) ||
		    now_ms > until_ms)
			st = err_set(&err, ST_DB_BUSY, "%s", kept_back);
		else
			st = record_run(ledger->alone, &recording, 1, &err);
		if (st == ST_DB) {
			fail_all(waiting + i, count - i, &err);
			return;
		}
		if (st != ST_OK)
			fail_all(waiting + i, 1, &err);
		if (st == ST_DB_BUSY)
			held_put(&ledger->held, waiting[i]->key,
			    clock_monotonic_ms());
	}
}

/* A database that is away is not asked again for each event: it would fail all
 * of them alike, and only later. */
static void
record_batch(struct ledger *ledger, const struct batch *batch)
{
	struct recording *recordings[RECORDINGS_MAX];
	struct err err = { ST_OK, "" };
	enum status st;

	for (int i = 0; i < batch->count; i++)
		recordings[i] = &batch->waiting[i]->recording;
	st = record_run(ledger->store, recordings, batch->count, &err);
	if (st == ST_OK)
		return;
	if (st != ST_DB && batch->count > 1) {
		record_alone(ledger, batch->waiting, batch->count);
		return;
	}
	fail_all(batch->waiting, batch->count, &err);
	if (st == ST_DB_BUSY)
		held_put(&ledger->held, batch->waiting[0]->key,
		    clock_monotonic_ms());
}

static size_t
bytes_of(const struct waiting *waiting)
{
	return waiting->recording.item.len + waiting->recording.payload_len;
}

/* With the lock held: a free place for a batch, or NULL. */
static struct batch *
free_batch(struct ledger *ledger)
{
	for (int i = 0; i < LEADERS_MAX; i++)
		if (ledger->batches[i].count == 0)
			return &ledger->batches[i];
	return NULL;
}

/* With the lock held: whether another batch may begin.  Beside one that is
 * under way enough events must wait to be worth a commit of their own; beside
 * one that hangs, any number. */
static bool
is_worth_it(const struct ledger *ledger)
{
	int64_t now_ms = clock_monotonic_ms();

	for (int i = 0; i < LEADERS_MAX; i++) {
		const struct batch *batch = &ledger->batches[i];

		if (batch->count > 0 && ledger->waiting_count < BESIDE_MIN &&
		    now_ms - batch->since_ms < HANGS_MS)
			return false;
	}
	return true;
}

/* With the lock held: the first waiter when it is to lead now, else NULL.  It
 * is woken without the lock, for which it would only wait. */
static struct waiting *
call_leader(struct ledger *ledger)
{
	struct waiting *first = ledger->first;
	struct batch *batch = free_batch(ledger);

	if (first == NULL || ledger->is_called || batch == NULL ||
	    !is_worth_it(ledger))
		return NULL;
	ledger->is_called = true;
	first->leads = batch;
	return first;
}

static void
tell(struct waiting *waiting)
{
	if (waiting != NULL)
		(void)sem_post(&waiting->told);
}

/* With the lock held.  A batch costs as much as six events, whatever is in it,
 * and who had much to send has more once the last one is answered: waits, for a
 * moment, until as many wait as were answered then and waited already. */
static void
gather(struct ledger *ledger)
{
	int64_t until_ms = clock_monotonic_ms() + GATHER_MS;

	while (ledger->waiting_count < ledger->expected)
		if (!condition_wait(&ledger->gathered, &ledger->lock, until_ms))
			break;
}

/* Takes as many waiters as fit.  The leader is the first of the queue. */
static void
batch_begin(struct ledger *ledger, struct batch *batch)
{
	struct waiting *next;
	size_t bytes = 0;

	pthread_mutex_lock(&ledger->lock);
	gather(ledger);
	do {
		batch->waiting[batch->count++] = ledger->first;
		bytes += bytes_of(ledger->first);
		ledger->first = ledger->first->next;
	} while (ledger->first != NULL && batch->count < RECORDINGS_MAX &&
	    bytes + bytes_of(ledger->first) <= RECORDINGS_BYTES_MAX);
	if (ledger->first == NULL)
		ledger->last = &ledger->first;
	ledger->waiting_count -= batch->count;
	ledger->is_called = false;
	batch->since_ms = clock_monotonic_ms();
	batch->is_slow_told = false;
	next = call_leader(ledger);
	pthread_mutex_unlock(&ledger->lock);
	tell(next);
}

/* Wakes the next leader first, so that the database is not idle, then each
 * of this batch.  A woken thread's struct waiting may be gone: the list is a
 * copy. */
static void
batch_end(struct ledger *ledger, struct batch *batch)
{
	struct waiting *done[RECORDINGS_MAX];
	struct waiting *next;
	int count = batch->count;

	memcpy(done, batch->waiting, (size_t)count * sizeof(done[0]));
	pthread_mutex_lock(&ledger->lock);
	batch->count = 0;
	ledger->expected = count + ledger->waiting_count;
	if (ledger->expected > RECORDINGS_MAX)
		ledger->expected = RECORDINGS_MAX;
	next = call_leader(ledger);
	pthread_mutex_unlock(&ledger->lock);
	tell(next);
	for (int i = 1; i < count; i++)
		tell(done[i]);
}

static void
lead(struct ledger *ledger, struct batch *batch)
{
	batch_begin(ledger, batch);
	record_batch(ledger, batch);
	batch_end(ledger, batch);
}

static void
line_up(struct ledger *ledger, struct waiting *self)
{
	struct waiting *leader;

	pthread_mutex_lock(&ledger->lock);
	*ledger->last = self;
	ledger->last = &self->next;
	if (++ledger->waiting_count == ledger->expected)
		pthread_cond_signal(&ledger->gathered);
	leader = call_leader(ledger);
	pthread_mutex_unlock(&ledger->lock);
	tell(leader);
}

/* Returns when the item was recorded or has failed, whoever led its batch.  One
 * whose payment is held would hold up its batch too. */
static void
record_among(struct ledger *ledger, struct waiting *self)
{
	if (held_has(&ledger->held, self->key, clock_monotonic_ms())) {
		self->recording.st = err_set(self->recording.err, ST_DB_BUSY,
		    "%s", kept_back);
		return;
	}
	(void)sem_init(&self->told, 0, 0);
	line_up(ledger, self);
	while (sem_wait(&self->told) != 0)
		continue;	/* a signal came */
	if (self->leads != NULL)
		lead(ledger, self->leads);
	(void)sem_destroy(&self->told);
}

enum status
ledger_record(struct ledger *ledger, const struct ledger_entry *entry,
    struct record_result *result, struct err *err)
{
	struct waiting self = {
		.recording = {
			.item = BUF_INIT(FACT_ITEM_MAX),
			.payload = entry->payload,
			.payload_len = entry->payload_len,
			.result = result,
			.err = err,
		},
		.key = held_key(entry->item->payment_intent_id,
		    entry->item->session_id),
	};
	struct recording *recording = &self.recording;

	fact_item_put(&recording->item, entry->item);
	recording->st = buf_check(&recording->item, "an event", err);
	if (recording->st == ST_OK)
		record_among(ledger, &self);
	buf_clear(&recording->item);
	return recording->st;
}

/* With the lock held: whether a batch takes long, and was not logged yet. */
static bool
is_slow(struct batch *batch, int64_t now_ms)
{
	if (batch->count == 0 || now_ms - batch->since_ms < SLOW_MS ||
	    batch->is_slow_told)
		return false;
	batch->is_slow_told = true;
	return true;
}

/* Logs a slow batch, since the threads that wait for it can log nothing; and
 * calls a leader beside a batch that hangs, when no arrival does. */
void
ledger_tick(struct ledger *ledger)
{
	int64_t now_ms = clock_monotonic_ms();
	struct waiting *leader;

	store_tick(ledger->store);
	store_tick(ledger->alone);
	pthread_mutex_lock(&ledger->lock);
	leader = call_leader(ledger);
	pthread_mutex_unlock(&ledger->lock);
	tell(leader);
	for (int i = 0; i < LEADERS_MAX; i++) {
		struct batch *batch = &ledger->batches[i];
		bool slow;
		int count;

		pthread_mutex_lock(&ledger->lock);
		slow = is_slow(batch, now_ms);
		count = batch->count;
		pthread_mutex_unlock(&ledger->lock);
		if (slow)
			log_event(LOG_WARN, "recording_slow",
			    LOG_NUM("events", count),
			    LOG_NUM("age_ms", now_ms - batch->since_ms), NULL);
	}
}

enum status
ledger_open(struct store *store, struct ledger **ledger, struct err *err)
{
	struct ledger *l = calloc(1, sizeof(*l));
	enum status st;

	if (l == NULL || !condition_init(&l->gathered)) {
		free(l);
		return err_set(err, ST_NOMEM, "no memory for a ledger");
	}
	l->last = &l->first;
	l->held = (struct held)HELD_NONE;
	pthread_mutex_init(&l->lock, NULL);
	st = store_open_beside(store, LEADERS_MAX, STATEMENT_MS,
	    BATCH_LOCK_MS, &l->store, err);
	if (st == ST_OK)
		st = store_open_beside(store, 1, ALONE_STATEMENT_MS,
		    ALONE_LOCK_MS, &l->alone, err);
	if (st == ST_OK)
		*ledger = l;
	else
		ledger_close(l);
	return st;
}

void
ledger_close(struct ledger *ledger)
{
	if (ledger == NULL)
		return;
	store_close(ledger->alone);
	store_close(ledger->store);
	pthread_cond_destroy(&ledger->gathered);
	pthread_mutex_destroy(&ledger->lock);
	free(ledger);
}
